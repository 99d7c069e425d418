"""What all questions of the screen share: a box in the middle, the words of the machine's language, the signs of its look.

Each is a modal screen with a typed answer; None means that nothing shall change.
"""

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual.screen import ModalScreen
from textual.widgets import Label

from emulator.setup.look import Glyphs

if TYPE_CHECKING:
    from emulator.setup.app import ComputerSetup
    from emulator.setup.running import RunningMachine

Answer = TypeVar("Answer")

GIVES_WAY = ".gives-way"
"""The class of a scrolling part of a dialog."""
CHROME, LEAST = 12, 2
"""Rows of frame, title and keys of the tallest dialog that has one; and of the least that is left to scroll in."""


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A question over the screen of a phase."""

    @property
    def machine(self) -> "RunningMachine":
        return cast("ComputerSetup", self.app).machine

    @property
    def glyphs(self) -> Glyphs:
        return self.machine.look.glyphs

    def words(self, text: str, **values: object) -> str:
        """A text of the screen, in the machine's language and with the signs of its look."""
        return self.machine.language.say(text, **values)

    def on_resize(self) -> None:
        """What may be long leaves room for the keys."""
        for box in self.query(GIVES_WAY):
            box.styles.max_height = max(self.size.height - CHROME, LEAST)

    def title_of(self, text: str) -> Label:
        return Label(text, classes="title", markup=False)

    def keys(self, text: str) -> Label:
        """The line that names the keys."""
        return Label(self.words(text), classes="keys", markup=False)
