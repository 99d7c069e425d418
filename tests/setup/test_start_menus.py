"""POST's keys, the startup menu and the boot menu."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from emulator import models
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Role
from emulator.machine import TargetPC
from emulator.setup import legends, views
from tests.setup.person import in_setup, phase, play, press, read
from tests.setup.rendering import fixed_pc

KEYS = [
    ("f10", Phase.SETUP),
    ("s", Phase.SETUP),
    ("f9", Phase.BOOT_MENU),
    ("b", Phase.BOOT_MENU),
    *((key, Phase.TOOL) for key in ("f2", "d", "f3", "o", "f11", "v", "f12", "n")),
]


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("key", "then"), [*KEYS, ("escape", Phase.STARTUP_MENU), ("enter", Phase.OPERATING_SYSTEM)]
)
def test_post_takes_a_key(pc: TargetPC, usb: Path, key: str, then: Phase) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, key)
        assert phase(pc) is then

    play(pc, usb, script)


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("keys", "then"),
    [
        *(([key], phase) for key, phase in KEYS),
        (["enter"], Phase.OPERATING_SYSTEM),
        (["escape"], Phase.OPERATING_SYSTEM),
        (["down", "down", "enter"], Phase.TOOL),
        ([*["down"] * 4, "enter"], Phase.BOOT_MENU),
        ([*["down"] * 5, "enter"], Phase.SETUP),
        (["down", "up", "enter"], Phase.OPERATING_SYSTEM),
    ],
)
def test_the_startup_menu_takes_keys_and_choices(
    pc: TargetPC, usb: Path, keys: list[str], then: Phase
) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "escape")
        assert phase(pc) is Phase.STARTUP_MENU
        await press(pilot, *keys)
        assert phase(pc) is then

    play(pc, usb, script)


@pytest.mark.slow
def test_the_startup_menu_waits_for_ever(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "escape")
        await pilot.pause(1.2)
        assert phase(pc) is Phase.STARTUP_MENU

    play(pc, usb, script)


def test_the_boot_menu_starts_the_device_that_was_chosen(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f9", "down", "enter")
        assert pc.firmware.session.device == "HDD:USB:1"
        assert "Started from HDD:USB:1" in read(pilot)

    play(pc, usb, script)


def test_escape_at_the_boot_menu_starts_the_first_device(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f9", "down", "escape")
        assert pc.firmware.session.device == "HDD:M.2:1"

    play(pc, usb, script)


def test_the_boot_menu_lists_what_is_switched_on_in_its_order(pc: TargetPC, usb: Path) -> None:
    order = pc.firmware.catalogue.roles[Role.BOOT_ORDER].name
    in_setup(
        pc,
        c.StageSetting(
            order,
            "HDD:USB:1,HDD:M.2:1 Disabled,NETWORK IPV4:EMBEDDED:1,NETWORK IPV6:EMBEDDED:1 Disabled",
        ),
    )

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f9")
        listed = pilot.app.screen.query_one(OptionList).options
        assert [option.prompt for option in listed] == ["HDD:USB:1", "NETWORK IPV4:EMBEDDED:1"]

    play(pc, usb, script)


def test_a_boot_menu_without_entries_says_so_and_can_be_left(pc: TargetPC, usb: Path) -> None:
    order = pc.firmware.catalogue.roles[Role.BOOT_ORDER]
    in_setup(pc, c.StageSetting(order.name, ",".join(f"{value} Disabled" for value in order.values)))

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f9", "enter", "down")
        assert "This machine has nothing to start from." in read(pilot)
        await press(pilot, "escape")
        assert phase(pc) is Phase.OPERATING_SYSTEM
        assert "Started from" not in read(pilot)

    play(pc, usb, script)


@pytest.mark.parametrize("model", models.names())
def test_every_model_waits_at_post_as_long_as_its_setting_says(model: str, usb: Path) -> None:
    pc = fixed_pc(model)
    delay = pc.firmware.catalogue.roles[Role.STARTUP_DELAY]
    longest = delay.values[-1]
    in_setup(pc, c.StageSetting(delay.name, longest))

    async def script(pilot: Pilot[str]) -> None:
        seconds = 5 + int("".join(sign for sign in longest if sign.isdigit()))
        assert f"Starting the operating system in {seconds} s" in read(pilot)

    play(pc, usb, script)


def test_the_keys_of_every_screen_fit_into_eighty_columns() -> None:
    lines = {name: text for name, text in vars(legends).items() if name.isupper()}
    assert lines
    # The legend has a blank at each side.
    assert {name for name, text in lines.items() if len(text) > 78} == set()
    assert len(views.VIEW_ONLY) <= 78
    assert len(views.BY_SECURITY_LEVEL) <= 78
