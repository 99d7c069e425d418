"""Another name for a key, for the list of this phone only: the key itself stays as its maker named it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input, Label

from emulator.companions.authenticator.screens.fields import TextField
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import later


class RenamePage(Page):
    """Asks for a name."""

    NAME: ClassVar[str] = later("Rename the key")
    KEYS: ClassVar[str] = later("Enter rename   ↑↓ field   Esc back")

    def __init__(self, key_id: str, name: str) -> None:
        super().__init__()
        self._key_id, self._called = key_id, name

    def body(self) -> ComposeResult:
        yield Label(self.words("Name on this phone"), classes="label", markup=False)
        yield TextField(self._called, id="name")
        yield Tap(self.words, "Rename", "rename", key="Enter", main=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(TextField).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_rename()

    def action_rename(self) -> None:
        wanted = self.query_one(TextField).value.strip()
        self.work(
            lambda: self.phone.rename(self._key_id, wanted),
            lambda _: self.held.go_home(),
            self.words("Renaming …"),
        )
