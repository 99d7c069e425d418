"""One honest page for what lies outside this firmware: diagnostics, option ROMs, system recovery, network boot.

Their doors are real, because keys and passwords guard them. What stands behind them on a real machine is another program, and the page
says which.
"""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label, Static

from emulator.firmware import commands as c
from emulator.firmware.boot import Entry
from emulator.setup import legends, wording
from emulator.setup.phase_screen import PhaseScreen

REAL: Mapping[Entry, str] = {
    Entry.DIAGNOSTICS: "A real machine would run its hardware diagnostics here: tests of memory, drives, fans and battery.",
    Entry.OPTION_ROMS: "A real machine would list the option ROMs of third parties here, and let each be started or left out.",
    Entry.RECOVERY: (
        "A real machine would start its recovery here: from a partition, or over the network with the image that "
        "Sure Recover was given."
    ),
    Entry.NETWORK_BOOT: "A real machine would look for a server on the network here, and start what that sends.",
}


class ToolScreen(PhaseScreen):
    """The page behind the door of a pre-boot tool."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "go_on", "Go on"),
        Binding("f5,ctrl+r", "restart", "Restart"),
    ]

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry

    def compose(self) -> ComposeResult:
        lines = [
            wording.heading(self.words(self._entry.value)),
            "",
            self.words(REAL[self._entry]),
            "",
            self.words("That is a program of its own, and is not emulated."),
        ]
        yield Static("\n".join(lines), id="text", markup=False)
        yield Label("", id="status", markup=False)
        yield self.legend(legends.TOOL)

    def action_go_on(self) -> None:
        self.machine.do(c.Continue())

    def action_restart(self) -> None:
        self.machine.do(c.Restart())
