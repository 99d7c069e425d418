"""The console in a terminal: a banner, the menu, one page, and the keys.

Whoever starts it gives the folder of the console, the language, and the way to a PC if there is one. Nothing that was typed is logged, and
a fault of the program ends it with a sentence: a traceback would show what was typed.
"""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.geometry import Size
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.widgets import Label

from emulator.companions import CompanionError, make_private_folder
from emulator.companions import language as languages
from emulator.companions.admin import moment
from emulator.companions.admin.screens import look as looks
from emulator.companions.admin.screens.console import Send
from emulator.companions.admin.screens.deprovision_page import DeprovisionPage
from emulator.companions.admin.screens.dialog import Question
from emulator.companions.admin.screens.legend import Legend
from emulator.companions.admin.screens.local_access_page import LocalAccessPage
from emulator.companions.admin.screens.look import Look
from emulator.companions.admin.screens.menu import Menu
from emulator.companions.admin.screens.mode_page import ModePage
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.provisioning_page import ProvisioningPage
from emulator.companions.admin.screens.restore_page import RestorePage
from emulator.companions.admin.screens.store_page import StorePage
from emulator.companions.admin.screens.summary_page import SummaryPage
from emulator.companions.admin.screens.too_small import TooSmall
from emulator.companions.admin.screens.wizard import WAY, Place, Wizard
from emulator.companions.admin.screens.wording import Speaker

PAGES: dict[Place, type[Page]] = {
    page.PLACE: page
    for page in (
        ProvisioningPage,
        ModePage,
        LocalAccessPage,
        SummaryPage,
        DeprovisionPage,
        RestorePage,
        StorePage,
    )
}
COLUMNS, ROWS = 60, 18
"""The smallest window that shows every page, by scrolling."""
NARROW = 76
"""Below this width, menu and page take turns."""
TALL = 30
"""From this height on there is room between title and text."""


class ConsoleFailed(CompanionError):
    """A fault of the program ended the wizard."""


class WholeCells(ScrollBarRender):
    """A scroll bar in whole cells: Textual draws its ends with signs that neither ASCII nor code page 437 has."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


ScrollBar.renderer = WholeCells


class AdminConsole(App[int]):
    """The administrator's console."""

    CSS_PATH = "console.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "go(1)", show=False),
        Binding("ctrl+p", "go(-1)", show=False),
        Binding("escape", "menu", show=False),
        Binding("ctrl+q", "leave", show=False, priority=True),
    ]

    def __init__(
        self,
        folder: Path,
        send: Send | None = None,
        language: str = "en",
        *,
        look: Look | None = None,
        now: Callable[[], datetime] = moment.now,
    ) -> None:
        super().__init__()
        self.look = look or Look()
        self.signs = self.look.signs
        self.words = Speaker(languages.of("emulator.companions.admin", language), self.signs.spelled)
        self.folder, self.send, self.language, self.now = folder, send, language, now
        self.wizard = Wizard()
        self.place = Place.PROVISIONING
        self.is_at_work = False
        self.failure: Exception | None = None
        self.register_theme(self.look.theme)
        self.theme = self.look.theme.name
        self.set_class(self.look.is_plain, "-plain")
        self.set_class(self.look.mono, "-mono")

    def compose(self) -> ComposeResult:
        with Horizontal(id="banner"):
            yield Label(self.words("f10 · Administrator's console"), id="title", markup=False)
            yield Label(str(self.folder), id="folder-here", markup=False)
        with Horizontal(id="body"):
            yield Menu()
            yield Container(id="place")
        yield Legend()

    async def on_mount(self) -> None:
        await self._show(self.place)

    def open_place(self, place: Place, at: str = "") -> None:
        """Go to a page, and to the widget `at` on it, unless something is being made on this one."""
        if self.is_at_work:
            self.bell()
        else:
            self.call_next(self._show, place, at)

    async def _show(self, place: Place, at: str = "") -> None:
        self.place = place
        holder = self.query_one("#place")
        with self.batch_update():
            await holder.remove_children()
            self.remove_class("-menu")
            await holder.mount(PAGES[place]())
            self.show_progress()
        if at and (found := self.query_one(at)).focusable:
            found.focus(scroll_visible=False)
            # A page just made has no layout to scroll in before its first refresh.
            self.call_after_refresh(found.scroll_visible, animate=False)

    def show_progress(self) -> None:
        """The menu follows the choices."""
        self.query_one(Menu).show(self.place)

    def show_menu(self) -> None:
        self.add_class("-menu")
        self.query_one(Menu).focus()

    def action_menu(self) -> None:
        """From the page to the menu, and back."""
        if self.query_one(Menu).has_focus:
            self.remove_class("-menu")
            self.query_one(Page).enter()
        else:
            self.show_menu()

    def action_go(self, steps: int) -> None:
        if self.place not in WAY:
            self.open_place(WAY[0])
            return
        there = WAY.index(self.place) + steps
        if 0 <= there < len(WAY):
            self.open_place(WAY[there])

    def action_leave(self) -> None:
        if self.is_at_work or isinstance(self.screen, Question):
            self.bell()
        elif self.wizard.unsaved and not isinstance(self.screen, TooSmall):
            question = Question(
                self.words("What you have entered is in no policy file yet. Leave all the same?"),
                self.words("Leave"),
                self.words("Stay"),
            )
            self.push_screen(question, self._asked_to_leave)
        else:
            self.exit(0)

    def _asked_to_leave(self, leave: bool | None) -> None:
        if leave:
            self.exit(0)

    def on_resize(self, event: events.Resize) -> None:
        # The application itself knows its new size only after this.
        self._guard_size(event.size)

    def _guard_size(self, size: Size) -> None:
        small = size.width < COLUMNS or size.height < ROWS
        self.set_class(size.width < NARROW, "-narrow")
        self.set_class(size.height >= TALL, "-tall")
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def _handle_exception(self, error: Exception) -> None:
        self.failure = error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without the traceback that Textual would print, with all local variables in it."""
        self._close_messages_no_wait()


def run(folder: Path, send: Send | None, language: str) -> int:
    """Show the console until the person leaves; the exit code comes back. Raises FileRefused or ConsoleFailed."""
    make_private_folder(folder)
    look = looks.chosen(os.environ, sys.stdout.encoding)
    console = AdminConsole(folder, send, language, look=look)
    code = console.run()
    if console.failure is not None:
        raise ConsoleFailed(
            f"the wizard ended by a fault of the program ({type(console.failure).__name__}); what it said to have written is whole"
        )
    return code if code is not None else console.return_code or 0
