"""A backup of all keys in one file, under a passphrase of its own."""

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Label

from emulator.companions import refuse_existing, write_private
from emulator.companions.authenticator.exceptions import NotFit
from emulator.companions.authenticator.screens.form import Form
from emulator.companions.authenticator.screens.wording import later


class BackupPage(Form):
    """Writes a backup."""

    NAME: ClassVar[str] = later("Backup of all keys")
    KEYS: ClassVar[str] = later("Enter next, write   Esc back")

    def body(self) -> ComposeResult:
        words = self.words
        yield Label(words("One encrypted file. Keep it apart from this phone."), classes="told", markup=False)
        day = datetime.fromtimestamp(self.held.now()).astimezone().strftime("%Y-%m-%d")
        yield from self.text(words("File"), "file", f"phone-backup-{day}.json")
        yield from self.secret(words("Passphrase of the backup"), "new")
        yield from self.secret(words("The same again"), "again")
        yield from self.ends(later("Write the backup"))

    def action_carry_out(self) -> None:
        secret = self.taken_twice("new", "again")
        if secret is None:
            return

        def write(path: Path, replace: bool) -> None:
            self.work(
                lambda: self._written(path, secret, replace), self._done, self.words("Writing the backup …")
            )

        self.file("file", write)

    def _written(self, path: Path, secret: str, replace: bool) -> Path:
        refuse_existing(path, replace=replace)
        if not self.phone.keys():
            raise NotFit("there are no keys to back up")
        write_private(path, self.phone.backup(secret), replace=replace)
        return path

    def _done(self, path: Path) -> None:
        self.tell(
            self.words("Backup written"),
            str(path),
            self.words("Without its passphrase nobody opens it, you neither."),
            then=self.held.go_home,
        )
