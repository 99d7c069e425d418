"""The screen of a PC as text: the real application, off-screen, in a thread of its own, over a copy of the machine.

A thread, because a test may run in an event loop, and because signals are for the one who is the PC in a terminal.
"""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from textual import events

from emulator.machine import TargetPC
from emulator.setup import playing
from emulator.setup.app import ComputerSetup
from emulator.setup.qr_view import QRView

MASK = "░"
_ALONE = re.compile(r"(?m)^(\W*)(\d{4})(\W*)$")
"""A presence code: four digits alone on a line."""


class OffScreen(ComputerSetup):
    """The screen without the signals that cut the power off."""

    def on_load(self, event: events.Load) -> None:  # type: ignore[override]
        event.prevent_default()


def text_of(pc: TargetPC, size: tuple[int, int]) -> str:
    """What the screen shows, one line a row, without blanks at the ends."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(lambda: asyncio.run(_text(pc, size))).result()


async def _text(pc: TargetPC, size: tuple[int, int]) -> str:
    app = OffScreen(pc, usb=Path())
    async with app.run_test(size=size) as pilot:
        await playing.settled(pilot)
        return masked(app)


def masked(app: ComputerSetup) -> str:
    """The text without the challenge and without a presence code."""
    lines = app.characters()
    for view in app.screen.query(QRView):
        area = view.region
        for row in range(area.y, area.bottom):
            lines[row] = lines[row][: area.x] + MASK * area.width + lines[row][area.right :]
    text = "".join(f"{line.rstrip()}\n" for line in lines)
    return _ALONE.sub(lambda found: found[1] + MASK * 4 + found[3], text)
