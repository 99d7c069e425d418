"""The pages of the pre-boot tools, and the doors that an administrator's policy puts before them and before an update."""

import hashlib
from pathlib import Path

import pytest
from textual.pilot import Pilot

from emulator.firmware import commands as c
from emulator.firmware.boot import Entry, Phase
from emulator.firmware.catalogue import Role
from emulator.machine import TargetPC
from tests.setup.person import (
    ADMINISTRATOR,
    SIZES,
    in_setup,
    phase,
    pin,
    play,
    press,
    read,
    seen,
    type_in,
    with_passwords,
)
from tests.setup.rendering import assert_golden, golden

FILE = c.UpdateFirmware("new.bin", hashlib.sha256(b"firmware").digest())


def with_policy(pc: TargetPC, role: Role) -> None:
    """Switch a policy on, by somebody in Computer Setup."""
    in_setup(pc, c.StageSetting(pc.firmware.catalogue.roles[role].name, "Enable"))


def with_policy_of(pc: TargetPC, role: Role) -> None:
    """Switch a policy on, past the door that a key guards."""
    pc.execute(c.PowerOn())
    pc.execute(c.EnterSetup())
    pc.answer(pin(pc))
    pc.execute(c.StageSetting(pc.firmware.catalogue.roles[role].name, "Enable"))
    pc.execute(c.SaveAndExit())
    pc.execute(c.PowerOff())


def with_update(pc: TargetPC) -> None:
    for command in (c.PowerOn(attended=False), c.Continue(), FILE, c.PowerOff()):
        pc.execute(command)


@pytest.mark.parametrize("size", SIZES)
def test_a_tool_says_what_a_real_machine_would_do(pc: TargetPC, usb: Path, size: tuple[int, int]) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f11")
        assert_golden(golden("tool", size), seen(pilot))
        await press(pilot, "enter")
        assert phase(pc) is Phase.OPERATING_SYSTEM

    play(pc, usb, script, size)


def test_a_tool_can_be_left_by_a_restart(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f2", "f5")
        assert phase(pc) is Phase.POST

    play(pc, usb, script)


def test_option_roms_ask_for_the_administrator_without_any_policy(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f3")
        assert "The third-party option ROM management asks for the administrator password." in read(pilot)
        await type_in(pilot, ADMINISTRATOR)
        assert phase(pc) is Phase.TOOL
        assert "Third-party option ROM management" in read(pilot)

    play(pc, usb, script)


def test_a_key_asks_for_a_response_code_and_says_what_for(guarded: TargetPC, usb: Path) -> None:
    with_policy_of(guarded, Role.PROMPT_ON_RECOVERY)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f12")
        assert guarded.firmware.session.entry is Entry.NETWORK_BOOT
        assert phase(guarded) is Phase.TOOL
        await press(pilot, "f5", "f11")
        assert "For: system recovery" in read(pilot)
        await type_in(pilot, pin(guarded))
        assert "System recovery A real machine would start its recovery here" in read(pilot)

    play(guarded, usb, script, (100, 38))


@pytest.mark.parametrize("size", SIZES)
def test_an_update_that_nobody_signed_is_let_in_by_a_response_code(
    guarded: TargetPC, usb: Path, size: tuple[int, int]
) -> None:
    with_policy_of(guarded, Role.PROMPT_ON_CAPSULE_UPDATE)
    with_update(guarded)

    async def script(pilot: Pilot[str]) -> None:
        assert_golden(golden("challenge-update", size), seen(pilot))
        await type_in(pilot, pin(guarded))
        assert phase(guarded) is Phase.POST
        assert "The firmware file new.bin was installed." in read(pilot)

    play(guarded, usb, script, size)


def test_esc_refuses_the_update_and_the_start_goes_on(guarded: TargetPC, usb: Path) -> None:
    with_policy_of(guarded, Role.PROMPT_ON_CAPSULE_UPDATE)
    with_update(guarded)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "escape")
        assert phase(guarded) is Phase.POST
        assert "The firmware file new.bin was not let in." in read(pilot)

    play(guarded, usb, script)


@pytest.mark.parametrize("size", SIZES)
def test_without_a_key_the_administrator_lets_an_update_in(
    pc: TargetPC, usb: Path, size: tuple[int, int]
) -> None:
    with_policy(pc, Role.PROMPT_ON_CAPSULE_UPDATE)
    with_passwords(pc, administrator=ADMINISTRATOR)
    with_update(pc)

    async def script(pilot: Pilot[str]) -> None:
        assert_golden(golden("password-update", size), seen(pilot))
        await type_in(pilot, ADMINISTRATOR)
        assert phase(pc) is Phase.POST
        assert "The firmware file new.bin was installed." in read(pilot)

    play(pc, usb, script, size)
