"""A calm page in the place of the operating system, with restart and power off."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Label, Static

from emulator.firmware import commands as c
from emulator.setup import legends, system_text
from emulator.setup.phase_screen import PhaseScreen


class SystemScreen(PhaseScreen):
    """What the management side sees; it scrolls where much is pending."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f10,r,R", "restart", "Restart"),
        Binding("f4,p,P", "power_off", "Power off"),
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="scroll"):
            yield Static("", id="text", markup=False)
        yield Label("", id="status", markup=False)
        yield self.legend(legends.SYSTEM)

    def on_mount(self) -> None:
        self.query_one("#scroll").focus()
        self.refreshed()

    def refreshed(self) -> None:
        lines = system_text.page(self.pc.report(), self.pc.firmware.session.device, self.words)
        self.query_one("#text", Static).update("\n".join(lines))

    def action_restart(self) -> None:
        self.machine.do(c.Restart())

    def action_power_off(self) -> None:
        self.machine.switch_off()
