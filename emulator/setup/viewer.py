"""A text to read, of any length: the event log, keys, information, the text of a code.

It scrolls by keys and wheel, and may have one more key that does something with the text, such as writing it to the USB stick.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Label

from emulator.setup.columns import cut, wrapped
from emulator.setup.dialog import Dialog

Export = Callable[[], str]
"""Writes the text somewhere; gives the sentence that tells where, or why not."""


class TextView(ScrollView, can_focus=True):
    """Lines of text. `exact` ones are cut at the edge and nowhere else, so that they can be copied; others are broken between words."""

    def __init__(self, lines: Sequence[str], *, exact: bool) -> None:
        super().__init__()
        self._given, self._exact = lines, exact
        self._lines: list[str] = []

    def on_resize(self) -> None:
        width = max(self.size.width, 20)
        self._lines = [part for line in self._given for part in _broken(line, width, exact=self._exact)]
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        text = self._lines[at] if at < len(self._lines) else ""
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)


def _broken(line: str, width: int, *, exact: bool) -> list[str]:
    if exact:
        return cut(line, width)
    indent = len(line) - len(line.lstrip())
    return wrapped(line, width, indent + 2 if indent else 0)


class Viewer(Dialog[None]):
    """Text over the whole width of the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss(None)", "Back"),
        Binding("f3,e,E", "export", "Save"),
    ]

    def __init__(
        self, title: str, lines: Sequence[str], *, exact: bool = False, export: Export | None = None
    ) -> None:
        super().__init__()
        self._headline, self._view, self._export = title, TextView(lines, exact=exact), export

    def compose(self) -> ComposeResult:
        with Vertical(classes="viewer"):
            yield self.title_of(self._headline)
            yield self._view
            yield Label("", classes="told", markup=False)
            yield self.keys(
                "↑↓ scroll   F3 or E save on the USB stick   Enter or Esc back"
                if self._export
                else "↑↓ scroll   Enter or Esc back"
            )

    def on_mount(self) -> None:
        self._view.focus()

    def action_export(self) -> None:
        if self._export is not None:
            self.query_one(".told", Label).update(self._export())
