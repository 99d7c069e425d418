"""Bytes under a passphrase: the form of the phone's vault and of its backups, version 1. Our own.

One JSON object, written in one way only:

    {"f10":KIND,"version":1,"scrypt":{"n":131072,"r":8,"p":1,"salt":S},"key_nonce":M,"key":K,"nonce":N,"sealed":C}

* key of the passphrase = scrypt (RFC 7914) of its UTF-8 with salt S (16 bytes) and the costs n, r, p; 32 bytes;
* K = AES-256-GCM of a random data key of 32 bytes under the key of the passphrase, nonce M (12 bytes); 48 bytes with the tag;
* C = AES-256-GCM of the content under the data key, nonce N (12 bytes);
* associated data, both times: the object as far as it stands before the ciphertext, up to and with the colon of "key" or of "sealed".

S, M, K, N, C are base64. So kind, version and costs are bound, and a new passphrase wraps the same data key again without any key being opened. What
is read must be, byte by byte, what would be written: there is no second text for the same content, so no flipped bit goes unseen.
The costs come from a file that a stranger may have made, and are bounded before anything is computed: too cheap is no protection, too dear
is a hang.
"""

import base64
import binascii
import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from emulator.protocol import strict_json
from emulator.protocol.errors import ProtocolError

VERSION = 1
VAULT = "phone vault"
BACKUP = "phone backup"
LARGEST = 8 << 20
"""Bytes; a key takes about 3000."""
SALT_SIZE = 16
NONCE_SIZE = 12
KEY_SIZE = 32
TAG_SIZE = 16


class UnknownKind(ProtocolError):
    """A JSON object that is nothing that a phone sealed."""


class Malformed(ProtocolError):
    """A sealed object with a member missing, misspelt or out of bounds."""


class DoesNotOpen(ProtocolError):
    """Wrong passphrase, or edited: the two cannot be told apart."""


class NoMemory(ProtocolError):
    """One try at the passphrase takes more memory than this computer has free."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at the passphrase costs: 128 * n * r bytes of memory, p times."""

    n: int = 1 << 17
    r: int = 8
    p: int = 1

    def __post_init__(self) -> None:
        if not (1 << 14 <= self.n <= 1 << 18 and self.n & (self.n - 1) == 0 and self.r == 8 and 1 <= self.p <= 4):  # fmt: skip
            raise Malformed(
                "the costs of scrypt are out of bounds: n 2^14 to 2^18, r 8 and p 1 to 4 are taken"
            )


USUAL = Cost()
"""128 MiB and about half a second, as OWASP's password storage cheat sheet has it."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A data key, wrapped under a passphrase."""

    kind: str
    cost: Cost
    salt: bytes
    key_nonce: bytes
    wrapped: bytes

    def open(self, passphrase: str) -> "Opened":
        """Raises DoesNotOpen."""
        try:
            key = AESGCM(_key_of(passphrase, self)).decrypt(self.key_nonce, self.wrapped, self.head.encode())
        except InvalidTag:
            raise DoesNotOpen("it does not open: the passphrase is wrong, or it was edited") from None
        return Opened(self, key)

    @property
    def head(self) -> str:
        """The text before the wrapped key."""
        return (
            f'{{"f10":"{self.kind}","version":{VERSION},"scrypt":{{"n":{self.cost.n},"r":{self.cost.r},"p":{self.cost.p},'
            f'"salt":"{_text(self.salt)}"}},"key_nonce":"{_text(self.key_nonce)}","key":'
        )

    def before(self, nonce: bytes) -> str:
        """The text before the sealed content."""
        return f'{self.head}"{_text(self.wrapped)}","nonce":"{_text(nonce)}","sealed":'


