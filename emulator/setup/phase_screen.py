"""What the screens of all phases share: the machine behind them, its language and look, and a place for a sentence."""

import re
from typing import TYPE_CHECKING, cast

from textual.screen import Screen
from textual.widgets import Label

from emulator.machine import TargetPC
from emulator.setup.language import Language
from emulator.setup.look import Glyphs

if TYPE_CHECKING:
    from emulator.setup.app import ComputerSetup
    from emulator.setup.running import RunningMachine

TICK = 0.5
"""Seconds between two looks at the clock."""


class PhaseScreen(Screen[None]):
    """A screen over the machine."""

    CSS_PATH = "setup.tcss"

    @property
    def machine(self) -> "RunningMachine":
        return cast("ComputerSetup", self.app).machine

    @property
    def pc(self) -> TargetPC:
        return self.machine.pc

    @property
    def language(self) -> Language:
        return self.machine.language

    @property
    def glyphs(self) -> Glyphs:
        return self.machine.look.glyphs

    def words(self, text: str, **values: object) -> str:
        """A text of the screen, in the machine's language and with the signs of its look."""
        return self.language.say(text, **values)

    def legend(self, text: str) -> Label:
        """The last line, which names the keys."""
        return Label(self.keys_of(text), classes="legend", markup=False)

    def keys_of(self, legend: str) -> str:
        """A legend in words; a page in a browser has no key that switches off, which legends name last."""
        text = self.words(legend)
        return text if self.machine.quit_allowed else re.sub(r"\s*(Ctrl|Strg)\+Q\b.*", "", text)

    def say(self, text: str) -> None:
        """Show a sentence where this screen shows sentences."""
        self.query_one("#status", Label).update(text)

    def refreshed(self) -> None:
        """The machine changed from elsewhere: show it."""
