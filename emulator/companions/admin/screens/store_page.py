"""*Key store*: the key files that the console keeps, and the import of others."""

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from emulator.companions.admin.screens import stored
from emulator.companions.admin.screens.fields import Push
from emulator.companions.admin.screens.import_key_dialog import ImportKeyDialog
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.wizard import Place
from emulator.companions.admin.screens.wording import told


class StorePage(Page):
    PLACE = Place.STORE
    TITLE = told("Key store")
    ABOUT = told(
        "Key files of this console, PFX and PEM, made here or with OpenSSL. Each opens with its own passphrase, which is kept nowhere."
    )

    def fields(self) -> ComposeResult:
        rows = stored.rows(self.console.folder, self.words)
        if rows:
            yield OptionList(*(Option(row.lines) for row in rows), id="stored", compact=True, markup=False)
        else:
            yield self.note(self.words("There is no key in {folder} yet.", folder=self.console.folder))
        with Horizontal(classes="pushes"):
            yield Push(self.words("Import a key file…"), id="import", primary=True)
            yield Label("", id="imported", classes="sign", markup=False)

    @on(Push.Pressed, "#import")
    def import_one(self) -> None:
        self.app.push_screen(ImportKeyDialog(), self._imported)

    def _imported(self, path: Path | None) -> None:
        if path is not None:
            self.again()
