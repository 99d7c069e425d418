"""The PC over its image: made, opened again, and never half changed."""

import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator import models
from emulator.devices.clock import FixedClock, SystemClock
from emulator.devices.entropy import FixedEntropy, SystemEntropy
from emulator.firmware import commands as c
from emulator.firmware import variables
from emulator.firmware.boot import Phase
from emulator.firmware.event_log import SLOTS
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import NotProvisioned, Refused, SignatureRefused
from emulator.firmware.variables import DamagedVariable, VariableName
from emulator.machine import HoldsAMachine, NotAMachine, TargetPC, memory_in
from emulator.protocol import password
from firmware_store import FOUR_MEGABYTE, Image, MemoryImage, StoreError
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    LAK_1,
    MODE,
    NONCE,
    POWER_ON_PASSWORD,
    PRESENCE_INTERFACE,
    RESTORE,
    SETUP_PASSWORD,
    USB,
    USER,
    each_of,
    endorsement,
    factory_new,
    guarded,
    locked,
    mode_on,
    pin,
    provisioned,
    shown_code,
    signed,
    signing,
    small_model,
    start,
)
from tests.machine.images import FailingImage, image_with, pc_in


class TestManufacture:
    def test_a_new_machine_has_an_identity_its_defaults_and_nothing_else(self) -> None:
        image = MemoryImage(FOUR_MEGABYTE)
        pc = TargetPC.manufacture(image, clock=FixedClock(), entropy=FixedEntropy())
        memory = pc.firmware.memory
        assert memory.identity.machine.version == 4
        assert memory.identity.serial.startswith("5CG")
        assert len(memory.identity.serial) == 10
        made = factory_new()
        assert memory == Memory(memory.identity, settings=made.settings, secure_boot=made.secure_boot)
        assert pc.firmware.session.phase is Phase.OFF

    def test_serial_number_and_uuid_can_be_given(self) -> None:
        image, machine = MemoryImage(FOUR_MEGABYTE), uuid.UUID(int=7)
        pc = TargetPC.manufacture(image, serial="DEMO", machine=machine)
        assert (pc.firmware.memory.identity.serial, pc.firmware.memory.identity.machine) == ("DEMO", machine)
        assert isinstance(pc.clock, SystemClock)
        assert isinstance(pc.entropy, SystemEntropy)

    def test_two_machines_differ(self) -> None:
        first, second = (TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE)) for _ in range(2))
        assert first.firmware.memory.identity != second.firmware.memory.identity

    def test_it_is_made_in_no_image_that_holds_one(self) -> None:
        image = image_with(guarded())
        before = image.read()
        with pytest.raises(HoldsAMachine, match="blank image"):
            TargetPC.manufacture(image)
        assert image.read() == before

    def test_product_and_board_can_be_given_and_are_told(self) -> None:
        pc = TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE), product="Prototype 7", board="8736")
        assert pc.firmware.value("Product Name") == "Prototype 7"
        assert pc.firmware.value("System Board ID") == "8736"
        assert TargetPC(pc.image).firmware.memory.identity == pc.firmware.memory.identity

    def test_every_packaged_model_makes_a_machine(self) -> None:
        for name in models.names():
            image = MemoryImage(FOUR_MEGABYTE)
            made = TargetPC.manufacture(image, model=models.packaged(name))
            assert TargetPC(image).firmware.catalogue.model == made.firmware.memory.identity.model == name

    def test_a_model_that_is_not_packaged_makes_a_machine_that_only_it_can_run(self) -> None:
        image = MemoryImage(FOUR_MEGABYTE)
        pc = TargetPC.manufacture(image, model=small_model())
        assert pc.firmware.value("Word") == "One"
        assert TargetPC(image, model=small_model()).firmware.memory == pc.firmware.memory
        with pytest.raises(NotAMachine, match="no packaged model is called 'small'"):
            TargetPC(image)
        with pytest.raises(NotAMachine, match="of the model 'small'; 'zbook-power-g7' is given"):
            TargetPC(image, model=models.packaged(models.DEFAULT))

    def test_a_model_in_an_image_leads_to_no_other_file(self) -> None:
        memory = replace(factory_new(), identity=replace(IDENTITY, model="../models/zbook-power-g7"))
        with pytest.raises(NotAMachine, match="no packaged model is called"):
            TargetPC(image_with(memory))

    def test_an_impossible_serial_number_leaves_the_image_blank(self) -> None:
        image = MemoryImage(FOUR_MEGABYTE)
        with pytest.raises(ValueError, match="serial number"):
            TargetPC.manufacture(image, serial="\x1b[2J")
        assert len(image.open()) == 0