@dataclass(frozen=True, slots=True)
class Opened:
    """A lock and the data key in it."""

    lock: Lock
    key: bytes = field(repr=False)

    def seal(self, content: bytes) -> bytes:
        """The whole file."""
        nonce = os.urandom(NONCE_SIZE)
        before = self.lock.before(nonce)
        ciphertext = AESGCM(self.key).encrypt(nonce, content, before.encode())
        return f'{before}"{_text(ciphertext)}"}}'.encode()

    def content(self, sealed: "Sealed") -> bytes:
        """What is in `sealed`. Raises DoesNotOpen."""
        before = sealed.lock.before(sealed.nonce).encode()
        try:
            return AESGCM(self.key).decrypt(sealed.nonce, sealed.ciphertext, before)
        except InvalidTag:
            raise DoesNotOpen("the content does not open: it was edited or damaged") from None

    def under(self, passphrase: str, cost: Cost) -> Self:
        """The same data key under another passphrase."""
        return type(self)(_wrapped(self.lock.kind, self.key, passphrase, cost), self.key)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file as it was read; nothing in it is proven."""

    lock: Lock
    nonce: bytes
    ciphertext: bytes


def new(kind: str, passphrase: str, cost: Cost = USUAL) -> Opened:
    """A fresh data key under `passphrase`."""
    key = os.urandom(KEY_SIZE)
    return Opened(_wrapped(kind, key, passphrase, cost), key)


def parse(data: bytes, kind: str) -> Sealed:
    """Read a file. Raises NotJSON, NotAnObject, UnknownKind or Malformed."""
    members = strict_json.parse_object(data, most=LARGEST)
    if members.get("f10") != kind or type(members.get("version")) is not int:
        raise UnknownKind(f"this is no {kind}")
    if members["version"] != VERSION:
        raise UnknownKind(f"a {kind} of version {members['version']!s:.8}; only {VERSION} is known")
    lock = Lock(
        kind,
        _cost(members.get("scrypt")),
        _bytes(members.get("scrypt", {}), "salt", SALT_SIZE),
        _bytes(members, "key_nonce", NONCE_SIZE),
        _bytes(members, "key", KEY_SIZE + TAG_SIZE),
    )
    sealed = Sealed(lock, _bytes(members, "nonce", NONCE_SIZE), _bytes(members, "sealed", None))
    if f'{lock.before(sealed.nonce)}"{_text(sealed.ciphertext)}"}}'.encode() != data:
        raise Malformed(f"a {kind} that is not written as a phone writes it: it was edited or damaged")
    return sealed


def _wrapped(kind: str, key: bytes, passphrase: str, cost: Cost) -> Lock:
    lock = Lock(kind, cost, os.urandom(SALT_SIZE), os.urandom(NONCE_SIZE), b"")
    wrapped = AESGCM(_key_of(passphrase, lock)).encrypt(lock.key_nonce, key, lock.head.encode())
    return Lock(kind, cost, lock.salt, lock.key_nonce, wrapped)


def _key_of(passphrase: str, lock: Lock) -> bytes:
    cost = lock.cost
    kdf = Scrypt(salt=lock.salt, length=KEY_SIZE, n=cost.n, r=cost.r, p=cost.p)
    try:
        return kdf.derive(passphrase.encode("utf-8", "surrogatepass"))
    except MemoryError:
        need = 128 * cost.n * cost.r >> 20
        raise NoMemory(f"a passphrase takes {need} MiB of memory to try, and they are not free") from None


def _cost(members: object) -> Cost:
    if not isinstance(members, dict) or any(type(members.get(name)) is not int for name in ("n", "r", "p")):
        raise Malformed("the costs of scrypt must be three integers")
    return Cost(members["n"], members["r"], members["p"])


def _bytes(members: object, name: str, size: int | None) -> bytes:
    text = members.get(name) if isinstance(members, dict) else None
    try:
        found = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != size if size is not None else len(found) < TAG_SIZE:
        raise Malformed(f"the member {name!r} must be {size or f'at least {TAG_SIZE}'} bytes in base64")
    return found


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
