"""*Security provisioning*: the two keys that everything rests on."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Checkbox, Label

from emulator.companions.admin.new_key import Kind
from emulator.companions.admin.screens.choose_key_dialog import ChooseKeyDialog
from emulator.companions.admin.screens.fields import Push, Tick
from emulator.companions.admin.screens.new_key_dialog import NewKeyDialog
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.wizard import (
    ChosenKey,
    Place,
    refuse_certificate_alone,
    refuse_endorsement,
    refuse_equal,
)
from emulator.companions.admin.screens.wording import told


class ProvisioningPage(Page):
    PLACE = Place.PROVISIONING
    TITLE = told("Security provisioning")
    ABOUT = told(
        "A PC first learns two keys: the endorsement key, which says who may sign, and the signing key, which signs every setting. "
        "At its next start it shows a code, and somebody in front of it types it in."
    )

    def fields(self) -> ComposeResult:
        words, wizard = self.words, self.wizard
        yield Tick(words("The fleet is provisioned already"), wizard.provisioned, id="provisioned")
        yield self.subheading(words("Endorsement key"))
        if wizard.provisioned:
            yield self.note(words("Not needed: the PCs have it. Only taking it back would ask for it."))
        else:
            yield from self._key(wizard.endorsement, "endorsement")
        yield self.subheading(words("Signing key"))
        yield from self._key(wizard.signing, "signing")

    def _key(self, chosen: ChosenKey | None, name: str) -> ComposeResult:
        words = self.words
        yield Label(self._told(chosen), id=name, classes="chosen" if chosen else "missing", markup=False)
        with Horizontal(classes="pushes"):
            yield Push(words("Choose…"), id=f"choose-{name}")
            yield Push(words("Make a new one…"), id=f"new-{name}")

    def _told(self, chosen: ChosenKey | None) -> str:
        if chosen is None:
            return self.words("none chosen yet")
        key_id = self.words("Key id {key_id}", key_id=chosen.key.public.key_id)
        return f"{self.console.signs.done} {chosen.name}\n  {key_id}\n  {chosen.path}"

    @on(Checkbox.Changed, "#provisioned")
    def tick(self, event: Checkbox.Changed) -> None:
        self.wizard.say(provisioned=event.value)
        self.again("#provisioned")

    @on(Push.Pressed, "#choose-endorsement")
    def choose_endorsement(self) -> None:
        self.app.push_screen(
            ChooseKeyDialog(self.words("Choose the endorsement key"), self._judge_endorsement),
            self._endorsement,
        )

    @on(Push.Pressed, "#choose-signing")
    def choose_signing(self) -> None:
        self.app.push_screen(
            ChooseKeyDialog(self.words("Choose the signing key"), self._judge_signing), self._signing
        )

    @on(Push.Pressed, "#new-endorsement")
    def new_endorsement(self) -> None:
        self.app.push_screen(NewKeyDialog(Kind.ENDORSEMENT), self._endorsement)

    @on(Push.Pressed, "#new-signing")
    def new_signing(self) -> None:
        self.app.push_screen(NewKeyDialog(Kind.SIGNING), self._signing)

    def _judge_endorsement(self, chosen: ChosenKey) -> None:
        refuse_endorsement(chosen)
        refuse_equal(chosen, self.wizard.signing)

    def _judge_signing(self, chosen: ChosenKey) -> None:
        refuse_certificate_alone(chosen)
        refuse_equal(chosen, self.wizard.endorsement)

    def _endorsement(self, chosen: ChosenKey | None) -> None:
        if chosen is not None:
            self.wizard.choose_endorsement(chosen)
            self.again(self._next_at())

    def _signing(self, chosen: ChosenKey | None) -> None:
        if chosen is not None:
            self.wizard.choose_signing(chosen)
            self.again(self._next_at())

    def _next_at(self) -> str:
        """Where most people go on."""
        if self.wizard.why_not(Place.MODE) is None:
            return "#next"
        return "#new-endorsement" if self.wizard.signing else "#new-signing"
