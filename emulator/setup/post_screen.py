"""POST: who the machine is, and a moment for a key."""

import math
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label, Static

from emulator.firmware import commands as c
from emulator.firmware.boot import Entry, Phase
from emulator.setup import legends, views
from emulator.setup.phase_screen import TICK, PhaseScreen


class PostScreen(PhaseScreen):
    """Power-on self-test: who the machine is, and a moment for a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f10,s,S", "setup", "Computer Setup"),
        Binding("f9,b,B", "boot_menu", "Boot menu"),
        Binding("f1,i,I", "information", "System Information"),
        Binding("f2,d,D", "tool('DIAGNOSTICS')", "Diagnostics"),
        Binding("f3,o,O", "tool('OPTION_ROMS')", "Option ROMs"),
        Binding("f11,v,V", "tool('RECOVERY')", "System recovery"),
        Binding("f12,n,N", "tool('NETWORK_BOOT')", "Network boot"),
        Binding("escape", "startup_menu", "Startup menu"),
        Binding("enter", "go_on", "Start"),
    ]

    def __init__(self, notice: str, seconds: float) -> None:
        super().__init__()
        self._notice, self._seconds, self._until = notice, seconds, 0.0

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        yield Label("", id="status", markup=False)
        yield self.legend(legends.POST)

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
            lines = views.post(self.pc.firmware, math.ceil(left), self._notice, self.words)
            self.query_one("#text", Static).update("\n".join(lines))

    def action_information(self) -> None:
        """What F1 shows stands over the startup menu, for POST would not wait."""
        if self.machine.do(c.OpenStartupMenu()):
            self.machine.show_information()

    def action_setup(self) -> None:
        self.machine.do(c.EnterSetup())

    def action_boot_menu(self) -> None:
        self.machine.do(c.OpenBootMenu())

    def action_tool(self, name: str) -> None:
        self.machine.do(c.OpenTool(Entry[name]))

    def action_startup_menu(self) -> None:
        self.machine.do(c.OpenStartupMenu())

    def action_go_on(self) -> None:
        self.machine.do(c.Continue())
