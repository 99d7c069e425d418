"""Setting, changing or clearing a password in Computer Setup: the current one, and the new one twice. It acts at once.

An empty new password clears it, after a question. The firmware compares and judges; the dialog only sees that both new ones are the
same, and keeps nothing that it handed over.
"""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from emulator.setup.dialog import Dialog
from emulator.setup.dialogs import ConfirmDialog
from emulator.setup.password_field import PasswordField

Change = Callable[[str, str], str]
"""Change a password from the current to a new one; gives the sentence that refuses it, or nothing."""

HINT = "An empty new password clears it."


class PasswordDialog(Dialog[str | None]):
    """Answers what became of the password: set, changed or cleared."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back"),
        Binding("down", "app.focus_next", "Next"),
        Binding("up", "app.focus_previous", "Previous"),
    ]

    def __init__(self, name: str, change: Change, *, is_set: bool) -> None:
        super().__init__()
        self._called, self._change, self._is_set = name, change, is_set

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.title_of(f"{self._called[:1].upper()}{self._called[1:]}")
            if self._is_set:
                yield from self._field("current", "Current password")
            yield from self._field("new", "New password")
            yield from self._field("again", "New password again")
            yield Label(self.words(HINT) if self._is_set else "", id="hint", markup=False)
            yield self.keys("Enter next, at the end take   ↑↓ field   Esc back")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "again":
            self._take()
        else:
            self.focus_next()

    def _take(self) -> None:
        new, again = self.query_one("#new", PasswordField), self.query_one("#again", PasswordField)
        if new.value != again.value:
            new.clear()
            again.clear()
            self._refuse(self.words("The two new passwords differ: type both again."), new)
        elif new.value:
            self._carry_out()
        elif self._is_set:
            self.app.push_screen(
                ConfirmDialog(self.words("Clear the {name}?", name=self._called)), self._asked
            )
        else:
            self._refuse(self.words("Type the new password, and once more below it."), new)

    def _asked(self, clear: bool | None) -> None:
        if clear:
            self._carry_out()
        else:
            self._start_over(self.words("Nothing was changed."))

    def _carry_out(self) -> None:
        current = self.query_one("#current", PasswordField).taken() if self._is_set else ""
        new = self.query_one("#new", PasswordField).taken()
        refusal = self._change(current, new)
        if refusal:
            self._start_over(refusal)
        elif new:
            self.dismiss("changed" if self._is_set else "set")
        else:
            self.dismiss("cleared")

    def _start_over(self, refusal: str) -> None:
        for field in self.query(PasswordField):
            field.clear()
        self._refuse(refusal, self.query(PasswordField).first())

    def _refuse(self, refusal: str, field: PasswordField) -> None:
        hint = self.query_one("#hint", Label)
        hint.update(refusal)
        hint.set_class(True, "refused")
        field.focus()

    def _field(self, name: str, label: str) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Label(self.words(label), markup=False)
            yield PasswordField(id=name)
