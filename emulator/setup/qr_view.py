"""The challenge's code as a widget: cells with both colours set, whatever the theme.

Where a terminal has no colours, white is drawn in reverse video, as on the screens of its day light on dark: colours are set as well, so that
a terminal which has them shows the same.
"""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from emulator import qr
from emulator.qr import Cell, Matrix
from emulator.setup.placement import Placement

BLACK, WHITE = "#000000", "#ffffff"

# (ink is black, paper is black): exact values, which every colour depth maps to its own black and white.
STYLES = {
    (ink, paper): Style(color=BLACK if ink else WHITE, bgcolor=BLACK if paper else WHITE)
    for ink in (False, True)
    for paper in (False, True)
}
# With white paper by reverse video: the colours swapped, and swapped back by the terminal.
REVERSED = {
    (ink, paper): style if paper else Style(color=WHITE, bgcolor=BLACK if ink else WHITE, reverse=True)
    for (ink, paper), style in STYLES.items()
}


class QRView(Widget):
    """A code in the form and with the border that its placement says."""

    def __init__(self, modules: Matrix, placement: Placement, *, mono: bool = False) -> None:
        super().__init__()
        styles = REVERSED if mono else STYLES
        cells = qr.cells(modules, placement.border, placement.form)
        self._strips = [Strip([_segment(cell, styles) for cell in row], len(row)).simplify() for row in cells]
        self.styles.width, self.styles.height = qr.size(len(modules), placement.border, placement.form)

    def render_line(self, y: int) -> Strip:
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)


def _segment(cell: Cell, styles: dict[tuple[bool, bool], Style]) -> Segment:
    return Segment(cell.glyph, styles[cell.ink, cell.paper])
