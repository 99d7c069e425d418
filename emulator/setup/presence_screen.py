"""The physical-presence prompt: what will change, the code to type, and Esc to refuse.

Whoever wants something harmful confirmed would put it where nobody looks: a long list scrolls, and says that it goes on.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Label, Static

from emulator.firmware import commands as c
from emulator.setup import legends, prompts
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.prompt_field import PromptField, entered

CHROME, LEAST = 13, 3
"""Rows of everything below the list; and of the least that is left to scroll in."""


class PresenceScreen(PhaseScreen):
    """The physical-presence prompt."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "Refuse", priority=True),
        Binding("up", "scroll('scroll_up')", "Up", priority=True),
        Binding("down", "scroll('scroll_down')", "Down", priority=True),
        Binding("pageup", "scroll('scroll_page_up')", "Page up", priority=True),
        Binding("pagedown", "scroll('scroll_page_down')", "Page down", priority=True),
    ]

    def __init__(self, notice: str) -> None:
        super().__init__()
        self._notice = notice

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="list"):
            yield Static("", id="text", markup=False)
        yield Static("", id="more", markup=False)
        yield Static("", id="code-to-type", markup=False)
        yield PromptField(max_length=16, placeholder=self.words("code"))
        yield Label("", id="status", markup=False)
        yield self.legend(legends.PRESENCE)

    def on_mount(self) -> None:
        prompt = self.pc.firmware.session.prompt
        if prompt is not None:
            lines = "\n".join(prompts.presence(prompt, self.words))
            # What will change stands there in the firmware's own words.
            self.query_one("#text", Static).update(self.glyphs.spelled(lines))
            self.query_one("#code-to-type", Static).update(
                "\n".join(prompts.presence_code(prompt, self.words))
            )
        box = self.query_one("#list", VerticalScroll)
        box.can_focus = False
        self.watch(box, "scroll_y", self._tell_more, init=False)
        self.query_one(Input).focus()
        self.say(self._notice)

    def on_resize(self) -> None:
        box = self.query_one("#list", VerticalScroll)
        box.styles.max_height = max(self.size.height - CHROME, LEAST)
        self.call_after_refresh(self._tell_more)

    def _tell_more(self) -> None:
        """Say how many lines are out of sight."""
        box = self.query_one("#list", VerticalScroll)
        above, below = int(box.scroll_offset.y), int(box.max_scroll_y - box.scroll_offset.y)
        text = self.words("Lines above: {above}   lines below: {below}", above=above, below=below)
        self.query_one("#more", Static).update(text if above or below else "")

    def action_scroll(self, way: str) -> None:
        getattr(self.query_one("#list", VerticalScroll), way)(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if (typed := entered(event)) is not None:
            self.machine.do(c.AnswerPresence(typed))

    def action_refuse(self) -> None:
        self.machine.do(c.RefusePresence())
