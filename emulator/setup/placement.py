"""Where the challenge's code goes on a screen of a given size.

The code owns the screen: text stands to its right, or below it where the screen is high and narrow. The border is 4 modules where
that fits, else 2, which every reader measured accepts; a part of a code may have 1, the least that reads. Where no form fits, there is
none, and the page says what size would do.
"""

from collections.abc import Sequence
from typing import NamedTuple

from emulator import qr
from emulator.qr import Form

PANEL_COLUMNS = 26
PANEL_ROWS = 14
LEGEND_ROWS = 1
BORDERS = (4, 2)
PART_BORDERS = (4, 2, 1)


class Placement(NamedTuple):
    """Border and form of a code, and whether the text stands beside or below it."""

    border: int
    form: Form
    beside: bool


def place(
    columns: int, rows: int, modules: int, form: Form = Form.HALF, borders: Sequence[int] = BORDERS
) -> Placement | None:
    """The best place for a symbol of `modules` on a screen, or None."""
    for border in borders:
        width, height = qr.size(modules, border, form)
        if height + LEGEND_ROWS <= rows and width + PANEL_COLUMNS <= columns:
            return Placement(border, form, beside=True)
        if height + PANEL_ROWS + LEGEND_ROWS <= rows and width <= columns:
            return Placement(border, form, beside=False)
    return None


def needed(modules: int, form: Form = Form.HALF) -> tuple[int, int]:
    """Columns and rows of the smallest screen that shows the code with its text beside it."""
    width, height = qr.size(modules, BORDERS[-1], form)
    return width + PANEL_COLUMNS, height + LEGEND_ROWS
