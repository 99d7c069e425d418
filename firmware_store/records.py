"""Records: how one variable lies in the flash.

A record is a header of 60 bytes, the name in CHAR16 with its terminator, and the data, without gaps; the next one
begins at the next multiple of four. Its life is told by the state byte, which only ever loses bits. Obsolete records
stay until the store is reclaimed, so the flash remembers old values.

Names are UCS-2: lone surrogates are legal and survive. A variable's key is its GUID *and* its name, compared as bytes;
in the header the GUID stands right before the name, so the key is one slice of the flash.
"""

from codecs import utf_16_le_decode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from firmware_store.errors import DamagedStore
from firmware_store.formats import VARIABLE_CONTENT, VARIABLE_HEADER, VARIABLE_OUTLINE

# EDK2, VariableFormat.h: VARIABLE_DATA.
START_ID = 0x55AA

# The states of a record. Each step of an update clears exactly one bit, so no state can be torn.
NOTHING = 0xFF
HEADER_VALID = 0x7F
ADDED = 0x3F
IN_TRANSITION = 0x3E
# What a step leaves of the bits, to be and-ed in: a successor is coming; gone.
TRANSITION, DELETED = 0xFE, 0xFD

HEADER_SIZE = VARIABLE_HEADER.size
STATE_OFFSET = 2
KEY_OFFSET = 44
GUID_SIZE = 16


class Variable(NamedTuple):
    """A UEFI variable. The time stamp is an EFI_TIME, zeros unless the variable is time-based authenticated."""

    guid: UUID
    name: str
    attributes: int
    data: bytes
    time_stamp: bytes = bytes(16)


class Record(NamedTuple):
    """A variable as it stands, or once stood, in the flash."""

    offset: int
    state: int
    variable: Variable


@lru_cache(maxsize=256)
def guid_of(stored: bytes) -> UUID:
    return UUID(bytes_le=stored)


def encode_name(name: str) -> bytes:
    """CHAR16 with terminator."""
    return name.encode("utf-16-le", "surrogatepass") + b"\0\0"


def key_of(guid: UUID, name: str) -> bytes:
    return guid.bytes_le + encode_name(name)


def aligned(offset: int) -> int:
    return (offset + 3) & ~3


def padded(record: bytes) -> bytes:
    """A record with the erased bytes that reach to the next one."""
    return record.ljust((len(record) + 3) & ~3, b"\xff")


def record_of(
    key: bytes, attributes: int, data: bytes, time_stamp: bytes = bytes(16), state: int = ADDED
) -> bytes:
    """A whole record as it lies in the flash."""
    guid, name = key[:GUID_SIZE], key[GUID_SIZE:]
    return (
        VARIABLE_HEADER.pack(START_ID, state, 0, attributes, 0, time_stamp, 0, len(name), len(data), guid)
        + name
        + data
    )


def in_state(record: bytes, state: int) -> bytes:
    """The same record in another state of its life."""
    return record[:STATE_OFFSET] + bytes([state]) + record[STATE_OFFSET + 1 :]


def variable_at(image: bytes | bytearray, offset: int) -> Variable:
    """The decoded variable of a record whose bounds the walk has checked."""
    return variable_of(image, offset, key_at(image, offset))


def variable_of(image: bytes | bytearray, offset: int, key: bytes) -> Variable:
    """The same where the key is known."""
    return next(decoded(image, [(key, offset)]))


def decoded(image: bytes | bytearray, places: Iterable[tuple[bytes, int]]) -> Iterator[Variable]:
    """The same for many. One loop without calls of our own, since a listing spends its time here.

    The decoder is told that the name is complete: else it would wait for the other half of a surrogate at its end.
    """
    unpack, made = VARIABLE_CONTENT.unpack_from, tuple.__new__
    for key, offset in places:
        attributes, time_stamp, data_size = unpack(image, offset)
        if len(key) % 2 or key[-2:] != b"\0\0":
            raise no_name(offset, key[GUID_SIZE:])
        name = utf_16_le_decode(key[GUID_SIZE:-2], "surrogatepass", True)[0]
        start = offset + KEY_OFFSET + len(key)
        data = bytes(image[start : start + data_size])
        yield made(Variable, (guid_of(key[:GUID_SIZE]), name, attributes, data, time_stamp))


def no_name(offset: int, stored: bytes) -> DamagedStore:
    return DamagedStore(
        f"the name of the record at {offset:#x} is not CHAR16 with a terminator: {stored[:40].hex()}"
    )


def size_at(image: bytes | bytearray, offset: int) -> int:
    """Bytes that a record takes, without the erased ones that reach to the next."""
    _, _, _, name_size, data_size = VARIABLE_OUTLINE.unpack_from(image, offset)
    return HEADER_SIZE + int(name_size) + int(data_size)


def key_at(image: bytes | bytearray, offset: int) -> bytes:
    """The key of a record: GUID and name."""
    name_size = VARIABLE_OUTLINE.unpack_from(image, offset)[3]
    return bytes(image[offset + KEY_OFFSET : offset + HEADER_SIZE + name_size])


def bytes_at(image: bytes | bytearray, offset: int) -> bytes:
    """A whole record."""
    return bytes(image[offset : offset + size_at(image, offset)])
