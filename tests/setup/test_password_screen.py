"""The prompts for passwords: before POST, and at the doors of Computer Setup and of the boot menu."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from emulator.firmware import commands as c
from emulator.firmware.access import Who
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Role
from emulator.machine import TargetPC
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
    setting_named,
    type_in,
    with_passwords,
)
from tests.setup.rendering import assert_golden, golden


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", SIZES)
def test_the_prompts(pc: TargetPC, usb: Path, size: tuple[int, int]) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        def see(name: str) -> None:
            assert_golden(golden(name, size), seen(pilot))

        see("power-on-password")
        await press(pilot, *"wrong")
        see("power-on-password-typed")
        await press(pilot, "enter")
        see("power-on-password-wrong")
        await type_in(pilot, POWER_ON)
        await press(pilot, "f10")
        see("setup-password")
        await type_in(pilot, POWER_ON)
        see("view-only")

    play(pc, usb, script, size)


def test_the_power_on_password_starts_the_machine_and_nothing_else_does(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "escape", "enter", "f10", "f9")
        assert phase(pc) is Phase.POWER_ON_PASSWORD
        assert pc.firmware.session.password_tries == 3
        await type_in(pilot, "wrong")
        assert phase(pc) is Phase.POWER_ON_PASSWORD
        assert "2 tries left" in read(pilot)
        await type_in(pilot, POWER_ON)
        assert phase(pc) is Phase.POST

    play(pc, usb, script)


def test_the_administrator_password_starts_the_machine_too(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        await type_in(pilot, ADMINISTRATOR)
        await press(pilot, "f10")
        assert phase(pc) is Phase.SETUP
        assert pc.firmware.session.visitor is Who.ADMINISTRATOR

    play(pc, usb, script)


def test_a_typed_password_is_neither_shown_nor_kept_nor_copied(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, *"secret")
        assert "secret" not in read(pilot)
        await press(pilot, "ctrl+shift+a", "ctrl+c")
        assert pilot.app.clipboard == ""
        await press(pilot, "ctrl+x")
        assert pilot.app.clipboard == ""
        assert pilot.app.screen.query_one(PasswordField).value == "secret"
        await press(pilot, "enter")
        assert pilot.app.screen.query_one(PasswordField).value == ""
        assert "secret" not in read(pilot)

    play(pc, usb, script)


@pytest.mark.parametrize("key", ["f5", "ctrl+r"])
def test_after_three_wrong_ones_only_a_restart_helps(pc: TargetPC, usb: Path, key: str) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        for left in (2, 1):
            await type_in(pilot, "wrong")
            assert f"{left} {'try' if left == 1 else 'tries'} left" in read(pilot)
        await type_in(pilot, "wrong")
        assert_golden("password-locked-80x24", seen(pilot))
        assert not pilot.app.screen.query_one(PasswordField).display
        await type_in(pilot, ADMINISTRATOR)
        assert phase(pc) is Phase.PASSWORD
        await press(pilot, key)
        assert phase(pc) is Phase.POST
        await press(pilot, "f10")
        await type_in(pilot, ADMINISTRATOR)
        assert phase(pc) is Phase.SETUP

    play(pc, usb, script)


def test_a_locked_power_on_prompt_can_be_restarted(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        for _ in range(3):
            await type_in(pilot, "wrong")
        await press(pilot, "escape", "f5")
        assert phase(pc) is Phase.POWER_ON_PASSWORD
        await type_in(pilot, POWER_ON)
        assert phase(pc) is Phase.POST

    play(pc, usb, script)


def test_an_empty_password_costs_no_try(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10", "enter")
        assert "This needs the administrator password" in read(pilot)
        assert pc.firmware.session.password_tries == 3

    play(pc, usb, script)


def test_letters_that_are_keys_elsewhere_are_signs_of_a_password(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator="rsbeginRSB1")

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await type_in(pilot, "rsbeginRSB1")
        assert phase(pc) is Phase.SETUP

    play(pc, usb, script)


def test_escape_at_the_door_starts_the_operating_system(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10", *"half", "escape")
        assert phase(pc) is Phase.OPERATING_SYSTEM

    play(pc, usb, script)


def test_a_right_administrator_password_opens_setup_for_changes(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        await type_in(pilot, POWER_ON)
        await press(pilot, "f10")
        await type_in(pilot, ADMINISTRATOR)
        assert "View only" not in read(pilot)
        await open_page(pilot, "Advanced", "Boot Options")
        await find(pilot, "USB Storage Boot")
        await press(pilot, "enter")
        assert pc.firmware.session.staged == {"USB Storage Boot": "Disable"}

    play(pc, usb, script)


def test_with_the_power_on_password_somebody_may_only_look(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        await type_in(pilot, POWER_ON)
        await press(pilot, "f10")
        await type_in(pilot, POWER_ON)
        assert "View only: enter with the administrator password to change settings" in read(pilot)
        await open_page(pilot, "Advanced", "Boot Options")
        await find(pilot, "USB Storage Boot")
        await press(pilot, "enter")
        assert "'USB Storage Boot' is for the administrator" in read(pilot)
        assert not pc.firmware.session.staged

    play(pc, usb, script)


def test_a_machine_with_security_levels_says_that_some_settings_can_be_changed(usb: Path) -> None:
    pc = with_levels("Change")

    async def script(pilot: Pilot[str]) -> None:
        await type_in(pilot, POWER_ON)
        await press(pilot, "f10")
        await type_in(pilot, POWER_ON)
        assert "Some settings only: enter with the administrator password to change all" in read(pilot)
        await open_page(pilot, *setting_named(pc, LEVELED).page)
        await find(pilot, LEVELED)
        await press(pilot, "enter")
        assert LEVELED in pc.firmware.session.staged

    play(pc, usb, script)


def test_what_the_administrator_hid_is_on_no_page_of_a_user(usb: Path) -> None:
    pc = with_levels("Hide")

    async def script(pilot: Pilot[str]) -> None:
        await type_in(pilot, POWER_ON)
        await press(pilot, "f10")
        await type_in(pilot, POWER_ON)
        await open_page(pilot, *setting_named(pc, LEVELED).page)
        assert LEVELED not in seen(pilot)
        assert "Boot Mode" in read(pilot)

    play(pc, usb, script)


@pytest.mark.parametrize("typed", [POWER_ON, ADMINISTRATOR])
def test_the_boot_menu_asks_where_the_policy_says_so(pc: TargetPC, usb: Path, typed: str) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR)
    prompt = pc.firmware.catalogue.roles[Role.PROMPT_ON_BOOT_MENU].name
    pc.execute(c.PowerOn())
    pc.execute(c.EnterSetup())
    pc.execute(c.TypePassword(ADMINISTRATOR))
    pc.execute(c.StageSetting(prompt, "Enable"))
    pc.execute(c.SaveAndExit())
    pc.execute(c.PowerOff())

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f9")
        assert "The boot menu asks for the administrator password" in read(pilot)
        await type_in(pilot, typed)
        opened = typed is ADMINISTRATOR
        assert phase(pc) is (Phase.BOOT_MENU if opened else Phase.PASSWORD)

    play(pc, usb, script)


def test_without_an_administrator_password_the_door_asks_for_the_power_on_password(
    pc: TargetPC, usb: Path
) -> None:
    with_passwords(pc, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        await type_in(pilot, POWER_ON)
        await press(pilot, "f10")
        # It was typed right in this boot, and need not be typed again.
        assert phase(pc) is Phase.SETUP

    play(pc, usb, script)


def test_the_notice_of_a_forced_restart_stands_at_the_prompt_that_comes_first(
    pc: TargetPC, usb: Path
) -> None:
    with_passwords(pc, power_on=POWER_ON)
    pc.execute(c.PowerOn())
    pc.execute(c.TypePassword(POWER_ON))
    pc.execute(c.Continue())
    pc.execute(c.SetSetting("TPM State", "Disable"))
    pc.execute(c.PowerOff())

    async def script(pilot: Pilot[str]) -> None:
        await type_in(pilot, POWER_ON)
        prompt = pc.firmware.session.prompt
        assert prompt is not None
        for _ in range(3):
            await press(pilot, *("0000" if prompt.code != "0000" else "0001"), "enter")
        assert phase(pc) is Phase.POWER_ON_PASSWORD
        assert "the machine restarted" in read(pilot)
        assert isinstance(pilot.app.focused, Input)

    play(pc, usb, script)


LEVELED = "Fast Boot"


def with_levels(level: str) -> TargetPC:
    """A machine that knows security levels, with both passwords, and this level for one setting."""
    from tests.setup.rendering import fixed_pc

    pc = fixed_pc("elitebook-810-g1")
    in_setup(pc, c.StageSetting(setting_named(pc, LEVELED).security_level, level))
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)
    return pc
