"""Computer Setup: menus above, one page, the item's help, the keys.

Keys go to the navigator, which says what they mean; a change goes to the firmware, whose refusal is shown under the row.
"""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Label, Static

from emulator.firmware import commands as c
from emulator.firmware import passwords, settings
from emulator.firmware.catalogue import IS_SET, OFF_WORDS, Keeper, Kind, Setting
from emulator.firmware.refusals import Refused
from emulator.machine import TargetPC
from emulator.setup import legends, views
from emulator.setup.dialogs import ChoiceDialog, ConfirmDialog, OrderDialog, TextDialog, TextPage
from emulator.setup.navigator import (
    Edit,
    EditPassword,
    Explain,
    Ignore,
    Intent,
    Key,
    Moved,
    Navigator,
    Read,
    Save,
    Toggle,
)
from emulator.setup.page import SettingsPage
from emulator.setup.password_dialog import PasswordDialog
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.standing import Standing, standing
from emulator.setup.wording import entry, sentence


class SetupScreen(PhaseScreen):
    """Computer Setup: menus above, one page, the item's help, the keys."""

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
    ]

    def __init__(self, pc: TargetPC) -> None:
        super().__init__()
        self.navigator = Navigator(pc.firmware.catalogue, pc.firmware.may_see)

    def compose(self) -> ComposeResult:
        yield Static("", id="menus", markup=False)
        yield Static("─" * 400, id="rule", markup=False)
        if visitor := views.visitor(self.pc.firmware):
            yield Label(visitor, id="visitor", markup=False)
        yield SettingsPage(self.navigator, self._standing)
        yield Static("", id="help", markup=False)
        yield Label(legends.SETUP, classes="legend", markup=False)

    def on_mount(self) -> None:
        self.query_one(SettingsPage).focus()
        self.say("")

    def say(self, text: str) -> None:
        self._show(text, "message")

    def note(self, text: str) -> None:
        """Show good news, or what is worth knowing, where refusals stand."""
        self._show(text, "note")

    def _show(self, text: str, look: str) -> None:
        self.query_one(SettingsPage).show(text, look)
        self.query_one("#menus", Static).update(self._menus())
        row = self.navigator.row
        self.query_one("#help", Static).update("" if row is None else row.help)

    def action_key(self, name: str) -> None:
        row = self.navigator.row
        now = self._standing(row) if isinstance(row, Setting) else Standing("")
        self._carry_out(self.navigator.press(Key[name], now.value, now.locked or now.grey))

    def on_settings_page_struck(self) -> None:
        self.action_key("ENTER")

    def on_click(self, event: events.Click) -> None:
        """The menu words, by mouse."""
        if event.screen_y == 0:
            at = 1
            for number, menu in enumerate(self.navigator.menus):
                if at <= event.screen_x < at + len(menu):
                    self.navigator.open_menu(number)
                    self.say("")
                at += len(menu) + 3

    def _menus(self) -> Content:
        words = [
            (menu, "bold #000000" if number == self.navigator.menu else "#6a6a6a")
            for number, menu in enumerate(self.navigator.menus)
        ]
        parts: list[tuple[str, str]] = []
        for word in words:
            parts += [word, (" | ", "#b0b0b0")]
        return Content.assemble(*parts[:-1], ("    Computer Setup", "#6a6a6a"))

    def _standing(self, setting: Setting) -> Standing:
        return standing(self.pc.firmware, setting)

    def _carry_out(self, intent: Intent) -> None:
        match intent:
            case Moved():
                self.say("")
            case Toggle(setting, value):
                self._change(setting, value)
            case Edit(setting):
                self._edit(setting)
            case EditPassword(setting):
                self._edit_password(setting)
            case Read(setting):
                self._read(setting)
            case Explain(why):
                self.say(why)
            case Save():
                self.app.push_screen(ConfirmDialog("Save the changes and restart?"), self._saved)
            case Ignore():
                question = "Ignore the changes and start the operating system?"
                self.app.push_screen(ConfirmDialog(question), self._ignored)

    def _read(self, setting: Setting) -> None:
        tokens = settings.tokens(self._standing(setting).value)
        self.app.push_screen(TextPage(setting.name, "\n".join(map(entry, tokens))))

    def _edit(self, setting: Setting) -> None:
        value = self._standing(setting).value

        def taken(new: str | None) -> None:
            if new is not None:
                self._change(setting, new)

        if setting.kind is Kind.ENUMERATION:
            self.app.push_screen(ChoiceDialog(setting, value), taken)
        elif setting.kind is Kind.ORDERED_LIST:
            self.app.push_screen(OrderDialog(setting, value), taken)
        else:
            self.app.push_screen(TextDialog(setting, value, lambda text: _refusal(setting, text)), taken)

    def _edit_password(self, setting: Setting) -> None:
        assert setting.role is not None  # a password has one of two
        name = passwords.NAMES[setting.role]

        def change(current: str, new: str) -> str:
            try:
                done = self.machine.attempt(c.ChangePassword(setting.name, new, current))
            except Refused as refusal:
                return sentence(str(refusal))
            return "" if done else "Nothing was changed."

        def done(what: str | None) -> None:
            if what is not None:
                self.note(f"The {name} is {what}.")

        is_set = self._standing(setting).value == IS_SET
        self.app.push_screen(PasswordDialog(name, change, is_set=is_set), done)

    def _change(self, setting: Setting, value: str) -> None:
        if self.machine.do(c.StageSetting(setting.name, value)):
            ordered = setting.keeper is Keeper.RESTORE and value not in OFF_WORDS
            self.note(views.RESTORE_ORDERED if ordered else "")

    def _saved(self, yes: bool | None) -> None:
        if yes:
            self.machine.do(c.SaveAndExit())

    def _ignored(self, yes: bool | None) -> None:
        if yes:
            self.machine.do(c.Continue())


def _refusal(setting: Setting, text: str) -> str:
    try:
        settings.accepted(setting, text)
    except Refused as refusal:
        return str(refusal)
    return ""
