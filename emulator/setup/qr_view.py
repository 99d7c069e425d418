"""The challenge's code as a widget: cells with both colours set, whatever the theme."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from emulator import qr
from emulator.qr import Cell, Matrix
from emulator.setup.placement import Placement

# (ink is black, paper is black): exact values, which every colour depth maps to its own black and white.
STYLES = {
    (ink, paper): Style(color="#000000" if ink else "#ffffff", bgcolor="#000000" if paper else "#ffffff")
    for ink in (False, True)
    for paper in (False, True)
}


class QRView(Widget):
    """A code in the form and with the border that its placement says."""

    def __init__(self, modules: Matrix, placement: Placement) -> None:
        super().__init__()
        cells = qr.cells(modules, placement.border, placement.form)
        self._strips = [Strip([_segment(cell) for cell in row], len(row)).simplify() for row in cells]
        self.styles.width, self.styles.height = qr.size(len(modules), placement.border, placement.form)

    def render_line(self, y: int) -> Strip:
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)


def _segment(cell: Cell) -> Segment:
    return Segment(cell.glyph, STYLES[cell.ink, cell.paper])
