"""The challenge's code as a picture file, for phones when the window is too small: PNG and SVG, black on white.

Both have the border that the standard asks for, whatever the screen had room for.
"""

import io
from collections.abc import Sequence

from emulator import qr
from emulator.qr import Matrix

SCALE = 8
BORDER = 4


def png(modules: Matrix) -> bytes:
    """The code as a PNG of 8 pixels a module."""
    from PIL import Image  # noqa: PLC0415 -- only who saves a picture pays for it

    framed = qr.bordered(modules, BORDER)
    side = len(framed)
    picture = Image.new("1", (side, side), 1)
    picture.putdata([0 if dark else 1 for row in framed for dark in row])
    out = io.BytesIO()
    picture.resize((side * SCALE, side * SCALE), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def svg(modules: Matrix) -> bytes:
    """The code as an SVG: one path of horizontal runs."""
    side = len(modules) + 2 * BORDER
    runs = "".join(
        f"M{x + BORDER} {y + BORDER}h{length}v1h-{length}z"
        for y, row in enumerate(modules)
        for x, length in _runs(row)
    )
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side * SCALE}" height="{side * SCALE}" '
        f'viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#ffffff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000000" d="{runs}"/></svg>\n'
    )
    return text.encode("ascii")


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Where runs of dark modules begin, and how long they are."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((x, 1))
    return runs
