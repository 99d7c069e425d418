"""Somebody sits before the machine: keys, one after the other, and the way to a row of Computer Setup as a person finds it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Role, Setting
from emulator.machine import TargetPC
from emulator.setup.app import ComputerSetup
from emulator.setup.look import Look
from emulator.setup.navigator import Navigator, selectable
from emulator.setup.setup_screen import SetupScreen
from tests.setup.rendering import screen_text

SIZES = [(80, 24), (100, 38)]
Script = Callable[[Pilot[str]], Awaitable[None]]

ADMINISTRATOR, POWER_ON = "Sesame-1-of-ours", "Morning*7"
"""Passwords that keep every policy that the factory switches on."""


def play(
    pc: TargetPC, usb: Path, script: Script, size: tuple[int, int] = (80, 24), look: Look | None = None
) -> ComputerSetup:
    """Switch the machine on and let somebody sit before it."""
    app = ComputerSetup(pc, usb=usb, look=look)

    async def session() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await script(pilot)

    asyncio.run(session())
    return app


async def press(pilot: Pilot[str], *keys: str) -> None:
    """Keys without the pilot's waiting after each."""
    for key in keys:
        pilot.app.simulate_key(key)
        await pilot.pause(0)
    await pilot.pause()


async def type_in(pilot: Pilot[str], text: str) -> None:
    """Text, sign by sign, and Enter."""
    await press(pilot, *text, "enter")


def seen(pilot: Pilot[str]) -> str:
    """What the screen shows."""
    assert isinstance(pilot.app, ComputerSetup)
    return screen_text(pilot.app)


def read(pilot: Pilot[str]) -> str:
    """The words on the screen, as somebody reads them over the ends of lines."""
    return " ".join(re.sub("[│▁▂▃▄▅▆▇█]", " ", seen(pilot)).split())


def phase(pc: TargetPC) -> Phase:
    return pc.firmware.session.phase


def setup_screen(pilot: Pilot[str]) -> SetupScreen:
    """Computer Setup, perhaps with a dialog over it."""
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, SetupScreen))


def navigator(pilot: Pilot[str]) -> Navigator:
    """Where the cursor is."""
    return setup_screen(pilot).navigator


async def open_page(pilot: Pilot[str], *path: str) -> None:
    """From a menu, with the arrows and Enter, to the page of this path."""
    for _ in range(len(navigator(pilot).menus)):
        if navigator(pilot).page[0] != path[0]:
            await press(pilot, "right")
    for title in path[1:]:
        await find(pilot, title)
        await press(pilot, "enter")
    assert navigator(pilot).page == path


async def find(pilot: Pilot[str], text: str) -> None:
    """With Home and the arrows to the row of this name or text."""
    rows = [row for row in navigator(pilot).rows if selectable(row)]
    names = [row.name if isinstance(row, Setting) else row.text for row in rows]
    await press(pilot, "home", *["down"] * names.index(text))


def pin(pc: TargetPC) -> str:
    """What the phone would show for the challenge on the screen."""
    live = pc.firmware.session.door.live
    assert live is not None
    return live.pin


def setting_named(pc: TargetPC, name: str) -> Setting:
    return pc.firmware.catalogue.every[name]


def in_setup(pc: TargetPC, *orders: c.Command) -> None:
    """A first visit to Computer Setup that carries out these orders, saves and switches off; nothing guards it yet."""
    for command in (c.PowerOn(), c.EnterSetup(), *orders, c.SaveAndExit(), c.PowerOff()):
        pc.execute(command)


def with_passwords(pc: TargetPC, *, administrator: str = "", power_on: str = "") -> None:
    """Set passwords in a first visit to Computer Setup."""
    roles = pc.firmware.catalogue.roles
    wanted = {Role.POWER_ON_PASSWORD: power_on, Role.ADMINISTRATOR_PASSWORD: administrator}
    in_setup(pc, *(c.ChangePassword(roles[role].name, text) for role, text in wanted.items() if text))
