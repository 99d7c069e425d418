"""Orders for Sure Recover and Sure Run: checked, counted, kept byte for byte, and forgotten when they are given up or carried out."""

import base64
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import features
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Memory
from emulator.firmware.quirks import Quirks
from emulator.firmware.recovery_parts import PIECE
from emulator.firmware.refusals import (
    CommandMalformed,
    CommandNonceTooOld,
    CommandSignatureRefused,
    ContentRefused,
    NotProvisioned,
    NotSupported,
    StillInUse,
    SureRunNotActive,
)
from emulator.firmware.report import report
from emulator.protocol.payload import Purpose
from emulator.protocol.spm import Feature
from emulator.protocol.sure_recover import ALL_PARTS, Part
from emulator.protocol.sure_run import LARGEST_MANIFEST
from tests.firmware.bench import (
    LAK_1,
    MODE,
    NONCE,
    Bench,
    deprovisioning,
    endorsement,
    factory_new,
    guarded,
    local_key_value,
    made_by,
    mode_on,
    provisioned,
    public,
    signed,
    signing,
    start,
    started,
)
from tests.firmware.doors import desktop
from tests.firmware.recovery import MAKERS, SERVICE_EVENT, deprovision, manifest, recover

PARTS = {
    Purpose.RECOVER_OS_IMAGE: "SureRecoverOSImage",
    Purpose.RECOVER_AGENT: "SureRecoverAgent",
    Purpose.RECOVER_FAILOVER: "SureRecoverFailover",
    Purpose.RECOVER_CONFIGURE: "SureRecoverConfiguration",
    Purpose.RECOVER_SCHEDULE: "SureRecoverSchedule",
    Purpose.RECOVER_TRIGGER: "SureRecoverTrigger",
}
EVERY = [*MAKERS]
LASTING = [purpose for purpose in EVERY if purpose is not Purpose.RECOVER_TRIGGER]
ACCEPTED: list[Callable[[int], c.Command]] = [
    *(partial(recover, purpose) for purpose in EVERY),
    lambda nonce: deprovision(nonce=nonce),
    lambda nonce: manifest(b"manifest", nonce),
]


def in_use(bench: Bench) -> Feature:
    return features.in_use(bench.memory, Quirks())


def full() -> Memory:
    """A machine that was given every part that lasts, and a trigger."""
    bench = started(provisioned())
    for purpose in EVERY:
        bench.execute(recover(purpose))
    return bench.memory


class TestOrders:
    @pytest.mark.parametrize("purpose", EVERY)
    def test_each_is_kept_as_it_was_signed(self, purpose: Purpose) -> None:
        bench = started(provisioned())
        command = recover(purpose)
        assert bench.execute(command) == (e.RecoveryConfigured(purpose),)
        assert bench.memory.recovery == {PARTS[purpose]: command.data[256:]}
        assert report(bench.firmware)["recovery_parts"] == [PARTS[purpose]]

    @pytest.mark.parametrize("purpose", EVERY)
    def test_a_newer_one_replaces_it(self, purpose: Purpose) -> None:
        bench = started(provisioned())
        bench.execute(recover(purpose))
        bench.execute(recover(purpose, NONCE + 1))
        assert bench.memory.recovery == {PARTS[purpose]: recover(purpose, NONCE + 1).data[256:]}

    def test_they_are_kept_apart(self) -> None:
        assert full().recovery.keys() == set(PARTS.values())

    @pytest.mark.parametrize("order", ACCEPTED)
    def test_each_is_counted_with_the_nonce_of_the_keys(self, order: Callable[[int], c.Command]) -> None:
        bench = started(provisioned())
        bench.execute(order(NONCE + 3))
        assert bench.memory.platform == replace(provisioned().platform, counter=NONCE + 3)
        assert bench.memory.counters == provisioned().counters
        bench.refused(order(NONCE + 2), CommandNonceTooOld)
        bench.refused(signing(NONCE + 2), CommandNonceTooOld)
        bench.execute(order(NONCE + 3))

    @pytest.mark.parametrize("order", ACCEPTED)
    def test_none_is_taken_before_the_keys_are_provisioned(self, order: Callable[[int], c.Command]) -> None:
        for memory in (factory_new(), made_by([endorsement(), signing()], factory_new())):
            bench = Bench(memory)
            for command in (c.PowerOn(attended=False), c.Continue()):
                bench.execute(command)
            assert bench.refused(order(NONCE), NotProvisioned).command_status == 0x1000

    def test_another_key_s_orders_are_refused_and_logged(self) -> None:
        for order in (
            *(recover(purpose, by="other") for purpose in EVERY),
            recover(Purpose.RECOVER_AGENT, by="endorsement"),
            deprovision(by="other"),
            manifest(b"manifest", by="other"),
        ):
            bench = started(provisioned())
            assert bench.refused(order, CommandSignatureRefused).command_status == 2
            assert bench.logged()[-1] == EventCode.COMMAND_REJECTED

    @pytest.mark.parametrize("purpose", EVERY)
    def test_bytes_that_are_no_order_are_refused(self, purpose: Purpose) -> None:
        bench = started(provisioned())
        data = recover(purpose).data
        for wrong in (b"", data[:200], data + bytes(5000)):
            assert bench.refused(c.ConfigureRecovery(purpose, wrong), CommandMalformed).command_status == 5

    def test_a_signed_setting_is_no_order_although_the_same_key_signed_it(self) -> None:
        """Else anybody who saw one could spoil the counter: its first bytes would be the nonce."""
        value = local_key_value()
        block = base64.b64decode(signed(LAK_1, value).authorization.removeprefix("<BEAM/>"))
        header, signature = block[:27], block[27:]
        data = signature + header + LAK_1.encode("utf-16-le") + value.encode("utf-16-le")
        public("signing").verify(signature, data[256:])
        bench = started(provisioned())
        for purpose in (Purpose.RECOVER_FAILOVER, Purpose.RECOVER_AGENT, Purpose.RECOVER_OS_IMAGE):
            bench.refused(c.ConfigureRecovery(purpose, data), CommandMalformed)

    @pytest.mark.parametrize("purpose", [Purpose.SETTING, Purpose.SIGNING_KEY, Purpose.FIRMWARE_UPDATE])
    def test_another_purpose_is_no_order(self, purpose: Purpose) -> None:
        bench = started(provisioned())
        came = bench.refused(
            c.ConfigureRecovery(purpose, recover(Purpose.RECOVER_AGENT).data), CommandMalformed
        )
        assert purpose in str(came)

    def test_a_model_of_before_the_keys_knows_none(self) -> None:
        bench = desktop("Disable")
        start(bench)
        bench.refused(SERVICE_EVENT, NotSupported)


