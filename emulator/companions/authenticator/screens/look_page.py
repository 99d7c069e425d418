"""What a phone does with its camera, this one does with files: the page on which it is shown a code.

A picture's path, the text of the code, or the picture in the clipboard: all end as looks (see `source`), of which the two pages that
stand on this one make a key or a challenge.
"""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Label

from emulator.companions.authenticator import clipboard, source
from emulator.companions.authenticator.exceptions import QRCodeInvalidImage
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.source_field import SourceField, as_source
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.source import Shown


class LookPage(Page):
    """Asks what to look at. `look` says what comes of it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+v", "clipboard", "Clipboard", priority=True)]

    def frame(self, hint: str) -> ComposeResult:
        """The field and the ways to fill it, drawn as what a camera's finder is."""
        yield Label("┌──                          ──┐", classes="finder", markup=False)
        yield Label(hint, classes="hint finder", markup=False)
        yield Label("└──                          ──┘", classes="finder", markup=False)
        yield Label(self.words("Picture file, or paste the text"), classes="label", markup=False)
        yield SourceField(id="source", hint=self.words("path/to/picture.png"))
        yield Tap(self.words, "Look at it", "look", key="Enter", main=True)
        yield Tap(self.words, "Picture in the clipboard", "clipboard", key="^V")

    def look(self, seen: Callable[[], Shown]) -> None:
        """Look at what `seen` opens, and go on with it."""
        raise NotImplementedError

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(SourceField).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_look()

    def on_source_field_pasted(self, message: SourceField.Pasted) -> None:
        self._look_at(message.text)

    def action_look(self) -> None:
        typed = self.query_one(SourceField).value
        if as_source(typed):
            self._look_at(typed)
        else:
            self.refused(
                QRCodeInvalidImage(
                    "nothing was named: type the path of a picture, or paste the text of the code"
                )
            )

    def action_clipboard(self) -> None:
        self.look(clipboard.shown)

    def _look_at(self, given: str) -> None:
        wanted = as_source(given)
        self.look(lambda: source.shown(wanted, None))
