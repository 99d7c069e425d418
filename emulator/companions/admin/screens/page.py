"""What every page is: a title, a few sentences, its fields, and the way on.

A page is made anew each time it is opened, from the choices in the wizard, and taken apart when it is left. A page that cannot be used yet
shows its fields grey, and above them why.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Label

from emulator.companions.admin.screens.browse_dialog import BrowseDialog
from emulator.companions.admin.screens.console import AtWork, Console, console_of
from emulator.companions.admin.screens.fields import MOVES, Push, TextField
from emulator.companions.admin.screens.wizard import WAY, Place, Wizard
from emulator.companions.admin.screens.wording import Speaker


class Page(VerticalScroll, inherit_bindings=False, can_focus=False):
    """One page. Subclasses say their place, title and sentences, and compose their fields."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *MOVES,
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("escape", "menu", show=False),
    ]
    PLACE: ClassVar[Place]
    TITLE: ClassVar[str]
    ABOUT: ClassVar[str]

    @property
    def console(self) -> Console:
        return console_of(self)

    @property
    def wizard(self) -> Wizard:
        return self.console.wizard

    @property
    def words(self) -> Speaker:
        return self.console.words

    def compose(self) -> ComposeResult:
        reason = self.wizard.why_not(self.PLACE)
        yield Label(self.words(self.TITLE), classes="heading", markup=False)
        yield Label(self.words(self.ABOUT), classes="about", markup=False)
        if reason is not None:
            yield Label(self.words("Not yet. {reason}", reason=self.words(reason)), id="reason", markup=False)
        with Vertical(id="fields", disabled=reason is not None):
            yield from self.fields()
        yield AtWork()
        if self.PLACE in WAY:
            yield from self._way()

    def fields(self) -> ComposeResult:
        raise NotImplementedError

    def _way(self) -> ComposeResult:
        place = WAY.index(self.PLACE)
        with Horizontal(classes="pushes way"):
            yield Push(self.words("Back"), id="back", disabled=place == 0)
            yield Push(self.words("Next"), id="next", primary=True, disabled=place == len(WAY) - 1)

    def on_mount(self) -> None:
        self.enter()

    def enter(self) -> None:
        """Go to the first field."""
        first = next((each for each in self.query("*") if each.focusable), None)
        if first is not None:
            first.focus(scroll_visible=False)

    def note(self, text: str) -> Label:
        """A sentence among the fields."""
        return Label(text, classes="note", markup=False)

    def subheading(self, text: str) -> Label:
        return Label(text, classes="subheading", markup=False)

    def browse(self, field: str) -> None:
        """Ask for a folder and put it into a field."""
        start = Path(self.query_one(field, TextField).value or str(self.console.folder))
        self.app.push_screen(BrowseDialog(start), partial(self._browsed, field))

    def _browsed(self, field: str, path: Path | None) -> None:
        if path is not None:
            self.query_one(field, TextField).value = str(path)
        self.query_one(field).focus()

    def again(self, at: str = "") -> None:
        """Show this page anew, after a choice that changes it, and go on at a widget."""
        self.console.open_place(self.PLACE, at)

    def once(self, work: Callable[[], object]) -> None:
        """Begin a work, unless one goes on."""
        if not self.console.is_at_work:
            work()

    @on(Push.Pressed, "#back")
    def go_back(self) -> None:
        self.console.open_place(WAY[WAY.index(self.PLACE) - 1])

    @on(Push.Pressed, "#next")
    def go_on(self) -> None:
        self.console.open_place(WAY[WAY.index(self.PLACE) + 1])

    def action_menu(self) -> None:
        self.console.show_menu()
