"""The help of the selected item, at the right of the page. Only the blue theme has it; the white one shows help on a key."""

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from emulator.setup.columns import wrapped


class HelpPane(Widget):
    """Draws lines, so that a move of the cursor costs no layout."""

    DEFAULT_CSS = "HelpPane { width: 28; height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._lines: list[str] = []

    def show(self, text: str) -> None:
        """Help for another row."""
        if text != self._text:
            self._text = text
            if self.display:
                self._wrap()
                self.refresh()

    def on_resize(self) -> None:
        self._wrap()

    def render_line(self, y: int) -> Strip:
        text, style = self._lines[y] if y < len(self._lines) else "", self.rich_style
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)

    def _wrap(self) -> None:
        self._lines = wrapped(self._text, max(self.size.width, 10))
