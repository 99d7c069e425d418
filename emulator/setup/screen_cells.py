"""The cells of a screen as they are seen: runs of signs of one look, with all colours written out.

A terminal lets a style leave things open: colours by number or by default, reverse, dim, concealed. A picture cannot, so here it is
decided what they come to.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import Color, blend_rgb
from rich.color_triplet import ColorTriplet
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.strip import Strip

LINES = ("underline", "underline2", "strike", "overline")
"""Attributes that draw a line along the text."""

_NORMAL = [
    (0, 0, 0),
    (170, 0, 0),
    (0, 170, 0),
    (170, 85, 0),
    (0, 0, 170),
    (170, 0, 170),
    (0, 170, 170),
    (170, 170, 170),
]
_BRIGHT = [
    (85, 85, 85),
    (255, 85, 85),
    (85, 255, 85),
    (255, 255, 85),
    (85, 85, 255),
    (255, 85, 255),
    (85, 255, 255),
]
PALETTE = TerminalTheme((0, 0, 0), (170, 170, 170), _NORMAL, [*_BRIGHT, (255, 255, 255)])
"""What colours by number mean, where a screen leaves them to its terminal: those of the VGA."""


class Look(NamedTuple):
    """Colours and attributes as they are seen."""

    ink: str
    paper: str
    bold: bool = False
    italic: bool = False
    lines: tuple[str, ...] = ()


class Run(NamedTuple):
    """Signs of one look, side by side, from a column on."""

    column: int
    columns: int
    text: str
    look: Look


def runs(strip: Strip) -> Iterator[Run]:
    """The runs of one row."""
    column = 0
    for text, style, control in strip:
        if text and not control:
            yield Run(column, cell_len(text), text, look(style or Style.null()))
            column += cell_len(text)


def look(style: Style) -> Look:
    """What a style comes to."""
    ink, paper = _colour(style.color, foreground=True), _colour(style.bgcolor, foreground=False)
    if style.reverse:
        ink, paper = paper, ink
    if style.dim:
        ink = blend_rgb(ink, paper)
    lines = tuple(name for name in LINES if getattr(style, name))
    return Look(
        paper.hex if style.conceal else ink.hex, paper.hex, bool(style.bold), bool(style.italic), lines
    )


def mixed(ink: str, paper: str, share: float) -> str:
    """The colour of a ground that `share` of its ink covers."""
    return blend_rgb(
        ColorTriplet(*bytes.fromhex(paper[1:])), ColorTriplet(*bytes.fromhex(ink[1:])), share
    ).hex


def _colour(color: Color | None, *, foreground: bool) -> ColorTriplet:
    return (color or Color.default()).get_truecolor(PALETTE, foreground=foreground)
