"""One of the two keys that sign, as the pages that take things back ask for it: the wizard's, or another one."""

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Label

from emulator.companions.admin.screens.choose_key_dialog import ChooseKeyDialog
from emulator.companions.admin.screens.console import console_of
from emulator.companions.admin.screens.fields import Notice, Push
from emulator.companions.admin.screens.wizard import ChosenKey, refuse_certificate_alone


class KeyPart(Vertical):
    """Shows which key is chosen, and a button for another."""

    class Changed(Message):
        """Another key was chosen."""

    def __init__(self, title: str, chosen: ChosenKey | None, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._called, self.chosen = title, chosen

    def compose(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Label(self._called, classes="label", markup=False)
            yield Label(self._told(), classes="told", markup=False)
            yield Push(console_of(self).words("Choose…"), id=f"choose-{self.id}")
        yield Notice(classes="fault")

    def private(self) -> RSAPrivateKey | None:
        """What signs; without one the part says so."""
        if self.chosen is None:
            self.refuse(console_of(self).words("Choose this key first: it signs the orders."))
            return None
        return self.chosen.key.private

    def refuse(self, sentence: str) -> None:
        self.query_one(Notice).tell(sentence)
        if sentence:
            self.query_one(Push).focus()

    @on(Push.Pressed)
    def choose(self, event: Push.Pressed) -> None:
        event.stop()
        self.app.push_screen(ChooseKeyDialog(self._called, refuse_certificate_alone), self._take)

    def _take(self, chosen: ChosenKey | None) -> None:
        if chosen is not None:
            self.chosen = chosen
            self.refuse("")
            self.query_one(".told", Label).update(self._told())
            self.post_message(self.Changed())

    def _told(self) -> str:
        words = console_of(self).words
        return self.chosen.name if self.chosen else words("none chosen yet")
