"""The prompt for a password: before POST, or at the door of Computer Setup or of the boot menu.

What is typed is handed to the firmware at once and kept nowhere. After the third wrong one the firmware looks at none before the next
restart, so the field goes away and the key for a restart stays.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Label, Static

from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.setup import legends, prompts
from emulator.setup.password_field import PasswordField
from emulator.setup.phase_screen import PhaseScreen


class PasswordScreen(PhaseScreen):
    """Asks for the password that this phase stands for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+r", "restart", "Restart", priority=True),
        Binding("escape", "go_on", "Go on", priority=True),
    ]

    def __init__(self, phase: Phase, notice: str) -> None:
        super().__init__()
        self._at_a_door, self._notice = phase is Phase.PASSWORD, notice
        self._keys = legends.DOOR if self._at_a_door else legends.POWER_ON
        self._locked_keys = legends.DOOR_LOCKED if self._at_a_door else legends.LOCKED

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        yield PasswordField()
        yield Label("", id="status", markup=False)
        yield Label(self._keys, classes="legend", markup=False)

    def on_mount(self) -> None:
        self.query_one("#text", Static).update("\n".join(prompts.password(self.pc.firmware)))
        self.query_one(PasswordField).focus()
        self.say(self._notice)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.input.clear()
        self.say("")
        if not self.machine.do(c.TypePassword(event.value)) and self.pc.firmware.session.password_tries == 0:
            self.query_one(PasswordField).display = False
            self.query_one(".legend", Label).update(self._locked_keys)

    def action_restart(self) -> None:
        self.machine.do(c.Restart())

    def action_go_on(self) -> None:
        """Esc leaves a door shut and starts the operating system; before POST there is no way past."""
        if self._at_a_door:
            self.machine.do(c.Continue())
