"""A challenge in parts, for screens that are too small to show it in one piece.

The whole code takes 73 columns and 37 rows; a terminal of 80x24 shows a quarter of it. Readers of QR codes hide the sequence numbers
that the standard has for such cases, so each part carries its own, in front:

    F10/2/4/7A03C5/...      part 2 of 4 of the challenge whose text has a SHA-256 that begins with 7A03C5

**Our own format**, all of it in the characters that QR codes store most densely. The pieces in part order are the text, and nothing
else. The id keeps parts of two challenges apart and shows that the whole is the right one; it guards against mistakes only, for what
was edited on purpose does not open as a challenge. A piece neither begins nor ends with a blank, which copying would lose.
"""

import hashlib
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from emulator.protocol.challenge import LARGEST
from emulator.protocol.errors import ProtocolError

MARK = "F10/"
USUAL = 4
"""Parts that are at most version 6 each, whatever the serial number: 43x22 cells with a border of 1, which 80x24 holds."""
FEWEST, MOST = 2, 9
ID_DIGITS = 6

_PART = re.compile(rf"F10/([1-9])/([{FEWEST}-{MOST}])/([0-9A-F]{{{ID_DIGITS}}})/([ -~]{{1,{LARGEST}}})")
_TEXT = re.compile(rf"[ -~]{{{FEWEST},{LARGEST}}}")


class NoParts(ProtocolError):
    """A text that is no challenge's, or cannot be cut into so many parts."""


class MalformedPart(ProtocolError):
    """Text that is no part of a challenge."""


class MixedParts(ProtocolError):
    """Parts of different challenges, or parts that contradict each other."""


class MissingParts(ProtocolError):
    """Some parts are not there yet; `missing` has their numbers."""

    def __init__(self, missing: Sequence[int], count: int) -> None:
        self.missing, self.count = tuple(missing), count
        what = f"part{'s' if len(missing) > 1 else ''} {', '.join(map(str, missing))} of {count}"
        super().__init__(f"still missing: {what}; all of one challenge are needed, in any order")


class WrongWhole(ProtocolError):
    """All parts are there, and do not make the text that their id was made from."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a text, with its place."""

    number: int
    count: int
    id: str
    piece: str

    @property
    def text(self) -> str:
        """As it stands in a code."""
        return f"{MARK}{self.number}/{self.count}/{self.id}/{self.piece}"


def split(text: str, count: int = USUAL) -> tuple[str, ...]:
    """The texts of `count` codes, in order. Raises NoParts."""
    if not (FEWEST <= count <= MOST and _TEXT.fullmatch(text)):
        raise NoParts(
            f"{FEWEST} to {MOST} parts of {FEWEST} to {LARGEST} characters of printable ASCII can be made; "
            f"{count} of {len(text)} were wanted"
        )
    cuts = [_cut(text, number * len(text) // count) for number in range(count + 1)]
    pieces = [text[start:end] for start, end in itertools.pairwise(cuts)]
    if not all(pieces):
        raise NoParts(f"the text has {len(text)} characters, too few or too many blank for {count} parts")
    return tuple(Part(number, count, fingerprint(text), piece).text for number, piece in enumerate(pieces, 1))


def parse(text: str) -> Part:
    """Read one part. Raises MalformedPart."""
    found = _PART.fullmatch(text)
    if found is None or found[1] > found[2]:
        raise MalformedPart(
            f"a part of a challenge is F10/number/count/id/ and its piece; {text[:24]!r} came"
        )
    return Part(int(found[1]), int(found[2]), found[3], found[4])


def join(texts: Iterable[str]) -> str:
    """The text whose parts these are, in any order, some perhaps twice.

    Raises MalformedPart, MixedParts, MissingParts or WrongWhole.
    """
    parts = {parse(text) for text in texts}
    count, ident = _same({(part.count, part.id) for part in parts})
    pieces = {part.number: part.piece for part in parts}
    if len(pieces) < len(parts):
        raise MixedParts(f"two parts of the challenge {ident} have one number; show each part of it anew")
    if missing := [number for number in range(1, count + 1) if number not in pieces]:
        raise MissingParts(missing, count)
    whole = "".join(pieces[number] for number in sorted(pieces))
    if len(whole) > LARGEST or fingerprint(whole) != ident:
        raise WrongWhole(
            f"the parts do not make the challenge {ident}: one of them was edited or damaged; show each anew"
        )
    return whole


def _same(kinds: set[tuple[int, str]]) -> tuple[int, str]:
    """Number of parts and id that all share."""
    if not kinds:
        raise MissingParts(range(1, USUAL + 1), USUAL)
    if len(kinds) > 1:
        ids = ", ".join(sorted(f"{ident} in {count}" for count, ident in kinds))
        raise MixedParts(f"parts of different challenges came ({ids}); show those of one only")
    return kinds.pop()


def _cut(text: str, at: int) -> int:
    """Where to cut at `at` or behind it, so that no blank touches the cut."""
    while 0 < at < len(text) and " " in text[at - 1 : at + 1]:
        at += 1
    return at


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:ID_DIGITS].upper()
