"""*Registration*, second half: the key that was found, its passphrase, and an e-mail address if the administrator requires one.

A key that is held already is not replaced before the person agreed.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input, Label

from emulator.companions.authenticator.exceptions import NotFit
from emulator.companions.authenticator.phone import HeldKey
from emulator.companions.authenticator.screens.card import Card
from emulator.companions.authenticator.screens.fields import SecretField, TextField
from emulator.companions.authenticator.screens.note import Question
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import later, name_of, short
from emulator.protocol.certificate import printable
from emulator.protocol.enrolment import Package


class PackagePage(Page):
    """Registers one package."""

    NAME: ClassVar[str] = later("Registration")
    KEYS: ClassVar[str] = later("Enter next, register   Esc back")

    def __init__(self, package: Package, *, held: HeldKey | None, is_small: bool) -> None:
        super().__init__()
        self._package, self._held, self._is_small = package, held, is_small
        self._needs_email = bool(package.aad_revocation)

    def body(self) -> ComposeResult:
        package, words = self._package, self.words
        yield Card(
            [
                (words("Key"), package.key_name),
                (words("Key id"), short(package.key_id)),
                (words("Model"), package.model or ""),
                (words("Serial number"), package.serial or ""),
            ],
            id="package",
        )
        if self._is_small:
            text = words(
                "The picture is smaller than 800x600. Other phones may not read it: ask for it in its original size."
            )
            yield Label(f"! {text}", classes="caution told", markup=False)
        if not package.needs_passphrase:
            text = words("This key has no passphrase: whoever sees the picture has the key.")
            yield Label(f"! {text}", classes="caution told", markup=False)
        if package.needs_passphrase:
            yield Label(words("Enter passphrase"), classes="label", markup=False)
            yield SecretField(id="passphrase")
        if self._needs_email:
            yield Label(words("Enter your e-mail address"), classes="label", markup=False)
            yield TextField(id="email")
            yield Label(
                words("Your administrator requires it for this key."), classes="dim told", markup=False
            )
        yield Tap(words, "Register", "register", main=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.query("Input, Tap").first().focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input is self.query(Input).last():
            self.action_register()
        else:
            self.focus_next()

    def action_register(self) -> None:
        held = self._held
        if held is None or held.package.text == self._package.text:
            self._register(replace=False)
            return
        question = Question(
            self.words("Replace the key?"),
            self.words("{name} is held already, from another picture.", name=name_of(held)),
            later("Replace"),
        )
        self.app.push_screen(question, lambda agreed: self._register(replace=True) if agreed else None)

    def _register(self, *, replace: bool) -> None:
        secret = self.query_one(SecretField).taken() if self._package.needs_passphrase else ""
        if self._package.needs_passphrase and not secret:
            self.refused(NotFit("no passphrase was typed"))
            return
        email = self.query_one("#email", TextField).value.strip() if self._needs_email else None
        self.work(
            lambda: self.phone.enrol(self._package, secret, email=email or None, replace=replace),
            self._registered,
            self.words("Opening the key …"),
        )

    def _registered(self, key: HeldKey) -> None:
        self.tell(
            self.words("Registration complete"),
            self.words("The key {name} is stored on this phone.", name=printable(key.name)),
            self.words(
                "It opens every PC that was prepared for it: choose Scan QR code when one shows its code."
            ),
            then=self.held.go_home,
        )
