"""The authorization string of a signed setting: `<BEAM/>` and base64 of header and signature.

It travels where a password would. The signing key signs header + name + value, name and value in UTF-16LE without a
terminator, so a token is good for one setting, one value, and the machine or machines in its target.

Trust is a type here: `parse` gives an `Authorization`, which proves nothing; only `verify` makes a `VerifiedChange`, and
whoever changes a setting or a counter takes that.
"""

import base64
import binascii
import uuid
from typing import TYPE_CHECKING, NamedTuple

from emulator.protocol import keys
from emulator.protocol.errors import ProtocolError
from emulator.protocol.formats import AUTHORIZATION_HEADER, AuthorizationHeader
from emulator.protocol.keys import PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PREFIX = "<BEAM/>"
VERSION = 1
RESERVED = 1
"""Always 1 in real tokens; a patent of the vendor hints at a role there."""
ANY_MACHINE = b"\xff" * 16
SIZE = AUTHORIZATION_HEADER.size + keys.SIGNATURE_SIZE
LONGEST = 0xFFFF
"""Bytes of a name or value: the length fields have 16 bits."""


class MalformedAuthorization(ProtocolError):
    """A string that is no authorization."""


class MisfittedAuthorization(ProtocolError):
    """An authorization whose lengths belong to another name or value."""


class Authorization(NamedTuple):
    """A token as it came: its form is right, its signature unchecked."""

    header: AuthorizationHeader
    header_bytes: bytes
    signature: bytes

    @property
    def single_use(self) -> bool:
        return self.header.one_time_use != 0

    @property
    def any_machine(self) -> bool:
        return self.header.target == ANY_MACHINE


class VerifiedChange(NamedTuple):
    """A setting change that the signing key ordered. Made by `verify` and nowhere else."""

    name: str
    value: str
    nonce: int
    single_use: bool
    target: bytes


def parse(text: str) -> Authorization:
    """Read `<BEAM/>...`. Raises MalformedAuthorization."""
    if not text.startswith(PREFIX):
        # What came instead may well be a password, so it is not repeated.
        raise MalformedAuthorization(f"an authorization begins with {PREFIX}; this text does not")
    try:
        block = binascii.a2b_base64(text[len(PREFIX) :], strict_mode=True)
    except (binascii.Error, ValueError):
        raise MalformedAuthorization(f"what follows {PREFIX} is no base64") from None
    if len(block) != SIZE:
        raise MalformedAuthorization(f"an authorization has {SIZE} bytes behind {PREFIX}; {len(block)} came")
    header = AuthorizationHeader._make(AUTHORIZATION_HEADER.unpack_from(block))
    if header.version != VERSION:
        raise MalformedAuthorization(f"an authorization of version {header.version}; only {VERSION} is known")
    return Authorization(header, block[: AUTHORIZATION_HEADER.size], block[AUTHORIZATION_HEADER.size :])


def verify(authorization: Authorization, key: PublicKey, name: str, value: str) -> VerifiedChange:
    """Raise MisfittedAuthorization or InvalidSignature unless `key` ordered exactly this change."""
    header = authorization.header
    name_bytes, value_bytes = _encoded(name), _encoded(value)
    if (header.name_length, header.value_length) != (len(name_bytes), len(value_bytes)):
        raise MisfittedAuthorization(
            f"the authorization is for a name of {header.name_length} and a value of {header.value_length} bytes; "
            f"{len(name_bytes)} and {len(value_bytes)} came"
        )
    key.verify(authorization.signature, authorization.header_bytes + name_bytes + value_bytes)
    return VerifiedChange(name, value, header.nonce, authorization.single_use, header.target)


def make(
    key: "RSAPrivateKey",
    name: str,
    value: str,
    *,
    nonce: int,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> str:
    """Sign one change with the signing key; without a `target` it is good for any machine."""
    name_bytes, value_bytes = _encoded(name), _encoded(value)
    for what, encoded in (("name", name_bytes), ("value", value_bytes)):
        if len(encoded) > LONGEST:
            raise MalformedAuthorization(
                f"a {what} has at most {LONGEST} bytes in UTF-16; {len(encoded)} came"
            )
    if not 0 <= nonce <= 0xFFFFFFFF:
        raise MalformedAuthorization(f"a nonce is a number of 32 bits; {nonce} came")
    header = AUTHORIZATION_HEADER.pack(
        VERSION,
        len(name_bytes),
        len(value_bytes),
        int(single_use),
        nonce,
        RESERVED,
        ANY_MACHINE if target is None else target.bytes_le,
    )
    block = header + keys.sign(key, header + name_bytes + value_bytes)
    return PREFIX + base64.b64encode(block).decode("ascii")


def _encoded(text: str) -> bytes:
    """Lone surrogates are let through: the firmware compares 16-bit units, not characters."""
    return text.encode("utf-16-le", "surrogatepass")
