"""Notes that lie over a page until they are read: what was refused and why, what was done, and questions before something is lost.

An error shows its number and name from the vendor's table, what exactly was wrong, and what the number means at all.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label

from emulator.companions.authenticator.exceptions import PhoneError, QRCodeUnknownError
from emulator.companions.authenticator.screens.sentences import said
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.language import Words
from emulator.protocol.certificate import printable

if TYPE_CHECKING:
    from emulator.companions.authenticator.screens.app import PhoneApp

Answer = TypeVar("Answer")


class Note(ModalScreen[Answer], Generic[Answer]):
    """A sheet over the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("down,right", "app.focus_next", "Next"),
        Binding("up,left", "app.focus_previous", "Previous"),
        Binding("pagedown", "turn(1)", "Further"),
        Binding("pageup", "turn(-1)", "Back up"),
    ]

    @property
    def held(self) -> "PhoneApp":
        return cast("PhoneApp", self.app)

    @property
    def words(self) -> Words:
        return self.held.words

    def compose(self) -> ComposeResult:
        with Vertical(classes="note"):
            with VerticalScroll(can_focus=False):
                yield from self.body()
            yield from self.taps()

    def body(self) -> ComposeResult:
        raise NotImplementedError

    def taps(self) -> ComposeResult:
        yield Tap(self.words, "OK", "close", main=True)

    def on_resize(self) -> None:
        """The text gives way to the buttons."""
        taps = sum(tap.outer_size.height for tap in self.query(Tap))
        self.query_one(VerticalScroll).styles.max_height = max(3, self.size.height - taps - 4)

    def action_close(self) -> None:
        self.dismiss(None)

    def action_turn(self, way: int) -> None:
        body = self.query_one(VerticalScroll)
        body.scroll_relative(y=way * max(1, body.size.height - 1), animate=False)


class ProblemNote(Note[None]):
    """What was refused. What is no error of the phone's own is one of number 100."""

    def __init__(self, refusal: Exception) -> None:
        super().__init__()
        self._error = refusal if isinstance(refusal, PhoneError) else QRCodeUnknownError(str(refusal))

    def body(self) -> ComposeResult:
        error = self._error
        yield Label(self.words("! Error {number}", number=error.code), classes="alarm heading", markup=False)
        yield Label(error.name, classes="dim", markup=False)
        yield Label(said(self.words, printable(str(error))), classes="told", markup=False)
        yield Label(error.meaning(self.held.language), classes="dim meaning", markup=False)


class TellingNote(Note[None]):
    """What was done."""

    def __init__(self, title: str, sentences: Iterable[str]) -> None:
        super().__init__()
        self._title, self._sentences = title, sentences

    def body(self) -> ComposeResult:
        yield Label(self._title, classes="heading good", markup=False)
        for sentence in self._sentences:
            yield Label(printable(sentence), classes="told", markup=False)


class Question(Note[bool]):
    """Asks before something is lost. Esc is no."""

    def __init__(self, title: str, sentence: str, yes: str) -> None:
        super().__init__()
        self._title, self._sentence, self._yes = title, sentence, yes

    def body(self) -> ComposeResult:
        yield Label(self._title, classes="heading", markup=False)
        yield Label(printable(self._sentence), classes="told", markup=False)

    def taps(self) -> ComposeResult:
        yield Tap(self.words, self._yes, "agree")
        yield Tap(self.words, "Cancel", "close", key="Esc", main=True)

    def on_mount(self) -> None:
        self.query(Tap).last().focus()

    def action_agree(self) -> None:
        self.dismiss(True)
