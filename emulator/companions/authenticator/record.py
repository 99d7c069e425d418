"""What the phone keeps of a key: the package exactly as received, and what its owner wrote beside it.

Names come from people and from strangers' pictures, and are shown in lists, so nothing in them steers a terminal. An e-mail address belongs to
a key only if the package names a group that must vouch for its user. Under the phone's own passphrase the opened key is kept as well,
as PKCS#8, and it counts only if it is the key that the package names.
"""

import base64
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from emulator.companions.authenticator import received
from emulator.companions.authenticator.exceptions import DiskRefused, NotFit, PhoneError
from emulator.protocol import strict_json
from emulator.protocol.certificate import printable
from emulator.protocol.enrolment import Package
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey

LONGEST_NAME = 100
LONGEST_EMAIL = 254
"""Characters; RFC 5321 leaves no room for a longer address."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)*")
_LATEST = 1 << 40
"""A Unix time far beyond everybody; more is no time."""


class Unreadable(ProtocolError):
    """A stored record that says something else than a record says."""


@dataclass(frozen=True, slots=True)
class Record:
    """One key. `private` is there only where the vault guards it."""

    package: Package
    name: str
    email: str | None = None
    enrolled_at: int = 0
    private: bytes | None = field(default=None, repr=False)

    @property
    def key_id(self) -> str:
        return self.package.key_id

    @property
    def digest(self) -> bytes:
        return digest_of(self.package)


def digest_of(package: Package) -> bytes:
    """The key id as bytes; `received` made sure that it stands for 32."""
    return base64.b64decode(package.key_id)


def usual_name(package: Package) -> str:
    """What a key is called until its owner calls it something else."""
    return printable(package.key_name).strip()[:LONGEST_NAME] or package.key_id[:8]


def fit_name(name: str) -> str:
    """A name that its owner gives. Raises NotFit."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NotFit(f"a name has 1 to {LONGEST_NAME} characters that can be printed")
    return name


def fit_email(package: Package, email: str | None) -> str | None:
    """The address for `package`, which only a key with a group takes, and needs. Raises NotFit."""
    if not package.aad_revocation:
        if email:
            raise NotFit("this key takes no e-mail address: its administrator asks for none")
        return None
    if not email:
        raise NotFit(
            f"this key needs the e-mail address of a member of the group {printable(package.aad_revocation[:100])}"
        )
    if len(email) > LONGEST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise NotFit("an e-mail address like name@example.com was expected")
    return email


def private_bytes(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def opened(record: Record) -> RSAPrivateKey | None:
    """The private key that the vault kept of `record`, if it did. Raises DiskRefused."""
    if record.private is None:
        return None
    try:
        key = load_der_private_key(record.private, None)
        is_right = PublicKey.of(key).key_id == record.key_id
    except (ValueError, TypeError, ProtocolError):
        is_right = False
    if not is_right or not isinstance(key, RSAPrivateKey):
        raise DiskRefused(f"the vault is damaged: what it holds as the key {record.name} is another")
    return key


def members_of(record: Record) -> dict[str, object]:
    """As a JSON object, without the opened key."""
    return {
        "package": record.package.text,
        "name": record.name,
        "email": record.email,
        "enrolled_at": record.enrolled_at,
    }


def from_members(members: object, private: bytes | None = None) -> Record:
    """The record that a JSON object stands for. Raises Unreadable."""
    if not isinstance(members, dict) or members.keys() != {"package", "name", "email", "enrolled_at"}:
        raise Unreadable("a record has the members package, name, email and enrolled_at")
    text = members["package"]
    if not isinstance(text, str):
        raise Unreadable("the package of a record must be text")
    try:
        package = received.read_package(text)
    except PhoneError as error:
        raise Unreadable(f"the package of a record: {error}") from None
    if package.text != text:
        raise Unreadable("the package of a record has something before or behind it")
    return Record(package, *beside(package, members), private)


def beside(package: Package, members: dict[str, object]) -> tuple[str, str | None, int]:
    """Name, e-mail address and time of enrolment as they were stored. Raises Unreadable."""
    name, email, at = members.get("name"), members.get("email"), members.get("enrolled_at")
    if not isinstance(name, str) or not isinstance(email, str | None):
        raise Unreadable("name and e-mail address of a key must be text")
    if type(at) is not int or not 0 <= at < _LATEST:
        raise Unreadable("the time of an enrolment must be a Unix time")
    try:
        if fit_name(name) == name and fit_email(package, email) == email:
            return name, email, at
    except NotFit as error:
        raise Unreadable(f"a key's {error}") from None
    raise Unreadable("the name of a key has blanks around it")


def parse_object(data: bytes, *, most: int) -> dict[str, object]:
    """JSON of ours. Raises Unreadable."""
    try:
        return strict_json.parse_object(data, most=most)
    except ProtocolError as error:
        raise Unreadable(str(error)) from None
