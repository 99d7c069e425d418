"""One screen for each phase of the machine. A screen turns keys into commands and shows what came of them."""

import math
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Label, Static

from emulator import qr
from emulator.firmware import commands as c
from emulator.firmware import guard, settings
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import MENUS, Kind, Setting
from emulator.firmware.refusals import Refused
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolderError
from emulator.qr import Form, Matrix
from emulator.setup import pictures, placement, views
from emulator.setup.dialogs import ChoiceDialog, ConfirmDialog, OrderDialog, TextDialog, TextPage
from emulator.setup.navigator import EDITORS, Edit, Ignore, Intent, Key, Navigator, Save, Toggle
from emulator.setup.page import SettingsPage
from emulator.setup.qr_view import QRView

if TYPE_CHECKING:
    from emulator.setup.app import ComputerSetup

TICK = 0.5
"""Seconds between two looks at the clock."""


class PhaseScreen(Screen[None]):
    """A screen over the machine."""

    @property
    def machine(self) -> "ComputerSetup":
        return cast("ComputerSetup", self.app)

    @property
    def pc(self) -> TargetPC:
        return self.machine.pc

    def say(self, text: str) -> None:
        """Show a sentence where this screen shows sentences."""
        self.query_one("#status", Label).update(text)

    def refreshed(self) -> None:
        """The machine changed from elsewhere: show it."""


class PostScreen(PhaseScreen):
    """Power-on self-test: who the machine is, and a moment for a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f10,s", "setup", "Computer Setup"),
        Binding("enter", "go_on", "Start"),
    ]

    def __init__(self, notice: str, seconds: float) -> None:
        super().__init__()
        self._notice, self._seconds, self._until = notice, seconds, 0.0

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        yield Label("", id="status", markup=False)
        yield Label(views.POST_KEYS, classes="legend", markup=False)

    def on_mount(self) -> None:
        self._until = self.pc.clock.now().monotonic + self._seconds
        self.set_interval(TICK, self._tick)
        self._tick()

    def _tick(self) -> None:
        if self.pc.firmware.session.phase is not Phase.POST:
            return
        left = self._until - self.pc.clock.now().monotonic
        if left <= 0:
            self.action_go_on()
        else:
            lines = views.post(self.pc.firmware, math.ceil(left), self._notice)
            self.query_one("#text", Static).update("\n".join(lines))

    def action_setup(self) -> None:
        self.machine.do(c.EnterSetup())

    def action_go_on(self) -> None:
        self.machine.do(c.Continue())


class PresenceScreen(PhaseScreen):
    """The physical-presence prompt."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "refuse", "Refuse", priority=True)]

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        yield Input(max_length=16, placeholder="code")
        yield Label("", id="status", markup=False)
        yield Label(views.PRESENCE_KEYS, classes="legend", markup=False)

    def on_mount(self) -> None:
        prompt = self.pc.firmware.session.prompt
        if prompt is not None:
            self.query_one("#text", Static).update("\n".join(views.presence(prompt)))
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.input.clear()
        self.machine.do(c.AnswerPresence(event.value))

    def action_refuse(self) -> None:
        self.machine.do(c.RefusePresence())