class TestDeprovision:
    @pytest.mark.parametrize("part", Part)
    def test_each_part_is_taken_by_its_bit_and_the_others_stay(self, part: Part) -> None:
        gone = {
            Part.AGENT: {"SureRecoverAgent"},
            Part.OS_IMAGE: {"SureRecoverOSImage", "SureRecoverFailover"},
            Part.CONFIGURATION: {"SureRecoverConfiguration"},
            Part.TRIGGER: {"SureRecoverTrigger"},
            Part.SCHEDULE: {"SureRecoverSchedule"},
        }[part]
        bench = started(provisioned())
        for purpose in EVERY:
            bench.execute(recover(purpose))
        bench.execute(deprovision(part))
        assert bench.memory.recovery.keys() == set(PARTS.values()) - gone

    def test_all_of_it_is_taken_at_once(self) -> None:
        bench = started(full())
        bench.execute(deprovision(ALL_PARTS))
        assert (bench.memory.recovery, in_use(bench)) == ({}, Feature(0))

    def test_taking_what_is_not_there_is_no_fault(self) -> None:
        bench = started(provisioned())
        bench.execute(deprovision(Part.AGENT | Part.SCHEDULE))
        assert bench.memory.recovery == {}


class TestInUse:
    @pytest.mark.parametrize("purpose", LASTING)
    def test_what_lasts_keeps_the_keys_in_use(self, purpose: Purpose) -> None:
        bench = started(provisioned())
        bench.execute(recover(purpose))
        assert in_use(bench) == Feature.SURE_RECOVER
        refusal = bench.refused(deprovisioning(NONCE), StillInUse)
        assert refusal.command_status == 0x1002
        assert "deprovision Sure Recover" in str(refusal)
        bench.execute(deprovision())
        bench.execute(deprovisioning(NONCE))
        assert bench.memory.platform.certificate is None

    def test_orders_for_the_next_start_do_not(self) -> None:
        bench = started(provisioned())
        for order in (recover(Purpose.RECOVER_TRIGGER), SERVICE_EVENT):
            bench.execute(order)
        assert in_use(bench) == Feature(0)
        bench.execute(deprovisioning(NONCE))

    def test_every_feature_is_named_with_its_way_out(self) -> None:
        bench = started(made_by([recover(Purpose.RECOVER_AGENT), manifest(b"x")], guarded()))
        assert in_use(bench) == Feature.SURE_ADMIN | Feature.SURE_RECOVER | Feature.SURE_RUN
        text = str(bench.refused(deprovisioning(NONCE), StillInUse))
        assert all(each in text for each in ("switch Sure Run off", "deprovision Sure Recover", "disable"))


