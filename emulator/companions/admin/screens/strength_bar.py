"""The strength of a passphrase while it is typed: a bar, a word, and how long somebody would have to guess.

The judgement is made in a thread, of the newest text only, and nothing of the text is kept here.
"""

import asyncio

from textual import work
from textual.widgets import Label

from emulator.companions import strength
from emulator.companions.admin.screens.console import console_of

CELLS = 2
"""Cells of the bar for each grade above the lowest."""
GRADES = len(strength.GRADES)


class StrengthBar(Label):
    """Empty as long as nothing is typed."""

    def __init__(self) -> None:
        super().__init__("", classes="strength", markup=False)

    def judge(self, passphrase: str) -> None:
        self._judge(passphrase)

    @work(exclusive=True, group="strength")
    async def _judge(self, passphrase: str) -> None:
        if not passphrase:
            self.show_nothing()
            return
        self.show(await asyncio.to_thread(strength.judge, passphrase))

    def show_nothing(self) -> None:
        self.update("")
        self.set_classes("strength")

    def show(self, judged: strength.Strength) -> None:
        words, signs = console_of(self).words, console_of(self).signs
        most = CELLS * (GRADES - 1)
        full = max(1, CELLS * judged.score)
        bar = signs.full * full + signs.empty * (most - full)
        lasts = judged.time_to_guess(words)
        self.update(f"{bar} {words(judged.label)}: {lasts}")
        self.set_classes(f"strength {'good' if judged.acceptable else 'poor'}")
        self.call_after_refresh(self.scroll_visible, animate=False)
