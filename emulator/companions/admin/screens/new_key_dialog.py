"""Making an endorsement key or a signing key: a name and a passphrase."""

from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label

from emulator.companions.admin.new_key import Kind
from emulator.companions.admin.screens import faults, making
from emulator.companions.admin.screens.console import AtWork, labour
from emulator.companions.admin.screens.dialog import Box, Dialog
from emulator.companions.admin.screens.fields import Field, Push, TextField
from emulator.companions.admin.screens.new_passphrase import NewPassphrase
from emulator.companions.admin.screens.wizard import ChosenKey
from emulator.companions.admin.screens.wording import told

TITLES = {
    Kind.ENDORSEMENT: told("A new endorsement key"),
    Kind.SIGNING: told("A new signing key"),
}


class NewKeyDialog(Dialog[ChosenKey]):
    """Answers the new key."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind

    def compose(self) -> ComposeResult:
        with Box(classes="dialog"):
            yield Label(self.words(TITLES[self._kind]), classes="title", markup=False)
            yield Field(
                self.words("Key name"), TextField(self._kind.unit, id="name", most=64), id="name-field"
            )
            yield NewPassphrase()
            yield AtWork()
            with Horizontal(classes="pushes"):
                yield Push(self.words("Create Key"), id="create", primary=True)
                yield Push(self.words("Cancel"), id="cancel")
            yield Label(self.words("Tab field   Enter press   Esc cancel"), classes="keys", markup=False)

    @on(Push.Pressed, "#cancel")
    def cancel(self) -> None:
        self.action_leave()

    @on(Push.Pressed, "#create")
    @on(Input.Submitted)
    def create(self) -> None:
        if not self.console.is_at_work:
            self._create()

    @work
    async def _create(self) -> None:
        name, field = self.query_one("#name", TextField).value.strip(), self.query_one("#name-field", Field)
        field.accept()
        passphrase = self.query_one(NewPassphrase).taken(name)
        if passphrase is None:
            return
        make = partial(
            making.platform_key, self.console.folder, name, self._kind, passphrase, now=self.console.now()
        )
        try:
            made = await labour(self.query_one(AtWork), self.words("Making the key…"), make)
        except faults.FAULTS as fault:
            field.refuse(faults.sentence(self.words, fault))
        else:
            self.query_one(NewPassphrase).forget()
            self.dismiss(made)
