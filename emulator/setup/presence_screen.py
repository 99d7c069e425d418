"""The physical-presence prompt: what will change, the code to type, and Esc to refuse."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Label, Static

from emulator.firmware import commands as c
from emulator.setup import legends, prompts
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.prompt_field import PromptField, entered


class PresenceScreen(PhaseScreen):
    """The physical-presence prompt."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "refuse", "Refuse", priority=True)]

    def __init__(self, notice: str) -> None:
        super().__init__()
        self._notice = notice

    def compose(self) -> ComposeResult:
        yield Static("", id="text", markup=False)
        yield PromptField(max_length=16, placeholder="code")
        yield Label("", id="status", markup=False)
        yield Label(legends.PRESENCE, classes="legend", markup=False)

    def on_mount(self) -> None:
        prompt = self.pc.firmware.session.prompt
        if prompt is not None:
            self.query_one("#text", Static).update("\n".join(prompts.presence(prompt)))
        self.query_one(Input).focus()
        self.say(self._notice)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if (typed := entered(event)) is not None:
            self.machine.do(c.AnswerPresence(typed))

    def action_refuse(self) -> None:
        self.machine.do(c.RefusePresence())
