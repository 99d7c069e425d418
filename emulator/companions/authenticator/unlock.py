"""A challenge and the key that it names: the PIN, and for which machine, door and moment it is.

Everything beside the PIN is bound to it: a challenge that was edited anywhere does not open. So what is shown is what the PC wrote, and
the person can see whether it is the PC before them; against a challenge relayed from another machine nothing else helps. A clock may be
wrong, so an odd age is a warning and no refusal; the PC refuses what is too old.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.authenticator.exceptions import QRCodeTampered, QRCodeTamperedOrInvalidPassPhrase
from emulator.protocol import challenge, enrolment
from emulator.protocol.challenge import Challenge, EditedChallenge, Header
from emulator.protocol.enrolment import Package, PackageDoesNotOpen
from emulator.protocol.keys import PublicKey

LIFE = 600
"""Seconds for which a PC takes the PIN of a challenge."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An opened challenge. `age` is in seconds by the phone's clock."""

    pin: str = field(repr=False)
    header: Header
    key_id: str
    key_name: str
    age: int

    @property
    def warning(self) -> str | None:
        return warning_of_age(self.age)


def open_package(package: Package, passphrase: str) -> RSAPrivateKey:
    """The private key. Raises QRCodeTampered or QRCodeTamperedOrInvalidPassPhrase."""
    try:
        return enrolment.open_package(package, passphrase)
    except PackageDoesNotOpen:
        if package.needs_passphrase:
            raise QRCodeTamperedOrInvalidPassPhrase(
                "the key does not open: the passphrase is wrong, or the picture was edited"
            ) from None
        raise QRCodeTampered("the key does not open: the picture was edited") from None


def answer(asked: Challenge, key: RSAPrivateKey, *, name: str, now: float) -> Answer:
    """The PIN for `asked`, by an opened key and what its owner calls it. `now` is Unix time. Raises QRCodeTampered."""
    try:
        pin = challenge.open_challenge(asked, key)
    except EditedChallenge as error:
        raise QRCodeTampered(str(error)) from None
    header = Header.decode(asked.header)
    return Answer(pin, header, PublicKey.of(key).key_id, name, int(now) - header.issued_at)


def warning_of_age(age: int) -> str | None:
    """What an odd age, in seconds, says."""
    if age < 0:
        return "the challenge comes from the future: the clock of the phone or of the PC is wrong"
    if age > LIFE:
        return (
            f"the challenge is older than {LIFE // 60} minutes: the PC will refuse this PIN, show a new one"
        )
    return None


def spoken_age(seconds: int) -> str:
    """An age in words: `issued 12 s ago`."""
    amount, unit = abs(seconds), "s"
    for size, larger in ((60, "min"), (60, "h"), (24, "d")):
        if amount < 2 * size:
            break
        amount, unit = amount // size, larger
    return f"issued {amount} {unit} {'ago' if seconds >= 0 else 'from now'}"
