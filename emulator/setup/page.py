"""The page of settings: one widget that draws lines, not one widget a row.

It shows what the navigator says and turns nothing into a decision. Lines are made anew whenever the page, the cursor or a value changes,
for a change of one setting may make others grey. A row that is grey has the reason in a line under it.
"""

import textwrap
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from emulator.firmware.catalogue import Line, Setting
from emulator.setup.navigator import Navigator, Row, selectable
from emulator.setup.standing import Standing
from emulator.setup.wording import shown

INDENT = 3
VALUE_INDENT = 8
MESSAGE_INDENT = 5
VALUE_COLUMN = 0.42
"""Where values begin, as a part of the width: as on photographs of the real screen."""


LINE_LOOKS = {"heading": "heading", "text": "dim", "action": "link", "page": "link"}
ASIDE = frozenset({"message", "note", "reason"})
"""Looks of lines that stand under a row, outside the bar that is the cursor."""


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
        "page--note",
        "page--reason",
    }

    class Struck(Message):
        """A row was clicked that can be chosen."""

    def __init__(self, navigator: Navigator, standing: Callable[[Setting], Standing]) -> None:
        super().__init__()
        self.navigator, self._standing = navigator, standing
        self._message, self._message_look = "", "message"
        self._lines: list[PageLine] = []

    def show(self, message: str = "", look: str = "message") -> None:
        """Make the lines anew, with `message` (a refusal) or a `note` under the cursor, and bring the cursor into view."""
        self._message, self._message_look = message, look
        self._lines = list(self._made())
        self.virtual_size = Size(self.size.width, len(self._lines))
        self._reveal()
        self.refresh()

    def on_resize(self) -> None:
        self.show(self._message, self._message_look)

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
        selected = line.row is not None and line.row == self.navigator.cursor and line.look not in ASIDE
        name = "cursor" if selected else line.look
        return self.rich_style if name == "plain" else self.get_component_rich_style(f"page--{name}")

    def _made(self) -> Sequence[PageLine]:
        lines = []
        if len(self.navigator.page) > 1:
            lines += [PageLine(None, f" ◄ {self.navigator.page[-1]}", "heading"), PageLine(None, "", "plain")]
        for index, row in enumerate(self.navigator.rows):
            message = self._message if index == self.navigator.cursor else ""
            lines += self._with_aside(index, row, message)
        return lines

    def _with_aside(self, index: int, row: Row, message: str) -> list[PageLine]:
        """A row, and under it the message, else the reason why it is grey."""
        if isinstance(row, Line):
            texts, look, reason = self._line_texts(row), LINE_LOOKS[row.kind], ""
        else:
            now = self._standing(row)
            texts, reason = self._setting_texts(row, now), now.grey
            look = "dim" if row.read_only or reason or now.locked else "plain"
        under = self._message_look if message else "reason"
        return [
            *(PageLine(index, text, look) for text in texts),
            *(PageLine(index, text, under) for text in self._wrapped(message or reason, MESSAGE_INDENT)),
        ]

    def _line_texts(self, line: Line) -> list[str]:
        if line.kind == "heading":
            return [line.text]
        return self._wrapped(line.text, INDENT) or [""] if line.kind == "text" else [f" ► {line.text}"]

    def _setting_texts(self, setting: Setting, now: Standing) -> list[str]:
        """A setting as one line, or more when name and value do not fit into one."""
        mark = "*" if now.staged else " "
        if setting.check_box:
            mark = f"{mark} [{'x' if now.value == setting.values[1] else ' '}]"
        names = self._wrapped(setting.name, len(mark) + 2)
        names[0] = f" {mark} {names[0].strip()}"
        if setting.check_box:
            return names
        text = shown(setting, now.value)
        text = f": {text}" if setting.read_only else f"[ {text} ]"
        column = max(int(self.size.width * VALUE_COLUMN), 20)
        if len(names) == 1 and max(column, len(names[0])) + 1 + len(text) <= self._columns:
            return [f"{names[0]:{column}} {text}"]
        return [*names, self._cut(" " * VALUE_INDENT + text)]

    def _cut(self, text: str) -> str:
        """What goes on to the right of the screen ends in a mark that it does."""
        return text if len(text) <= self._columns else f"{text[: self._columns - 1]}…"

    def _wrapped(self, text: str, indent: int) -> list[str]:
        before = " " * indent
        return textwrap.wrap(text, self._columns, initial_indent=before, subsequent_indent=before)

    @property
    def _columns(self) -> int:
        """Columns for text: one is the scrollbar's, and one is left free before it. The first layout knows no width yet."""
        return max(self.size.width, 40) - 2

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
