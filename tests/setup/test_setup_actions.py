"""What rows of Computer Setup do that are no settings, and the questions that come before what cannot be taken back."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import TypeGuard

import pytest
from textual.pilot import Pilot
from textual.widgets import Label

from emulator import models
from emulator.devices.clock import FixedClock
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Keeper, Kind, Line, Role, Setting
from emulator.machine import TargetPC
from emulator.setup import views
from emulator.setup.dialogs import ChoiceDialog, ConfirmDialog
from emulator.setup.language import ENGLISH
from emulator.setup.navigator import ORDER_ROLES
from emulator.setup.order_dialog import OrderDialog
from emulator.setup.setup_screen import SetupScreen
from emulator.setup.viewer import Viewer
from tests.setup.person import (
    ADMINISTRATOR,
    POWER_ON,
    in_setup,
    navigator,
    phase,
    play,
    read,
    seen,
    setup_screen,
    with_passwords,
)
from tests.setup.rendering import fixed_pc
from tests.setup.walking import packed, settle, step, to_page, to_row

RESTORE = "Restore Security Settings to Factory Defaults"
ORDERS = [
    ("Main", "Apply Factory Defaults and Exit", "Apply the factory defaults, save and restart?"),
    ("Main", "Apply Custom Defaults and Exit", "Apply the custom defaults, save and restart?"),
    ("Main", "Save Custom Defaults", "Keep the settings as the custom defaults"),
    ("Security", RESTORE, "Restore the security settings to their"),
]


def test_orders_ask_first_and_escape_changes_nothing(pc: TargetPC, usb: Path) -> None:
    in_setup(pc, c.StageSetting("USB Storage Boot", "Disable"))
    before = pc.firmware.memory

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        for menu, name, question in ORDERS:
            await to_page(pilot, menu)
            await to_row(pilot, name)
            for refusal in ("escape", "n"):
                await step(pilot, "enter")
                assert isinstance(pilot.app.screen, ConfirmDialog)
                assert question in read(pilot)
                await step(pilot, refusal)
                assert (phase(pc), pc.firmware.session.staged) == (Phase.SETUP, {})

    play(pc, usb, script)
    assert pc.firmware.memory.settings == before.settings
    assert pc.firmware.value("USB Storage Boot") == "Disable"


def test_defaults_are_kept_applied_and_taken_back(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        async def order(name: str) -> None:
            await to_page(pilot, "Main")
            await to_row(pilot, name)
            await step(pilot, "enter", "y")

        await step(pilot, "f10")
        pc.execute(c.StageSetting("USB Storage Boot", "Disable"))
        await order("Save Custom Defaults")
        assert "»* ► Save Custom Defaults" in seen(pilot).splitlines()
        await step(pilot, "enter")
        assert list(pc.firmware.session.staged) == ["USB Storage Boot"]
        await step(pilot, "enter", "y", "f10", "y")
        assert phase(pc) is Phase.POST
        await step(pilot, "f10")
        await order("Apply Factory Defaults and Exit")
        assert (phase(pc), pc.firmware.value("USB Storage Boot")) == (Phase.POST, "Enable")
        await step(pilot, "f10")
        await order("Apply Custom Defaults and Exit")
        assert (phase(pc), pc.firmware.value("USB Storage Boot")) == (Phase.POST, "Disable")

    play(pc, usb, script)


def test_every_order_of_every_model_has_a_question() -> None:
    from emulator.setup.setup_actions import ACTIONS, QUESTIONS

    for model in models.names():
        catalogue = models.packaged(model)
        rows = [row for page in catalogue.pages.values() for row in page]
        assert {row.role for row in rows if isinstance(row, Setting)} & ORDER_ROLES <= set(QUESTIONS)
        done = {row.does for row in rows if isinstance(row, Line) and row.does}
        assert done - {"save", "ignore"} <= set(ACTIONS)
        assert {"save", "ignore", "clock", "event log", "save setup", "restore setup"} <= done


def test_saving_and_ignoring_tell_what_changes(pc: TargetPC, usb: Path) -> None:
    secret = "Remote HP PC Hardware Diagnostics Upload Server Password"
    boxes = [name for name, each in pc.firmware.catalogue.stored.items() if each.check_box and each.page]
    every = pc.firmware.catalogue.every
    easy = [name for name in boxes if not (every[name].requires or every[name].physical_presence)][:12]

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        pc.execute(c.StageSetting("Startup Delay (sec.)", "15"))
        pc.execute(c.StageSetting(secret, "hush"))
        for key in ("f10", "escape"):
            await step(pilot, key)
            told = read(pilot)
            assert "* Startup Delay (sec.): 15" in told
            assert f"* {secret}" in told
            assert "hush" not in told
            await step(pilot, "escape")
        for name in easy:
            value = pc.firmware.value(name)
            other = next(each for each in every[name].values if each != value)
            pc.execute(c.StageSetting(name, other))
        await step(pilot, "ctrl+s")
        # The list scrolls, and none of it is left out.
        assert len(views.changes(pc.firmware, ENGLISH)) == len(pc.firmware.session.staged)
        await step(pilot, "y")
        assert phase(pc) is Phase.POST

    play(pc, usb, script)
    assert pc.firmware.value("Startup Delay (sec.)") == "15"


def test_the_event_log_is_read_and_saved_as_a_table(usb: Path) -> None:
    pc = fixed_pc("elitedesk-800-g2")
    in_setup(pc, c.StageSetting(pc.firmware.catalogue.roles[Role.COVER_SENSOR].name, "Notify User"))
    pc.execute(c.OpenCover())

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "enter", "f10")
        await to_page(pilot, "Main", "BIOS Event Log")
        await to_row(pilot, "View BIOS Event Log")
        await step(pilot, "enter")
        assert isinstance(pilot.app.screen, Viewer)
        for event in pc.firmware.memory.log.events:
            assert f"0x{int(event.code):04X}" in read(pilot)
        await step(pilot, "e", "f3", "E")
        assert packed(f"Saved: {usb}/event-log-3.csv") in packed(seen(pilot))

    play(pc, usb, script)
    tables = sorted(usb.iterdir())
    assert [path.name for path in tables] == [f"event-log-{number}.csv" for number in (1, 2, 3)]
    rows = list(csv.DictReader(tables[0].read_text("utf-8").splitlines()))
    assert len(rows) == len(pc.firmware.memory.log.events) > 1
    assert tables[0].stat().st_mode & 0o777 == 0o600


def test_an_empty_event_log_says_so(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await to_page(pilot, "Main", "BIOS Event Log")
        await step(pilot, "enter")
        assert "The event log is empty." in read(pilot)

    play(pc, usb, script)


def test_a_stick_that_cannot_be_written_is_a_sentence(pc: TargetPC, usb: Path) -> None:
    usb.write_text("no folder")

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await to_page(pilot, "Main", "BIOS Event Log")
        await step(pilot, "enter", "e")
        assert "The USB stick" in read(pilot)
        await step(pilot, "escape", "escape")
        await to_page(pilot, "Main", "Replicated Setup")
        await to_row(pilot, "Save to Removable Media")
        await step(pilot, "enter")
        if isinstance(pilot.app.screen, ConfirmDialog):
            await step(pilot, "y")
        assert "! The USB stick" in read(pilot)

    play(pc, usb, script)
    assert usb.read_text() == "no folder"


def test_the_clock_is_set_at_once_or_refused_with_a_reason(pc: TargetPC, usb: Path) -> None:
    assert isinstance(pc.clock, FixedClock)

    def now() -> int:
        return int(pc.clock.now().unix) + pc.firmware.memory.clock.offset

    async def script(pilot: Pilot[str]) -> None:
        async def entered(date: str, time: str) -> None:
            for text in (date, time):
                await step(pilot, "end", *["backspace"] * 10, *text, "enter")

        await step(pilot, "f10")
        await to_row(pilot, "Change Date and Time")
        before = now()
        await step(pilot, "enter", "9", "escape")
        assert now() == before
        await step(pilot, "enter")
        await entered("2031-02-29", "12:00:00")
        assert "That is no date and time" in read(pilot)
        await step(pilot, "up")
        await entered("2031-02-28", "25:00:00")
        assert "That is no date and time" in read(pilot)
        await step(pilot, "up")
        await entered("1815-06-18", "12:00:00")
        assert not isinstance(pilot.app.screen, SetupScreen)
        refusal = str(pilot.app.screen.query_one(".allowed", Label).render())
        assert "2026-12-31" not in refusal
        assert now() == before
        await step(pilot, "up")
        await entered("2031-02-28", "23:59:00")
        assert "The clock is set." in read(pilot)
        await step(pilot, "enter")
        assert "2031-02-28" in read(pilot)

    play(pc, usb, script)
    assert now() == 1930089540


def test_somebody_who_may_only_look_sets_no_clock_and_takes_no_order(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, *POWER_ON, "enter", "f10", *POWER_ON, "enter")
        assert "View only" in read(pilot)
        await to_row(pilot, "Change Date and Time")
        await step(pilot, "enter", "enter", "enter")
        assert pc.firmware.memory.clock.offset == 0
        assert "The clock is set." not in read(pilot)
        await step(pilot, "escape")
        for name in ("Apply Factory Defaults and Exit", "Save Custom Defaults"):
            await to_row(pilot, name)
            await step(pilot, "enter", "y")
            assert (phase(pc), pc.firmware.session.staged) == (Phase.SETUP, {})

    play(pc, usb, script)


@pytest.mark.slow
def test_system_information_is_a_key_away_before_the_start(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        for keys in (["f1"], ["i"]):
            await step(pilot, *keys)
            assert "Serial Number: 5CG0000001" in read(pilot)
            # POST does not go on behind it.
            assert isinstance(pc.clock, FixedClock)
            pc.clock.advance(60)
            await pilot.pause(0.6)
            assert phase(pc) is Phase.STARTUP_MENU
            await step(pilot, "escape", "f1", "enter", "down", "enter", "escape", "f10", "escape", "y", "f10")
            assert phase(pc) is Phase.POST

    play(pc, usb, script)


def test_the_keys_of_secure_boot_are_told(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await to_page(pilot, "Security", "Secure Boot Configuration")
        await to_row(pilot, "View Secure Boot keys")
        await step(pilot, "enter")
        told = read(pilot)
        await step(pilot, "end")
        told += read(pilot)
        assert "User mode: a platform key is enrolled." in told
        for database in ("PK: the platform key", "KEK: key exchange keys", "db: what may start", "dbx:"):
            assert database in told
        assert told.count("X.509 certificate") >= 3
        assert "SHA-256" in told

    play(pc, usb, script, (100, 38))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("size", "least"), [((60, 18), 8), ((80, 24), 0)])
def test_every_drop_down_of_every_model_stays_on_the_screen(
    usb: Path, size: tuple[int, int], least: int
) -> None:
    """Those of one width and height once, and on the smallest screen only the long ones."""
    looked: set[tuple[int, int]] = set()
    for model in models.names() if size == (80, 24) else [models.DEFAULT]:
        pc = fixed_pc(model)

        async def script(pilot: Pilot[str], pc: TargetPC = pc) -> None:
            await step(pilot, "f10")
            screen = setup_screen(pilot)
            for path, rows in pc.firmware.catalogue.pages.items():
                for row in rows:
                    if not _drops(row) or (area := _area(row)) in looked or area[1] < least:
                        continue
                    looked.add(area)
                    screen.navigator.go(path, row.name)
                    screen.say("")
                    await step(pilot, "enter")
                    if not isinstance(pilot.app.screen, ChoiceDialog):
                        continue
                    box = pilot.app.screen.query_one(".drop").region
                    assert pilot.app.screen.size.region.contains_region(box), row.name
                    # As much room as its values take, or all that there is.
                    assert box.height == len(row.values) + 2 or box.height >= size[1] - 3, row.name
                    await step(pilot, "escape")

        play(pc, usb, script, size)


def _area(row: Setting) -> tuple[int, int]:
    return max(map(len, row.values)), len(row.values)


def _drops(row: Setting | Line) -> TypeGuard[Setting]:
    return (
        isinstance(row, Setting)
        and row.kind is Kind.ENUMERATION
        and not (row.check_box or row.read_only)
        and row.role not in ORDER_ROLES
        and row.keeper is Keeper.ORDINARY
    )


def test_an_empty_list_can_be_opened_and_left(pc: TargetPC, usb: Path) -> None:
    order = pc.firmware.catalogue.roles[Role.BOOT_ORDER].name
    # Only who writes the image from outside can leave a list so.
    settings = {**pc.firmware.memory.settings, order: ""}
    pc.firmware.memory = replace(pc.firmware.memory, settings=settings)

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await to_page(pilot, "Advanced", "Boot Options")
        await to_row(pilot, order)
        assert "(no entries)" in read(pilot)
        await step(pilot, "enter", "enter", "down", "up", "f5", "d")
        assert isinstance(pilot.app.screen, OrderDialog)
        await step(pilot, "f10")
        assert navigator(pilot).page == ("Advanced", "Boot Options")
        assert pc.firmware.value(order) == ""
        await settle(pilot)

    play(pc, usb, script)
