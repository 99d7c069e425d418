"""What is needed seldom: the phone's own passphrase, locking it, backup, restoring, and the end."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from emulator.companions.authenticator.phone import HeldKey
from emulator.companions.authenticator.screens.backup_page import BackupPage
from emulator.companions.authenticator.screens.protection_pages import ChangePage, ProtectPage, UnprotectPage
from emulator.companions.authenticator.screens.restore_page import RestorePage
from emulator.companions.authenticator.screens.tabs import TabPage
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import later


class MorePage(TabPage):
    """A list of places to go."""

    NAME: ClassVar[str] = later("More")
    KEYS: ClassVar[str] = later("↑↓ choose   Enter open   Esc back")
    TAB: ClassVar[str] = "m"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "protect", "Phone passphrase"),
        Binding("l", "lock", "Lock"),
        Binding("x", "unprotect", "Remove the passphrase"),
        Binding("b", "backup", "Backup"),
        Binding("w", "restore", "Restore"),
    ]

    def body(self) -> ComposeResult:
        words = self.words
        if self.phone.is_protected:
            yield Label(words("A phone passphrase guards all keys."), classes="told", markup=False)
            yield Tap(words, "Lock now", "lock", key="L", main=True)
            yield Tap(words, "Change the phone passphrase", "protect", key="P")
            yield Tap(words, "Remove the phone passphrase", "unprotect", key="X")
        else:
            yield Label(words("Each key is kept under its own passphrase."), classes="told", markup=False)
            yield Tap(words, "Set a phone passphrase", "protect", key="P", main=True)
        yield Tap(words, "Backup of all keys", "backup", key="B")
        yield Tap(words, "Restore a backup", "restore", key="W")
        yield Tap(words, "Quit", "quit", key=words("Ctrl+Q"))

    def on_mount(self) -> None:
        super().on_mount()
        self.query(Tap).first().focus()

    def action_lock(self) -> None:
        if self.phone.is_protected:
            self.held.lock()

    def action_protect(self) -> None:
        if self.phone.is_protected:
            self.app.switch_screen(ChangePage())
        else:
            self.work(self._locked_keys, self._protect, self.words("Reading the keys …"))

    def _protect(self, keys: list[HeldKey]) -> None:
        self.app.switch_screen(ProtectPage(keys))

    def _locked_keys(self) -> list[HeldKey]:
        return [key for key in self.phone.keys() if key.package.needs_passphrase]  # noqa: SIM118 -- no mapping

    def action_unprotect(self) -> None:
        if self.phone.is_protected:
            self.app.switch_screen(UnprotectPage())

    def action_backup(self) -> None:
        self.app.switch_screen(BackupPage())

    def action_restore(self) -> None:
        self.app.switch_screen(RestorePage())

    def action_quit(self) -> None:
        self.app.exit(0)
