"""*Scan QR code*: the phone looks at the challenge on a PC's screen.

Which key is asked for stands in the challenge, so nobody chooses one. Nothing secret happens here; the next page shows which machine asks.
"""

from collections.abc import Callable
from itertools import chain, islice
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Label

from emulator.companions.authenticator.exceptions import QRCodeDeserialization
from emulator.companions.authenticator.screens.look_page import LookPage
from emulator.companions.authenticator.screens.machine_page import MachinePage
from emulator.companions.authenticator.screens.parts_shown import PartsShown
from emulator.companions.authenticator.screens.source_field import SourceField
from emulator.companions.authenticator.screens.wording import later
from emulator.companions.authenticator.source import Shown


class ScanPage(LookPage):
    """From a picture to the machine that asks."""

    NAME: ClassVar[str] = later("Scan QR code")
    KEYS: ClassVar[str] = later("Enter look   → complete   Esc back")

    def __init__(self) -> None:
        super().__init__()
        self._parts = PartsShown()

    def body(self) -> ComposeResult:
        yield from self.frame(self.words("The code on the PC's screen"))
        yield Label("", id="parts", classes="caution", markup=False)

    def look(self, seen: Callable[[], Shown]) -> None:
        self.work(lambda: self._asked(seen()), self._show, self.words("Looking at the picture …"))

    def _asked(self, seen: Shown) -> MachinePage:
        looks = self._parts.looks(seen)
        # A part alone is refused here already: a person who shows one after the other makes no mistake that history should keep.
        first = list(islice(looks, 1))
        asked = self.phone.read_challenge(chain(first, looks))
        return MachinePage(asked, needs_secret=self.phone.needs_secret(asked.key))

    def _show(self, page: MachinePage) -> None:
        self._parts.forget()
        self.query_one("#parts", Label).update("")
        self.query_one(SourceField).clear()
        self.app.push_screen(page)

    def refused(self, refusal: Exception) -> None:
        missing = self._parts.missing() if isinstance(refusal, QRCodeDeserialization) else None
        if missing is None:
            super().refused(refusal)
            return
        self.query_one("#parts", Label).update(
            self.words(
                "{seen} of {count} parts seen. Still missing: {missing}. Show the next picture.",
                seen=self._parts.count,
                count=missing.count,
                missing=", ".join(map(str, missing.missing)),
            )
        )
        self.query_one("#parts").scroll_visible(animate=False)
        self.query_one(SourceField).clear()

    def forget(self) -> None:
        super().forget()
        self._parts.forget()
