"""Choosing a key file: one of the key store, or any other, with the passphrase that opens it.

The file is opened at once, in a thread, and judged by whoever asked: so a wrong file or passphrase is told here and not at the end.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from emulator.companions.admin import key_files
from emulator.companions.admin.key_files import WrongPassphrase
from emulator.companions.admin.screens import faults, stored
from emulator.companions.admin.screens.browse_dialog import BrowseDialog
from emulator.companions.admin.screens.console import AtWork, labour
from emulator.companions.admin.screens.dialog import Box, Dialog
from emulator.companions.admin.screens.fields import Field, Push, SecretField, TextField, accept_all, path_in
from emulator.companions.admin.screens.wizard import ChosenKey


class ChooseKeyDialog(Dialog[ChosenKey]):
    """Answers a key that `judge` did not refuse."""

    def __init__(self, title: str, judge: Callable[[ChosenKey], None]) -> None:
        super().__init__()
        self._asks, self._judge = title, judge
        self._stored: tuple[stored.Row, ...] = ()

    def compose(self) -> ComposeResult:
        with Box(classes="dialog wide"):
            yield Label(self._asks, classes="title", markup=False)
            yield OptionList(id="stored", compact=True, markup=False)
            yield Field(
                self.words("Key file"),
                TextField(id="file"),
                Push(self.words("Browse…"), id="browse"),
                id="file-field",
            )
            yield Field(self.words("Passphrase"), SecretField(id="secret"), id="secret-field")
            yield Label(
                self.words("Leave it empty for a file that needs none."), classes="hint", markup=False
            )
            yield AtWork()
            with Horizontal(classes="pushes"):
                yield Push(self.words("Take it"), id="take", primary=True)
                yield Push(self.words("Cancel"), id="cancel")
            yield Label(self.words("Tab field   Enter press   Esc cancel"), classes="keys", markup=False)

    async def on_mount(self) -> None:
        self._stored = stored.rows(self.console.folder, self.words)
        listed = self.query_one(OptionList)
        listed.add_options(Option(row.line) for row in self._stored)
        listed.display = bool(self._stored)
        listed.highlighted = 0 if self._stored else None
        (listed if self._stored else self.query_one("#file")).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.query_one("#file", TextField).value = str(self._stored[event.option_index].path)
        self.query_one("#secret").focus()

    @on(Push.Pressed, "#browse")
    def browse(self) -> None:
        start = Path(self.query_one("#file", TextField).value or str(self.console.folder))
        self.app.push_screen(BrowseDialog(start, files=True), self._browsed)

    def _browsed(self, path: Path | None) -> None:
        if path is not None:
            self.query_one("#file", TextField).value = str(path)
            self.query_one("#secret").focus()

    @on(Push.Pressed, "#cancel")
    def cancel(self) -> None:
        self.action_leave()

    @on(Push.Pressed, "#take")
    @on(Input.Submitted)
    def take(self) -> None:
        if not self.console.is_at_work:
            self._take()

    @work
    async def _take(self) -> None:
        accept_all(self.query(Field))
        file, secret = self.query_one("#file", TextField), self.query_one("#secret", SecretField)
        if not file.value.strip():
            self._refuse("#file-field", self.words("Name a key file, or choose one above."))
            return
        opened = partial(_open, path_in(file), secret.value, self._judge)
        try:
            chosen = await labour(self.query_one(AtWork), self.words("Opening the key file…"), opened)
        except WrongPassphrase as fault:
            secret.clear()
            self._refuse("#secret-field", faults.sentence(self.words, fault))
        except faults.FAULTS as fault:
            self._refuse("#file-field", faults.sentence(self.words, fault))
        else:
            secret.clear()
            self.dismiss(chosen)

    def _refuse(self, field: str, sentence: str) -> None:
        self.query_one(field, Field).refuse(sentence)


def _open(path: Path, secret: str, judge: Callable[[ChosenKey], None]) -> ChosenKey:
    chosen = ChosenKey.of(path, key_files.load(path, [secret] if secret else []))
    judge(chosen)
    return chosen