class TestOpening:
    def test_a_blank_image_holds_no_machine(self) -> None:
        with pytest.raises(NotAMachine, match="boot without it"):
            TargetPC(MemoryImage(FOUR_MEGABYTE))

    def test_variables_of_others_are_left_alone(self) -> None:
        image, theirs = image_with(provisioned()), uuid.UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
        with image.transaction() as store:
            store.set(theirs, "BootOrder", b"\0\0", 7)
        pc = pc_in(image)
        start(pc)
        pc.execute(c.SetSetting(USB, "Disable"))
        assert image.open().get(theirs, "BootOrder").data == b"\0\0"

    def test_a_damaged_variable_is_named(self) -> None:
        image = image_with(provisioned())
        with image.transaction() as store:
            store.set(*variables.GUARD, b"noise", 3)
        with pytest.raises(DamagedVariable, match="'Guard'"):
            TargetPC(image)

    def test_settings_lie_in_the_image_one_by_one_with_their_attributes(self) -> None:
        image = image_with(guarded())
        held = {VariableName(each.guid, each.name): each.attributes for each in image.open()}
        assert held[VariableName(variables.SETTINGS, USB)] == 7
        assert held[variables.PLATFORM] == held[variables.local_access_key_variable(1)] == 3
        keys = {name for name in held if name in variables.DATABASES.values()}
        assert {held.pop(name) for name in keys} == {0x27}
        assert held.pop(variables.SECURE_BOOT_SWITCH) == 3
        assert held == {name: variables.ATTRIBUTES[name.guid] for name in held}

    def test_an_image_file_serves_as_well(self, tmp_path: Path) -> None:
        image = Image(tmp_path / "nvram.fd", durability="none")
        image.create(FOUR_MEGABYTE)
        pc = TargetPC.manufacture(image, clock=FixedClock(), entropy=FixedEntropy())
        start(pc)
        pc.execute(c.SetSetting(USB, "Disable"))
        assert TargetPC(image).firmware.value(USB) == "Disable"

    def test_the_image_tells_that_the_power_failed(self) -> None:
        image = image_with(provisioned())
        start(pc_in(image))
        assert memory_in(image.open()).boot.running
        pc = pc_in(image)
        assert pc.firmware.session.phase is Phase.OFF
        start(pc)
        pc.execute(c.PowerOff())
        assert not memory_in(image.open()).boot.running


class TestFailedCommit:
    """A disk that is full: the firmware is where it was, as is the image, and afterwards all goes on."""

    @pytest.mark.parametrize(
        ("memory", "command"),
        [
            (factory_new(), c.SetSetting(USB, "Disable")),
            (factory_new(), c.SetSetting(PRESENCE_INTERFACE, "Disable")),
            (factory_new(), c.Restart()),
            (factory_new(), c.PowerOff()),
            (factory_new(), endorsement()),
            (factory_new(), c.SetSetting(SETUP_PASSWORD, password.utf_16(BOSS))),
            (factory_new(), each_of((USB, "Disable"), ("Fast Boot", "Disable"))),
            (factory_new(), c.SetSetting("Save Custom Defaults", "Save")),
            (factory_new(), c.SetSetting("Clear TPM", "On next boot")),
            (factory_new(), c.SetSystemDefaults()),
            (locked(factory_new()), c.SetSetting(SETUP_PASSWORD, password.utf_16(""), password.utf_16(BOSS))),
            (provisioned(), signing(NONCE + 1, "other")),
            (provisioned(), signed(MODE, "Enable", single_use=True)),
            (guarded(), signed(LAK_1, "")),
        ],
    )
    def test_nothing_is_remembered_that_the_image_does_not_hold(
        self, memory: Memory, command: c.Command
    ) -> None:
        image = FailingImage()
        changed = replace(memory, settings={**memory.settings, "BIOS Power-On Hour": "23"})
        pc = pc_in(image_with(changed, image))
        start(pc)
        before = image.read(), pc.firmware.memory, pc.firmware.session
        image.fail()
        with pytest.raises(StoreError, match="disk is full"):
            pc.execute(command)
        assert (image.read(), pc.firmware.memory, pc.firmware.session) == before
        image.heal()
        pc.execute(command)
        assert memory_in(image.open()) == pc.firmware.memory != before[1]

    def test_an_entry_of_the_event_log_that_cannot_be_written_was_never_made(self) -> None:
        image = FailingImage()
        pc = pc_in(image_with(factory_new(), image))
        start(pc)
        before = pc.firmware.memory
        image.fail()
        with pytest.raises(StoreError, match="disk is full"):
            pc.execute(signing())
        assert pc.firmware.memory == before
        image.heal()
        with pytest.raises(NotProvisioned):
            pc.execute(signing())
        assert memory_in(image.open()) == pc.firmware.memory != before

    def test_a_command_that_changes_nothing_writes_nothing(self) -> None:
        image = FailingImage()
        pc = pc_in(image_with(provisioned(), image))
        pc.execute(c.PowerOn())
        image.fail()
        pc.execute(c.EnterSetup())
        pc.execute(c.StageSetting(USB, "Disable"))
        with pytest.raises(Refused):
            pc.execute(c.StageSetting(USB, "Perhaps"))


