"""The end of a key. Its name must be typed: a finger slips more easily than a hand writes."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input, Label

from emulator.companions.authenticator.screens.fields import TextField
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import later


class DeletePage(Page):
    """Asks for the name of the key that shall go."""

    NAME: ClassVar[str] = later("Delete the key")
    KEYS: ClassVar[str] = later("Enter delete   ↑↓ field   Esc back")

    def __init__(self, key_id: str, name: str) -> None:
        super().__init__()
        self._key_id, self._called = key_id, name

    def body(self) -> ComposeResult:
        words = self.words
        yield Label(
            words("This phone will not open any PC with it any more."), classes="caution told", markup=False
        )
        yield Label(words("Only the picture or a backup brings it back."), classes="told", markup=False)
        yield Label(words("Type the name of the key to confirm:"), classes="label", markup=False)
        yield Label(self._called, classes="heading", markup=False)
        yield TextField(id="name")
        yield Label("", id="differs", classes="alarm told", markup=False)
        yield Tap(words, "Delete", "delete", main=True)
        yield Tap(words, "Cancel", "back", key="Esc")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(TextField).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_delete()

    def action_delete(self) -> None:
        if self.query_one(TextField).value.strip() != self._called.strip():
            self.query_one("#differs", Label).update(
                self.words("! This is not its name. Nothing was deleted.")
            )
            self.query_one(TextField).focus()
            return
        self.work(lambda: self.phone.delete(self._key_id), self._deleted, self.words("Deleting …"))

    def _deleted(self, _: object) -> None:
        self.tell(
            self.words("Key deleted"),
            self.words("{name} is no longer on this phone.", name=self._called),
            then=self.held.go_home,
        )
