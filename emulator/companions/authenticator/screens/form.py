"""A page that asks for a few things and then does one: Enter goes from field to field, and in the last one it acts."""

from collections.abc import Callable
from pathlib import Path

from textual.app import ComposeResult
from textual.widgets import Input, Label

from emulator.companions.authenticator.exceptions import NotFit
from emulator.companions.authenticator.screens.fields import PathField, SecretField, TextField
from emulator.companions.authenticator.screens.note import Question
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.source_field import as_source
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import later


class Form(Page):
    """Fields, and one button that carries them out."""

    def secret(self, label: str, field: str) -> ComposeResult:
        yield Label(label, classes="label", markup=False)
        yield SecretField(id=field)

    def text(self, label: str, field: str, value: str = "") -> ComposeResult:
        yield Label(label, classes="label", markup=False)
        yield TextField(value, id=field)

    def path(self, label: str, field: str) -> ComposeResult:
        yield Label(label, classes="label", markup=False)
        yield PathField(id=field)

    def ends(self, text: str) -> ComposeResult:
        yield Tap(self.words, text, "carry_out", main=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.query("Input, Tap").first().focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input is self.query(Input).last():
            self.action_carry_out()
        else:
            self.focus_next()

    def action_carry_out(self) -> None:
        raise NotImplementedError

    def file(self, field: str, write: Callable[[Path, bool], None]) -> None:
        """Hand the named file to `write`, and whether it may be replaced; one that is there is asked about."""
        named = as_source(self.value(field))
        if not named:
            self.refused(NotFit("no file was named"))
            return
        path = Path(named)
        if not path.is_file():
            write(path, False)
            return
        question = Question(
            self.words("Replace the file?"), self.words("{path} exists already.", path=path), later("Replace")
        )
        self.app.push_screen(question, lambda agreed: write(path, True) if agreed else None)

    def value(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value

    def taken(self, field: str) -> str:
        """A passphrase; its field is empty then."""
        return self.query_one(f"#{field}", SecretField).taken()

    def taken_twice(self, first: str, again: str) -> str | None:
        """A passphrase that was typed twice, or None if the two differ or are empty, which is told."""
        typed, repeated = self.taken(first), self.taken(again)
        if typed and typed == repeated:
            return typed
        self.refused(
            NotFit("the two passphrases differ; type both again" if typed else "no passphrase was typed")
        )
        self.query_one(f"#{first}").focus()
        return None
