"""The phone as a program in a terminal: its pages, the clock that watches over them, and the way out.

Who leaves the phone alone finds it closed: after a minute without a touch every page but the first is gone with what it held, and a phone with
a passphrase of its own is locked. A fault of the program ends it with a sentence and no traceback, for values in one could be secrets.
"""

import asyncio
import math
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from emulator.companions import language as spoken
from emulator.companions.authenticator.exceptions import QRCodeUnknownError
from emulator.companions.authenticator.phone import Phone
from emulator.companions.authenticator.screens import colours, stillness
from emulator.companions.authenticator.screens.history_page import HistoryPage
from emulator.companions.authenticator.screens.keys_page import KeysPage
from emulator.companions.authenticator.screens.lock_page import LockPage
from emulator.companions.authenticator.screens.more_page import MorePage
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.registration_page import RegistrationPage
from emulator.companions.authenticator.screens.scan_page import ScanPage
from emulator.companions.authenticator.screens.stillness import Stillness
from emulator.companions.authenticator.screens.too_small import COLUMNS, ROWS, TooSmall

TOUCHES = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
TICK = 0.5
ENDINGS = (signal.SIGTERM, signal.SIGHUP)
"""Signals that end the program, and leave the terminal as it was."""


class PhoneApp(App[int]):
    """The phone in a terminal. Returns the exit code."""

    CSS_PATH = "phone.tcss"
    ENABLE_COMMAND_PALETTE = False
    LENT_SECONDS = 30
    """How long a copied PIN stays in the clipboard."""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (44, "-narrow"), (48, "-wide")]  # noqa: RUF012 -- Textual's type
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 -- Textual's type
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "leave", "Quit", priority=True)]

    def __init__(
        self,
        phone: Phone,
        language: str = "en",
        *,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        idle_seconds: float = stillness.LIMIT,
    ) -> None:
        super().__init__()
        self.phone, self.language, self.now = phone, language, now
        self.words = spoken.of("emulator.companions.authenticator", language)
        self._clocks = now, monotonic
        self.stillness, self.idle_seconds = Stillness(*self._clocks), idle_seconds
        self.failure: Exception | None = None
        self._lent: Stillness | None = None
        theme = colours.theme(mono=self.no_color)
        self.register_theme(theme)
        # Without its watcher, which would read the style sheet a second time.
        self.set_reactive(App.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        return KeysPage()

    def on_load(self) -> None:
        for number in ENDINGS:
            asyncio.get_running_loop().add_signal_handler(number, self.action_leave)

    def on_mount(self) -> None:
        if not self.phone.is_open:
            self.push_screen(LockPage())
        self.set_interval(TICK, self.tick)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, TOUCHES):
            self.stillness.touch()
        await super().on_event(event)

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the window is too small to show anything well."""
        columns, rows = event.size
        small = columns < COLUMNS or rows < ROWS
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def tick(self) -> None:
        """What time brings: a phone that nobody touches closes, a clipboard is cleared, and pages show how late it is."""
        if self._lent is not None and self._lent.seconds >= self.LENT_SECONDS:
            self._take_back()
        pages = [screen for screen in self.screen_stack if isinstance(screen, Page)]
        if any(page.is_in_use for page in pages):
            self.stillness.touch()
        if self.stillness.seconds >= self.idle_seconds:
            self._close()
        elif pages:
            pages[-1].keep_time()

    # --- where to go ---

    def go_home(self) -> None:
        """Back to the list of keys; every page above it is left."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def lock(self) -> None:
        """Lock the phone, if it has a passphrase of its own; without one there is nothing to lock."""
        self.phone.lock()
        self.go_home()
        if not self.phone.is_open:
            self.push_screen(LockPage())

    def scan(self) -> None:
        self._visit(ScanPage())

    def register(self) -> None:
        self._visit(RegistrationPage())

    def show_history(self) -> None:
        self._visit(HistoryPage())

    def show_more(self) -> None:
        self._visit(MorePage())

    def action_leave(self) -> None:
        self._take_back()
        self.exit(0)

    def _visit(self, page: Page) -> None:
        self.go_home()
        self.push_screen(page)

    def _close(self) -> None:
        """Close what is open. A window that became too small says so again."""
        self.stillness.touch()
        if isinstance(self.screen, LockPage):
            self.screen.forget()
        elif len(self.screen_stack) > 1 or self.phone.is_protected:
            self.lock()
            if self.size.width < COLUMNS or self.size.height < ROWS:
                self.push_screen(TooSmall())

    # --- the clipboard ---

    def lend_to_clipboard(self, text: str) -> None:
        """Copy `text`, for a while. The terminal carries it to the clipboard (OSC 52), if it knows how."""
        self.copy_to_clipboard(text)
        self._lent = Stillness(*self._clocks)

    @property
    def lent_seconds_left(self) -> int:
        """How long the clipboard still holds what was lent to it, rounded up; 0 if it holds nothing of the phone's."""
        return 0 if self._lent is None else max(0, math.ceil(self.LENT_SECONDS - self._lent.seconds))

    def _take_back(self) -> None:
        if self._lent is not None:
            self._lent = None
            self.copy_to_clipboard("")

    # --- faults ---

    def _handle_exception(self, error: Exception) -> None:
        self.failure = error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without the traceback that Textual would print, with all local variables in it."""
        self._close_messages_no_wait()


def run(folder: Path, language: str) -> int:
    """The phone in this terminal, until its owner leaves; the exit code comes back."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "The phone's screen needs a terminal. Without one, use its commands: f10 phone --help",
            file=sys.stderr,
        )
        return 2
    app = PhoneApp(Phone(folder), language)
    code = app.run()
    if app.failure is not None:
        fault = QRCodeUnknownError(
            f"the phone ended by a fault of the program ({type(app.failure).__name__}); nothing that it keeps is lost"
        )
        print(f"Error {fault.code} {fault.name}: {fault}", file=sys.stderr)
        return fault.exit_code
    return code or 0
