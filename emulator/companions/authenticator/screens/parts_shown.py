"""The parts of a challenge that one look after the other brings in.

A small screen shows its challenge in parts, so the phone is shown a picture, says which parts are missing, and is shown the next. What it saw
before is laid before the new picture as if both had been one.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from emulator.companions.authenticator import gathered
from emulator.companions.authenticator.source import Shown
from emulator.protocol import challenge_parts
from emulator.protocol.challenge_parts import MissingParts
from emulator.protocol.errors import ProtocolError


class PartsShown:
    """Remembers parts between looks."""

    def __init__(self) -> None:
        self._parts: tuple[str, ...] = ()
        self._fresh: list[str] = []

    def looks(self, seen: Shown) -> Iterator[tuple[str, ...]]:
        """The looks at a picture and all before it, parts made whole. Raises PhoneError."""
        self._fresh = []
        before = [self._parts] if self._parts else []
        return gathered.of_one(Shown(chain(before, self._watched(seen.looks)), seen.size))

    def missing(self) -> MissingParts | None:
        """What is missing if the last look brought in some parts, which are kept then."""
        if not self._fresh:
            return None
        parts = (*self._parts, *self._fresh)
        try:
            challenge_parts.join(parts)
        except MissingParts as error:
            self._parts = tuple(dict.fromkeys(parts))
            return error
        except ProtocolError:
            pass
        return None

    @property
    def count(self) -> int:
        """Parts seen so far."""
        return len(self._parts)

    def forget(self) -> None:
        self._parts, self._fresh = (), []

    def _watched(self, looks: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
        for texts in looks:
            self._fresh += [text for text in texts if text.startswith(challenge_parts.MARK)]
            yield texts
