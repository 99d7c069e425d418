"""Fields: a label, what is typed or chosen, and a line below that says what is wrong with it."""

from collections.abc import Iterable
from pathlib import Path

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Label, RadioButton, RadioSet

from emulator.companions.admin.screens.console import console_of


class TextField(Input):
    """One line of text."""

    def __init__(self, value: str = "", *, id: str, placeholder: str = "", most: int = 400) -> None:  # noqa: A002 -- Textual's name
        super().__init__(
            value, id=id, placeholder=placeholder, compact=True, max_length=most, select_on_focus=False
        )

    def on_mount(self) -> None:
        # A cursor that blinks repaints for ever, and says no more.
        self.cursor_blink = False


class SecretField(Input):
    """Shows a dot for each sign. Its text reaches neither the clipboard nor a second look, and is gone when the field is."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, password=True, compact=True, max_length=400, select_on_focus=False)

    def on_mount(self) -> None:
        self.cursor_blink = False

    def on_unmount(self) -> None:
        self.clear()

    @property
    def _value(self) -> Text:
        """What is seen of the text: Textual's own dot is no ASCII."""
        return Text(console_of(self).signs.dot * len(self.value), no_wrap=True, overflow="ignore", end="")

    def action_copy(self) -> None:
        """Not from here."""

    def action_cut(self) -> None:
        """Not from here."""


class Push(Button):
    """A button of one row."""

    BINDINGS = [Binding("enter,space", "press", "Press", show=False)]  # noqa: RUF012 -- Textual's name

    def __init__(self, label: str, *, id: str, primary: bool = False, disabled: bool = False) -> None:  # noqa: A002 -- Textual's name
        super().__init__(
            Content(label), id=id, compact=True, disabled=disabled, classes="first" if primary else ""
        )
        # Textual takes no second press while it shows the first.
        self.active_effect_duration = 0


class Tick(Checkbox):
    """Yes or no, as a mark in brackets, which needs no colour to be read."""

    def __init__(self, label: str, value: bool = False, *, id: str, disabled: bool = False) -> None:  # noqa: A002 -- Textual's name
        super().__init__(Content(label), value, id=id, compact=True, disabled=disabled)

    @property
    def _button(self) -> Content:
        return Content("[x]" if self.value else "[ ]")


class Choice(RadioButton):
    """One of several."""

    def __init__(
        self,
        label: str,
        value: bool = False,
        *,
        id: str | None = None,  # noqa: A002 -- Textual's name
        disabled: bool = False,
    ) -> None:
        super().__init__(Content(label), value, id=id, compact=True, disabled=disabled)

    @property
    def _button(self) -> Content:
        return Content(f"({console_of(self).signs.chosen if self.value else ' '})")


class Choices(RadioSet):
    """Choices that exclude each other. At their ends the arrows go on to the next field."""

    BINDINGS = [  # noqa: RUF012 -- Textual's name
        Binding("left", "previous_button", show=False),
        Binding("right", "next_button", show=False),
    ]

    def __init__(self, *choices: Choice, id: str, across: bool = False) -> None:  # noqa: A002 -- Textual's name
        super().__init__(*choices, id=id, compact=True, classes="across" if across else "")


class Notice(Label):
    """A sentence that takes no room as long as there is none."""

    def __init__(self, *, id: str | None = None, classes: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__("", id=id, classes=classes, markup=False)
        self.display = False

    def tell(self, text: str) -> None:
        self.update(text)
        self.display = bool(text)


class Field(Vertical):
    """A labelled row, and room for what is wrong with it."""

    def __init__(self, label: str, *parts: Widget, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._label, self._parts = label, parts

    def compose(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Label(self._label, classes="label", markup=False)
            yield from self._parts
        yield Notice(classes="fault")

    def refuse(self, sentence: str) -> None:
        """Say what is wrong, and go there."""
        self._tell(sentence)
        first = next((part for part in self._parts if part.focusable), None)
        if first is not None:
            first.focus()
        self.call_after_refresh(self.scroll_visible, animate=False)

    def accept(self) -> None:
        self._tell("")

    def _tell(self, sentence: str) -> None:
        self.query_one(Notice).tell(sentence)


def accept_all(fields: Iterable[Field]) -> None:
    for field in fields:
        field.accept()


def path_in(field: Input) -> Path:
    """The path that somebody typed; `~` is home."""
    return Path(field.value.strip() or ".").expanduser()


MOVES: list[BindingType] = [
    Binding("down", "app.focus_next", show=False),
    Binding("up", "app.focus_previous", show=False),
]
"""The arrows go from field to field where a field has no use for them."""
