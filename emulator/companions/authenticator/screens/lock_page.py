"""The locked phone: nothing of it is seen before its passphrase is given."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Label

from emulator.companions.authenticator.screens.form import Form
from emulator.companions.authenticator.screens.wording import later

LOCK = (
    "   ▄▄▄▄▄   ",
    "  █     █  ",
    "  █     █  ",
    "▄▄█▄▄▄▄▄█▄▄",
    "█████ █████",
    "█████ █████",
    "▀▀▀▀▀▀▀▀▀▀▀",
)


class LockPage(Form):
    """Asks for the phone's passphrase."""

    NAME: ClassVar[str] = later("Locked")
    KEYS: ClassVar[str] = later("Enter unlock   Ctrl+Q quit")
    TOP: ClassVar[bool] = True

    def body(self) -> ComposeResult:
        yield Label("\n".join(LOCK), id="padlock", markup=False)
        yield from self.secret(self.words("Phone passphrase"), "passphrase")
        yield from self.ends(later("Unlock"))

    def action_carry_out(self) -> None:
        secret = self.taken("passphrase")
        self.work(lambda: self.phone.unlock(secret), self._unlocked, self.words("Unlocking …"))

    def _unlocked(self, _: object) -> None:
        self.held.go_home()
