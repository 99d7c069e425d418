"""A list to choose from: the choice under the cursor has a sign before it, as on a page, for no colour alone tells anything."""

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

GUTTER = 2


class Choices(OptionList):
    """`sign` stands before the choice under the cursor, and so does the terminal's own cursor while the keys are for this list."""

    def __init__(self, *choices: str, sign: str) -> None:
        super().__init__(*(Option(choice) for choice in choices), markup=False)
        self._sign = sign

    def render_line(self, y: int) -> Strip:
        strip, at = super().render_line(y), self.scroll_offset.y + y
        if at >= len(self._lines):
            return strip
        option, line = self._lines[at]
        chosen = option == self.highlighted
        sign = self._sign if chosen and not line else ""
        style = next((segment.style for segment in strip), self.rich_style)
        strip = Strip([Segment(f"{sign:{GUTTER}}", style), *strip])
        # What the list itself draws knows no reverse.
        reverse = chosen and self.get_component_rich_style("option-list--option-highlighted").reverse
        return strip.apply_style(Style(reverse=True)) if reverse else strip

    def watch_highlighted(self, highlighted: int | None) -> None:
        super().watch_highlighted(highlighted)
        self.call_after_refresh(self._place_cursor)

    def on_focus(self) -> None:
        self._place_cursor()

    def _get_left_gutter_width(self) -> int:
        return GUTTER

    def _place_cursor(self) -> None:
        if self.has_focus and (self.highlighted, 0) in self._lines:
            area, line = self.content_region, self._lines.index((self.highlighted, 0))
            self.app.cursor_position = Offset(area.x, area.y + line - self.scroll_offset.y)
