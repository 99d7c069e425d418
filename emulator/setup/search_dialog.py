"""The question what to look for: a text, and below it what was found so far."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from emulator.setup.choices import Choices
from emulator.setup.dialog import Dialog
from emulator.setup.prompt_field import PromptField
from emulator.setup.search import Found

MOST = 50
"""Rows that the list shows; whoever has more types more."""


class SearchDialog(Dialog[Found | None]):
    """Answers the row that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back"),
        Binding("up", "step(-1)", "Up", priority=True),
        Binding("down", "step(1)", "Down", priority=True),
    ]

    def __init__(self, find: Callable[[str], Sequence[Found]]) -> None:
        super().__init__()
        self._find = find
        self._found: Sequence[Found] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.title_of(self.words("Search"))
            yield PromptField()
            yield Label(self.words("A part of a setting's name"), classes="allowed", markup=False)
            yield Choices(sign=self.glyphs.cursor)
            yield self.keys("↑↓ select   Enter go there   Esc back")

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self.query_one(PromptField).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        everything = self._find(event.value)
        self._found = everything[:MOST]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options(Option(each.text) for each in self._found)
        choices.highlighted = 0 if self._found else None
        self.query_one(".allowed", Label).update(self._count(event.value, len(everything)))

    def _count(self, text: str, count: int) -> str:
        if not text.strip():
            return self.words("A part of a setting's name")
        return self.words("{count} found", count=count) if count else self.words("Nothing has that name.")

    def action_step(self, distance: int) -> None:
        choices = self.query_one(OptionList)
        if choices.highlighted is not None:
            choices.highlighted = max(0, min(choices.highlighted + distance, len(self._found) - 1))

    def on_input_submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._found):
            self.dismiss(self._found[at])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index])
