"""Questions of Computer Setup. Each is a modal screen with a typed answer; None means that nothing shall change."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from emulator.firmware.catalogue import Setting
from emulator.firmware.settings import DISABLED, tokens
from emulator.setup.password_field import PasswordField
from emulator.setup.prompt_field import PromptField
from emulator.setup.wording import allowed, entry

Check = Callable[[str], str]
"""The sentence that refuses a text, or nothing."""


class ConfirmDialog(ModalScreen[bool]):
    """Yes or no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter,Y", "dismiss(True)", "Yes"),
        Binding("n,escape,N", "dismiss(False)", "No"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(self._question, markup=False)
            yield Label("Enter or Y: yes    Esc or N: no", classes="keys", markup=False)


class ChoiceDialog(ModalScreen[str | None]):
    """One of an enumeration's values."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, setting: Setting, value: str) -> None:
        super().__init__()
        self._setting, self._value = setting, value

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(self._setting.name, classes="title", markup=False)
            yield OptionList(*(Option(value) for value in self._setting.values), markup=False)
            yield Label("↑↓ select   Enter take   Esc back", classes="keys", markup=False)

    def on_mount(self) -> None:
        choices = self.query_one(OptionList)
        if self._value in self._setting.values:
            choices.highlighted = self._setting.values.index(self._value)
        choices.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._setting.values[event.option_index])


class TextDialog(ModalScreen[str | None]):
    """A text or a number; what is not allowed is refused with the reason, and stays to be mended. A secret begins empty."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, setting: Setting, value: str, check: Check) -> None:
        super().__init__()
        self._setting, self._value, self._check = setting, value, check

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(self._setting.name, classes="title", markup=False)
            yield PasswordField() if self._setting.secret else PromptField(self._value, select_on_focus=True)
            yield Label(allowed(self._setting), classes="allowed", markup=False)
            yield Label("Enter take   Esc back", classes="keys", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        refusal = self._check(event.value)
        if refusal:
            self.query_one(".allowed", Label).update(refusal)
        else:
            self.dismiss(event.value)


class OrderDialog(ModalScreen[str | None]):
    """An ordered list: Enter picks an entry up and puts it down, arrows move it, F5 or D switches it off and on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up"),
        Binding("down", "step(1)", "Down"),
        Binding("enter,space", "grab", "Grab"),
        Binding("f5,d,D", "switch", "Off/on"),
        Binding("f10,ctrl+s,t,T", "take", "Take"),
        Binding("escape", "dismiss(None)", "Back"),
    ]

    def __init__(self, setting: Setting, value: str) -> None:
        super().__init__()
        self._setting = setting
        self._entries = list(tokens(value))
        self._cursor, self._grabbed = 0, False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(self._setting.name, classes="title", markup=False)
            yield Label("", id="entries", markup=False)
            yield Label("Enter grab/drop  ↑↓ move  F5 or D off/on", classes="keys", markup=False)
            yield Label("F10 or T take   Esc back", classes="keys", markup=False)

    def on_mount(self) -> None:
        self._show()

    def action_step(self, distance: int) -> None:
        to = max(0, min(self._cursor + distance, len(self._entries) - 1))
        if self._grabbed:
            self._entries.insert(to, self._entries.pop(self._cursor))
        self._cursor = to
        self._show()

    def action_grab(self) -> None:
        self._grabbed = not self._grabbed
        self._show()

    def action_switch(self) -> None:
        token = self._entries[self._cursor]
        self._entries[self._cursor] = (
            token.removesuffix(DISABLED) if token.endswith(DISABLED) else token + DISABLED
        )
        self._show()

    def action_take(self) -> None:
        self.dismiss(",".join(self._entries))

    def _show(self) -> None:
        mark = "↕" if self._grabbed else "►"
        lines = [
            f"{mark if index == self._cursor else ' '} {entry(token)}"
            for index, token in enumerate(self._entries)
        ]
        self.query_one("#entries", Label).update("\n".join(lines))


class TextPage(ModalScreen[None]):
    """Text to read or to copy."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter", "dismiss(None)", "Back")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Label(self._title, classes="title", markup=False)
            yield Label(self._text, markup=False, classes="copy")
            yield Label("Enter or Esc: back", classes="keys", markup=False)
