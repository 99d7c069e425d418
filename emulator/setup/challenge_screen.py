"""The challenge: the code, what it is about, and the field for the answer.

Where the window is too small for the code, the page says what size shows it, and offers to save a picture or to show the text.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widgets import Input, Label

from emulator import qr
from emulator.firmware import commands as c
from emulator.firmware import guard
from emulator.firmware.boot import Entry, Phase
from emulator.pc_folder import PCFolderError
from emulator.qr import Form, Matrix
from emulator.setup import legends, pictures, placement, views
from emulator.setup.dialogs import TextPage
from emulator.setup.phase_screen import TICK, PhaseScreen
from emulator.setup.prompt_field import PromptField, entered
from emulator.setup.qr_view import QRView


class CodeField(PromptField):
    """Takes what can be part of a code; letters are left to the keys of the page."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return super().check_consume_key(key, character) and not (character or "").isalpha()


class ChallengeScreen(PhaseScreen):
    """The code, what it is about, and the field for the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Letters are no part of a code, so they are keys of the page, before the field sees them.
        Binding("f5,r,R", "renew", "New code", priority=True),
        Binding("f3,p,P", "picture", "Save a picture", priority=True),
        Binding("f4,t,T", "text", "Show the text", priority=True),
        Binding("f2,l,L", "large", "Large form", priority=True),
        Binding("escape", "go_on", "Go on", priority=True),
    ]

    def __init__(self, entry: Entry, notice: str) -> None:
        super().__init__()
        self._entry, self._notice = entry, notice
        self._form = Form.HALF
        self._text = ""
        self._matrix: Matrix = []

    def compose(self) -> ComposeResult:
        with Container(id="challenge"):
            yield Container(id="code")
            with Vertical(id="side"):
                yield Label("Enter Response Code", id="prompt", markup=False)
                yield CodeField(max_length=64, placeholder="8 digits")
                yield Label("", id="status", markup=False)
                yield Label("", id="about", markup=False)
        update = self._entry is Entry.FIRMWARE_UPDATE
        keys = legends.CHALLENGE_UPDATE if update else legends.CHALLENGE
        yield Label(keys, classes="legend", markup=False)

    def on_mount(self) -> None:
        self.query_one(CodeField).focus()
        self.say(self._notice)
        self.set_interval(TICK, self._tick)
        self._tick()

    def on_resize(self) -> None:
        self._draw()

    def _tick(self) -> None:
        """Ask for a new code when one is due, and show how long this one is good."""
        if self.pc.firmware.session.phase is not Phase.CHALLENGE:
            return
        door, now = self.pc.firmware.session.door, self.pc.clock.now()
        due = door.live is None or now.monotonic >= door.live.expires
        if due and guard.wait_left(door, now) == 0:
            self.machine.do(c.RefreshChallenge())
        live = self.pc.firmware.session.door.live
        text = "" if live is None else live.challenge.text
        if text != self._text:
            self._text = text
            self._matrix = qr.matrix(text) if text else []
            self._draw()
        lines = views.challenge(self.pc.firmware, now)
        self.query_one("#about", Label).update("\n".join([*self._too_small(), *lines]))

    def _placement(self) -> placement.Placement | None:
        return placement.place(self.size.width, self.size.height, len(self._matrix), self._form)

    def _too_small(self) -> list[str]:
        if not self._matrix or self._placement() is not None:
            return []
        if self._form is Form.FULL and placement.place(self.size.width, self.size.height, len(self._matrix)):
            return ["This window is too small for the large form; F2 or L brings back the small one.", ""]
        columns, rows = placement.needed(len(self._matrix), self._form)
        return [
            (
                f"This window of {self.size.width}x{self.size.height} cannot show the code; {columns}x{rows} can. "
                "F3 or P saves it as a picture for the phone, F4 or T shows its text."
            ),
            "",
        ]

    def _draw(self) -> None:
        code = self.query_one("#code", Container)
        code.remove_children()
        place = self._placement() if self._matrix else None
        self.query_one("#challenge").set_class(place is not None and not place.beside, "below")
        code.display = place is not None
        if place is not None:
            code.styles.width, code.styles.height = qr.size(len(self._matrix), place.border, place.form)
            code.mount(QRView(self._matrix, place))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if (typed := entered(event)) is None:
            return
        self.say("")
        self.machine.answer(typed)
        self._tick()

    def action_renew(self) -> None:
        self.say("")
        self.machine.do(c.RefreshChallenge())
        self._tick()

    def action_large(self) -> None:
        self._form = Form.FULL if self._form is Form.HALF else Form.HALF
        self._draw()
        self._tick()

    def action_picture(self) -> None:
        if not self._matrix:
            return
        try:
            path = pictures.save(self.machine.usb, "challenge", pictures.png(self._matrix))
        except (OSError, PCFolderError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            self.say(f"The picture could not be saved in {self.machine.usb}: {reason}")
        else:
            self.say(f"Saved: {path}")

    def action_text(self) -> None:
        if self._text:
            # A blank at the end of a line would be lost in copying; JSON can spell it.
            text = self._text.replace(" ", "\\u0020")
            self.app.push_screen(TextPage("The text of the code, to be copied to the phone as it is", text))

    def action_go_on(self) -> None:
        self.machine.do(c.Continue())
