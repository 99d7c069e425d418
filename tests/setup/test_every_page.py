"""Every page of every model: reached by keys alone, and drawn without loss."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from emulator import models
from emulator.firmware.catalogue import Kind, Line, Setting
from emulator.firmware.settings import DISABLED, tokens
from emulator.machine import TargetPC
from emulator.setup import wording
from emulator.setup.look import Look, Theme
from emulator.setup.navigator import ORDER_ROLES, Row
from emulator.setup.standing import standing
from tests.setup.person import play, press
from tests.setup.rendering import assert_golden, fixed_pc, golden
from tests.setup.walking import Walk, packed, walk

GOLDEN = models.DEFAULT


def walked(pc: TargetPC, usb: Path, look: Look, size: tuple[int, int], *, each_row: bool = True) -> Walk:
    walks: list[Walk] = []

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        walks.append(await walk(pilot, each_row=each_row))

    play(pc, usb, script, size, look)
    return walks[0]


def told(pc: TargetPC, row: Row) -> list[str]:
    """What a row has to tell: its name with its value, and the sentence why it is grey."""
    if isinstance(row, Line):
        return [f"► {row.text}" if row.kind in ("action", "page") else row.text]
    now = standing(pc.firmware, row)
    return [_named(row, now.value), *([now.grey] if now.grey else [])]


def _named(row: Setting, value: str) -> str:
    if row.role in ORDER_ROLES and not row.read_only:
        return f"► {row.name}"
    if row.read_only:
        return f"{row.name}: {wording.shown(row, value)}"
    if row.check_box:
        return f"[{'x' if value == row.values[1] else ' '}] {row.name}"
    if row.kind is Kind.ENUMERATION:
        return f"{row.name} [ {value} ▼]"
    if row.kind is Kind.ORDERED_LIST:
        entries = [entry.replace(DISABLED, " (Disabled)") for entry in tokens(value)]
        dashes = "─" * 20
        return f"{row.name} {dashes} {' '.join(entries) or '(no entries)'} {dashes}"
    return f"{row.name} [ {wording.shown(row, value)} ]"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("theme", [Theme.WHITE, pytest.param(Theme.VGA, marks=pytest.mark.slow)])
@pytest.mark.parametrize("model", models.names())
def test_every_page_is_reached_and_everything_on_it_is_seen(usb: Path, model: str, theme: Theme) -> None:
    pc = fixed_pc(model)
    walked_through = walked(pc, usb, Look(theme), (80, 24))
    pages = pc.firmware.catalogue.pages
    assert set(walked_through.pages) == set(pages)
    assert walked_through.longest <= 80
    for path, rows in pages.items():
        sights = walked_through.pages[path]
        everything = {sight.row: sight.body for sight in sights}
        for index, row in enumerate(rows):
            bodies = [everything[index]] if index in everything else [sight.body for sight in sights]
            for words in told(pc, row):
                wanted = _without_rules(packed(words))
                assert any(wanted in _without_rules(body) for body in bodies), (path, words)
    if model == GOLDEN:
        assert_golden(golden(f"every-page-{theme.value}", (80, 24)), walked_through.text())


def _without_rules(text: str) -> str:
    """A rule is as long as the page is wide."""
    return "".join(text.split("─"))


@pytest.mark.slow
@pytest.mark.parametrize("theme", Theme)
def test_every_page_on_a_large_screen(pc: TargetPC, usb: Path, theme: Theme) -> None:
    size = (132, 43)
    walked_through = walked(pc, usb, Look(theme), size, each_row=False)
    assert_golden(golden(f"every-page-{theme.value}", size), walked_through.text())
