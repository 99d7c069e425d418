"""The history into a file, whose ending says in which form."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Label

from emulator.companions import write_private
from emulator.companions.authenticator.history_file import as_csv, as_json
from emulator.companions.authenticator.screens.form import Form
from emulator.companions.authenticator.screens.wording import later


class ExportPage(Form):
    """Asks for the name of the file."""

    NAME: ClassVar[str] = later("Export the history")
    KEYS: ClassVar[str] = later("Enter write   ↑↓ field   Esc back")

    def body(self) -> ComposeResult:
        words = self.words
        yield Label(
            words("A name that ends in .json makes JSON, any other CSV."), classes="told", markup=False
        )
        yield from self.text(words("File"), "file", "phone-history.csv")
        yield from self.ends(later("Write the file"))

    def action_carry_out(self) -> None:
        self.file(
            "file",
            lambda path, replace: self.work(
                lambda: self._written(path, replace), self._done, self.words("Writing the file …")
            ),
        )

    def _written(self, path: Path, replace: bool) -> Path:
        write = as_json if path.suffix.lower() == ".json" else as_csv
        write_private(path, write(self.phone.history()).encode(), replace=replace)
        return path

    def _done(self, path: Path) -> None:
        self.tell(self.words("History written"), str(path), then=self.held.go_home)
