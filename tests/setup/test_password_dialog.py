"""Setting, changing and clearing passwords in Computer Setup."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from emulator.firmware import commands as c
from emulator.firmware.access import Who
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Role
from emulator.machine import TargetPC
from emulator.setup.password_dialog import PasswordDialog
from emulator.setup.password_field import PasswordField
from tests.setup.person import (
    ADMINISTRATOR,
    POWER_ON,
    SIZES,
    find,
    in_setup,
    open_page,
    phase,
    play,
    press,
    read,
    seen,
    type_in,
    with_passwords,
)
from tests.setup.rendering import assert_golden, golden

SETUP_PASSWORD = "Setup Password"


async def at_the_dialog(pilot: Pilot[str], name: str = SETUP_PASSWORD) -> None:
    """From Computer Setup's Main to the dialog for this password."""
    await open_page(pilot, "Security")
    await find(pilot, name)
    await press(pilot, "enter")
    assert isinstance(pilot.app.screen, PasswordDialog)


def administrator_is(pc: TargetPC, password: str) -> bool:
    """Whether this opens Computer Setup at the next start; the machine is off before and after."""
    pc.execute(c.PowerOn())
    pc.execute(c.EnterSetup())
    try:
        if phase(pc) is Phase.SETUP:
            return password == ""
        pc.execute(c.TypePassword(password))
        return True
    finally:
        pc.execute(c.PowerOff())


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", SIZES)
def test_the_dialog(pc: TargetPC, usb: Path, size: tuple[int, int]) -> None:
    async def script(pilot: Pilot[str]) -> None:
        def see(name: str) -> None:
            assert_golden(golden(name, size), seen(pilot))

        await press(pilot, "f10")
        await at_the_dialog(pilot)
        see("password-dialog-new")
        await type_in(pilot, "short")
        await type_in(pilot, "short")
        see("password-dialog-refused")
        await type_in(pilot, ADMINISTRATOR)
        await type_in(pilot, ADMINISTRATOR)
        see("password-set")
        await press(pilot, "enter")
        see("password-dialog-change")
        await press(pilot, "enter", "enter", "enter")
        see("password-dialog-clear")

    play(pc, usb, script, size)


def test_setting_a_password_acts_at_once_and_ungreys_what_waits_for_it(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await at_the_dialog(pilot)
        await type_in(pilot, ADMINISTRATOR)
        await type_in(pilot, ADMINISTRATOR)
        assert "The administrator password is set." in read(pilot)
        await open_page(pilot, "Security", "Password Policies")
        assert "Create a BIOS administrator password first." not in read(pilot)
        await press(pilot, "escape", "escape", "y", "p")

    play(pc, usb, script)
    assert administrator_is(pc, ADMINISTRATOR)


def test_a_power_on_password_has_its_own_name(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await at_the_dialog(pilot, "Power-On Password")
        assert "Power-on password" in read(pilot)
        await type_in(pilot, POWER_ON)
        await type_in(pilot, POWER_ON)
        assert "The power-on password is set." in read(pilot)
        await press(pilot, "f10", "enter")
        assert phase(pc) is Phase.POWER_ON_PASSWORD

    play(pc, usb, script)


@pytest.mark.slow
def test_changing_takes_the_current_one(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await type_in(pilot, ADMINISTRATOR)
        await at_the_dialog(pilot)
        await type_in(pilot, "wrong")
        await type_in(pilot, "Another+1")
        await type_in(pilot, "Another+1")
        assert "2 tries left" in read(pilot)
        assert all(field.value == "" for field in pilot.app.screen.query(PasswordField))
        assert pilot.app.focused is pilot.app.screen.query_one("#current")
        await type_in(pilot, ADMINISTRATOR)
        await type_in(pilot, "Another+1")
        await type_in(pilot, "Another+1")
        assert "The administrator password is changed." in read(pilot)
        await press(pilot, "escape", "y", "p")

    play(pc, usb, script)
    assert administrator_is(pc, "Another+1")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("sure", [True, False])
def test_an_empty_new_password_clears_it_after_a_question(pc: TargetPC, usb: Path, sure: bool) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await type_in(pilot, ADMINISTRATOR)
        await at_the_dialog(pilot)
        await type_in(pilot, ADMINISTRATOR)
        await press(pilot, "enter", "enter")
        assert "Clear the administrator password?" in read(pilot)
        await press(pilot, "y" if sure else "n")
        if sure:
            assert "The administrator password is cleared." in read(pilot)
            assert pc.firmware.session.visitor is Who.ADMINISTRATOR
        else:
            assert "Nothing was changed." in read(pilot)
            assert all(field.value == "" for field in pilot.app.screen.query(PasswordField))
            await press(pilot, "escape")
        await press(pilot, "escape", "y", "p")

    play(pc, usb, script)
    assert administrator_is(pc, "" if sure else ADMINISTRATOR)


def test_two_that_differ_reach_no_firmware(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await at_the_dialog(pilot)
        await type_in(pilot, ADMINISTRATOR)
        await type_in(pilot, ADMINISTRATOR + "x")
        assert "The two new passwords differ" in read(pilot)
        assert pilot.app.focused is pilot.app.screen.query_one("#new")
        assert all(field.value == "" for field in pilot.app.screen.query(PasswordField))
        await press(pilot, "escape")
        assert "not set" in read(pilot)

    play(pc, usb, script)


def test_nothing_typed_sets_nothing(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await at_the_dialog(pilot)
        await press(pilot, "enter", "enter")
        assert "Type the new password, and once more below it." in read(pilot)
        assert isinstance(pilot.app.screen, PasswordDialog)

    play(pc, usb, script)


def test_arrows_go_from_field_to_field(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await at_the_dialog(pilot)
        await press(pilot, "down", "x", "up", "y")
        assert pilot.app.screen.query_one("#again", PasswordField).value == "x"
        assert pilot.app.screen.query_one("#new", PasswordField).value == "y"

    play(pc, usb, script)


@pytest.mark.slow
def test_a_user_may_change_the_power_on_password_as_far_as_the_policy_lets_him(
    pc: TargetPC, usb: Path
) -> None:
    in_setup(
        pc,
        c.ChangePassword(SETUP_PASSWORD, ADMINISTRATOR),
        c.ChangePassword("Power-On Password", POWER_ON),
        c.StageSetting(pc.firmware.catalogue.roles[Role.USER_CHANGES_POWER_ON].name, "Change Only"),
    )

    async def script(pilot: Pilot[str]) -> None:
        await type_in(pilot, POWER_ON)
        await press(pilot, "f10")
        await type_in(pilot, POWER_ON)
        await at_the_dialog(pilot, "Power-On Password")
        await type_in(pilot, POWER_ON)
        await press(pilot, "enter", "enter")
        await press(pilot, "y")
        assert "may not be modified by a user" in read(pilot)
        await type_in(pilot, POWER_ON)
        await type_in(pilot, "Evening*7")
        await type_in(pilot, "Evening*7")
        assert "The power-on password is changed." in read(pilot)

    play(pc, usb, script)
