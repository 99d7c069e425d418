"""What a window shows that is too small for any page. It takes no keys: whoever cannot see should not type."""

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Label

from emulator.companions.admin.screens.console import console_of


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
        self.query_one("#small", Label).update(
            console_of(self).words(
                "This window is {columns}x{rows}. Make it 60x18 or larger (80x24 is good), or press Ctrl+Q.",
                columns=columns,
                rows=rows,
            )
        )
