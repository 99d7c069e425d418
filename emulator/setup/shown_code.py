"""What of a challenge's code is on the screen: all of it, or its parts in turn.

A screen that is too small for the whole code shows four smaller ones, one after the other; the phone joins them. Parts change by
themselves, slowly enough for a camera, and at once on a key.
"""

from functools import cached_property

from emulator import qr
from emulator.protocol import challenge_parts
from emulator.qr import Form, Matrix
from emulator.setup import placement
from emulator.setup.placement import Placement

SECONDS_A_PART = 3.0


class ShownCode:
    """One challenge's text, and how it is drawn."""

    def __init__(self, text: str, form: Form, *, in_parts: bool) -> None:
        self.text, self.form, self.in_parts = text, form, in_parts
        self.part = 0

    @cached_property
    def whole(self) -> Matrix:
        return qr.matrix(self.text) if self.text else []

    @cached_property
    def parts(self) -> list[Matrix]:
        return [qr.matrix(part) for part in challenge_parts.split(self.text)]

    @property
    def matrix(self) -> Matrix:
        """The code to draw now; empty while there is no challenge."""
        return self.parts[self.part] if self.in_parts and self.text else self.whole

    def next_part(self) -> None:
        self.part = (self.part + 1) % len(self.parts)

    def place(self, columns: int, rows: int) -> Placement | None:
        """Where the code goes, or None if it fits nowhere."""
        borders = placement.PART_BORDERS if self.in_parts else placement.BORDERS
        return placement.place(columns, rows, len(self.matrix), self.form, borders)
