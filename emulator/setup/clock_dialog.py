"""Date and time of the machine's clock, which runs in UTC. What is taken acts at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Label

from emulator.setup.dialog import Dialog
from emulator.setup.prompt_field import PromptField

DATE, TIME = "%Y-%m-%d", "%H:%M:%S"

Set = Callable[[int], str]
"""Sets the clock to seconds of Unix time; gives the sentence that refuses it, or nothing."""


def seconds(date: str, time: str) -> int | None:
    """Date and time as seconds of Unix time, or None if they are none."""
    try:
        return int(datetime.strptime(f"{date} {time}", f"{DATE} {TIME}").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


class ClockDialog(Dialog[bool | None]):
    """Answers whether the clock was set."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back"),
        Binding("down", "app.focus_next", "Next"),
        Binding("up", "app.focus_previous", "Previous"),
    ]

    def __init__(self, now: float, set_to: Set) -> None:
        super().__init__()
        self._now, self._set = datetime.fromtimestamp(now, UTC), set_to

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.title_of(self.machine.language.word("actions", "Change Date and Time"))
            for name, text, form in (("date", "Date", DATE), ("time", "Time (UTC)", TIME)):
                with Horizontal(classes="field"):
                    yield Label(self.words(text), markup=False)
                    yield PromptField(self._now.strftime(form), id=name, max_length=10)
            yield Label(self.words("As in 2026-12-31 and 23:59:00"), classes="allowed", markup=False)
            yield self.keys("Enter next, at the end take   ↑↓ field   Esc back")

    def on_input_submitted(self, event: PromptField.Submitted) -> None:
        if event.input.id == "date":
            self.focus_next()
            return
        wanted = seconds(self.query_one("#date", PromptField).value, event.value)
        if wanted is None:
            refusal = self.words("That is no date and time; write them as in 2026-12-31 and 23:59:00.")
        else:
            refusal = self._set(wanted)
        if refusal:
            line = self.query_one(".allowed", Label)
            line.update(refusal)
            line.add_class("refused")
        else:
            self.dismiss(True)
