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
from emulator.firmware import settings
from emulator.firmware.catalogue import MENUS, Kind, Setting
from emulator.firmware.refusals import Refused
from emulator.machine import TargetPC
from emulator.setup import views
from emulator.setup.dialogs import ChoiceDialog, ConfirmDialog, OrderDialog, TextDialog
from emulator.setup.navigator import Edit, Ignore, Intent, Key, Navigator, Save, Toggle
from emulator.setup.page import SettingsPage
from emulator.setup.phase_screen import PhaseScreen


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
        self.navigator = Navigator(pc.firmware.catalogue)

    def compose(self) -> ComposeResult:
        yield Static("", id="menus", markup=False)
        yield Static("─" * 400, id="rule", markup=False)
        yield SettingsPage(self.navigator, self.value, self._staged)
        yield Static("", id="help", markup=False)
        yield Label(views.SETUP_KEYS, classes="legend", markup=False)

    def on_mount(self) -> None:
        self.query_one(SettingsPage).focus()
        self.say("")

    def value(self, name: str) -> str:
        """The value on the screen: what was staged, else what is stored."""
        staged = self.pc.firmware.session.staged
        return staged[name] if name in staged else self.pc.firmware.value(name)

    def say(self, text: str) -> None:
        self.query_one(SettingsPage).show(text)
        self.query_one("#menus", Static).update(self._menus())
        row = self.navigator.row
        self.query_one("#help", Static).update("" if row is None else row.help)

    def action_key(self, name: str) -> None:
        row = self.navigator.row
        value = self.value(row.name) if isinstance(row, Setting) else ""
        self._carry_out(self.navigator.press(Key[name], value))

    def on_settings_page_struck(self) -> None:
        self.action_key("ENTER")

    def on_click(self, event: events.Click) -> None:
        """The menu words, by mouse."""
        if event.screen_y == 0:
            at = 1
            for number, menu in enumerate(MENUS):
                if at <= event.screen_x < at + len(menu):
                    self.navigator.open_menu(number)
                    self.say("")
                at += len(menu) + 3

    def _menus(self) -> Content:
        words = [
            (menu, "bold #000000" if number == self.navigator.menu else "#6a6a6a")
            for number, menu in enumerate(MENUS)
        ]
        parts: list[tuple[str, str]] = []
        for word in words:
            parts += [word, (" | ", "#b0b0b0")]
        return Content.assemble(*parts[:-1], ("    Computer Setup", "#6a6a6a"))

    def _staged(self, name: str) -> bool:
        return name in self.pc.firmware.session.staged

    def _carry_out(self, intent: Intent) -> None:
        if isinstance(intent, Toggle):
            self._change(intent.setting, intent.value)
        elif isinstance(intent, Edit):
            self._edit(intent.setting)
        elif isinstance(intent, Save):
            self.app.push_screen(ConfirmDialog("Save the changes and restart?"), self._saved)
        elif isinstance(intent, Ignore):
            self.app.push_screen(
                ConfirmDialog("Ignore the changes and start the operating system?"), self._ignored
            )
        else:
            self.say("")

    def _edit(self, setting: Setting) -> None:
        value = self.value(setting.name)

        def taken(new: str | None) -> None:
            if new is not None:
                self._change(setting, new)

        if setting.kind is Kind.ENUMERATION:
            self.app.push_screen(ChoiceDialog(setting, value), taken)
        elif setting.kind is Kind.ORDERED_LIST:
            self.app.push_screen(OrderDialog(setting, value), taken)
        else:
            self.app.push_screen(TextDialog(setting, value, lambda text: _refusal(setting, text)), taken)

    def _change(self, setting: Setting, value: str) -> None:
        if self.machine.do(c.StageSetting(setting.name, value)):
            self.say("")

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