class TestNextStart:
    def test_a_trigger_and_a_service_event_are_carried_out_and_gone(self) -> None:
        bench = started(provisioned())
        for order in (recover(Purpose.RECOVER_TRIGGER), recover(Purpose.RECOVER_AGENT), SERVICE_EVENT):
            bench.execute(order)
        events = bench.execute(c.Restart())
        assert e.OrderCarriedOut("SureRecoverTrigger", "") in events
        assert e.OrderCarriedOut("SureRecoverServiceEvent", "") in events
        assert bench.memory.recovery.keys() == {"SureRecoverAgent"}
        bench.execute(c.PowerOff())
        assert not any(isinstance(event, e.OrderCarriedOut) for event in bench.execute(c.PowerOn()))

    def test_a_trigger_that_was_carried_out_can_be_repeated_while_nothing_newer_came(self) -> None:
        bench = started(provisioned())
        for command in (recover(Purpose.RECOVER_TRIGGER), c.Restart(), c.Continue()):
            bench.execute(command)
        bench.execute(recover(Purpose.RECOVER_TRIGGER))
        bench.execute(signing(NONCE + 1))
        bench.refused(recover(Purpose.RECOVER_TRIGGER), CommandNonceTooOld)

    def test_a_service_event_needs_no_signature_but_the_keys(self) -> None:
        bench = started(mode_on())
        assert bench.execute(SERVICE_EVENT) == (e.RecoveryConfigured(Purpose.RECOVER_SERVICE_EVENT),)
        assert bench.memory.platform == mode_on().platform
        bench.refused(replace(SERVICE_EVENT, data=b"x"), CommandMalformed)
        started(factory_new()).refused(SERVICE_EVENT, NotProvisioned)


class TestManifest:
    def test_it_switches_sure_run_on_and_off_and_both_are_logged(self) -> None:
        bench = started(provisioned())
        assert bench.execute(manifest(b"watch"))[0] == e.Recorded(EventCode.SURE_RUN_ACTIVATED)
        assert in_use(bench) == Feature.SURE_RUN
        assert "switch Sure Run off" in str(bench.refused(deprovisioning(NONCE), StillInUse))
        assert bench.execute(manifest(None))[0] == e.Recorded(EventCode.SURE_RUN_DEACTIVATED)
        assert (bench.memory.recovery, in_use(bench)) == ({}, Feature(0))
        assert bench.logged()[-3:] == [0x8422, 0x841F, 0x8423]

    def test_one_that_is_replaced_or_switched_off_twice_is_not_logged_again(self) -> None:
        bench = started(provisioned())
        for order in (manifest(b"watch"), manifest(b"watch more"), manifest(None)):
            bench.execute(order)
        bench.refused(manifest(None), SureRunNotActive)
        assert [code for code in bench.logged() if code in (0x8422, 0x8423)] == [0x8422, 0x8423]

    @pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, LARGEST_MANIFEST])
    def test_a_large_one_is_cut_into_pieces(self, size: int) -> None:
        octets = bytes(number % 251 for number in range(size))
        bench = started(provisioned())
        bench.execute(manifest(bytes(LARGEST_MANIFEST)))
        order = manifest(octets)
        bench.execute(order)
        kept = dict(bench.memory.recovery)
        assert kept.pop("SureRunManifest") == order.data[256:]
        assert all(len(piece) <= PIECE for piece in kept.values())
        assert b"".join(kept[f"SureRunManifest{number}"] for number in range(len(kept))) == octets

    def test_one_that_is_not_the_one_that_was_signed_is_refused(self) -> None:
        bench = started(provisioned())
        for beside in (b"watcH", b"watch it", b"", None):
            bench.refused(replace(manifest(b"watch"), manifest=beside), ContentRefused)
        bench.refused(replace(manifest(None), manifest=b"watch"), ContentRefused)

    def test_sure_recover_is_another_feature(self) -> None:
        bench = started(full())
        bench.execute(manifest(b"watch"))
        bench.execute(deprovision())
        assert bench.memory.recovery.keys() == {"SureRunManifest", "SureRunManifest0"}


def test_nothing_of_it_opens_the_mode() -> None:
    bench = started(full())
    assert not bench.memory.authentication.enabled
    bench.execute(signed(MODE, "Enable"))
    bench.execute(recover(Purpose.RECOVER_CONFIGURE))
    assert bench.memory.authentication.enabled
