"""A card: names and values side by side, or one below the other where a value is long.

What it shows came from strangers, so it is text without markup, and nothing in it steers the terminal.
"""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Label

from emulator.protocol.certificate import printable

BESIDE = 26
"""Columns of a value that stands beside its name."""


class Card(Vertical):
    """Pairs of a name and a value; those without a value are left out."""

    def __init__(self, pairs: Iterable[tuple[str, str]], *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, classes="card")
        self._pairs = [(name, printable(value)) for name, value in pairs if value]

    def compose(self) -> ComposeResult:
        for name, value in self._pairs:
            with Horizontal(classes="pair" if len(value) <= BESIDE else "pair -long"):
                yield Label(name, classes="name", markup=False)
                yield Label(value, classes="value", markup=False)
