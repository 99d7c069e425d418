"""What the screens of all phases share: the machine behind them, and a place for a sentence."""

from typing import TYPE_CHECKING, cast

from textual.screen import Screen
from textual.widgets import Label

from emulator.machine import TargetPC

if TYPE_CHECKING:
    from emulator.setup.app import ComputerSetup

TICK = 0.5
"""Seconds between two looks at the clock."""


class PhaseScreen(Screen[None]):
    """A screen over the machine."""

    @property
    def machine(self) -> "ComputerSetup":
        return cast("ComputerSetup", self.app)

    @property
    def pc(self) -> TargetPC:
        return self.machine.pc

    def say(self, text: str) -> None:
        """Show a sentence where this screen shows sentences."""
        self.query_one("#status", Label).update(text)

    def refreshed(self) -> None:
        """The machine changed from elsewhere: show it."""
