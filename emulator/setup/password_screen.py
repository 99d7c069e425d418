"""The prompt for a password: before POST, or at a door.

What is typed is handed to the firmware at once and kept nowhere. After the third wrong one the firmware looks at none before the next
restart, so the field goes away and the key for a restart stays.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Label, Static

from emulator.firmware import commands as c
from emulator.firmware.boot import Entry, Phase
from emulator.setup import legends, prompts
from emulator.setup.password_field import PasswordField
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.prompt_field import entered


class PasswordScreen(PhaseScreen):
    """Asks for the password that this phase stands for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+r", "restart", "Restart", priority=True),
        Binding("escape", "go_on", "Go on", priority=True),
    ]

    def __init__(self, phase: Phase, entry: Entry, notice: str) -> None:
        super().__init__()
        self._at_a_door, self._notice = phase is Phase.PASSWORD, notice
        if not self._at_a_door:
            self._keys, self._locked_keys = legends.POWER_ON, legends.LOCKED
        elif entry is Entry.FIRMWARE_UPDATE:
            self._keys, self._locked_keys = legends.UPDATE_DOOR, legends.UPDATE_LOCKED
        else:
            self._keys, self._locked_keys = legends.DOOR, legends.DOOR_LOCKED

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        yield PasswordField()
        yield Label("", id="status", markup=False)
        yield self.legend(self._keys)

    def on_mount(self) -> None:
        self.query_one("#text", Static).update("\n".join(prompts.password(self.pc.firmware, self.words)))
        self.query_one(PasswordField).focus()
        self.say(self._notice)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if (typed := entered(event)) is None:
            return
        self.say("")
        if not self.machine.do(c.TypePassword(typed)) and self.pc.firmware.session.password_tries == 0:
            self.query_one(PasswordField).display = False
            self.query_one(".legend", Label).update(self.keys_of(self._locked_keys))

    def action_restart(self) -> None:
        self.machine.do(c.Restart())

    def action_go_on(self) -> None:
        """Esc leaves a door shut and goes on with the start; before POST there is no way past."""
        if self._at_a_door:
            self.machine.do(c.Continue())
