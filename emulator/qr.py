"""A QR code as terminal cells.

A module is half a cell high and one wide, or (the large form) one high and two wide. Both colours are set on every cell, black on
white, whatever the theme: inverted and theme-coloured codes are the classic trap. In the half-block form the glyph of a mixed cell is
chosen by its neighbours: where a font's half block does not fill its half exactly, the strip that shows should join an equal module
and not split a run.

Pure: text → matrix → cells. The matrix is made by python-qrcode, which mixes segments and so needs version 13 where others need 16;
level L, for nothing damages a screen and larger modules read better.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

Matrix = Sequence[Sequence[bool]]
"""Rows of modules, True = dark, without border."""

UPPER, LOWER, BLANK = "▀", "▄", " "


class Form(Enum):
    """How modules become cells: (columns, rows) that one module takes, in halves of a cell's height."""

    HALF = "half blocks"
    FULL = "full cells"


class Cell(NamedTuple):
    """A glyph and its two colours; True is black, False white."""

    glyph: str
    ink: bool
    paper: bool


def matrix(text: str) -> Matrix:
    """The smallest symbol for `text` at level L."""
    import qrcode  # noqa: PLC0415 -- 50 ms that only a challenge needs
    from qrcode.constants import ERROR_CORRECT_L  # noqa: PLC0415

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def bordered(modules: Matrix, border: int) -> Matrix:
    """The matrix with `border` light modules on each side."""
    width = len(modules) + 2 * border
    edge = [[False] * width for _ in range(border)]
    side = [False] * border
    return [*edge, *([*side, *row, *side] for row in modules), *edge]


def size(modules: int, border: int, form: Form) -> tuple[int, int]:
    """Columns and rows of cells for a symbol of `modules` by `modules`."""
    side = modules + 2 * border
    return (2 * side, side) if form is Form.FULL else (side, (side + 1) // 2)


def cells(modules: Matrix, border: int, form: Form = Form.HALF) -> list[list[Cell]]:
    """Rows of cells, border included."""
    framed = bordered(modules, border)
    if form is Form.FULL:
        return [[Cell(BLANK, dark, dark) for dark in row for _ in range(2)] for row in framed]
    light = [False] * len(framed)
    # One light row above, and one or two below: the neighbours of the edge, and the other half of an odd last row.
    padded = [light, *framed, light, light]
    return [
        [_half(*column) for column in zip(*padded[top - 1 : top + 3], strict=True)]
        for top in range(1, len(framed) + 1, 2)
    ]


def _half(above: bool, top: bool, bottom: bool, below: bool) -> Cell:
    if top == bottom:
        return Cell(BLANK, top, top)
    if above != bottom and below == top:
        # A strip of the lower colour would split the run above; below it joins a module of its colour.
        return Cell(LOWER, bottom, top)
    return Cell(UPPER, top, bottom)
