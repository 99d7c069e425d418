"""How long the PC still takes a PIN: ten minutes from the issue of its challenge, by the phone's clock.

The clocks of phone and PC may differ, so the end is told and not enforced: the PC is the judge. It is told three times over, by a bar, by
numbers and in words, because colour alone reaches neither everybody nor every terminal.
"""

from dataclasses import dataclass
from enum import Enum

from emulator.companions.authenticator.unlock import LIFE

ENDS_SOON = 60
"""Seconds before the end from which on it is said to be near."""
FULL, EMPTY = "█", "░"


class State(Enum):
    AHEAD = "ahead"
    VALID = "valid"
    ENDS_SOON = "ends soon"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Validity:
    """What is left at one moment; both times are Unix times."""

    issued_at: int
    now: float

    @property
    def left(self) -> int:
        """Seconds, never below 0; more than LIFE if the challenge comes from the future."""
        return max(0, int(self.issued_at + LIFE - self.now + 0.999))

    @property
    def state(self) -> State:
        if self.left > LIFE:
            return State.AHEAD
        if self.left == 0:
            return State.EXPIRED
        return State.ENDS_SOON if self.left <= ENDS_SOON else State.VALID

    def bar(self, columns: int) -> str:
        """Full while all of the time is left; its last block stays until the very end."""
        blocks = -(-min(self.left, LIFE) * columns // LIFE)
        return FULL * blocks + EMPTY * (columns - blocks)

    @property
    def clock(self) -> str:
        """`9:41`"""
        return f"{self.left // 60}:{self.left % 60:02}"
