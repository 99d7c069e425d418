"""What a window shows that is too small for any page. It takes no keys: whoever cannot see should not type."""

from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Label

if TYPE_CHECKING:
    from emulator.companions.authenticator.screens.app import PhoneApp

COLUMNS, ROWS = 38, 16
"""The smallest window that shows every page, by scrolling; 46x30 shows most as they are meant."""


class TooSmall(ModalScreen[None]):
    """Says which size would do; goes away when the window has it."""

    def compose(self) -> ComposeResult:
        yield Label("", id="small", markup=False)

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def on_key(self, event: events.Key) -> None:
        event.stop()

    def _show(self) -> None:
        columns, rows = self.app.size
        text = cast("PhoneApp", self.app).words(
            "This window is {columns}x{rows}. Make it {least_columns}x{least_rows} or larger (46x40 is best), or press Ctrl+Q.",
            columns=columns,
            rows=rows,
            least_columns=COLUMNS,
            least_rows=ROWS,
        )
        self.query_one("#small", Label).update(text)
