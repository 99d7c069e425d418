"""Texts of the console: found in the catalogue of its language, written in the signs of its look.

A text that is not given to a speaker right where it stands, but kept in a table or a constant, goes through `told`, which changes nothing:
so a test finds every text that needs German.
"""

from collections.abc import Callable

from emulator.companions.language import Words


def told(text: str) -> str:
    """A text that will be spoken elsewhere."""
    return text


class Speaker(Words):
    """Finds words and spells them."""

    def __init__(self, words: Words, spelled: Callable[[str], str]) -> None:
        super().__init__({})
        self._words, self._spelled = words, spelled

    def __call__(self, text: str, **values: object) -> str:
        return self._spelled(self._words(text, **values))
