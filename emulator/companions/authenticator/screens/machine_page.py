"""The machine that asks, before anything secret happens: a person must see that it is the one before them.

A challenge can be relayed from another machine, and no cryptography notices. So serial number, purpose, age and the check that the screen shows
stand here first, and a question. What the card says is bound to the PIN, and proven only when the challenge opens.
"""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Label

from emulator.companions.authenticator.exceptions import NotFit
from emulator.companions.authenticator.phone import Asked
from emulator.companions.authenticator.screens.card import Card
from emulator.companions.authenticator.screens.fields import SecretField
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.pin_page import PINPage
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import PURPOSES, age, later, name_of, short
from emulator.companions.authenticator.unlock import LIFE, Answer


class MachinePage(Page):
    """Shows which machine asks, and asks back."""

    NAME: ClassVar[str] = later("This machine asks")
    KEYS: ClassVar[str] = later("Enter yes   ↑↓ field   Esc no")

    # The machine is seen first, even where the page is longer than the screen; see `on_mount`.
    AUTO_FOCUS: ClassVar[str | None] = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "confirm", "Yes")]

    def __init__(self, asked: Asked, *, needs_secret: bool) -> None:
        super().__init__()
        self._asked, self._needs_secret = asked, needs_secret

    def body(self) -> ComposeResult:
        asked, words = self._asked, self.words
        yield Card(
            [
                (words("Serial number"), asked.header.serial or words("unknown")),
                (words("Purpose"), words(PURPOSES[asked.header.purpose])),
                (words("Issued"), age(words, asked.age)),
                (words("Check"), asked.check),
                (words("Key"), f"{name_of(asked.key)} ({short(asked.key.key_id)})"),
                (words("Machine (UUID)"), str(asked.header.machine)),
            ],
            id="machine",
        )
        yield Label(words("The PC shows the same check."), classes="dim told", markup=False)
        for warning in self._warnings():
            yield Label(f"! {warning}", classes="caution told", markup=False)
        yield Label(words("Are you in front of this machine?"), classes="heading", markup=False)
        if self._needs_secret:
            yield Label(words("Enter passphrase"), classes="label", markup=False)
            yield SecretField(id="passphrase")
        yield Tap(words, "Yes, show the PIN", "confirm", key="Enter", main=True)
        yield Tap(words, "No", "back", key="Esc")

    def _warnings(self) -> Iterator[str]:
        if self._asked.age < 0:
            yield self.words(
                "This challenge comes from the future: the clock of the phone or of the PC is wrong."
            )
        if self._asked.age > LIFE:
            yield self.words(
                "This challenge is older than {minutes} minutes. The PC will refuse the PIN: let it show a new one.",
                minutes=LIFE // 60,
            )
        if self._asked.key.needs_sign_in:
            yield self.words("This key needs a sign-in, which this phone does not have yet.")

    def on_mount(self) -> None:
        super().on_mount()
        self.query("SecretField, Tap").first().focus(scroll_visible=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        fields = self.query(SecretField)
        secret = fields.first().taken() if fields else None
        if secret == "":
            self.refused(NotFit("no passphrase was typed"))
            return
        self.work(
            lambda: self.phone.answer(self._asked, secret), self._show, self.words("Opening the challenge …")
        )

    def _show(self, answer: Answer) -> None:
        self.app.switch_screen(PINPage(answer))
