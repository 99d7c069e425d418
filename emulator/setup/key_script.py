"""Keys as text: what a person would press, one word a key, for scripts that nobody watches.

    F10 right*2 down enter  "Hello world" enter  wait:5  ctrl+s

Words stand between blanks. A name is a key, whatever its case; any single sign is itself; what stands in double quotes is typed sign by
sign (a backslash before a double quote or a backslash lets it be one); `wait:N` lets N seconds pass on the machine's clock; `*N`
behind any of these does it N times. All of a script is understood before anything is switched on.

Passwords are typed by scripts, too. So a refusal tells where the word stands, and never the word.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_STEPS = 100_000
MOST_TIMES = 1_000
LONGEST_WAIT = 86_400.0
"""Seconds: a day."""

_NAMED = {
    "up": "up",
    "down": "down",
    "left": "left",
    "right": "right",
    "enter": "enter",
    "esc": "escape",
    "escape": "escape",
    "space": "space",
    "tab": "tab",
    "shift+tab": "shift+tab",
    "pgup": "pageup",
    "pageup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "pagedown": "pagedown",
    "home": "home",
    "end": "end",
    "backspace": "backspace",
    "delete": "delete",
}
KEYS: Mapping[str, str] = (
    _NAMED
    | {f"f{number}": f"f{number}" for number in range(1, 13)}
    | {f"ctrl+{letter}": f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
)
"""Names in a script, and what the screen calls the keys."""
KNOWN = f"F1 to F12, {', '.join(_NAMED)}, ctrl+a to ctrl+z, wait:SECONDS, any single sign, and text in double quotes"

_WORD = re.compile(r'("(?:[^"\\]|\\["\\])*"|[^\s"]\S*?)(?:\*([1-9][0-9]{0,6}))?(?=\s|$)')
_WAIT = re.compile(r"wait:([0-9]{1,6}(?:\.[0-9]{1,3})?)", re.IGNORECASE)


class UnknownKey(Exception):
    """A word that is no key, or a script that is too long."""


@dataclass(frozen=True, slots=True)
class Press:
    """One key; `character` is what it types."""

    key: str = field(repr=False)
    character: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wait:
    """Time that passes."""

    seconds: float


Step = Press | Wait


def parse(script: str) -> tuple[Step, ...]:
    """The steps of a script. Raises UnknownKey."""
    steps: list[Step] = []
    for place, (word, times) in enumerate(_words(script), 1):
        steps += _meant(word, place) * times
        if len(steps) > MOST_STEPS:
            raise UnknownKey(f"at most {MOST_STEPS} keys are played; word {place} of the keys goes beyond")
    return tuple(steps)


def _words(script: str) -> Iterator[tuple[str, int]]:
    """Words and how many times each."""
    at, place = 0, 0
    while rest := script[at:].lstrip():
        place, at = place + 1, len(script) - len(rest)
        found = _WORD.match(script, at)
        if found is None:
            raise UnknownKey(
                f"word {place} of the keys: text begins with a double quote and ends with one, and a blank follows"
            )
        times = int(found[2] or 1)
        if times > MOST_TIMES:
            raise UnknownKey(f"word {place} of the keys: a key is repeated at most {MOST_TIMES} times")
        yield found[1], times
        at = found.end()


def _meant(word: str, place: int) -> list[Step]:
    if word.startswith('"'):
        return [_typed(sign, place) for sign in re.sub(r"\\(.)", r"\1", word[1:-1])]
    if len(word) == 1:
        return [_typed(word, place)]
    if word.lower() in KEYS:
        key = KEYS[word.lower()]
        return [Press(key, " " if key == "space" else None)]
    if (wait := _WAIT.fullmatch(word)) and float(wait[1]) <= LONGEST_WAIT:
        return [Wait(float(wait[1]))]
    near = difflib.get_close_matches(word.lower(), KEYS, n=1)
    hint = f"; perhaps {near[0]} is meant" if near else ""
    raise UnknownKey(f"word {place} of the keys is no key{hint}. Known are {KNOWN}")


def _typed(sign: str, place: int) -> Press:
    if not sign.isprintable():
        raise UnknownKey(f"word {place} of the keys: text holds a sign that no keyboard types")
    return Press(sign, sign)