class TestRefusals:
    def test_a_refused_command_keeps_its_entry_in_the_log(self) -> None:
        image = image_with(mode_on())
        pc = pc_in(image)
        start(pc)
        with pytest.raises(SignatureRefused):
            pc.execute(signed(USB, "Disable", by="other"))
        again = memory_in(image.open())
        assert again == pc.firmware.memory
        assert again.log.events[-1].code == 0x881F

    def test_the_ring_wraps_in_the_image_and_the_image_stays_sound(self) -> None:
        image = image_with(factory_new())
        pc = pc_in(image)
        start(pc)
        for _ in range(SLOTS + 6):
            with pytest.raises(NotProvisioned):
                pc.execute(signing())
        memory = memory_in(image.open())
        assert memory == pc.firmware.memory
        assert [each.sequence for each in memory.log.events] == list(range(7, SLOTS + 7))
        assert sum(each.guid == variables.EVENT_LOG for each in image.open()) == SLOTS


COMMANDS: list[c.Command] = [
    c.PowerOn(),
    c.PowerOff(),
    c.Restart(),
    c.EnterSetup(),
    c.Continue(),
    c.RefusePresence(),
    c.RefreshChallenge(),
    c.CountResponse("12345678"),
    c.CompareResponse("12345678"),
    c.StageSetting(USB, "Disable"),
    c.StageSetting("BIOS Power-On Hour", "23"),
    c.StageSetting("Apply Factory Defaults and Exit", "Yes"),
    c.StageSetting(RESTORE, "Yes"),
    c.ChangePassword(POWER_ON_PASSWORD, USER),
    c.TypePassword(USER),
    c.OpenStartupMenu(),
    c.OpenBootMenu(),
    c.StartFrom("HDD:USB:1"),
    c.ClearCMOS(),
    c.SetClock(2_000_000_000),
    c.SetSetting("Save Custom Defaults", "Save"),
    each_of(("BIOS Power-On Hour", "7"), ("Fast Boot", "Disable"), (LAK_1, "")),
    c.SetSystemDefaults(),
    c.SaveAndExit(),
    c.SetSetting(USB, "Disable"),
    c.SetSetting(PRESENCE_INTERFACE, "Disable"),
    c.SetSetting(LAK_1, ""),
    signed(MODE, "Enable"),
    signed(MODE, "Disable", NONCE + 1),
    signed(USB, "Disable", NONCE, single_use=True),
    endorsement("other"),
    signing(NONCE + 1, "other"),
    signing(NONCE + 2, None),
]


@settings(max_examples=25)
@given(
    st.sampled_from([factory_new(), provisioned(), guarded()]),
    st.lists(st.sampled_from(COMMANDS), max_size=20),
)
def test_the_image_holds_what_the_firmware_remembers_after_every_command(
    memory: Memory, commands: list[c.Command]
) -> None:
    pc = pc_in(image := image_with(memory))
    start(pc)
    for command in commands:
        with suppress(Refused):
            pc.execute(command)
        assert memory_in(image.open()) == pc.firmware.memory


def test_a_whole_life_through_one_image() -> None:
    clock, entropy = FixedClock(), FixedEntropy()
    image = MemoryImage(FOUR_MEGABYTE)
    pc = TargetPC.manufacture(image, clock=clock, entropy=entropy)
    start(pc)
    pc.execute(endorsement())
    pc.execute(signing())
    pc = TargetPC(image, clock=clock, entropy=entropy)
    pc.execute(c.PowerOn())
    pc.execute(c.AnswerPresence(shown_code(pc)))
    pc.execute(c.Continue())
    pc.execute(signed(MODE, "Enable"))
    pc.execute(signed(LAK_1, guarded_key()))
    pc.execute(c.Restart())
    pc.execute(c.EnterSetup())
    pc.answer(pin(pc))
    pc.execute(c.StageSetting(USB, "Disable"))
    pc.execute(c.SaveAndExit())
    pc.execute(c.PowerOff())
    again = TargetPC(image)
    assert again.firmware.value(USB) == "Disable"
    assert again.report()["power"] == "off"
    assert again.firmware.memory.authentication == guarded().authentication
    assert again.firmware.memory.identity != IDENTITY


def guarded_key() -> str:
    return pc_in(image_with(guarded())).firmware.value(LAK_1)