class CodeField(Input):
    """Takes what can be part of a code; letters are left to the keys of the page."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return super().check_consume_key(key, character) and not (character or "").isalpha()


class ChallengeScreen(PhaseScreen):
    """The code, what it is about, and the field for the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Letters are no part of a code, so they are keys of the page, before the field sees them.
        Binding("f5,r", "renew", "New code", priority=True),
        Binding("f3,p", "picture", "Save a picture", priority=True),
        Binding("f4,t", "text", "Show the text", priority=True),
        Binding("f2,l", "large", "Large form", priority=True),
        Binding("escape", "go_on", "Go on", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._form = Form.HALF
        self._text = ""
        self._matrix: Matrix = []

    def compose(self) -> ComposeResult:
        with Container(id="challenge"):
            yield Container(id="code")
            with Vertical(id="side"):
                yield Label("Enter Response Code", id="prompt", markup=False)
                yield CodeField(max_length=64, placeholder="8 digits")
                yield Label("", id="status", markup=False)
                yield Label("", id="about", markup=False)
        yield Label(views.CHALLENGE_KEYS, classes="legend", markup=False)

    def on_mount(self) -> None:
        self.query_one(CodeField).focus()
        self.set_interval(TICK, self._tick)
        self._tick()

    def on_resize(self) -> None:
        self._draw()

    def _tick(self) -> None:
        """Ask for a new code when one is due, and show how long this one is good."""
        if self.pc.firmware.session.phase is not Phase.CHALLENGE:
            return
        door, now = self.pc.firmware.session.door, self.pc.clock.now()
        due = door.live is None or now.monotonic >= door.live.expires
        if due and guard.wait_left(door, now) == 0:
            self.machine.do(c.RefreshChallenge())
        live = self.pc.firmware.session.door.live
        text = "" if live is None else live.challenge.text
        if text != self._text:
            self._text = text
            self._matrix = qr.matrix(text) if text else []
            self._draw()
        lines = views.challenge(self.pc.firmware, now)
        self.query_one("#about", Label).update("\n".join([*self._too_small(), *lines]))

    def _placement(self) -> placement.Placement | None:
        return placement.place(self.size.width, self.size.height, len(self._matrix), self._form)

    def _too_small(self) -> list[str]:
        if not self._matrix or self._placement() is not None:
            return []
        columns, rows = placement.needed(len(self._matrix), self._form)
        return [
            (
                f"This window of {self.size.width}x{self.size.height} cannot show the code; {columns}x{rows} can. "
                "F3 or P saves it as a picture for the phone, F4 or T shows its text."
            ),
            "",
        ]

    def _draw(self) -> None:
        code = self.query_one("#code", Container)
        code.remove_children()
        place = self._placement() if self._matrix else None
        self.query_one("#challenge").set_class(place is not None and not place.beside, "below")
        code.display = place is not None
        if place is not None:
            code.styles.width, code.styles.height = qr.size(len(self._matrix), place.border, place.form)
            code.mount(QRView(self._matrix, place))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.input.clear()
        self.say("")
        self.machine.answer(event.value)

    def action_renew(self) -> None:
        self.say("")
        self.machine.do(c.RefreshChallenge())
        self._tick()

    def action_large(self) -> None:
        self._form = Form.FULL if self._form is Form.HALF else Form.HALF
        self._draw()
        self._tick()

    def action_picture(self) -> None:
        if not self._matrix:
            return
        try:
            path = pictures.save(self.machine.usb, "challenge", pictures.png(self._matrix))
        except (OSError, PCFolderError) as error:
            self.say(f"The picture could not be saved in {self.machine.usb}: {error}")
        else:
            self.say(f"Saved: {path}")

    def action_text(self) -> None:
        if self._text:
            # A blank at the end of a line would be lost in copying; JSON can spell it.
            text = self._text.replace(" ", "\\u0020")
            self.app.push_screen(TextPage("The text of the code, to be copied to the phone as it is", text))

    def action_go_on(self) -> None:
        self.machine.do(c.Continue())


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

        if EDITORS[setting.kind] == "choice":
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


class SystemScreen(PhaseScreen):
    """A calm page in the place of the operating system."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f10,r", "restart", "Restart"),
        Binding("f4,p", "power_off", "Power off"),
    ]

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        yield Label("", id="status", markup=False)
        yield Label(views.SYSTEM_KEYS, classes="legend", markup=False)

    def on_mount(self) -> None:
        self.refreshed()

    def refreshed(self) -> None:
        self.query_one("#text", Static).update("\n".join(views.operating_system(self.pc.report())))

    def action_restart(self) -> None:
        self.machine.do(c.Restart())

    def action_power_off(self) -> None:
        self.machine.switch_off()


def _refusal(setting: Setting, text: str) -> str:
    try:
        settings.accepted(setting, text)
    except Refused as refusal:
        return str(refusal)
    return ""


def screen_for(pc: TargetPC, notice: str, post_seconds: float) -> PhaseScreen:
    """A new screen for the machine's phase."""
    phase = pc.firmware.session.phase
    if phase is Phase.POST:
        return PostScreen(notice, post_seconds + int(pc.firmware.value("Startup Delay (sec.)")))
    if phase is Phase.SETUP:
        return SetupScreen(pc)
    if phase is Phase.PRESENCE:
        return PresenceScreen()
    return ChallengeScreen() if phase is Phase.CHALLENGE else SystemScreen()
