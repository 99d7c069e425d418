"""The notice that the cover was taken off."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Role
from emulator.firmware.event_log import EventCode
from emulator.machine import TargetPC
from emulator.setup.password_field import PasswordField
from tests.setup.person import ADMINISTRATOR, SIZES, in_setup, phase, play, press, read, seen, type_in
from tests.setup.rendering import assert_golden, fixed_pc, golden

WITH_A_SENSOR = "elitedesk-800-g2"


def opened(sensor: str, password: str = "") -> TargetPC:
    """A machine whose cover was taken off while it was off; its sensor was set to this, its administrator password to that."""
    pc = fixed_pc(WITH_A_SENSOR)
    roles = pc.firmware.catalogue.roles
    orders: list[c.Command] = []
    if password:
        orders.append(c.ChangePassword(roles[Role.ADMINISTRATOR_PASSWORD].name, password))
    in_setup(pc, *orders, c.StageSetting(roles[Role.COVER_SENSOR].name, sensor))
    pc.execute(c.OpenCover())
    return pc


@pytest.mark.parametrize("size", SIZES)
def test_the_notice(usb: Path, size: tuple[int, int]) -> None:
    pc = opened("Administrator Password", ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        assert_golden(golden("cover", size), seen(pilot))
        await press(pilot, "enter")
        assert_golden(golden("cover-password", size), seen(pilot))
        await type_in(pilot, ADMINISTRATOR)
        assert phase(pc) is Phase.POST

    play(pc, usb, script, size)


def test_enter_acknowledges_it_and_the_start_goes_on(usb: Path) -> None:
    pc = opened("Notify User")

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "escape", "f10")
        assert phase(pc) is Phase.COVER_NOTICE
        assert not pilot.app.screen.query_one(PasswordField).display
        await press(pilot, "enter")
        assert phase(pc) is Phase.POST

    play(pc, usb, script)
    assert EventCode.COVER_ACKNOWLEDGED in [logged.code for logged in pc.firmware.memory.log.events]


def test_the_field_comes_only_where_the_firmware_asks_for_a_password(usb: Path) -> None:
    pc = opened("Administrator Password", ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        field = pilot.app.screen.query_one(PasswordField)
        assert not field.display
        await press(pilot, "enter")
        assert field.display
        assert "This needs the administrator password" in read(pilot)
        assert pc.firmware.session.password_tries == 3
        await type_in(pilot, "wrong")
        assert "2 tries left" in read(pilot)
        assert field.value == ""
        assert pilot.app.focused is field

    play(pc, usb, script)


def test_after_three_wrong_passwords_only_a_restart_helps(usb: Path) -> None:
    pc = opened("Administrator Password", ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "enter")
        for _ in range(3):
            await type_in(pilot, "wrong")
        assert not pilot.app.screen.query_one(PasswordField).display
        await type_in(pilot, ADMINISTRATOR)
        assert phase(pc) is Phase.COVER_NOTICE
        assert "Enter: acknowledge" not in read(pilot)
        await press(pilot, "f5")
        assert phase(pc) is Phase.COVER_NOTICE
        await press(pilot, "enter")
        await type_in(pilot, ADMINISTRATOR)
        assert phase(pc) is Phase.POST

    play(pc, usb, script)
