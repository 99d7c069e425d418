"""The page of settings: one widget that draws lines, not one widget a row.

It shows what the navigator says and turns nothing into a decision. Lines are made anew when the page or a value changes, for a change of
one setting may make others grey; a cursor that only moves repaints the two rows that it left and reached. The terminal's own cursor
stands on the selected row, where screen readers follow it.
"""

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from emulator.firmware.catalogue import Setting
from emulator.setup.language import Language
from emulator.setup.look import Glyphs
from emulator.setup.navigator import Navigator, selectable
from emulator.setup.page_lines import ASIDE, PageLine, Typesetter
from emulator.setup.standing import Standing


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

    class Back(Message):
        """The arrow before the title was clicked."""

    def __init__(
        self,
        navigator: Navigator,
        standing: Callable[[Setting], Standing],
        glyphs: Glyphs,
        language: Language,
    ) -> None:
        self._looks: dict[str, Style] = {}
        super().__init__()
        self.navigator, self._standing = navigator, standing
        self._glyphs, self._language = glyphs, language
        self._message, self._look = "", "message"
        self._lines: list[PageLine] = []
        self._spans: dict[int, tuple[int, int]] = {}
        self._drawn: int | None = None

    def show(self, message: str = "", look: str = "message") -> None:
        """Make the lines anew, with `message` (a refusal) or a `note` under the cursor, and bring the cursor into view."""
        self._message, self._look = message, look
        self._lines = self._made()
        self._spans = _spans(self._lines)
        self.virtual_size = Size(self.size.width, len(self._lines))
        self._reveal()
        self.refresh()

    def follow(self) -> None:
        """The cursor moved, and nothing else changed."""
        left, self._drawn = self._drawn, self.navigator.cursor
        if not self._message:
            self._reveal()
            self._repaint(left)
            self._repaint(self._drawn)
        else:
            self.show()

    def on_resize(self) -> None:
        self.show(self._message, self._look)

    def on_focus(self) -> None:
        self._place_cursor()

    def row_region(self) -> Region:
        """Where the selected row stands on the screen."""
        top, bottom = self._spans.get(self.navigator.cursor or 0, (0, 1))
        area = self.content_region
        return Region(area.x, area.y + top - self.scroll_offset.y, area.width, bottom - top)

    def render_line(self, y: int) -> Strip:
        at, width = y + self.scroll_offset.y, self.size.width
        if at >= len(self._lines):
            return Strip.blank(width, self._style("plain"))
        line = self._lines[at]
        if line.row is not None and line.row == self.navigator.cursor and line.look not in ASIDE:
            sign = self._glyphs.cursor if at == self._spans[line.row][0] else " "
            style = self._style("cursor")
            return _strip(f"{sign}{line.prefix}", style, line.text, style, width)
        return _strip(f" {line.prefix}", self._style("plain"), line.text, self._style(line.look), width)

    def on_click(self, event: Click) -> None:
        at = event.y + self.scroll_offset.y
        line = self._lines[at] if 0 <= at < len(self._lines) else None
        if line is not None and line.row is None:
            self.post_message(self.Back())
        if line is None or line.row is None:
            return
        again = line.row == self.navigator.cursor
        if self.navigator.select(line.row):
            self.show()
            if again:
                self.post_message(self.Struck())

    def _made(self) -> list[PageLine]:
        self._drawn = self.navigator.cursor
        # One column is the cursor's, one is left free before the scroll bar. The first layout knows no width yet.
        setter = Typesetter(max(self.size.width, 40) - 2, self._glyphs, self._language)
        title = self.navigator.page[-1] if len(self.navigator.page) > 1 else ""
        lines = setter.page(title, self.navigator.rows, self._standing)
        if self._message and self.navigator.cursor is not None:
            lines = self._with_message(lines, self.navigator.cursor, setter)
        return lines

    def _with_message(self, lines: list[PageLine], row: int, setter: Typesetter) -> list[PageLine]:
        """The message stands in the place of the reason why the row is grey."""
        kept = [line for line in lines if line.row != row or line.look not in ASIDE]
        after = max(at for at, line in enumerate(kept) if line.row == row) + 1
        return [*kept[:after], *setter.aside(row, self._message, self._look), *kept[after:]]

    def _style(self, look: str) -> Style:
        """The style of a look. Textual works it out anew at each call, which would be most of what a line costs."""
        if look not in self._looks:
            plain = look == "plain"
            self._looks[look] = self.rich_style if plain else self.get_component_rich_style(f"page--{look}")
        return self._looks[look]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def _repaint(self, row: int | None) -> None:
        if row is not None and row in self._spans:
            top, bottom = self._spans[row]
            self.refresh(Region(0, top - self.scroll_offset.y, self.size.width, bottom - top))

    def _reveal(self) -> None:
        """Scroll by most of a page where the cursor would leave it, so that most moves repaint no more than two rows."""
        row, height = self.navigator.cursor, self.size.height
        if row is None or row not in self._spans or not height:
            self.scroll_to(y=0, animate=False, force=True, immediate=True)
            return
        top, bottom = self._spans[row]
        if row == self._first_stop():
            top = 0
        shown = self.scroll_offset.y
        if top < shown or bottom > shown + height:
            # A quarter of the page stays behind the cursor, the rest lies before it.
            behind = height // 4 if bottom > shown + height else height - height // 4
            self._scroll(min(top, max(bottom - height, top - behind)))
        self._place_cursor()

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=max(0, top), animate=False, force=True, immediate=True)

    def _place_cursor(self) -> None:
        region = self.row_region()
        self.app.cursor_position = Offset(region.x, region.y)

    def _first_stop(self) -> int | None:
        rows = self.navigator.rows
        return next((index for index, row in enumerate(rows) if selectable(row)), None)


def _spans(lines: list[PageLine]) -> dict[int, tuple[int, int]]:
    """The first line of each row, and the one behind its last."""
    spans: dict[int, tuple[int, int]] = {}
    for at, line in enumerate(lines):
        if line.row is not None:
            spans[line.row] = (spans.get(line.row, (at, at))[0], at + 1)
    return spans


def _strip(before: str, plain: Style, text: str, style: Style, width: int) -> Strip:
    return Strip([Segment(before, plain), Segment(text, style)]).adjust_cell_length(width, plain)
