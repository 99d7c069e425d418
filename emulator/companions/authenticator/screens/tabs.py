"""The four places of the phone, always one touch away at its lower edge: keys, scan, history, and more."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.wording import later

TABS = (
    ("k", later("Keys"), "keys"),
    ("s", later("Scan"), "scan"),
    ("h", later("History"), "history"),
    ("m", later("More"), "more"),
)


class Tab(Static):
    """One of the places, with its key."""

    def __init__(self, key: str, name: str, action: str, *, is_here: bool) -> None:
        label = Content.assemble((key.upper(), "bold"), f" {name}")
        super().__init__(label, classes="tab here" if is_here else "tab")
        self._action = action

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.screen.run_action(self._action)


class TabPage(Page):
    """A page that is one of the places."""

    TAB: ClassVar[str]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "keys", "Keys"),
        Binding("s", "scan", "Scan"),
        Binding("h", "history", "History"),
        Binding("m", "more", "More"),
    ]

    def foot(self) -> ComposeResult:
        with Horizontal(id="tabs"):
            for key, name, action in TABS:
                yield Tab(key, self.words(name), action, is_here=key == self.TAB)

    def action_keys(self) -> None:
        self.held.go_home()

    def action_scan(self) -> None:
        self.held.scan()

    def action_history(self) -> None:
        if self.TAB != "h":
            self.held.show_history()

    def action_more(self) -> None:
        if self.TAB != "m":
            self.held.show_more()
