"""The parts of a picture of the screen that need no font: rectangles and their colours.

The papers of all cells, and the signs that are drawn and not written. Neighbours that look the same are one rectangle, for that is what
most of a screen is made of.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len

from emulator.setup.drawn_signs import HEIGHT, SHADES, WIDTH, Shape, shapes
from emulator.setup.screen_cells import Run, mixed

Coloured = tuple[str, Shape]
LINE_AT = {"underline": 14, "underline2": 14, "strike": 8, "overline": 0}
"""Where lines along the text lie, from the top of the cell."""


def grounds(row: Sequence[Run], top: int) -> Iterator[tuple[str, Shape]]:
    """The papers of a row, neighbours of one colour as one."""
    for paper, group in groupby(row, key=lambda run: run.look.paper):
        same = list(group)
        end = same[-1].column + same[-1].columns
        yield paper, Shape(same[0].column * WIDTH, top, end * WIDTH, top + HEIGHT)


def drawn(run: Run, top: int) -> Iterator[tuple[str, Shape]]:
    """The signs of a run that need no font, neighbours as one where they touch, and the lines along it."""
    left, right = run.column * WIDTH, (run.column + run.columns) * WIDTH
    for name in run.look.lines:
        at = top + LINE_AT[name]
        yield run.look.ink, Shape(left, at, right, at + 1)
    for sign, group in groupby(run.text):
        end = left + cell_len("".join(group)) * WIDTH
        if sign in SHADES:
            yield mixed(run.look.ink, run.look.paper, SHADES[sign]), Shape(left, top, end, top + HEIGHT)
        for shape in shapes(sign):
            for place in _repeated(shape, left, end, top):
                yield run.look.ink, place
        left = end


def _repeated(shape: Shape, left: int, end: int, top: int) -> Iterator[Shape]:
    """One shape in each cell from `left` to `end`; as a single one, if it takes the whole width."""
    whole = (shape.left, shape.right) == (0, WIDTH)
    for at in (left,) if whole else range(left, end, WIDTH):
        right = end if whole else at + shape.right
        yield Shape(at + shape.left, top + shape.top, right, top + shape.bottom)
