"""Signs that are drawn and not written: blocks, shades and lines, as shapes in a cell.

Fonts disagree on block elements and box drawing: some leave gaps between cells, some draw halves that are none, some have neither.
A QR code dies of that, and a frame looks torn. So a picture draws them as what Unicode says they are. A cell is 8 by 16 units, so
eighths of both sides are whole numbers.

Lines are read out of their Unicode names ("LIGHT DOWN AND RIGHT"): which of the four arms there are, and how each is drawn. A double line
is two light ones; where it meets others, its two halves end at the right one of them. Dashes and diagonals are left to fonts.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

WIDTH, HEIGHT = 8, 16


class Shape(NamedTuple):
    """A rectangle in a cell, in units from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


SHADES: Mapping[str, float] = {"░": 0.25, "▒": 0.5, "▓": 0.75}
"""How much of the ink each has."""
ARCS: Mapping[str, str] = {
    "╭": "M4 16V12Q4 8 8 8",
    "╮": "M4 16V12Q4 8 0 8",
    "╯": "M4 0V4Q4 8 0 8",
    "╰": "M4 0V4Q4 8 8 8",
}
"""Rounded corners, as paths of one unit."""

_QUADRANTS = {
    "UPPER LEFT": Shape(0, 0, 4, 8),
    "UPPER RIGHT": Shape(4, 0, 8, 8),
    "LOWER LEFT": Shape(0, 8, 4, 16),
    "LOWER RIGHT": Shape(4, 8, 8, 16),
}
_EIGHTHS = {
    name: number for number, name in enumerate(["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN"], 1)
}
_PARTS = {"HALF": 4, "ONE QUARTER": 2, "THREE QUARTERS": 6} | {
    f"{name} EIGHTH{'S' if number > 1 else ''}": number for name, number in _EIGHTHS.items()
}
_BLOCK = re.compile(r"(UPPER|LOWER|LEFT|RIGHT) (.+) BLOCK")

_WEIGHTS = {"LIGHT": 1, "SINGLE": 1, "HEAVY": 2, "DOUBLE": 3}
_DOUBLE = 3
_ARMS = {
    "LEFT": ("left",),
    "RIGHT": ("right",),
    "UP": ("up",),
    "DOWN": ("down",),
    "HORIZONTAL": ("left", "right"),
    "VERTICAL": ("up", "down"),
}


@lru_cache(maxsize=512)
def shapes(sign: str) -> tuple[Shape, ...]:
    """What to fill with ink for `sign`; nothing for one that a font draws."""
    if not "\u2500" <= sign <= "\u259f":
        return ()
    name = unicodedata.name(sign)
    if name.startswith("BOX DRAWINGS "):
        return tuple(_lines(_arms(name.removeprefix("BOX DRAWINGS "))))
    if name.startswith("QUADRANT "):
        return tuple(_QUADRANTS[each] for each in re.split(" AND ", name.removeprefix("QUADRANT ")))
    return (_block(name),) if "SHADE" not in name else ()


def _block(name: str) -> Shape:
    """A full block, or so many eighths of one from one side."""
    found = _BLOCK.fullmatch(name)
    if found is None:
        return Shape(0, 0, WIDTH, HEIGHT)
    part = _PARTS[found[2]]
    return {
        "UPPER": Shape(0, 0, WIDTH, 2 * part),
        "LOWER": Shape(0, HEIGHT - 2 * part, WIDTH, HEIGHT),
        "LEFT": Shape(0, 0, part, HEIGHT),
        "RIGHT": Shape(WIDTH - part, 0, WIDTH, HEIGHT),
    }[found[1]]


def _arms(name: str) -> dict[str, int]:
    """The arms of a line and the weight of each; a group of words without a weight has that of the group before."""
    arms: dict[str, int] = {}
    weight = 0
    if not re.search("DASH|DIAGONAL|ARC", name):
        for words in map(str.split, name.split(" AND ")):
            weight = next((_WEIGHTS[word] for word in words if word in _WEIGHTS), weight)
            arms |= {arm: weight for word in words for arm in _ARMS.get(word, ())}
    return arms


def _lines(arms: Mapping[str, int]) -> Iterator[Shape]:
    """Each arm from its edge to the middle; vertical arms are horizontal ones of a cell that lies on its side."""
    of = arms.get
    for here, there, low, high in (("left", "right", "up", "down"), ("up", "down", "left", "right")):
        upright = here == "up"
        middle, across = (HEIGHT / 2, WIDTH / 2) if upright else (WIDTH / 2, HEIGHT / 2)
        for arm, other, sign in ((here, there, -1), (there, here, 1)):
            for offset, thick, end in _strokes(of(arm, 0), of(other, 0), of(low, 0), of(high, 0)):
                along = sorted((middle + sign * end, 0 if sign < 0 else 2 * middle))
                beside = (across + offset - thick / 2, across + offset + thick / 2)
                box = (beside[0], along[0], beside[1], along[1])
                yield Shape(*box) if upright else Shape(box[1], box[0], box[3], box[2])


def _strokes(weight: int, other: int, low: int, high: int) -> Iterator[tuple[float, float, float]]:
    """Offset, thickness and inner end of each stroke of an arm that has `other` opposite and `low` and `high` across."""
    across = max(low, high)
    if weight == _DOUBLE:
        for offset, side, far in ((-2.0, low, high), (2.0, high, low)):
            yield offset, 1, _inner_end(side, far, other)
    elif weight:
        through = other or (low == high == _DOUBLE)
        reach = {0: 0.0, 1: 0.5, 2: 1.0, _DOUBLE: 2.5}[across]
        yield 0, weight, -reach if not through else (1.5 if across == _DOUBLE and not other else 0)


def _inner_end(side: int, far: int, other: int) -> float:
    """Where one half of a double arm ends: at the near line of a double one across, or else beyond it."""
    if side == _DOUBLE:
        return 1.5
    if side:
        return -0.5
    if other:
        return 0
    return {0: 0.0, 1: -0.5, 2: -1.0, _DOUBLE: -2.5}[far]
