"""A picture of the screen as SVG: cell by cell, the same on every machine.

Textual can draw itself, but with a font from the web: without that font its lines drift and its blocks tear. Here every cell has its
place. Grounds are rectangles; blocks and lines are drawn (`drawn_signs`), so a QR code in the picture needs no font at all; only words
are text, and each run of it is told how long it is. All colours are written out, and the same screen gives the same bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from rich.cells import cell_len
from textual.app import App
from textual.strip import Strip

from emulator.setup import screen_cells, screen_shapes
from emulator.setup.drawn_signs import ARCS, HEIGHT, SHADES, WIDTH, Shape, shapes
from emulator.setup.screen_cells import Run

FONTS = (
    "DejaVu Sans Mono",
    "Liberation Mono",
    "Noto Sans Mono",
    "Cascadia Mono",
    "Consolas",
    "Menlo",
    "Courier New",
)
"""Monospaced fonts of the usual systems; the first one there is taken."""
FAMILIES = ", ".join([*(f"'{font}'" for font in FONTS), "monospace"])
FONT_SIZE = 13.2
"""Units: a monospaced sign is 0.6 of it wide, which is a cell."""
BASELINE = 12.5
ENLARGED = 1.25
"""Pixels for a unit that the picture asks for where nobody says its size."""

_PLAIN = "!-~\u00a1-\u024f\u0300-\u036f"
_WRITTEN = re.compile(f"[{_PLAIN}]+(?: [{_PLAIN}]+)*|[^\\s\u0300-\u036f][\u0300-\u036f]*")
"""Words with one blank between them; of other signs, which may come from another font, one at a time."""

_ARC = re.compile("|".join(ARCS))


def of(app: App[Any]) -> str:
    """The screen of `app` as it is now."""
    # The compositor is private to Textual, and the only place that knows the whole picture.
    return svg(app.screen._compositor.render_strips(), app.size.width)  # noqa: SLF001


def dark(columns: int, rows: int) -> str:
    """The screen of a machine that is off."""
    return svg([Strip([])] * rows, columns)


def svg(strips: Sequence[Strip], columns: int) -> str:
    """The picture of rows of cells."""
    rows = [(y * HEIGHT, tuple(screen_cells.runs(strip))) for y, strip in enumerate(strips)]
    runs = [(run, top) for top, row in rows for run in row]
    width, height = columns * WIDTH, len(rows) * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" ',
        f'width="{width * ENLARGED:g}" height="{height * ENLARGED:g}">\n<g shape-rendering="crispEdges">\n',
        *_painted([("#000000", Shape(0, 0, width, height))]),
        *_painted(ground for top, row in rows for ground in screen_shapes.grounds(row, top)),
        *_painted(drawn for run, top in runs for drawn in screen_shapes.drawn(run, top)),
        *(arc for run, top in runs for arc in _arcs(run, top)),
        f'</g>\n<g font-family="{FAMILIES}" font-size="{FONT_SIZE}" xml:space="preserve">\n',
        *(text for run, top in runs for text in _written(run, top)),
    ]
    return "".join([*parts, "</g>\n</svg>\n"])


def _painted(coloured: Iterable[tuple[str, Shape]]) -> Iterator[str]:
    """Rectangles that do not cover each other, as one path for each colour: a third of what they would take one by one."""
    paths: dict[str, list[str]] = {}
    for colour, (left, top, right, bottom) in coloured:
        place = f"M{left:g} {top:g}h{right - left:g}v{bottom - top:g}h{left - right:g}z"
        paths.setdefault(colour, []).append(place)
    for colour, places in paths.items():
        yield f'<path fill="{colour}" d="{"".join(places)}"/>\n'


def _arcs(run: Run, top: int) -> Iterator[str]:
    for found in _ARC.finditer(run.text):
        left = (run.column + cell_len(run.text[: found.start()])) * WIDTH
        yield (
            f'<path d="{ARCS[found[0]]}" transform="translate({left} {top})" fill="none" stroke="{run.look.ink}"/>\n'
        )


def _written(run: Run, top: int) -> Iterator[str]:
    """What a font draws."""
    weight = ' font-weight="bold"' * run.look.bold + ' font-style="italic"' * run.look.italic
    for found in _WRITTEN.finditer(run.text):
        text = found[0]
        if text in SHADES or text in ARCS or shapes(text[0]):
            continue
        left = (run.column + cell_len(run.text[: found.start()])) * WIDTH
        place = f'x="{left}" y="{top + BASELINE:g}" textLength="{cell_len(text) * WIDTH}"'
        yield f'<text {place}{weight} fill="{run.look.ink}">{escape(text)}</text>\n'
