"""The challenge: the code, what it is about, and the field for the answer.

Where the window is too small for the code, the page says what size shows it, and offers its parts in turn, a picture, or the text.
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
from emulator.qr import Form
from emulator.setup import challenge_text, legends, pictures, placement, usb_stick
from emulator.setup.phase_screen import TICK, PhaseScreen
from emulator.setup.prompt_field import PromptField, entered
from emulator.setup.qr_view import QRView
from emulator.setup.shown_code import SECONDS_A_PART, ShownCode
from emulator.setup.usb_stick import StickFault
from emulator.setup.viewer import Viewer
from emulator.setup.wording import sentence


class CodeField(PromptField):
    """Takes what can be part of a code; letters are left to the keys of the page."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return super().check_consume_key(key, character) and not (character or "").isalpha()


class ChallengeScreen(PhaseScreen):
    """The code, what it is about, and the field for the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Letters are no part of a code, so they are keys of the page, before the field sees them.
        Binding("f5,r,R", "renew", "New code", priority=True),
        Binding("f3,p,P", "picture('png')", "Save a PNG", priority=True),
        Binding("f6,v,V", "picture('svg')", "Save an SVG", priority=True),
        Binding("f4,t,T", "text", "Show the text", priority=True),
        Binding("f2,l,L", "large", "Large form", priority=True),
        Binding("f7,m,M", "parts", "In parts", priority=True),
        Binding("escape", "go_on", "Go on", priority=True),
    ]

    def __init__(self, entry: Entry, notice: str) -> None:
        super().__init__()
        self._entry, self._notice = entry, notice
        self._code = ShownCode("", Form.HALF, in_parts=False)
        self._turned = 0.0
        self._text_page: Viewer | None = None

    def compose(self) -> ComposeResult:
        with Container(id="challenge"):
            yield Container(id="code")
            with Vertical(id="side"):
                yield Label(self.words("Enter Response Code"), id="prompt", markup=False)
                yield CodeField(max_length=64, placeholder=self.words("8 digits"))
                yield Label("", id="status", markup=False)
                yield Label("", id="about", markup=False)
        update = self._entry is Entry.FIRMWARE_UPDATE
        yield self.legend(legends.CHALLENGE_UPDATE if update else legends.CHALLENGE)

    def on_mount(self) -> None:
        self.query_one(CodeField).focus()
        self.say(self._notice)
        self.set_interval(TICK, self._tick)
        self._tick()

    def on_resize(self) -> None:
        self._draw()

    def _tick(self) -> None:
        """Ask for a new code when one is due, show how long this one is good, and turn to the next part."""
        if self.pc.firmware.session.phase is not Phase.CHALLENGE:
            return
        now = self.pc.clock.now()
        if guard.is_due(self.pc.firmware.session.door, now):
            self.machine.do(c.RefreshChallenge())
        live = self.pc.firmware.session.door.live
        text = "" if live is None else live.challenge.text
        if text != self._code.text:
            if self.app.screen is self._text_page:
                # What it shows is no good any more.
                self.app.pop_screen()
            self._show(ShownCode(text, self._code.form, in_parts=self._code.in_parts))
        elif self._code.in_parts and text and now.monotonic - self._turned >= SECONDS_A_PART:
            self._turn()
        lines = challenge_text.beside(self.pc.firmware, now, self.words)
        self.query_one("#about", Label).update("\n".join([*self._how_shown(), *lines]))

    def _how_shown(self) -> list[str]:
        """What to know about the code on the screen: which part it is, or why there is none."""
        code, (columns, rows) = self._code, self.size
        if not code.text:
            return []
        if code.place(columns, rows) is None:
            return [self._too_small(), ""]
        if code.in_parts:
            count = len(code.parts)
            return [
                self.words(
                    "Part {part} of {count}; the next comes by itself. Scan all.",
                    part=code.part + 1,
                    count=count,
                ),
                "",
            ]
        return []

    def _too_small(self) -> str:
        code, (columns, rows) = self._code, self.size
        if code.form is Form.FULL and ShownCode(code.text, Form.HALF, in_parts=code.in_parts).place(
            columns, rows
        ):
            return self.words(
                "This window is too small for the large form; F2 or L brings back the small one."
            )
        width, height = placement.needed(len(code.matrix), code.form)
        return self.words(
            "This window of {columns}x{rows} cannot show the code; {width}x{height} can. F7 or M shows it in "
            "parts, F3 or P saves it as a picture for the phone, F4 or T shows its text.",
            columns=columns,
            rows=rows,
            width=width,
            height=height,
        )

    def _show(self, code: ShownCode) -> None:
        self._code, self._turned = code, self.pc.clock.now().monotonic
        self._draw()

    def _turn(self) -> None:
        self._code.next_part()
        self._show(self._code)

    def _draw(self) -> None:
        box = self.query_one("#code", Container)
        box.remove_children()
        place = self._code.place(*self.size) if self._code.text else None
        self.query_one("#challenge").set_class(place is not None and not place.beside, "below")
        box.display = place is not None
        if place is not None:
            matrix = self._code.matrix
            box.styles.width, box.styles.height = qr.size(len(matrix), place.border, place.form)
            box.mount(QRView(matrix, place, mono=self.machine.look.mono))

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
        form = Form.FULL if self._code.form is Form.HALF else Form.HALF
        self._show(ShownCode(self._code.text, form, in_parts=self._code.in_parts))
        self._tick()

    def action_parts(self) -> None:
        """Show the parts, then one after the other, and after the last the whole code again."""
        code = self._code
        if code.in_parts and code.text and code.part + 1 < len(code.parts):
            self._turn()
        else:
            self._show(ShownCode(code.text, code.form, in_parts=not code.in_parts))
        self._tick()

    def action_picture(self, suffix: str) -> None:
        if not self._code.text:
            return
        draw = pictures.png if suffix == "png" else pictures.svg
        try:
            path = usb_stick.save(self.machine.usb, "challenge", suffix, draw(self._code.whole))
        except StickFault as fault:
            self.say(sentence(str(fault)))
        else:
            self.say(self.words("Saved: {path}", path=path))

    def action_text(self) -> None:
        if self._code.text:
            # A blank at the end of a line would be lost in copying; JSON can spell it.
            text = self._code.text.replace(" ", "\\u0020")
            title = self.words("The text of the code, to be copied to the phone as it is")
            self._text_page = Viewer(title, [text], exact=True)
            self.app.push_screen(self._text_page)

    def action_go_on(self) -> None:
        self.machine.do(c.Continue())
