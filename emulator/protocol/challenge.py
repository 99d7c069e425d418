"""The challenge that a guarded door shows, and the one-time PIN that answers it.

**Our own format, version 1.** What the real machine shows is not public, apart from a few words of its guide: JSON, a hash of
the local access key, an encrypted passcode. Ours is one JSON object, `{"f10":1,"k":...,"h":...,"c":...}`, its members in base45:

* `k`: the key id, SHA-256 of the modulus of the local access key, 32 bytes;
* `h`: a header: version, purpose, machine UUID (SMBIOS order), boot nonce, time of issue, serial number;
* `c`: RSA-OAEP (SHA-256, MGF1-SHA-256) of the PIN's eight digits and of nothing else, **label = the bytes of k and h**.

The label binds every visible byte: a challenge edited anywhere does not open. The plaintext must be exactly eight digits, else
the phone would decrypt anything for anybody. OAEP draws its own randomness, so the same challenge is never made twice.
"""

import uuid
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from emulator.protocol import base45, strict_json
from emulator.protocol.errors import ProtocolError
from emulator.protocol.formats import CHALLENGE_HEADER
from emulator.protocol.formats import ChallengeHeader as _FixedPart
from emulator.protocol.frozen import frozen
from emulator.protocol.keys import MODULUS_SIZE, PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import OAEP
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

MARK = "f10"
VERSION = 1
DIGITS = 8
KEY_DIGEST_SIZE = 32
NONCE_SIZE = 16
LONGEST_SERIAL = 32
LARGEST = 4096
"""Characters. A challenge has about 540; what is much longer is none."""


class UnknownKind(ProtocolError):
    """A JSON object that is no challenge of ours."""


class MalformedChallenge(ProtocolError):
    """A challenge with a member missing, misspelt or of the wrong size."""


class EditedChallenge(ProtocolError):
    """A challenge that does not open: edited, damaged, or made for another key."""


class Purpose(IntEnum):
    """Which guarded door asks."""

    SETUP = 1
    BOOT_MENU = 2
    OPTION_ROMS = 3
    RECOVERY = 4
    NETWORK_BOOT = 5
    FIRMWARE_UPDATE = 6

    @property
    def spoken(self) -> str:
        """As people say it."""
        return self.name.lower().replace("_", " ").replace("roms", "ROMs")


_MEMBERS = frozenset({MARK, "k", "h", "c"})
_PURPOSES = frozenset(map(int, Purpose))


@frozen
class Header:
    """What a challenge says of itself; `issued_at` in seconds of Unix time by the PC's clock."""

    purpose: Purpose
    machine: uuid.UUID
    boot_nonce: bytes
    issued_at: int
    serial: str

    def encode(self) -> bytes:
        if len(self.serial) > LONGEST_SERIAL or len(self.boot_nonce) != NONCE_SIZE:
            raise MalformedChallenge(
                f"a header takes a serial number of at most {LONGEST_SERIAL} and a nonce of {NONCE_SIZE} bytes; "
                f"{len(self.serial)} and {len(self.boot_nonce)} came"
            )
        serial = _printable(self.serial).encode("ascii")
        fixed = CHALLENGE_HEADER.pack(
            VERSION, self.purpose, self.machine.bytes_le, self.boot_nonce, self.issued_at, len(serial)
        )
        return fixed + serial

    @classmethod
    def decode(cls, data: bytes) -> Self:
        fixed, serial = _parted(data)
        machine = uuid.UUID(bytes_le=fixed.machine)
        return cls(Purpose(fixed.purpose), machine, fixed.boot_nonce, fixed.issued_at, serial)


def _parted(header: bytes) -> tuple[_FixedPart, str]:
    """The fixed part of a header and the serial number behind it. Raises MalformedChallenge."""
    if len(header) < CHALLENGE_HEADER.size:
        raise MalformedChallenge(f"a header has at least {CHALLENGE_HEADER.size} bytes; {len(header)} came")
    fixed = _FixedPart._make(CHALLENGE_HEADER.unpack_from(header))
    serial = header[CHALLENGE_HEADER.size :]
    if fixed.version != VERSION:
        raise MalformedChallenge(f"a header of version {fixed.version}; only {VERSION} is known")
    if fixed.serial_length != len(serial) or len(serial) > LONGEST_SERIAL:
        raise MalformedChallenge(
            f"a serial number of {fixed.serial_length} bytes was announced, {len(serial)} came"
        )
    text = _printable(serial.decode("latin-1"))
    if fixed.purpose not in _PURPOSES:
        raise MalformedChallenge(f"a challenge for the unknown purpose {fixed.purpose}")
    return fixed, text


