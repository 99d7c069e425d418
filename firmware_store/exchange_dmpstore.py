"""The files of the UEFI shell's `dmpstore -s` and `dmpstore -l`.

One entry per variable: name size and data size, name with its NUL, vendor GUID, attributes, data, and a CRC-32 of all
that. There is no header and no count; the file ends behind its last entry. A time stamp has no place in it.

When the shell loads such a file it calls SetVariable with the attributes and the data of each entry, so an entry whose
attributes ask for a signed write may carry the signed payload as its data.
"""

import zlib
from collections.abc import Iterable
from struct import Struct

from firmware_store.char16 import decoded_char16
from firmware_store.errors import UnusableExchangeFile
from firmware_store.records import GUID_SIZE, Variable, encode_name, guid_of

SIZES = Struct("<II")
NUMBER = Struct("<I")


def write_dmpstore(variables: Iterable[Variable]) -> bytes:
    return b"".join(_entry(each) for each in variables)


def _entry(variable: Variable) -> bytes:
    name = encode_name(variable.name)
    sizes = SIZES.pack(len(name), len(variable.data))
    attributes = NUMBER.pack(variable.attributes)
    entry = sizes + name + variable.guid.bytes_le + attributes + variable.data
    return entry + NUMBER.pack(zlib.crc32(entry))


def read_dmpstore(content: bytes) -> list[Variable]:
    variables, offset = [], 0
    while offset < len(content):
        variable, offset = _entry_at(content, offset)
        variables.append(variable)
    return variables


def _entry_at(content: bytes, offset: int) -> tuple[Variable, int]:
    if len(content) - offset < SIZES.size:
        raise _damaged(offset, "the file ends in the middle of it")
    name_size, data_size = SIZES.unpack_from(content, offset)
    name_at = offset + SIZES.size
    guid_at = name_at + name_size
    data_at = guid_at + GUID_SIZE + NUMBER.size
    end = data_at + data_size
    if end + NUMBER.size > len(content):
        raise _damaged(offset, "the file ends in the middle of it")
    if NUMBER.unpack_from(content, end)[0] != zlib.crc32(content[offset:end]):
        raise _damaged(offset, "its CRC-32 does not fit")
    name = decoded_char16(content[name_at:guid_at])
    if not name or "\0" in name:
        raise _damaged(offset, "its name is empty, holds a NUL, or is not CHAR16 with a terminator")
    attributes: int = NUMBER.unpack_from(content, guid_at + GUID_SIZE)[0]
    guid = guid_of(content[guid_at : guid_at + GUID_SIZE])
    return Variable(guid, name, attributes, content[data_at:end]), end + NUMBER.size


def _damaged(offset: int, reason: str) -> UnusableExchangeFile:
    return UnusableExchangeFile(f"expected an entry of a dmpstore file at {offset:#x}, but {reason}")
