"""The two menus between POST and the operating system: the startup menu (Esc) and the boot menu (F9).

They list only what works: keys that POST takes too, and devices that the firmware would start from.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from emulator.firmware import commands as c
from emulator.firmware.boot import Entry
from emulator.setup import legends
from emulator.setup.phase_screen import PhaseScreen


class StartMenu(PhaseScreen):
    """A heading, choices, and the keys. Esc goes on with the start."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "go_on", "Go on")]

    def __init__(self, heading: str, choices: Sequence[str], keys: str) -> None:
        super().__init__()
        self._heading, self._choices, self._keys = heading, choices, keys

    def compose(self) -> ComposeResult:
        yield Static(self._heading, id="text", markup=False)
        yield OptionList(*(Option(choice) for choice in self._choices), markup=False)
        yield Label("", id="status", markup=False)
        yield Label(self._keys, classes="legend", markup=False)

    def on_mount(self) -> None:
        choices = self.query_one(OptionList)
        choices.highlighted = 0 if self._choices else None
        choices.focus()

    def action_go_on(self) -> None:
        self.machine.do(c.Continue())


class StartupMenuScreen(StartMenu):
    """Continue, or one of the keys that POST takes."""

    ENTRIES: ClassVar[Sequence[tuple[str, str, c.Command]]] = (
        ("Continue Startup (Enter)", "", c.Continue()),
        ("Hardware Diagnostics (F2 or D)", "f2,d,D", c.OpenTool(Entry.DIAGNOSTICS)),
        ("Third-Party Option ROM Management (F3 or O)", "f3,o,O", c.OpenTool(Entry.OPTION_ROMS)),
        ("Boot Menu (F9 or B)", "f9,b,B", c.OpenBootMenu()),
        ("Computer Setup (F10 or S)", "f10,s,S", c.EnterSetup()),
        ("System Recovery (F11 or V)", "f11,v,V", c.OpenTool(Entry.RECOVERY)),
        ("Network Boot (F12 or N)", "f12,n,N", c.OpenTool(Entry.NETWORK_BOOT)),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, f"choose({number})", text) for number, (text, keys, _) in enumerate(ENTRIES) if keys
    ]

    def __init__(self) -> None:
        super().__init__("Startup Menu", [text for text, _, _ in self.ENTRIES], legends.STARTUP_MENU)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_choose(event.option_index)

    def action_choose(self, number: int) -> None:
        self.machine.do(self.ENTRIES[number][2])


class BootMenuScreen(StartMenu):
    """The devices that this machine can start from, in their order."""

    def __init__(self, devices: Sequence[str]) -> None:
        heading = "Boot Menu" if devices else "Boot Menu\n\nThis machine has nothing to start from."
        super().__init__(heading, devices, legends.BOOT_MENU)
        self._devices = devices

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.machine.do(c.StartFrom(self._devices[event.option_index]))
