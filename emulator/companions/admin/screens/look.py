"""How the console looks: its signs and its colours.

Colours are real ones, none a mixture, so that they survive 16 colours; with NO_COLOR they are black and white, and what has the focus is in
reverse. Signs come from code page 437, which Linux consoles have, but for the dots of a hidden text; without UTF-8 they are ASCII.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs that carry meaning, one column each."""

    done: str
    here: str
    open: str
    shut: str
    dot: str
    full: str
    empty: str
    chosen: str
    spelling: Mapping[str, str]

    def spelled(self, text: str) -> str:
        """A text of the program in this set of signs."""
        for sign, instead in self.spelling.items():
            text = text.replace(sign, instead)
        return text


_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
DRAWN = Signs("✓", "►", "▼", "►", "•", "█", "░", "•", {})
CONSOLE = Signs("√", "►", "▼", "►", "•", "█", "░", "•", {"✓": "√"})
PLAIN = Signs(
    "+",
    ">",
    "v",
    ">",
    "*",
    "#",
    ".",
    "x",
    {**_UMLAUTS, "✓": "+", "►": ">", "…": "...", "↑": "^", "↓": "v", "→": "->", "·": "-", "×": "x", "–": "-"},
)

COLOURED = {
    "ground": "#ffffff",
    "ink": "#000000",
    "dim": "#545454",
    "bar": "#0050d0",
    "bar-ink": "#ffffff",
    "bar-style": "none",
    "alarm": "#a80000",
    "good": "#007000",
    "frame": "#0050d0",
    "menu-ground": "#e8eef8",
    "field-ground": "#e0e0e0",
    "field-ink": "#000000",
    "focus-ground": "#c8dcff",
    "push-ground": "#c0c0c0",
    "push-ink": "#000000",
    "track": "#c0c0c0",
}
MONO = {
    name: "bold reverse"
    if name == "bar-style"
    else "#000000"
    if name in {"ground", "menu-ground", "bar", "field-ink", "track"}
    else "#ffffff"
    for name in COLOURED
} | {"push-ground": "#000000", "field-ground": "#000000", "field-ink": "#ffffff", "focus-ground": "#000000"}


@dataclass(frozen=True, slots=True)
class Look:
    signs: Signs = DRAWN
    mono: bool = False

    @property
    def is_plain(self) -> bool:
        return self.signs is PLAIN

    @property
    def theme(self) -> Theme:
        """The colours, for Textual. Its own design colours are named so that nothing of it shines through."""
        variables = MONO if self.mono else COLOURED
        return Theme(
            name="f10-admin",
            primary=variables["frame"],
            foreground=variables["ink"],
            background=variables["ground"],
            surface=variables["ground"],
            panel=variables["ground"],
            dark=False,
            variables=dict(variables),
        )


def chosen(environment: Mapping[str, str], encoding: str) -> Look:
    """The look that a terminal needs."""
    if encoding.lower().replace("-", "") not in {"utf8", "utf8sig"}:
        signs = PLAIN
    else:
        signs = CONSOLE if environment.get("TERM") == "linux" else DRAWN
    return Look(signs, mono=bool(environment.get("NO_COLOR")) or environment.get("TERM") == "vt100")
