"""The last row: which keys there are. Each can be clicked, too."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Label

from emulator.companions.admin.screens.console import console_of
from emulator.companions.admin.screens.wording import told

KEYS = (
    (told("Tab ↑↓"), told("field"), "app.focus_next"),
    (told("Enter"), told("press"), ""),
    (told("Ctrl+N"), told("next"), "app.go(1)"),
    (told("Ctrl+P"), told("back"), "app.go(-1)"),
    (told("Esc"), told("menu"), "app.menu"),
    (told("Ctrl+Q"), told("quit"), "app.leave"),
)
"""How a key is written, what it does, and the action of a click."""
SPARE = ("", "app.go(-1)")
"""Actions whose keys a narrow window does not tell."""


class LegendKey(Label):
    """One key."""

    def __init__(self, key: str, does: str, action: str) -> None:
        shown = Content.assemble((key, "bold underline"), f" {does}")
        super().__init__(shown, classes="legend-key spare" if action in SPARE else "legend-key", markup=False)
        self._action = action

    async def on_click(self) -> None:
        if self._action:
            await self.app.run_action(self._action)


class Legend(Horizontal):
    """The keys of a page."""

    def compose(self) -> ComposeResult:
        words = console_of(self).words
        for key, does, action in KEYS:
            yield LegendKey(words(key), words(does), action)
