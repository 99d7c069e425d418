"""Records: how one variable lies in the flash.

A record is a header of 60 bytes, the name in CHAR16 with its terminator, and the data, without gaps; the next one
begins at the next multiple of four. Its life is told by the state byte, which only ever loses bits. Obsolete records
stay until the store is reclaimed, so the flash remembers old values.

Names are UCS-2: lone surrogates are legal and survive. A variable's key is its GUID *and* its name, compared as bytes;
in the header the GUID stands right before the name, so the key is one slice of the flash.
"""

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from firmware_store.errors import DamagedStore
from firmware_store.formats import VARIABLE_HEADER, VariableHeader

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


def decode_name(stored: bytes, offset: int) -> str:
    if len(stored) % 2 or stored[-2:] != b"\0\0":
        raise DamagedStore(
            f"the name of the record at {offset:#x} is not CHAR16 with a terminator: {stored[:40].hex()}"
        )
    return stored[:-2].decode("utf-16-le", "surrogatepass")


def key_of(guid: UUID, name: str) -> bytes:
    return guid.bytes_le + encode_name(name)


def aligned(offset: int) -> int:
    return (offset + 3) & ~3


def header_of(key: bytes, attributes: int, data_size: int) -> bytes:
    """The header of a new record, in the state in which nothing of it is valid yet."""
    guid, name_size = key[:GUID_SIZE], len(key) - GUID_SIZE
    return VARIABLE_HEADER.pack(START_ID, NOTHING, 0, attributes, 0, bytes(16), 0, name_size, data_size, guid)


def as_added(record: bytes) -> bytes:
    """The same record in the state of a valid one."""
    return record[:STATE_OFFSET] + bytes([ADDED]) + record[STATE_OFFSET + 1 :]


def variable_at(image: bytes | bytearray, offset: int) -> Variable:
    """The decoded variable of a record whose bounds the walk has checked."""
    header = VariableHeader._make(VARIABLE_HEADER.unpack_from(image, offset))
    name_end = offset + HEADER_SIZE + header.name_size
    name = decode_name(bytes(image[offset + HEADER_SIZE : name_end]), offset)
    data = bytes(image[name_end : name_end + header.data_size])
    return Variable(guid_of(header.vendor_guid), name, header.attributes, data, header.time_stamp)


def bytes_at(image: bytes | bytearray, offset: int) -> bytes:
    """A whole record with the erased bytes that reach to the next one."""
    header = VariableHeader._make(VARIABLE_HEADER.unpack_from(image, offset))
    size = HEADER_SIZE + header.name_size + header.data_size
    return bytes(image[offset : offset + size]).ljust(aligned(size), b"\xff")
