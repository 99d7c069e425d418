"""How the screen looks: its theme, and the signs that it may use.

The real setup screen of 2015 and later is white: grey menu words, a blue bar over the whole width as cursor, no help pane. What people
expect of a BIOS is blue and grey with a help pane at the right, as text screens of other makers have it. Both stand over the same
navigator. `plain` uses ASCII alone, for terminals that draw other signs badly or two columns wide. `mono` uses black and white and
the attributes bold, underlined and reverse, which also come through where colours do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Theme(Enum):
    WHITE = "white"
    VGA = "vga"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs that carry meaning, one column each."""

    cursor: str
    link: str
    back: str
    opens: str
    rule: str
    ellipsis: str
    grabbed: str
    dot: str
    arrows: Mapping[str, str]
    """What legends write → what this set of signs has for it."""

    def spelled(self, text: str) -> str:
        """A text of the program in this set of signs."""
        for sign, instead in self.arrows.items():
            text = text.replace(sign, instead)
        return text


# Nothing beyond code page 437 but the bullet of a password field, so that a Linux console has every sign.
DRAWN = Glyphs("»", "►", "◄", "▼", "─", "…", "↕", "•", {})
PLAIN = Glyphs(
    ">",
    "+",
    "<",
    "v",
    "-",
    "~",
    "^",
    "*",
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "↑": "^",
        "↓": "v",
        "←→": "<>",
        "→": ">",
        "►": "+",
        "◄": "<",
        "…": "...",
        "─": "-",
        "×": "x",
    },
)


@dataclass(frozen=True, slots=True)
class Look:
    theme: Theme = Theme.WHITE
    plain: bool = False
    mono: bool = False

    @property
    def glyphs(self) -> Glyphs:
        return PLAIN if self.plain else DRAWN

    @property
    def colours(self) -> str:
        """The name of the set of colours, see `colours`."""
        return "mono" if self.mono else self.theme.value


def chosen(options: Mapping[str, str], environment: Mapping[str, str], encoding: str) -> Look:
    """The look that the options of a command line ask for, else the environment, else what the terminal needs.

    A Linux console has no bright backgrounds, so that white text grounds come out black there: it gets the blue one.
    """
    usual = Theme.VGA if environment.get("TERM") == "linux" else Theme.WHITE
    theme = options.get("--theme") or environment.get("F10_THEME") or usual.value
    return Look(
        Theme(theme),
        plain="--ascii" in options or encoding.lower().replace("-", "") not in {"utf8", "utf8sig"},
        mono="--mono" in options or bool(environment.get("NO_COLOR")) or environment.get("TERM") == "vt100",
    )
