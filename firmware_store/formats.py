"""The structures of `firmware_store.structures` as plain `struct` formats and named tuples.

Written by `scripts/make_formats` from the declarations; change those and run it again. A test compares.
"""

from struct import Struct
from typing import NamedTuple

FIRMWARE_VOLUME_HEADER = Struct("<16s16sQ4sIHHHBB")


class FirmwareVolumeHeader(NamedTuple):
    """56 bytes."""

    zero_vector: bytes  # +0
    file_system_guid: bytes  # +16
    volume_length: int  # +32
    signature: bytes  # +40
    attributes: int  # +44
    header_length: int  # +48
    checksum: int  # +50
    extended_header_offset: int  # +52
    reserved: int  # +54
    revision: int  # +55


BLOCK_MAP_ENTRY = Struct("<II")


class BlockMapEntry(NamedTuple):
    """8 bytes."""

    block_count: int  # +0
    block_length: int  # +4


VARIABLE_STORE_HEADER = Struct("<16sIBBHI")


class VariableStoreHeader(NamedTuple):
    """28 bytes."""

    signature: bytes  # +0
    size: int  # +16
    format: int  # +20
    state: int  # +21
    reserved: int  # +22
    reserved1: int  # +24


VARIABLE_HEADER = Struct("<HBBIQ16sIII16s")


class VariableHeader(NamedTuple):
    """60 bytes."""

    start_id: int  # +0
    state: int  # +2
    reserved: int  # +3
    attributes: int  # +4
    monotonic_count: int  # +8
    time_stamp: bytes  # +16
    public_key_index: int  # +32
    name_size: int  # +36
    data_size: int  # +40
    vendor_guid: bytes  # +44


VARIABLE_OUTLINE = Struct("<HB1xI28xII16x")


class VariableOutline(NamedTuple):
    """60 bytes."""

    start_id: int  # +0
    state: int  # +2
    attributes: int  # +4
    name_size: int  # +36
    data_size: int  # +40


VARIABLE_CONTENT = Struct("<4xI8x16s8xI16x")


class VariableContent(NamedTuple):
    """60 bytes."""

    attributes: int  # +4
    time_stamp: bytes  # +16
    data_size: int  # +40


EFI_TIME = Struct("<HBBBBBBIhBB")


class EfiTime(NamedTuple):
    """16 bytes."""

    year: int  # +0
    month: int  # +2
    day: int  # +3
    hour: int  # +4
    minute: int  # +5
    second: int  # +6
    pad1: int  # +7
    nanosecond: int  # +8
    time_zone: int  # +12
    daylight: int  # +14
    pad2: int  # +15


WORKING_BLOCK_HEADER = Struct("<16sIB3sQ")


class WorkingBlockHeader(NamedTuple):
    """32 bytes."""

    signature: bytes  # +0
    crc: int  # +16
    state: int  # +20
    reserved: bytes  # +21
    write_queue_size: int  # +24


WRITE_HEADER = Struct("<B3s16s4sQQ")


class WriteHeader(NamedTuple):
    """40 bytes."""

    state: int  # +0
    gap1: bytes  # +1
    caller_id: bytes  # +4
    gap2: bytes  # +20
    number_of_writes: int  # +24
    private_data_size: int  # +32


WRITE_RECORD = Struct("<B7sQQQq")


class WriteRecord(NamedTuple):
    """40 bytes."""

    state: int  # +0
    gap: bytes  # +1
    block: int  # +8
    offset: int  # +16
    length: int  # +24
    relative_offset: int  # +32


AUTHENTICATION_DESCRIPTOR = Struct("<16sIHH16s")


class AuthenticationDescriptor(NamedTuple):
    """40 bytes."""

    time_stamp: bytes  # +0
    length: int  # +16
    revision: int  # +20
    certificate_type: int  # +22
    signature_type: bytes  # +24


SIGNATURE_LIST_HEADER = Struct("<16sIII")


class SignatureListHeader(NamedTuple):
    """28 bytes."""

    signature_type: bytes  # +0
    list_size: int  # +16
    header_size: int  # +20
    signature_size: int  # +24


CERTDB_ENTRY = Struct("<16sIII")


class CertdbEntry(NamedTuple):
    """28 bytes."""

    vendor_guid: bytes  # +0
    entry_size: int  # +16
    name_length: int  # +20
    digest_size: int  # +24


REDO_HEADER = Struct("<8sHHII")


class RedoHeader(NamedTuple):
    """20 bytes."""

    magic: bytes  # +0
    version: int  # +8
    reserved: int  # +10
    length: int  # +12
    crc: int  # +16
