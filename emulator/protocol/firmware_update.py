"""The order to flash a new firmware: who may, with which image, and how the tool on the PC is to behave.

`Data` of the payload is JSON: the name of the image file, how the updating tool treats BitLocker, and an authorization. Nothing in
it is signed but the authorization, 377 bytes that hold, in an order of their own, what an authorization string of a setting
holds: the setting `Allowed BIOS Update Hash` and the SHA-256 of the whole image as its value, 32 raw bytes and no text. The
signing key signs header + name + hash, so one signature is good for one image.

The layout is the real one. What is ours: file names are judged here (a bare name, printable, at most 255 characters as on the EFI
system partition), `bitlocker` is compared without case as PowerShell does, and all keys must be there.

Trust is a type, as in `authorization`: `parse` and `parse_authorization` prove nothing, and only `verify` makes a `VerifiedUpdate`.
"""

import hmac
import json
import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from emulator.protocol import keys, payload, strict_json
from emulator.protocol.authorization import ANY_MACHINE, PREFIX, RESERVED, VERSION
from emulator.protocol.errors import ProtocolError
from emulator.protocol.formats import (
    AUTHORIZATION_HEADER,
    UPDATE_AUTHORIZATION,
    AuthorizationHeader,
    UpdateAuthorization,
)
from emulator.protocol.frozen import frozen
from emulator.protocol.keys import PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

NAME = "Allowed BIOS Update Hash"
HASH_SIZE = 32
LONGEST_FILE_NAME = 255
"""Characters of a long file name in FAT."""

_NAME = NAME.encode("utf-16-le")
_MARK = PREFIX.encode("utf-16-le")


class MalformedUpdate(ProtocolError):
    """An update order, or the authorization in it, that breaks its form."""


class AnotherImage(ProtocolError):
    """An authorization for an image with another hash."""


class BitLocker(StrEnum):
    """What the updating tool does about a drive encrypted with BitLocker."""

    STOP = "stop"
    IGNORE = "ignore"
    SUSPEND = "suspend"


@frozen
class UpdateOrder:
    """An order as it came; `authorization` is not looked into yet."""

    file_name: str
    authorization: bytes
    quiet: bool = False
    bitlocker: BitLocker = BitLocker.STOP
    force: bool = False


class Authorization(NamedTuple):
    """The 377 bytes as they came: their form is right, their signature unchecked."""

    header: AuthorizationHeader
    image_hash: bytes
    signature: bytes
    signed: bytes

    @property
    def single_use(self) -> bool:
        return self.header.one_time_use != 0

    @property
    def any_machine(self) -> bool:
        return self.header.target == ANY_MACHINE


@frozen
class VerifiedUpdate:
    """An image that the signing key allowed. Made by `verify` and nowhere else."""

    nonce: int
    single_use: bool
    target: bytes
    image_hash: bytes


def parse(data: bytes) -> UpdateOrder:
    """Read the `Data` of the payload. Raises NotJSON, NotAnObject, MalformedPayload or MalformedUpdate."""
    members = strict_json.parse_object(data, most=payload.LARGEST)
    octets = payload.octets_of(members.get("Authorization"), "Authorization")
    quiet, force = members.get("Quiet"), members.get("Force")
    if not isinstance(quiet, bool) or not isinstance(force, bool):
        raise MalformedUpdate("the members 'Quiet' and 'Force' of an update must be true or false")
    return UpdateOrder(
        file_name(members.get("FileName")), octets, quiet, _bitlocker(members.get("bitlocker")), force
    )


def encode(order: UpdateOrder) -> bytes:
    members = {
        "Authorization": list(order.authorization),
        "FileName": file_name(order.file_name),
        "Quiet": order.quiet,
        "bitlocker": str(order.bitlocker),
        "Force": order.force,
    }
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def parse_authorization(octets: bytes) -> Authorization:
    """Read the 377 bytes. Raises MalformedUpdate."""
    if len(octets) != UPDATE_AUTHORIZATION.size:
        raise MalformedUpdate(
            f"the authorization of an update has {UPDATE_AUTHORIZATION.size} bytes; {len(octets)} came"
        )
    block = UpdateAuthorization._make(UPDATE_AUTHORIZATION.unpack(octets))
    if block.name != _NAME or block.mark != _MARK:
        raise MalformedUpdate(
            f"the authorization of an update names {NAME!r} and has {PREFIX} behind the hash; this one has not"
        )
    header = AuthorizationHeader._make(AUTHORIZATION_HEADER.unpack(block.header))
    known = (VERSION, len(_NAME), HASH_SIZE)
    if (header.version, header.name_length, header.value_length) != known:
        raise MalformedUpdate(
            "the authorization of an update has version {}, a name of {} and a hash of {} bytes; ".format(
                *known
            )
            + f"{header.version}, {header.name_length} and {header.value_length} came"
        )
    return Authorization(header, block.image_hash, block.signature, block.header + _NAME + block.image_hash)


def verify(authorization: Authorization, key: PublicKey, image_hash: bytes) -> VerifiedUpdate:
    """Raise AnotherImage or InvalidSignature unless `key` allowed the image with this SHA-256."""
    if not hmac.compare_digest(authorization.image_hash, image_hash):
        raise AnotherImage(
            f"the authorization allows the image with SHA-256 {authorization.image_hash.hex()}; "
            f"this one has {image_hash.hex()}"
        )
    key.verify(authorization.signature, authorization.signed)
    header = authorization.header
    return VerifiedUpdate(header.nonce, authorization.single_use, header.target, image_hash)


def make(
    key: "RSAPrivateKey",
    image_hash: bytes,
    *,
    nonce: int,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> bytes:
    """Allow one image with the signing key, 377 bytes; without a `target` on any machine."""
    if len(image_hash) != HASH_SIZE:
        raise MalformedUpdate(f"the hash of an image has {HASH_SIZE} bytes; {len(image_hash)} came")
    if not 0 <= nonce <= 0xFFFFFFFF:
        raise MalformedUpdate(f"a nonce is a number of 32 bits; {nonce} came")
    machine = ANY_MACHINE if target is None else target.bytes_le
    header = AUTHORIZATION_HEADER.pack(
        VERSION, len(_NAME), HASH_SIZE, int(single_use), nonce, RESERVED, machine
    )
    signature = keys.sign(key, header + _NAME + image_hash)
    return UPDATE_AUTHORIZATION.pack(_NAME, image_hash, _MARK, header, signature)


def file_name(name: object) -> str:
    if not isinstance(name, str):
        raise MalformedUpdate(f"the member 'FileName' of an update must be text, {type(name).__name__} came")
    if (
        not 1 <= len(name) <= LONGEST_FILE_NAME
        or not name.isprintable()
        or name in {".", ".."}
        or any(sign in name for sign in "/\\:")
    ):
        raise MalformedUpdate(
            f"an image is named by a bare file name of 1 to {LONGEST_FILE_NAME} printable characters; {name[:80]!r} came"
        )
    return name


def _bitlocker(text: object) -> BitLocker:
    try:
        return BitLocker(str(text).lower())
    except ValueError:
        raise MalformedUpdate(
            f"the member 'bitlocker' of an update must be stop, ignore or suspend; {str(text)[:80]!r} came"
        ) from None
