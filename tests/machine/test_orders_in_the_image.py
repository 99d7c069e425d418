"""Firmware files, Sure Recover and Sure Run over the image: kept when the power goes, gone without a trace, and quirks that no image holds."""

import pytest

from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.memory import FirmwareFile, FirmwareUpdate, Memory
from emulator.firmware.quirks import Quirks, chosen
from emulator.firmware.refusals import CommandNonceTooOld
from emulator.machine import TargetPC, memory_in
from emulator.protocol import sure_recover
from emulator.protocol.payload import Purpose
from emulator.protocol.sure_run import LARGEST_MANIFEST
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests.firmware.bench import (
    NONCE,
    guarded,
    key,
    pin,
    provisioned,
    public,
    signing,
    start,
    with_settings,
)
from tests.firmware.recovery import (
    DIGEST,
    FILE,
    MAKERS,
    SERVICE_EVENT,
    UNSIGNED,
    URL,
    deprovision,
    manifest,
    recover,
    update,
)
from tests.machine.images import image_with

SECRET = "Oyster-Card-77"


def running(memory: Memory) -> TargetPC:
    pc = TargetPC(image_with(memory), clock=FixedClock(), entropy=FixedEntropy())
    start(pc)
    return pc


def reopened(pc: TargetPC) -> TargetPC:
    """The same PC after its power went."""
    again = TargetPC(pc.image, clock=pc.clock, entropy=pc.entropy)
    assert again.firmware.memory == pc.firmware.memory
    return again


class TestRecovery:
    @pytest.mark.parametrize("purpose", MAKERS)
    def test_each_part_is_in_the_image_byte_for_byte(self, purpose: Purpose) -> None:
        pc = running(provisioned())
        pc.execute(recover(purpose))
        (kept,) = reopened(pc).firmware.memory.recovery.values()
        assert kept == recover(purpose).data[256:]

    def test_a_service_event_survives_the_loss_of_power_until_the_next_start(self) -> None:
        pc = running(provisioned())
        pc.execute(SERVICE_EVENT)
        pc = reopened(pc)
        assert pc.firmware.memory.recovery == {"SureRecoverServiceEvent": b""}
        pc.execute(c.PowerOn())
        assert reopened(pc).firmware.memory.recovery == {}

    def test_the_largest_manifest_fits_again_and_again(self) -> None:
        pc = running(provisioned())
        for number in range(12):
            octets = bytes([number]) * LARGEST_MANIFEST
            pc.execute(manifest(octets, NONCE + number))
            kept = memory_in(pc.image.open()).recovery
            assert b"".join(kept[f"SureRunManifest{piece}"] for piece in range(len(kept) - 1)) == octets
        pc.execute(manifest(None, NONCE + 12))
        assert reopened(pc).firmware.memory.recovery == {}

    def test_a_password_for_the_image_server_leaves_no_trace(self) -> None:
        data = sure_recover.make_provision(
            key("signing"), public("other"), URL, nonce=NONCE, user_name="reader", password=SECRET
        )
        for order in (recover(Purpose.RECOVER_OS_IMAGE, NONCE + 1), deprovision(nonce=NONCE + 1)):
            pc = running(provisioned())
            pc.execute(c.ConfigureRecovery(Purpose.RECOVER_OS_IMAGE, data))
            assert SECRET.encode() in pc.image.read()
            pc.execute(order)
            assert SECRET.encode() not in pc.image.read()


class TestUpdate:
    def test_a_file_that_waits_survives_the_loss_of_power(self) -> None:
        file = FirmwareFile(FILE, DIGEST)
        for order, authorized in ((UNSIGNED, False), (update(), True)):
            pc = running(provisioned())
            pc.execute(order)
            pc = reopened(pc)
            assert pc.firmware.memory.update == FirmwareUpdate(file, authorized=authorized)
            pc.execute(c.PowerOn())
            assert reopened(pc).firmware.memory.update == FirmwareUpdate(installed=file)

    def test_a_try_at_its_door_is_paid_for_before_it_is_compared(self) -> None:
        pc = running(with_settings(guarded(), prompt_on_capsule_update="Enable"))
        for command in (UNSIGNED, c.PowerOff(), c.PowerOn()):
            pc.execute(command)
        pc.execute(c.CountResponse(pin(pc)))
        pc = reopened(pc)
        assert pc.firmware.memory.guard.misses == 1
        assert pc.firmware.memory.update.waiting is not None
        pc.execute(c.PowerOn())
        pc.answer(pin(pc))
        assert pc.firmware.session.phase is Phase.POST
        assert reopened(pc).firmware.memory.update.waiting is None


class TestQuirks:
    def test_a_machine_has_those_that_it_is_read_with_and_its_image_holds_none(self) -> None:
        image = MemoryImage(FOUR_MEGABYTE)
        strict = chosen({"spm_nonce": "above"})
        pc = TargetPC.manufacture(image, quirks=strict)
        assert pc.firmware.catalogue.quirks == strict
        assert TargetPC(image).firmware.catalogue.quirks == Quirks()
        assert TargetPC(image, quirks=strict).report()["quirks"] == {"spm_nonce": "above"}

    def test_they_act(self) -> None:
        image = image_with(provisioned())
        pc = TargetPC(image, quirks=chosen({"spm_nonce": "above"}))
        start(pc)
        with pytest.raises(CommandNonceTooOld):
            pc.execute(signing(NONCE))
        pc.execute(c.PowerOff())
        pc = TargetPC(image)
        start(pc)
        pc.execute(signing(NONCE))
