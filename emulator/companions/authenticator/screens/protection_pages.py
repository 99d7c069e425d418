"""The phone's own passphrase: setting it, changing it, and doing without it.

Under it the phone keeps its keys opened, so that one passphrase serves for all. What a key's own passphrase is, it must learn once; of a key for
which none is given now, it asks at the next PIN.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Label

from emulator.companions.authenticator.phone import HeldKey
from emulator.companions.authenticator.screens.form import Form
from emulator.companions.authenticator.screens.wording import later, name_of


class ProtectPage(Form):
    """Sets a phone passphrase."""

    NAME: ClassVar[str] = later("Set a phone passphrase")
    KEYS: ClassVar[str] = later("Enter next, set   Esc back")

    def __init__(self, keys: Sequence[HeldKey]) -> None:
        super().__init__()
        self._keys = keys

    def body(self) -> ComposeResult:
        words = self.words
        yield Label(
            words("It guards all keys, and replaces their passphrases on this phone."),
            classes="told",
            markup=False,
        )
        yield from self.secret(words("New phone passphrase"), "new")
        yield from self.secret(words("The same again"), "again")
        if self._keys:
            yield Label(
                words("The passphrases of the keys. One left empty is asked for later."),
                classes="told",
                markup=False,
            )
        for number, key in enumerate(self._keys):
            yield from self.secret(name_of(key), f"key-{number}")
        yield from self.ends(later("Set the phone passphrase"))

    def action_carry_out(self) -> None:
        new = self.taken_twice("new", "again")
        if new is None:
            return
        secrets = {key.key_id: self.taken(f"key-{number}") for number, key in enumerate(self._keys)}
        given = {key_id: secret for key_id, secret in secrets.items() if secret}
        self.work(lambda: self.phone.protect(new, given), self._done, self.words("Sealing the keys …"))

    def _done(self, _: object) -> None:
        self.tell(
            self.words("Phone passphrase set"),
            self.words(
                "This phone locks itself after {seconds} s without a keystroke.",
                seconds=int(self.held.idle_seconds),
            ),
            then=self.held.go_home,
        )


class ChangePage(Form):
    """Changes the phone passphrase."""

    NAME: ClassVar[str] = later("Change the phone passphrase")
    KEYS: ClassVar[str] = later("Enter next, change   Esc back")

    def body(self) -> ComposeResult:
        yield from self.secret(self.words("Current phone passphrase"), "current")
        yield from self.secret(self.words("New phone passphrase"), "new")
        yield from self.secret(self.words("The same again"), "again")
        yield from self.ends(later("Change the phone passphrase"))

    def action_carry_out(self) -> None:
        current, new = self.taken("current"), self.taken_twice("new", "again")
        if new is not None:
            self.work(lambda: self._change(current, new), self._done, self.words("Sealing the keys …"))

    def _change(self, current: str, new: str) -> None:
        self.phone.unlock(current)
        self.phone.change_protection(new)

    def _done(self, _: object) -> None:
        self.tell(self.words("Phone passphrase changed"), then=self.held.go_home)


class UnprotectPage(Form):
    """Takes the phone passphrase away."""

    NAME: ClassVar[str] = later("Remove the phone passphrase")
    KEYS: ClassVar[str] = later("Enter remove   ↑↓ field   Esc back")

    def body(self) -> ComposeResult:
        words = self.words
        yield Label(
            words("Each key is then kept under its own passphrase again, as it was received."),
            classes="told",
            markup=False,
        )
        yield from self.secret(words("Current phone passphrase"), "current")
        yield from self.ends(later("Remove the phone passphrase"))

    def action_carry_out(self) -> None:
        current = self.taken("current")
        self.work(lambda: self._unprotect(current), self._done, self.words("Writing the keys …"))

    def _unprotect(self, current: str) -> None:
        self.phone.unlock(current)
        self.phone.unprotect()

    def _done(self, _: object) -> None:
        self.tell(self.words("Phone passphrase removed"), then=self.held.go_home)
