"""The two menus between POST and the operating system: the startup menu (Esc) and the boot menu (F9).

They list only what works: keys that POST takes too, and devices that the firmware would start from.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label, OptionList, Static

from emulator.firmware import commands as c
from emulator.firmware.boot import Entry
from emulator.setup import legends
from emulator.setup.choices import Choices
from emulator.setup.phase_screen import PhaseScreen


class StartMenu(PhaseScreen):
    """A heading, choices, and the keys. Esc goes on with the start."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "go_on", "Go on")]

    def __init__(self, heading: Sequence[str], keys: str) -> None:
        super().__init__()
        self._heading, self._keys = heading, keys

    def choices(self) -> Sequence[str]:
        """The lines to choose from."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield Static("\n\n".join(map(self.words, self._heading)), id="text", markup=False)
        yield Choices(*self.choices(), sign=self.glyphs.cursor)
        yield Label("", id="status", markup=False)
        yield self.legend(self._keys)

    def on_mount(self) -> None:
        choices = self.query_one(OptionList)
        choices.highlighted = 0 if choices.option_count else None
        choices.focus()

    def action_go_on(self) -> None:
        self.machine.do(c.Continue())


class StartupMenuScreen(StartMenu):
    """Continue, or one of the keys that POST takes."""

    ENTRIES: ClassVar[Sequence[tuple[str, str, c.Command | None]]] = (
        ("Continue Startup (Enter)", "", c.Continue()),
        ("System Information (F1 or I)", "f1,i,I", None),
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
        super().__init__(["Startup Menu"], legends.STARTUP_MENU)

    def choices(self) -> Sequence[str]:
        return [self.words(text) for text, _, _ in self.ENTRIES]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_choose(event.option_index)

    def action_choose(self, number: int) -> None:
        command = self.ENTRIES[number][2]
        if command is None:
            self.machine.show_information()
        else:
            self.machine.do(command)


class BootMenuScreen(StartMenu):
    """The devices that this machine can start from, in their order."""

    def __init__(self, devices: Sequence[str]) -> None:
        heading = ["Boot Menu"] if devices else ["Boot Menu", "This machine has nothing to start from."]
        super().__init__(heading, legends.BOOT_MENU)
        self._devices = devices

    def choices(self) -> Sequence[str]:
        return self._devices

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.machine.do(c.StartFrom(self._devices[event.option_index]))
