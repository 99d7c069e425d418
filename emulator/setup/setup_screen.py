"""Computer Setup: menus above, one page, the item's help, the keys.

Keys go to the navigator, which says what they mean; a change goes to the firmware, whose refusal is shown under the row. What needs more
than a row, an editor or an action, is in `setup_editors` and `setup_actions`.
"""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Label, Static

from emulator.firmware import commands as c
from emulator.firmware.catalogue import OFF_WORDS, Keeper, Line, Setting
from emulator.machine import TargetPC
from emulator.setup import legends, search, setup_actions, setup_editors, views
from emulator.setup.dialogs import ConfirmDialog
from emulator.setup.help_pane import HelpPane
from emulator.setup.look import Theme
from emulator.setup.navigator import (
    Do,
    Edit,
    EditPassword,
    Explain,
    Ignore,
    Intent,
    Key,
    Moved,
    Navigator,
    Order,
    Read,
    Save,
    Toggle,
)
from emulator.setup.page import SettingsPage
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.search import Found
from emulator.setup.search_dialog import SearchDialog
from emulator.setup.standing import Standing, standing
from emulator.setup.viewer import Viewer

BETWEEN_MENUS = 3
ROOM_FOR_HELP = 78
"""Columns from which on the page has room for the help beside it."""


class SetupScreen(PhaseScreen):
    """Computer Setup: menus above, one page, the item's help, the keys."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOM_FOR_HELP, "-normal")]  # noqa: RUF012 -- as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "key('UP')"),
        Binding("down", "key('DOWN')"),
        Binding("left", "key('LEFT')"),
        Binding("right,tab", "key('RIGHT')"),
        Binding("shift+tab", "key('LEFT')"),
        Binding("pageup", "key('PAGE_UP')"),
        Binding("pagedown", "key('PAGE_DOWN')"),
        Binding("home", "key('HOME')"),
        Binding("end", "key('END')"),
        Binding("enter,space", "key('ENTER')"),
        Binding("escape", "key('ESCAPE')"),
        Binding("f10,ctrl+s", "key('SAVE')"),
        Binding("f1,question_mark", "help"),
        Binding("slash", "search"),
    ]

    def __init__(self, pc: TargetPC) -> None:
        super().__init__()
        self.navigator = Navigator(pc.firmware.catalogue, pc.firmware.may_see)
        self._head: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(self.words("Computer Setup"), id="title", markup=False)
        yield Static("", id="menus", markup=False)
        if visitor := views.visitor(self.pc.firmware):
            yield Label(self.words(visitor), id="visitor", markup=False)
        self._rows = SettingsPage(self.navigator, self._standing, self.glyphs, self.language)
        self._pane = HelpPane()
        # Every widget in the way of a repaint costs, so the white theme has none for a pane that it does not show.
        if self.machine.look.theme is Theme.VGA:
            yield Horizontal(self._rows, self._pane, id="body")
        else:
            yield self._rows
        yield self.legend(legends.SETUP)

    def on_mount(self) -> None:
        self._rows.focus()
        self.say("")

    def on_resize(self) -> None:
        self._show_head(anew=True)

    def say(self, text: str) -> None:
        self._show(text, "message")

    def note(self, text: str) -> None:
        """Show good news, or what is worth knowing, where refusals stand."""
        self._show(text, "note")

    def _show(self, text: str, look: str) -> None:
        self._rows.show(text, look)
        self._show_head()
        self._show_help()

    def _show_head(self, *, anew: bool = False) -> None:
        head = (self.navigator.menu, len(self.pc.firmware.session.staged))
        if anew or head != self._head:
            self._head = head
            self.query_one("#menus", Static).update(self._menus())

    def _show_help(self) -> None:
        row = self.navigator.row
        if self._pane.is_mounted:
            self._pane.show("" if row is None else row.help)

    def action_key(self, name: str) -> None:
        key, row, page = Key[name], self.navigator.row, self.navigator.page
        # Only a row that is struck is asked how it stands, for a move of the cursor is to cost little.
        struck = row if key is Key.ENTER and isinstance(row, Setting) else None
        now = Standing("") if struck is None else self._standing(struck)
        intent = self.navigator.press(key, now.value, now.locked or now.grey)
        if isinstance(intent, Moved) and page == self.navigator.page:
            self._rows.follow()
            self._show_help()
        else:
            self._carry_out(intent)

    def action_help(self) -> None:
        row = self.navigator.row
        if row is None:
            return
        name = search.spoken(row, self.language)
        why = self._standing(row).locked if isinstance(row, Setting) else ""
        none = "Enter opens this page." if isinstance(row, Line) else "There is no help for this item."
        text = [row.help or self.words(none), *([why] if why else [])]
        self.app.push_screen(Viewer(name, text))

    def action_search(self) -> None:
        def find(text: str) -> list[Found]:
            return search.found(self.navigator.pages, text, self.language)

        def go(found: Found | None) -> None:
            if found is not None:
                self.navigator.go(found.page, found.name)
                self.say("")

        self.app.push_screen(SearchDialog(find), go)

    def on_settings_page_struck(self) -> None:
        self.action_key("ENTER")

    def on_settings_page_back(self) -> None:
        self.action_key("ESCAPE")

    def on_click(self, event: events.Click) -> None:
        """The menu words, by mouse."""
        menus = self.query_one("#menus").region
        if event.screen_y == menus.y:
            at = menus.x + 1
            for number, menu in enumerate(self._menu_words()):
                if at <= event.screen_x < at + len(menu):
                    self.navigator.open_menu(number)
                    self.say("")
                at += len(menu) + BETWEEN_MENUS

    def _menu_words(self) -> list[str]:
        return [self.language.word("menus", menu) for menu in self.navigator.menus]

    def _menus(self) -> Content:
        """The menu words, the open one between signs; at the right what is not saved, else whose screen this is."""
        staged = len(self.pc.firmware.session.staged)
        right = self.words("* Not saved: {count}", count=staged) if staged else self._product()
        variables = self.app.theme_variables
        off, on = (
            variables["menu-ink"],
            f"bold {variables['menu-active-ink']} on {variables['menu-active-ground']}",
        )
        parts: list[tuple[str, str]] = []
        for number, word in enumerate(self._menu_words()):
            active = number == self.navigator.menu
            parts.append((f"[{word}]" if active else f" {word} ", on if active else off))
            parts.append(("|", off))
        parts.pop()
        used = sum(len(text) for text, _ in parts)
        space = self.size.width - used - len(right) - 1
        rule = (f"\n{self.glyphs.rule * self.size.width}", variables["rule"])
        return Content.assemble(*parts, (f"{' ' * max(space, 1)}{right}", off), rule)

    def _product(self) -> str:
        """The blue theme has it in a line of its own."""
        return "" if self.machine.look.theme is Theme.VGA else self.words("Computer Setup")

    def _standing(self, setting: Setting) -> Standing:
        return standing(self.pc.firmware, setting)

    def _carry_out(self, intent: Intent) -> None:
        match intent:
            case Moved():
                self.say("")
            case Toggle(setting, value):
                self.change(setting, value)
            case Edit(setting):
                setup_editors.edit(self, setting, self._rows.row_region())
            case EditPassword(setting):
                setup_editors.edit_password(self, setting)
            case Read(setting):
                setup_editors.read(self, setting)
            case Explain(why):
                self.say(self.language.word("reasons", why))
            case Order(setting, value, exits):
                setup_actions.order(self, setting, value, exits=exits)
            case Do(action):
                setup_actions.ACTIONS[action](self)
            case Save():
                changes = self._changes()
                text = "Save the changes and restart?" if changes else "There is nothing to save. Restart?"
                self.app.push_screen(ConfirmDialog(self.words(text), changes), self._saved)
            case Ignore():
                changes = self._changes()
                text = "Ignore the changes and start the operating system?"
                if not changes:
                    text = "Leave Computer Setup and start the operating system?"
                question = ConfirmDialog(self.words(text), changes, loses=bool(changes))
                self.app.push_screen(question, self._ignored)

    def _changes(self) -> list[str]:
        """What is staged, in lines for a question; the first few of many."""
        firmware, language = self.pc.firmware, self.language
        return views.changes(firmware, language)

    def change(self, setting: Setting, value: str) -> None:
        """Stage a value, and say what is worth knowing about it."""
        if self.machine.do(c.StageSetting(setting.name, value)):
            ordered = setting.keeper is Keeper.RESTORE and value not in OFF_WORDS
            self.note(self.words(views.RESTORE_ORDERED) if ordered else "")

    def _saved(self, yes: bool | None) -> None:
        if yes:
            self.machine.do(c.SaveAndExit())

    def _ignored(self, yes: bool | None) -> None:
        if yes:
            self.machine.do(c.Continue())
