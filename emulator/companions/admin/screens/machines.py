"""Which machines a policy is good for: any, or one that is named by its UUID."""

import uuid

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Label, RadioSet

from emulator.companions.admin import policies
from emulator.companions.admin.arguments import EVERY_MACHINE
from emulator.companions.admin.screens.console import console_of
from emulator.companions.admin.screens.fields import Choice, Choices, Field, TextField
from emulator.companions.admin.screens.wording import told

NOT_BOUND = told(policies.NOT_BOUND)


class Unclear(Exception):
    """What was typed is no UUID of one machine."""


class Machines(Vertical):
    """*Any machine*, or *this one only* with a field for the UUID."""

    class Changed(Message):
        """Another machine is meant."""

    def __init__(self, target: uuid.UUID | None, *, platform: bool) -> None:
        super().__init__()
        self._target, self._platform = target, platform

    def compose(self) -> ComposeResult:
        words = console_of(self).words
        yield Choices(
            Choice(words("Any machine"), self._target is None, id="any"),
            Choice(words("One machine only"), self._target is not None, id="one"),
            id="machines",
        )
        yield Field(words("UUID"), TextField(str(self._target or ""), id="uuid", most=60), id="uuid-field")
        if self._platform:
            yield Label(words(NOT_BOUND), classes="note", markup=False)

    def on_mount(self) -> None:
        self._follow()

    def target(self) -> uuid.UUID | None:
        """The machine that is meant, None for any. Raises Unclear, and the field says why."""
        if not self.query_one("#one", Choice).value:
            return None
        field = self.query_one("#uuid-field", Field)
        try:
            meant = uuid.UUID(self.query_one("#uuid", TextField).value.strip())
        except ValueError:
            field.refuse(self._words("A UUID like 00112233-4455-6677-8899-aabbccddeeff was expected."))
            raise Unclear from None
        if meant == EVERY_MACHINE:
            field.refuse(
                self._words("This UUID stands for every machine: choose any machine above to mean that.")
            )
            raise Unclear
        return meant

    @on(RadioSet.Changed)
    def _chosen(self, event: RadioSet.Changed) -> None:
        event.stop()
        self._follow()
        self.post_message(self.Changed())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#uuid-field", Field).accept()
        self.post_message(self.Changed())

    def _follow(self) -> None:
        self.query_one("#uuid-field").display = self.query_one("#one", Choice).value

    def _words(self, text: str) -> str:
        return console_of(self).words(text)
