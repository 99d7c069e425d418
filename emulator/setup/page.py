"""The page of settings: one widget that draws lines, not one widget a row.

It shows what the navigator says and turns nothing into a decision. Lines are made anew when the page or a value changes; moving the
cursor repaints two of them.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from emulator.firmware.catalogue import Setting
from emulator.setup.navigator import Navigator, Row, selectable
from emulator.setup.wording import shown

VALUE_COLUMN = 0.42
"""Where values begin, as a part of the width: as on photographs of the real screen."""


class PageLine:
    """One line on the screen: the row it belongs to (None for the title), its text, and how it looks."""

    __slots__ = ("look", "row", "text")

    def __init__(self, row: int | None, text: str, look: str) -> None:
        self.row, self.text, self.look = row, text, look


class SettingsPage(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of the navigator's page, with a message under the selected one when there is something to say."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "page--cursor",
        "page--dim",
        "page--heading",
        "page--link",
        "page--message",
    }

    class Struck(Message):
        """A row was clicked that can be chosen."""

    def __init__(
        self, navigator: Navigator, value: Callable[[str], str], staged: Callable[[str], bool]
    ) -> None:
        super().__init__()
        self.navigator = navigator
        self._value, self._staged = value, staged
        self._message = ""
        self._lines: list[PageLine] = []

    def show(self, message: str = "") -> None:
        """Make the lines anew, with `message` under the cursor, and bring the cursor into view."""
        self._message = message
        self._lines = list(self._made())
        self.virtual_size = Size(self.size.width, len(self._lines))
        self._reveal()
        self.refresh()

    def on_resize(self) -> None:
        self.show(self._message)

    def render_line(self, y: int) -> Strip:
        at, width = y + self.scroll_offset.y, self.size.width
        if at >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = self._lines[at]
        style = self._style(line)
        return Strip([Segment(line.text, style)]).adjust_cell_length(width, style)

    def on_click(self, event: Click) -> None:
        at = event.y + self.scroll_offset.y
        row = self._lines[at].row if at < len(self._lines) else None
        if row is None:
            return
        again = row == self.navigator.cursor
        if self.navigator.select(row):
            self.show()
            if again:
                self.post_message(self.Struck())

    def _style(self, line: PageLine) -> Style:
        selected = line.row is not None and line.row == self.navigator.cursor and line.look != "message"
        name = "cursor" if selected else line.look
        return self.rich_style if name == "plain" else self.get_component_rich_style(f"page--{name}")

    def _made(self) -> Sequence[PageLine]:
        lines = []
        if len(self.navigator.page) > 1:
            lines += [PageLine(None, f" ◄ {self.navigator.page[-1]}", "heading"), PageLine(None, "", "plain")]
        for index, row in enumerate(self.navigator.rows):
            lines += [PageLine(index, text, _look(row)) for text in self._texts(row)]
            if index == self.navigator.cursor and self._message:
                lines += [PageLine(index, f"     {part}", "message") for part in self._wrapped(self._message)]
        return lines

    def _texts(self, row: Row) -> list[str]:
        """A row as one line, or two when name and value do not fit into one."""
        if not isinstance(row, Setting):
            return [{"heading": row.text, "text": f"   {row.text}"}.get(row.kind, f" ► {row.text}")]
        value = self._value(row.name)
        mark = "*" if self._staged(row.name) else " "
        if row.check_box:
            return [f" {mark} [{'x' if value == row.values[1] else ' '}] {row.name}"]
        column = max(int(self.size.width * VALUE_COLUMN), 20)
        label, text = f" {mark} {row.name}".ljust(column), shown(row, value)
        text = f": {text}" if row.read_only else f"[ {text} ]"
        if len(label) + 1 + len(text) <= self.size.width:
            return [f"{label} {text}"]
        return [label, f"        {text}"]

    def _wrapped(self, text: str) -> list[str]:
        lines, width = [""], max(20, self.size.width - 6)
        for word in text.split():
            if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        return lines

    def _reveal(self) -> None:
        for at, line in enumerate(self._lines):
            if line.row is not None and line.row == self.navigator.cursor:
                top = 0 if self.navigator.cursor == self._first_stop() else at
                bottom = at + sum(1 for other in self._lines if other.row == line.row)
                self.scroll_to_region(
                    Region(0, top, self.size.width, bottom - top), animate=False, force=True, immediate=True
                )
                return

    def _first_stop(self) -> int | None:
        rows = self.navigator.rows
        return next((index for index, row in enumerate(rows) if selectable(row)), None)


def _look(row: Row) -> str:
    if isinstance(row, Setting):
        return "dim" if row.read_only else "plain"
    return {"heading": "heading", "text": "dim"}.get(row.kind, "link")
