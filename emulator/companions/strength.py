"""How long a passphrase lasts against somebody who has what it protects and guesses.

One guess at an enrolment picture costs 100 000 rounds of PBKDF2 with SHA-1 for two blocks of key, each round two compressions: 400 000 compressions. A graphics
card of 2022 does some 40 thousand million of those in a second, as measurements of WPA show, whose rounds are the same: 100 000 guesses.
We reckon with a hundred such cards, which anybody can rent. The key's own PFX or PEM is a hundred times quicker to try, but stays at home.
What is under scrypt with 128 MiB keeps such a card at some hundred guesses a second: memory is what it lacks.

How many guesses it takes is zxcvbn's estimate, which knows word lists, keyboard rows, dates and repetitions; a count of characters knows none of
these. It looks at the beginning only, so what is longer is judged too low at worst: it must be quick enough to follow
typing, and trying out what `@` and `1` stand for costs it seconds where a text is full of them. Nothing judged is kept or logged.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.companions.language import ENGLISH, Words

if TYPE_CHECKING:
    from zxcvbn.matching import _Match

GUESSES_PER_SECOND = 100 * 100_000
UNDER_SCRYPT = 100 * 100
"""Guesses a second at what the phone seals."""

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 31_556_952
GRADES = (
    (0, "very weak"),
    (HOUR, "weak"),
    (30 * DAY, "fair"),
    (100 * YEAR, "strong"),
    (10_000 * YEAR, "very strong"),
)
"""Seconds that a passphrase lasts, and what that is called; the index is the score."""
ACCEPTABLE = 2

BEGINNING = 64
BEGINNING_OF_SUBSTITUTES = 20
"""Characters that are judged, and of a text that uses more than 8 of the substitutes: 0.1 and 0.3 s at worst, instead of 5."""
_ALONE = threading.Lock()
"""zxcvbn keeps the known words where all its callers see them, and screens call it from threads."""
_SUBSTITUTES = frozenset("4@8({[<369!1|0$5+7%2")
_MANY = 8

_AGES = ((10_000 * YEAR, 1000 * YEAR, "{count} thousand years"), (2 * YEAR, YEAR, "{count} years"), (2 * DAY, DAY, "{count} days"),
         (2 * HOUR, HOUR, "{count} hours"), (2 * MINUTE, MINUTE, "{count} minutes"), (2, 1, "{count} seconds"))  # fmt: skip
_LONGEST = 1_000_000 * YEAR

_ADVICE = {
    "dictionary": "Well-known passwords, names and single words are tried first, also with other spellings.",
    "spatial": "Rows of neighbouring keys are tried early.",
    "repeat": "Repeating something adds next to nothing.",
    "sequence": "Sequences such as abc or 6543 are tried early.",
    "regex": "Years are tried early.",
    "date": "Dates are tried early.",
}
MORE_WORDS = "Add words that have nothing to do with each other, or take a generated passphrase."


@dataclass(frozen=True, slots=True)
class Strength:
    """A judgement; `label` and `advice` are English and keys of the catalogue. It tells nothing of the passphrase itself."""

    score: int
    label: str
    guesses_log10: float
    seconds: float
    advice: tuple[str, ...]

    @property
    def acceptable(self) -> bool:
        return self.score >= ACCEPTABLE

    def time_to_guess(self, words: Words = ENGLISH) -> str:
        if self.seconds >= _LONGEST:
            return words("more than a million years")
        for least, unit, text in _AGES:
            if self.seconds >= least:
                return words(text, count=int(self.seconds / unit))
        return words("less than two seconds")


def judge(passphrase: str, known: Iterable[str] = (), per_second: int = GUESSES_PER_SECOND) -> Strength:
    """Judge a passphrase against so many guesses a second; `known` are words that an attacker sees anyway, such as the key's name."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 -- word lists that only a new passphrase needs

    beginning = passphrase[: _judged_length(passphrase)]
    if not beginning:
        return Strength(0, GRADES[0][1], 0.0, 0.0, (MORE_WORDS,))
    with _ALONE:
        found = zxcvbn(beginning, [word for text in known for word in (text, *text.split())])
    seconds = float(found["guesses"]) / per_second
    score = max(index for index, (least, _) in enumerate(GRADES) if seconds >= least)
    advice = _advice(found["sequence"]) if score <= ACCEPTABLE else ()
    return Strength(score, GRADES[score][1], float(found["guesses_log10"]), seconds, advice)


def _judged_length(passphrase: str) -> int:
    used = _SUBSTITUTES.intersection(passphrase[:BEGINNING])
    return BEGINNING_OF_SUBSTITUTES if len(used) > _MANY else BEGINNING


def _advice(sequence: "list[_Match]") -> tuple[str, ...]:
    """What the longest recognized part is, then what helps."""
    longest = max(sequence, key=lambda match: len(match["token"]))
    about = _ADVICE.get(longest["pattern"])
    return (about, MORE_WORDS) if about else (MORE_WORDS,)
