"""What all pages of the phone share: its body, the line with clock and lock, the title, the keys that work, and how work is done.

Opening a key takes its time on purpose. That happens in a thread, one piece of work at a time, while the screen says so and stays alive.
Whatever such work, or anything else, refuses becomes a note over the page. A page that is left forgets what it held.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Label

from emulator.companions import CompanionError
from emulator.companions.authenticator.exceptions import PhoneLocked
from emulator.companions.authenticator.phone import Phone
from emulator.companions.authenticator.screens.fields import SecretField
from emulator.companions.authenticator.screens.note import ProblemNote, TellingNote
from emulator.companions.authenticator.screens.wording import clock_time, later
from emulator.companions.language import Words
from emulator.protocol.errors import ProtocolError

if TYPE_CHECKING:
    from emulator.companions.authenticator.screens.app import PhoneApp

T = TypeVar("T")

REFUSALS = (CompanionError, ProtocolError, OSError)
"""What a person is told about; anything else is a fault of the program."""


class Page(Screen[None]):
    """One page. `body` yields what it shows."""

    NAME: ClassVar[str]
    KEYS: ClassVar[str]
    TOP: ClassVar[bool] = False
    """Whether there is no way back from here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("down", "step(1)", "Next"),
        Binding("up", "step(-1)", "Previous"),
        Binding("pagedown", "turn(1)", "Further"),
        Binding("pageup", "turn(-1)", "Back up"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._is_there = self._working = False

    @property
    def held(self) -> "PhoneApp":
        """The phone in the hand: this program."""
        return cast("PhoneApp", self.app)

    @property
    def phone(self) -> Phone:
        return self.held.phone

    @property
    def words(self) -> Words:
        return self.held.words

    def compose(self) -> ComposeResult:
        with Vertical(id="phone"):
            with Horizontal(id="status"):
                yield Label("", id="clock", markup=False)
                yield Label("", id="lock", markup=False)
            with Horizontal(id="head"):
                if not self.TOP:
                    yield Label("[@click=screen.back]‹[/]", id="back")
                yield Label(self.words(self.NAME), id="title", markup=False)
            with VerticalScroll(id="body", can_focus=False):
                yield from self.body()
            yield Label("", id="working", markup=False)
            yield from self.foot()
            yield Label(self.words(self.KEYS), id="keys", markup=False)

    def body(self) -> ComposeResult:
        raise NotImplementedError

    def foot(self) -> ComposeResult:
        """What stands still below the body."""
        yield from ()

    def on_mount(self) -> None:
        self._is_there = True
        self.tick()

    def on_screen_resume(self) -> None:
        self.keep_time()

    def keep_time(self) -> None:
        """Tick, unless the page is not there yet, or no longer."""
        if self._is_there and self.query("#clock"):
            self.tick()

    def tick(self) -> None:
        """Show what changes with time."""
        self.query_one("#clock", Label).update(clock_time(self.held.now()))
        state = later("● unlocked") if self.phone.is_open else later("○ locked")
        self.query_one("#lock", Label).update(self.words(state) if self.phone.is_protected else "")

    def on_unmount(self) -> None:
        self._is_there = False
        self.forget()

    def forget(self) -> None:
        """Let go of what was typed and opened, when the page is left or the phone was left alone."""
        for field in self.query(SecretField):
            field.forget()

    @property
    def is_in_use(self) -> bool:
        """Whether somebody looks at this page although no key is pressed."""
        return self._working

    def work(self, deed: Callable[[], T], then: Callable[[T], None], doing: str) -> None:
        """Do `deed` in a thread, then `then` with what it gives; `doing` says meanwhile what takes so long."""
        if not self._working:
            self._show_work(doing)
            self.run_worker(self._carried_out(deed, then), exit_on_error=True)

    async def _carried_out(self, deed: Callable[[], T], then: Callable[[T], None]) -> None:
        try:
            given = await asyncio.to_thread(deed)
        except REFUSALS as refusal:
            self._show_work("")
            self.refused(refusal)
        else:
            self._show_work("")
            self.held.stillness.touch()
            then(given)

    def _show_work(self, doing: str) -> None:
        self._working = bool(doing)
        self.query_one("#working", Label).update(doing)
        self.set_class(self._working, "-working")

    def refused(self, refusal: Exception) -> None:
        """Say what was wrong, and let the person try again; on a phone that was locked from elsewhere, after unlocking it."""
        if isinstance(refusal, PhoneLocked) and self.phone.is_protected:
            self.held.lock()
        self.app.push_screen(ProblemNote(refusal))

    def tell(self, title: str, *sentences: str, then: Callable[[], None] | None = None) -> None:
        self.app.push_screen(TellingNote(title, sentences), lambda _: then() if then else None)

    def action_back(self) -> None:
        if not (self.TOP or self._working):
            self.dismiss()

    def action_step(self, way: int) -> None:
        """To the next field or button; on a page without any, a line further."""
        if not self.focus_chain:
            self.query_one("#body").scroll_relative(y=way, animate=False)
        elif way > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_turn(self, way: int) -> None:
        body = self.query_one("#body")
        body.scroll_relative(y=way * max(1, body.size.height - 1), animate=False)
