"""Keys from a backup, back to the phone. All of them or none."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult

from emulator.companions import read_bounded
from emulator.companions.authenticator.phone import HeldKey
from emulator.companions.authenticator.screens.form import Form
from emulator.companions.authenticator.screens.source_field import as_source
from emulator.companions.authenticator.screens.wording import later, name_of
from emulator.companions.authenticator.sealed import LARGEST


class RestorePage(Form):
    """Reads a backup."""

    NAME: ClassVar[str] = later("Restore a backup")
    KEYS: ClassVar[str] = later("Enter next, restore   Esc back")

    def body(self) -> ComposeResult:
        yield from self.path(self.words("File"), "file")
        yield from self.secret(self.words("Passphrase of the backup"), "secret")
        yield from self.ends(later("Restore the keys"))

    def action_carry_out(self) -> None:
        path, secret = Path(as_source(self.value("file"))), self.taken("secret")
        self.work(
            lambda: self.phone.restore(read_bounded(path, most=LARGEST), secret),
            self._done,
            self.words("Opening the backup …"),
        )

    def _done(self, restored: Sequence[HeldKey]) -> None:
        names = [name_of(key) for key in restored]
        self.tell(
            self.words("Backup restored"),
            *(names or [self.words("It held no key that was missing here.")]),
            then=self.held.go_home,
        )
