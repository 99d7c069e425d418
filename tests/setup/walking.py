"""Somebody goes through all of Computer Setup with the arrows, Enter and Esc, and looks at the screen after each key."""

import asyncio
from dataclasses import dataclass
from typing import NamedTuple

from textual.pilot import Pilot

from emulator.firmware.catalogue import Line, Setting
from emulator.setup.app import ComputerSetup
from emulator.setup.navigator import Page, selectable
from emulator.setup.page import SettingsPage
from tests.setup.person import navigator, setup_screen

QUIET = 8
"""Looks at the queues that find them empty; between two queues a message is in none."""
ARROWS = frozenset({"up", "down", "home", "end"})
"""Keys that only move the cursor."""


class Sight(NamedTuple):
    """The screen while the cursor is on a row of a page (None where no row can be chosen)."""

    row: int | None
    screen: str
    body: str
    """What stands in the page's own area, without the column of the cursor's sign, without any blanks and ends of lines."""
    scrolled: int


@dataclass
class Walk:
    """What was seen of each page, in the order in which the pages were opened."""

    pages: dict[Page, list[Sight]]
    longest: int
    """Columns of the widest line."""
    each_row: bool

    def text(self) -> str:
        """All pages one after the other, each scrolled part once."""
        parts = []
        for page, sights in self.pages.items():
            shown: set[int] = set()
            for sight in sights:
                if sight.scrolled not in shown:
                    shown.add(sight.scrolled)
                    parts.append(f"=== {' / '.join(page)} ({len(shown)})\n{sight.screen}")
        return "".join(parts)


async def step(pilot: Pilot[str], *keys: str) -> None:
    """Keys in their order. What may open another screen is carried out before the next key; signs and arrows are not waited for."""
    for key in keys:
        pilot.app.simulate_key(key)
        if len(key) > 1 and key not in ARROWS:
            await settle(pilot)
    await settle(pilot)


async def settle(pilot: Pilot[str]) -> None:
    """Until no message waits anywhere: a key goes from the application to the focused widget and back, queue by queue."""
    app = pilot.app
    quiet = 0
    while quiet < QUIET:
        await asyncio.sleep(0)
        # Scroll bars are in no tree, but in the list of all that lives.
        pumps = [app, *app.screen_stack, *app._registry]
        quiet = quiet + 1 if all(pump._message_queue.empty() for pump in pumps) else 0
    await pilot.pause(0)


async def to_row(pilot: Pilot[str], text: str) -> None:
    """With the arrows to the row of this name or text."""
    rows = [row for row in navigator(pilot).rows if selectable(row)]
    names = [row.name if isinstance(row, Setting) else row.text for row in rows]
    await step(pilot, "home", *["down"] * names.index(text))


async def to_page(pilot: Pilot[str], *path: str) -> None:
    """From a menu to the page of this path."""
    while navigator(pilot).page != path[:1]:
        await step(pilot, "right")
    for title in path[1:]:
        await to_row(pilot, title)
        await step(pilot, "enter")
    assert navigator(pilot).page == path


async def walk(pilot: Pilot[str], *, each_row: bool = True) -> Walk:
    """From Computer Setup's first menu to every page and every row, with keys alone; looks at each row, or at each part of a page."""
    walked = Walk({}, 0, each_row)
    for _ in navigator(pilot).menus:
        await _through(pilot, walked)
        await step(pilot, "right")
    return walked


async def _through(pilot: Pilot[str], walked: Walk) -> None:
    """Down the page that is open, and into each page below it."""
    here = navigator(pilot).page
    sights = walked.pages.setdefault(here, [])
    before, seen_at = None, -1
    links = any(isinstance(row, Line) and row.kind == "page" for row in navigator(pilot).rows)
    down = "down" if walked.each_row or links else "pagedown"
    while seen_at < 0 or navigator(pilot).cursor != before:
        scrolled = setup_screen(pilot).query_one(SettingsPage).scroll_offset.y
        if walked.each_row or scrolled != seen_at:
            sights.append(sight(pilot))
            walked.longest = max(walked.longest, *map(len, sights[-1].screen.splitlines()))
        seen_at = scrolled
        row = navigator(pilot).row
        if isinstance(row, Line) and row.kind == "page":
            await step(pilot, "enter")
            assert navigator(pilot).page == (*here, row.text)
            await _through(pilot, walked)
            await step(pilot, "escape")
            assert (navigator(pilot).page, navigator(pilot).row) == (here, row)
        before = navigator(pilot).cursor
        await step(pilot, down)


def sight(pilot: Pilot[str]) -> Sight:
    """What is seen now."""
    assert isinstance(pilot.app, ComputerSetup)
    lines, page = pilot.app.characters(), setup_screen(pilot).query_one(SettingsPage)
    area = page.scrollable_content_region
    body = "".join(line[area.x + 1 : area.right] for line in lines[area.y : area.bottom])
    screen = "".join(f"{line.rstrip()}\n" for line in lines)
    return Sight(navigator(pilot).cursor, screen, packed(body), page.scroll_offset.y)


def packed(text: str) -> str:
    """A text without blanks, which the ends of lines may have cut."""
    return "".join(text.split())
