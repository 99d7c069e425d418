"""A new passphrase: masked, twice, with its strength, and a good one for whoever wants it.

What is offered is shown once, to be written down: as soon as something else is typed or the page is left it is gone.
"""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from emulator.companions import strength
from emulator.companions.admin import passphrase
from emulator.companions.admin.screens import faults
from emulator.companions.admin.screens.console import console_of
from emulator.companions.admin.screens.fields import Field, Notice, Push, SecretField, accept_all
from emulator.companions.admin.screens.strength_bar import StrengthBar
from emulator.companions.admin.screens.wording import Speaker


class NewPassphrase(Vertical):
    """Two fields that must agree."""

    def compose(self) -> ComposeResult:
        words = console_of(self).words
        yield Field(
            words("Passphrase"),
            SecretField(id="passphrase"),
            Push(words("Offer one"), id="offer"),
            id="passphrase-field",
        )
        yield StrengthBar()
        yield Field(words("Once more"), SecretField(id="again"), id="again-field")
        yield Notice(id="offered", classes="offered")

    def taken(self, *known: str) -> str | None:
        """The passphrase if it is good, `known` being words that anybody sees, and both entries agree; else the fields say why not."""
        words = console_of(self).words
        first, again = self.query_one("#passphrase", SecretField), self.query_one("#again", SecretField)
        accept_all(self.query(Field))
        try:
            passphrase.refuse_weak(first.value, known)
        except passphrase.UnusablePassphrase as fault:
            self._refuse(faults.sentence(words, fault))
            return None
        except passphrase.WeakPassphrase:
            self._refuse(weakness(words, first.value, known))
            return None
        if first.value != again.value:
            again.clear()
            self.query_one("#again-field", Field).refuse(
                words("The two entries differ: type the passphrase once more.")
            )
            return None
        return first.value

    def _refuse(self, sentence: str) -> None:
        self.query_one("#passphrase-field", Field).refuse(sentence)

    def forget(self) -> None:
        """Nothing of it stays."""
        for field in self.query(SecretField):
            field.clear()
        self._hide()
        self.query_one(StrengthBar).show_nothing()

    @on(Push.Pressed, "#offer")
    def offer(self, event: Push.Pressed) -> None:
        event.stop()
        good = passphrase.generate()
        for field in self.query(SecretField):
            with field.prevent(Input.Changed):
                field.value = good
        accept_all(self.query(Field))
        self.query_one(StrengthBar).judge(good)
        shown = self.query_one("#offered", Notice)
        shown.tell(
            console_of(self).words("Write it down now, it is shown once and stored nowhere:") + f"\n{good}"
        )
        self.call_after_refresh(shown.scroll_visible, animate=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._hide()
        if event.input.id == "passphrase":
            self.query_one("#passphrase-field", Field).accept()
            self.query_one(StrengthBar).judge(event.value)

    def _hide(self) -> None:
        self.query_one("#offered", Notice).tell("")


def weakness(words: Speaker, weak: str, known: Iterable[str]) -> str:
    """Why a passphrase is refused, and what would be better."""
    if len(weak) < passphrase.SHORTEST or len(set(weak)) < passphrase.FEWEST_DIFFERENT:
        return words(
            "A passphrase needs at least {least} characters, {different} of them different.",
            least=passphrase.SHORTEST,
            different=passphrase.FEWEST_DIFFERENT,
        )
    judged = strength.judge(weak, known)
    lasts = words("Whoever has the picture could guess it: {time}.", time=judged.time_to_guess(words))
    return " ".join([lasts, *(words(advice) for advice in judged.advice)])
