"""The notice that the cover was taken off. Enter acknowledges it, with the administrator password where the firmware asks for one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Label, Static

from emulator.firmware import commands as c
from emulator.firmware.refusals import PasswordNeeded, Refused
from emulator.setup import legends, prompts
from emulator.setup.password_field import PasswordField
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.prompt_field import entered
from emulator.setup.wording import sentence


class CoverScreen(PhaseScreen):
    """The field for a password comes only when the firmware refused to do without."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "acknowledge", "Acknowledge"),
        Binding("f5,ctrl+r", "restart", "Restart", priority=True),
    ]

    def __init__(self, notice: str) -> None:
        super().__init__()
        self._notice = notice

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        field = PasswordField()
        field.display = False
        yield field
        yield Label("", id="status", markup=False)
        yield self.legend(legends.COVER)

    def on_mount(self) -> None:
        self.query_one("#text", Static).update("\n".join(prompts.cover(self.pc.firmware, self.words)))
        self.say(self._notice)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if (typed := entered(event)) is not None:
            self._acknowledge(typed)

    def action_acknowledge(self) -> None:
        self._acknowledge("")

    def action_restart(self) -> None:
        self.machine.do(c.Restart())

    def _acknowledge(self, password: str) -> None:
        self.say("")
        field = self.query_one(PasswordField)
        try:
            self.machine.attempt(c.AcknowledgeCover(password))
        except PasswordNeeded as refusal:
            field.display = True
            field.focus()
            self.say(sentence(str(refusal)))
        except Refused as refusal:
            self.say(sentence(str(refusal)))
            if self.pc.firmware.session.password_tries == 0:
                field.display = False
                self.query_one(".legend", Label).update(self.keys_of(legends.LOCKED))
