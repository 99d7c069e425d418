"""What all questions of the console share: a box in the middle, a title, and a line that names the keys."""

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label

from emulator.companions.admin.screens.console import Console, console_of
from emulator.companions.admin.screens.fields import MOVES, Push
from emulator.companions.admin.screens.wording import Speaker

Answer = TypeVar("Answer")


class Box(VerticalScroll, inherit_bindings=False, can_focus=False):
    """The frame of a dialog; what does not fit scrolls."""


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A question over the page; None means that nothing shall change."""

    BINDINGS: ClassVar[list[BindingType]] = [*MOVES, Binding("escape", "leave", show=False)]

    @property
    def console(self) -> Console:
        return console_of(self)

    @property
    def words(self) -> Speaker:
        return self.console.words

    def action_leave(self) -> None:
        if not self.console.is_at_work:
            self.dismiss(None)


class Question(Dialog[bool]):
    """Yes or no."""

    def __init__(self, question: str, yes: str, no: str) -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        with Box(classes="dialog"):
            yield Label(self._question, classes="question", markup=False)
            with Horizontal(classes="pushes"):
                yield Push(self._no, id="no", primary=True)
                yield Push(self._yes, id="yes")

    def on_button_pressed(self, event: Push.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
