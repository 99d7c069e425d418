"""Importing a key that was made elsewhere, with OpenSSL for instance: opened with its passphrase, and kept under a new one."""

from functools import partial
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label

from emulator.companions.admin import key_files, key_store, new_key
from emulator.companions.admin.key_files import WrongPassphrase
from emulator.companions.admin.new_key import Kind, UnusableName
from emulator.companions.admin.screens import faults, making, stored
from emulator.companions.admin.screens.browse_dialog import BrowseDialog
from emulator.companions.admin.screens.console import AtWork, labour
from emulator.companions.admin.screens.dialog import Box, Dialog
from emulator.companions.admin.screens.fields import (
    Choice,
    Choices,
    Field,
    Push,
    SecretField,
    TextField,
    accept_all,
    path_in,
)
from emulator.companions.admin.screens.making import AlreadyThere
from emulator.companions.admin.screens.new_passphrase import NewPassphrase


class ImportKeyDialog(Dialog[Path]):
    """Answers the new file of the key store."""

    def compose(self) -> ComposeResult:
        words = self.words
        with Box(classes="dialog wide"):
            yield Label(words("Import a key file"), classes="title", markup=False)
            yield Field(
                words("Key file"), TextField(id="file"), Push(words("Browse…"), id="browse"), id="file-field"
            )
            yield Field(words("Its passphrase"), SecretField(id="secret"), id="secret-field")
            yield Field(words("Key name"), TextField(id="name", most=64), id="name-field")
            kinds = [
                Choice(words(text), not at, id=kind.name)
                for at, (kind, text) in enumerate(stored.KINDS.items())
            ]
            yield Field(words("It is an"), Choices(*kinds, id="kind"))
            yield Label(words("The key store keeps it under a new passphrase:"), classes="hint", markup=False)
            yield NewPassphrase()
            yield AtWork()
            with Horizontal(classes="pushes"):
                yield Push(words("Import"), id="import", primary=True)
                yield Push(words("Cancel"), id="cancel")
            yield Label(words("Tab field   Enter press   Esc cancel"), classes="keys", markup=False)

    @on(Push.Pressed, "#browse")
    def browse(self) -> None:
        start = Path(self.query_one("#file", TextField).value or str(self.console.folder))
        self.app.push_screen(BrowseDialog(start, files=True), self._browsed)

    def _browsed(self, path: Path | None) -> None:
        if path is not None:
            self.query_one("#file", TextField).value = str(path)
            name = self.query_one("#name", TextField)
            name.value = name.value or path.stem
            self.query_one("#secret").focus()

    @on(Push.Pressed, "#cancel")
    def cancel(self) -> None:
        self.action_leave()

    @on(Push.Pressed, "#import")
    @on(Input.Submitted)
    def take(self) -> None:
        if not self.console.is_at_work:
            self._take()

    @work
    async def _take(self) -> None:
        accept_all(self.query(Field))
        kind = list(stored.KINDS)[self.query_one("#kind", Choices).pressed_index]
        name = self.query_one("#name", TextField).value.strip()
        if not self.query_one("#file", TextField).value.strip():
            self._refuse("#file-field", self.words("Name a key file."))
            return
        passphrase = self.query_one(NewPassphrase).taken(name)
        if passphrase is None:
            return
        secret = self.query_one("#secret", SecretField).value
        bring = partial(
            self._import, path_in(self.query_one("#file", TextField)), secret, name, kind, passphrase
        )
        try:
            path = await labour(self.query_one(AtWork), self.words("Importing the key…"), bring)
        except WrongPassphrase as fault:
            self._refuse("#secret-field", faults.sentence(self.words, fault))
        except (AlreadyThere, UnusableName) as fault:
            self._refuse("#name-field", faults.sentence(self.words, fault))
        except faults.FAULTS as fault:
            self._refuse("#file-field", faults.sentence(self.words, fault))
        else:
            self.query_one(NewPassphrase).forget()
            self.query_one("#secret", SecretField).clear()
            self.dismiss(path)

    def _import(self, file: Path, secret: str, name: str, kind: Kind, passphrase: str) -> Path:
        """In a thread: touches no widget."""
        folder = self.console.folder
        making.refuse_name(name)
        making.refuse_any((folder / f"{new_key.file_name(name)}.pfx",))
        opened, private = key_files.load_private(file, [secret] if secret else [])
        return key_store.take_in(folder, name, opened, private, passphrase, now=self.console.now(), kind=kind)

    def _refuse(self, field: str, sentence: str) -> None:
        self.query_one(field, Field).refuse(sentence)