@frozen
class Challenge:
    """A challenge on its way; `key_digest`, `header` and `ciphertext` are the bytes as they travel."""

    key_digest: bytes
    header: bytes
    ciphertext: bytes

    @property
    def text(self) -> str:
        """As JSON; none of base45's characters needs an escape there."""
        digest, head = _text_of_key(self.key_digest), base45.encode(self.header)
        ciphertext = base45.encode(self.ciphertext)
        return f'{{"{MARK}":{VERSION},"k":"{digest}","h":"{head}","c":"{ciphertext}"}}'


@lru_cache(maxsize=16)
def _text_of_key(digest: bytes) -> str:
    """A machine shows the same key id again and again."""
    return base45.encode(digest)


def seal(pin: str, key: PublicKey, header: Header) -> Challenge:
    """A challenge that only the holder of `key`'s private half can answer with `pin`."""
    if not is_pin(pin):
        raise MalformedChallenge(f"a PIN has {DIGITS} digits")
    digest, head = key.digest, header.encode()
    ciphertext = key.encryption_key().encrypt(pin.encode("ascii"), _oaep(digest + head))
    return Challenge(digest, head, ciphertext)


def parse(text: str) -> Challenge:
    """Read a challenge. Raises NotJSON, NotAnObject, UnknownKind, NotBase45 or MalformedChallenge."""
    members = strict_json.parse_object(text, most=LARGEST)
    if type(members.get(MARK)) is not int:
        raise UnknownKind(f"a challenge is a JSON object with the member {MARK!r}; this object has none")
    if members[MARK] != VERSION:
        raise UnknownKind(f"a challenge of version {members[MARK]!s:.8}; only {VERSION} is known")
    if members.keys() != _MEMBERS:
        raise MalformedChallenge("a challenge has the members f10, k, h and c and no others")
    digest = _key_of_text(_member(members, "k"))
    head, ciphertext = base45.decode(_member(members, "h")), base45.decode(_member(members, "c"))
    if (len(digest), len(ciphertext)) != (KEY_DIGEST_SIZE, MODULUS_SIZE):
        raise MalformedChallenge(
            f"a challenge has a key id of {KEY_DIGEST_SIZE} and a ciphertext of {MODULUS_SIZE} bytes; "
            f"{len(digest)} and {len(ciphertext)} came"
        )
    _parted(head)
    return Challenge(digest, head, ciphertext)


def open_challenge(challenge: Challenge, key: "RSAPrivateKey") -> str:
    """The PIN in `challenge`. Every failure is one error, so that none of them tells anything."""
    try:
        plaintext = key.decrypt(challenge.ciphertext, _oaep(challenge.key_digest + challenge.header))
    except ValueError:
        plaintext = b""
    pin = plaintext.decode("ascii", "replace")
    if not is_pin(pin):
        raise EditedChallenge("the challenge does not open with this key: it was edited or damaged")
    return pin


def is_pin(text: str) -> bool:
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def _printable(serial: str) -> str:
    """A serial number reaches two screens, so nothing in it may steer a terminal."""
    if not (serial.isascii() and serial.isprintable()):
        raise MalformedChallenge("the serial number holds characters that are no printable ASCII")
    return serial


def _member(members: dict[str, object], name: str) -> str:
    text = members[name]
    if not isinstance(text, str):
        raise MalformedChallenge(
            f"the member {name!r} of a challenge must be text, {type(text).__name__} came"
        )
    return text


@lru_cache(maxsize=16)
def _key_of_text(text: str) -> bytes:
    """A phone sees the same key id again and again."""
    return base45.decode(text)


def _oaep(label: bytes) -> "OAEP":
    # A PC that shows no challenge does without it.
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.hashes import SHA256

    digest = SHA256()
    return OAEP(mgf=MGF1(algorithm=digest), algorithm=digest, label=label)
