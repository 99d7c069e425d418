"""*Your PIN*: hidden until it is tapped, large while it is seen, and gone when the page is left.

It hides itself after a minute, and whatever was copied leaves the clipboard after half of one. While it is seen the phone is in use, although
no key is pressed on it: they are pressed on the other machine.
"""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label, Static

from emulator.companions.authenticator.screens import big_digits
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.validity import State, Validity
from emulator.companions.authenticator.screens.wording import PURPOSES, later
from emulator.companions.authenticator.unlock import Answer

SEEN_SECONDS = 60
"""How long the digits stay before they hide themselves; `phone-qr.md` 5.4, number 9 of the policy."""
TALL, WIDE = 30, 34
"""Rows from which on each group has a row of its own; columns from which on both fit into one."""

STATES = {
    State.AHEAD: later("Not issued yet: a clock is wrong."),
    State.VALID: later("Valid for {minutes} min {seconds} s more."),
    State.ENDS_SOON: later("Ends soon: {seconds} s more."),
    State.EXPIRED: later("Expired: let the PC show a new code."),
}


class Digits(Static):
    """The PIN as a thing to tap."""

    def on_unmount(self) -> None:
        self.update("")

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.screen.run_worker(self.screen.run_action("reveal"))


class Plain(Label):
    """The PIN in a line, for whoever copies it from the screen or has it read aloud."""

    def on_unmount(self) -> None:
        self.update("")


class PINPage(Page):
    """Shows one PIN."""

    NAME: ClassVar[str] = later("Your PIN")
    KEYS: ClassVar[str] = later("Enter show   C copy   Esc done")

    # The digits are seen first, even where the page is longer than the screen; see `on_mount`.
    AUTO_FOCUS: ClassVar[str | None] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "reveal", "Show or hide"),
        Binding("c", "copy", "Copy"),
    ]

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer: Answer | None = answer
        self._header = answer.header
        self._seen_until: float | None = None

    def body(self) -> ComposeResult:
        words, header = self.words, self._header
        yield Label(
            f"{header.serial or words('unknown')} · {words(PURPOSES[header.purpose])}",
            classes="centred dim",
            markup=False,
        )
        yield Digits("", id="digits", markup=False)
        yield Plain("", id="plain", markup=False)
        yield Label("", id="hiding", classes="centred dim", markup=False)
        yield Label("", id="bar", markup=False)
        yield Label("", id="validity", markup=False)
        yield Label(
            words("Type it into the PC's field Enter Response Code."),
            id="where",
            classes="dim told",
            markup=False,
        )
        yield Tap(words, "Show or hide", "reveal", key="Enter", main=True)
        yield Tap(words, "Copy", "copy", key="C")
        yield Tap(words, "Done", "back", key="Esc")
        yield Label("", id="copied", classes="centred dim", markup=False)

    @property
    def is_seen(self) -> bool:
        return self._seen_until is not None

    @property
    def is_in_use(self) -> bool:
        return self.is_seen or super().is_in_use

    def on_mount(self) -> None:
        super().on_mount()
        self._draw()
        self.query(Tap).first().focus(scroll_visible=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)
        self.call_after_refresh(self._show_validity)

    def tick(self) -> None:
        super().tick()
        self._show_validity()
        lent = self.held.lent_seconds_left
        text = self.words("Copied. The clipboard is cleared in {seconds} s.", seconds=lent) if lent else ""
        self.query_one("#copied", Label).update(text)
        if self._seen_until is None:
            return
        left = int(self._seen_until - self.held.now() + 0.999)
        if not 0 < left <= SEEN_SECONDS:
            self._hide()
        else:
            self.query_one("#hiding", Label).update(self.words("Hides itself in {seconds} s", seconds=left))

    def action_reveal(self) -> None:
        if self.is_seen:
            self._hide()
        else:
            self._seen_until = self.held.now() + SEEN_SECONDS
            self._draw()
            self.tick()
            self.query_one("#body").scroll_home(animate=False)

    def action_back(self) -> None:
        """Done is done: the scanner behind this page has nothing more to look at."""
        self.held.go_home()

    def action_copy(self) -> None:
        if self._answer is not None:
            self.held.lend_to_clipboard(self._answer.pin)
            self.tick()

    def forget(self) -> None:
        super().forget()
        self._answer = None
        self._seen_until = None

    def _hide(self) -> None:
        self._seen_until = None
        self.held.stillness.touch()
        self._draw()

    def _draw(self) -> None:
        shown = self._answer.pin if self._answer and self.is_seen else big_digits.HIDDEN
        self.query_one("#digits", Digits).update("\n".join(self._large(shown)))
        self.set_class(self.is_seen, "-seen")
        plain = " ".join(big_digits.groups(shown)) if self.is_seen else self.words("Tap here, or press Enter")
        self.query_one("#plain", Label).update(plain)
        if not self.is_seen:
            self.query_one("#hiding", Label).update(self.words("Is nobody looking over your shoulder?"))

    def _large(self, digits: str) -> list[str]:
        columns = self.query_one("#body").size.width
        if self.app.size.height >= TALL and columns >= 34:
            return big_digits.in_two_rows(digits)
        return big_digits.in_one_row(digits) if columns >= WIDE else big_digits.in_two_rows(digits, 1)

    def _show_validity(self) -> None:
        validity = Validity(self._header.issued_at, self.held.now())
        for state in State:
            self.set_class(validity.state is state, f"-{state.name.lower().replace('_', '-')}")
        columns = max(10, min(30, self.query_one("#body").size.width - 12))
        self.query_one("#bar", Label).update(f"{validity.bar(columns)}  {validity.clock}")
        minutes, seconds = divmod(validity.left, 60)
        self.query_one("#validity", Label).update(
            self.words(STATES[validity.state], minutes=minutes, seconds=seconds)
        )
