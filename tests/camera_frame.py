"""A code in a camera's frame: seen straight, turned or aside, over a mottled dark ground.

Pillow finds for each pixel of the frame its place in the picture of the code by a projection, whose eight numbers follow from where the
four corners are to be seen.
"""

import math
from collections.abc import Sequence
from random import Random

from PIL import Image

FRAME = (1280, 720)
CODE = 600
"""Pixels that the code with its border takes in a frame."""

Point = tuple[float, float]


def framed(symbol: Image.Image, random: Random, corners: Sequence[Point] | None = None) -> Image.Image:
    """The symbol over a mottled ground, its corners (clockwise from the upper left) at these places."""
    corners = corners or square(CODE)
    large = symbol.resize((symbol.width * 8,) * 2, Image.Resampling.NEAREST)
    large = large.resize((round(math.dist(*corners[:2])),) * 2, Image.Resampling.BOX)
    back = _projection(corners, large.width)
    seen = large.transform(FRAME, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    covered = Image.new("L", large.size, 255).transform(FRAME, Image.Transform.PERSPECTIVE, back)
    return Image.composite(seen, _ground(random), covered)


def square(side: float, angle: float = 0) -> list[Point]:
    """The corners of a square in the middle of the frame, turned by `angle` degrees."""
    turn, half = math.radians(angle), side / math.sqrt(2)
    return [
        (
            FRAME[0] / 2 + half * math.cos(turn + math.radians(corner)),
            FRAME[1] / 2 + half * math.sin(turn + math.radians(corner)),
        )
        for corner in (225, 315, 45, 135)
    ]


def moved(corners: Sequence[Point], amount: float, random: Random) -> list[Point]:
    """Each corner moved towards the middle by up to `amount` of the side in each direction."""
    signs = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    return [
        (x + sign[0] * amount * CODE * random.random(), y + sign[1] * amount * CODE * random.random())
        for (x, y), sign in zip(corners, signs, strict=True)
    ]


def _projection(corners: Sequence[Point], side: int) -> list[float]:
    """The eight numbers by which Pillow finds for each pixel of the frame its place in a square of `side`."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, ((0, 0), (side, 0), (side, side), (0, side)), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss and Jordan: the unknowns of linear equations, the last number of each row its right side."""
    for at in range(len(rows)):
        pivot = max(range(at, len(rows)), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(len(rows)):
            if other != at:
                factor = rows[other][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [row[-1] for row in rows]


def _ground(random: Random) -> Image.Image:
    """Mottled and dark: spots of some 30 pixels, levels 20 to 90."""
    small = Image.frombytes("L", (43, 24), random.randbytes(43 * 24))
    return small.resize(FRAME, Image.Resampling.BICUBIC).point(lambda level: 20 + level * 70 // 255)
