"""A calm page in the place of the operating system, with restart and power off."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label, Static

from emulator.firmware import commands as c
from emulator.setup import legends, views
from emulator.setup.phase_screen import PhaseScreen


class SystemScreen(PhaseScreen):
    """A calm page in the place of the operating system."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f10,r,R", "restart", "Restart"),
        Binding("f4,p,P", "power_off", "Power off"),
    ]

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        yield Label("", id="status", markup=False)
        yield Label(legends.SYSTEM, classes="legend", markup=False)

    def on_mount(self) -> None:
        self.refreshed()

    def refreshed(self) -> None:
        lines = views.operating_system(self.pc.report(), self.pc.firmware.session.device)
        self.query_one("#text", Static).update("\n".join(lines))

    def action_restart(self) -> None:
        self.machine.do(c.Restart())

    def action_power_off(self) -> None:
        self.machine.switch_off()
