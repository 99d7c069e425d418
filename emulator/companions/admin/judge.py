"""Who signed what: each signature in a payload, tried with the keys that somebody holds it against.

A payload does not say by whom it was signed, so every key at hand is tried, and the one that fits is named by its key id. A signing key
that the endorsement key signed becomes a key at hand itself, as in a PC: so the endorsement key alone proves a whole policy.
What a PC would say beyond that, for it has counters and an identity, is not judged here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import InvalidSignature, PublicKey


class Verdict(StrEnum):
    """What can be said of one signature."""

    GOOD = "good"
    BAD = "bad"
    UNCHECKED = "unchecked"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Finding:
    """One signature: over what, the verdict, the key that made it, and the reason if it is bad."""

    what: str
    verdict: Verdict
    key_id: str | None = None
    why: str | None = None


class Judge:
    """Holds signatures against keys."""

    def __init__(self, keys: Iterable[PublicKey] = (), image_hash: bytes | None = None) -> None:
        """`image_hash` is the SHA-256 of the firmware file that a payload shall allow."""
        self.keys = list(keys)
        self.image_hash = image_hash

    def signature(self, what: str, check: Callable[[PublicKey], object]) -> Finding:
        """`check` raises InvalidSignature for a key that did not sign, and another ProtocolError for what no key can mend."""
        if not self.keys:
            return Finding(what, Verdict.UNCHECKED)
        for key in self.keys:
            try:
                check(key)
            except InvalidSignature:
                continue
            except ProtocolError as error:
                return Finding(what, Verdict.BAD, why=str(error))
            return Finding(what, Verdict.GOOD, key.key_id)
        return Finding(what, Verdict.BAD, why="none of the keys at hand made this signature")

    def carried(self, what: str, key: PublicKey) -> Finding:
        """A key that came without a signature: good if it is one of those at hand."""
        if not self.keys:
            return Finding(what, Verdict.UNSIGNED, why="nobody signs it")
        if key in self.keys:
            return Finding(what, Verdict.GOOD, key.key_id)
        return Finding(what, Verdict.BAD, why="it carries none of the keys at hand, and nobody signs it")

    def trust(self, key: PublicKey) -> None:
        """From here on, `key` is at hand too."""
        self.keys.append(key)
