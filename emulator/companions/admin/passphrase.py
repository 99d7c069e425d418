"""Passphrases of key files and of enrolment pictures.

Both can be attacked at leisure by whoever gets a copy. The formats add little: 100 000 rounds of PBKDF2 with SHA-1 in the picture,
and in a PFX a check value that costs a guess 2048 rounds of SHA-256. So the strength must lie in the passphrase. A good one is
offered: 20 characters out of 31 that cannot be mistaken for one another, 99 bits. Those that people invent are judged (`strength`), and what
would be guessed within a month is refused.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from emulator.companions import CompanionError, ask_passphrase, passphrase_from, strength

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits without i, l, o, 0 and 1."""
GROUPS, GROUP = 5, 4
SHORTEST = 12
FEWEST_DIFFERENT = 6
LONGEST = 1023
"""Bytes of UTF-8: what OpenSSL takes for an encrypted PEM."""

_BETTER = "--generate-passphrase makes a good one"


class WeakPassphrase(CompanionError):
    """A new passphrase that would be guessed."""


class UnusablePassphrase(CompanionError):
    """A passphrase that no field takes."""


class UnequalPassphrases(CompanionError):
    """The second entry of a new passphrase differs from the first."""


def generate(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh passphrase in groups; `below(n)` draws a uniform number in 0..n-1."""
    groups = ("".join(ALPHABET[below(len(ALPHABET))] for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def refuse_weak(passphrase: str, known: Iterable[str] = ()) -> None:
    """Raise WeakPassphrase for what nobody should protect a key with; `known` are words that anybody sees, as the key's name."""
    refuse_unusable(passphrase)
    if len(passphrase) < SHORTEST or len(set(passphrase)) < FEWEST_DIFFERENT:
        raise WeakPassphrase(
            f"a passphrase needs at least {SHORTEST} characters, {FEWEST_DIFFERENT} of them different; {_BETTER}"
        )
    judged = strength.judge(passphrase, known)
    if not judged.acceptable:
        raise WeakPassphrase(
            f"the passphrase is {judged.label}: whoever has the picture needs {judged.time_to_guess()} to guess it. "
            f"{judged.advice[0]} {_BETTER[0].upper()}{_BETTER[1:]}"
        )


def refuse_unusable(passphrase: str) -> None:
    """Raise UnusablePassphrase for what cannot protect a key file in every form."""
    try:
        octets = passphrase.encode()
    except UnicodeEncodeError:
        raise UnusablePassphrase("what was typed is no UTF-8 text") from None
    if len(octets) > LONGEST:
        raise UnusablePassphrase(f"a passphrase has at most {LONGEST} bytes of UTF-8; {len(octets)} came")


def ask_new(what: str, known: Iterable[str] = ()) -> str:
    """Ask twice for a new passphrase. Raises UnequalPassphrases, WeakPassphrase, UnusablePassphrase or NoPassphrase."""
    passphrase = ask_passphrase(f"New passphrase for {what}: ")
    refuse_weak(passphrase, known)
    if ask_passphrase("The same again: ") != passphrase:
        raise UnequalPassphrases("the two entries differ; nothing was written")
    return passphrase


class Passphrases:
    """The passphrases that open key files in one command: those handed in, else what the person answers."""

    def __init__(self, descriptors: Sequence[int]) -> None:
        self.known = [passphrase_from(descriptor) for descriptor in descriptors]
        self._ask = not descriptors

    def for_file(self, path: Path) -> Iterator[str]:
        """Candidates for one file, those known first; the person is asked only when they are used up."""
        yield from tuple(self.known)
        if self._ask:
            answer = ask_passphrase(f"Passphrase of the key file {path.name}: ")
            self.known.append(answer)
            yield answer
