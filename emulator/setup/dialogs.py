"""Short questions of Computer Setup: yes or no, one of several values, a text."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region
from textual.widgets import Input, Label, OptionList, Static

from emulator.firmware.catalogue import Setting
from emulator.setup.choices import Choices
from emulator.setup.columns import columns
from emulator.setup.dialog import Dialog
from emulator.setup.password_field import PasswordField
from emulator.setup.prompt_field import PromptField
from emulator.setup.wording import allowed

Check = Callable[[str], str]
"""The sentence that refuses a text, or nothing."""

FRAME = 2
PADDING = 6


class ConfirmDialog(Dialog[bool]):
    """Yes or no. `lines` stand between the question and the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,Y,j,J", "dismiss(True)", "Yes"),
        Binding("n,escape,N", "dismiss(False)", "No"),
        Binding("enter", "enter", "Yes"),
    ]

    def __init__(self, question: str, lines: Sequence[str] = (), *, loses: bool = False) -> None:
        """`loses` says that yes throws something away, so that Enter is not enough."""
        super().__init__()
        self._question, self._told, self._loses = question, lines, loses

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(self._question, classes="question", markup=False)
            if self._told:
                with VerticalScroll(classes="told gives-way"):
                    yield Static("\n".join(self._told), markup=False)
            yield self.keys("Y: yes    Esc or N: no" if self._loses else "Enter or Y: yes    Esc or N: no")

    def action_enter(self) -> None:
        if not self._loses:
            self.dismiss(True)

    def on_mount(self) -> None:
        # Arrows scroll what is long.
        for box in self.query(VerticalScroll):
            box.focus()


class ChoiceDialog(Dialog[str | None]):
    """One of an enumeration's values, dropped down below its row."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, setting: Setting, value: str, row: Region) -> None:
        super().__init__()
        self._setting, self._value, self._row = setting, value, row

    def compose(self) -> ComposeResult:
        words = [self.machine.language.word("values", value) for value in self._setting.values]
        with Vertical(classes="drop"):
            yield Choices(*words, sign=self.glyphs.cursor)

    def on_mount(self) -> None:
        self._drop()
        choices = self.query_one(OptionList)
        if self._value in self._setting.values:
            choices.highlighted = self._setting.values.index(self._value)
        choices.focus()

    def on_resize(self) -> None:
        self._drop()

    def _drop(self) -> None:
        """Below the row where there is room, else above it, and never over the edge."""
        words = [self.machine.language.word("values", value) for value in self._setting.values]
        width = min(max(map(columns, words)) + PADDING, self.size.width)
        height = min(len(words) + FRAME, max(self.size.height - FRAME, 3))
        below, above = self._row.bottom, self._row.y - height
        top = below if below + height <= self.size.height else max(0, above)
        left = min(self._row.x + int(self._row.width * 0.42), self.size.width - width)
        box = self.query_one(".drop")
        box.styles.width, box.styles.height = width, height
        box.styles.offset = (max(0, left), top)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._setting.values[event.option_index])


class TextDialog(Dialog[str | None]):
    """A text or a number; what is not allowed is refused with the reason, and stays to be mended. A secret begins empty."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, setting: Setting, value: str, check: Check) -> None:
        super().__init__()
        self._setting, self._value, self._check = setting, value, check

    def compose(self) -> ComposeResult:
        language = self.machine.language
        with Vertical(classes="dialog"):
            yield self.title_of(language.word("settings", self._setting.name))
            yield PasswordField() if self._setting.secret else PromptField(self._value, select_on_focus=True)
            yield Label(allowed(self._setting, language), classes="allowed", markup=False)
            yield self.keys("Enter take   Esc back")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        refusal = self._check(event.value)
        if refusal:
            line = self.query_one(".allowed", Label)
            line.update(refusal)
            line.add_class("refused")
        else:
            self.dismiss(event.value)
