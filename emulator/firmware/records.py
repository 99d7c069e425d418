"""The frame of a private variable: magic, version, length, CRC-32 of the body.

The flash format has no checksum per variable, so bit rot inside one would go unnoticed; the CRC notices it. The length covers
the whole body, and a body may be longer than this version knows: the rest is kept as it is when the record is rewritten.
"""

import zlib

from emulator.firmware.formats import RECORD_HEADER

MAGIC = b"f10v"
VERSION = 1


class DamagedRecord(Exception):
    """A private variable whose frame or content is not what was written."""


def wrap(body: bytes) -> bytes:
    return RECORD_HEADER.pack(MAGIC, VERSION, 0, len(body), zlib.crc32(body)) + body


def unwrap(data: bytes) -> bytes:
    """The body of a record. Raises DamagedRecord."""
    if len(data) < RECORD_HEADER.size:
        raise DamagedRecord(f"a record has at least {RECORD_HEADER.size} bytes, {len(data)} are there")
    magic, version, _, length, crc = RECORD_HEADER.unpack_from(data)
    body = data[RECORD_HEADER.size :]
    if magic != MAGIC:
        raise DamagedRecord(f"a record begins with {MAGIC!r}, {magic!r} is there")
    if version != VERSION:
        raise DamagedRecord(f"a record of version {version}; this program knows {VERSION}")
    if length != len(body) or crc != zlib.crc32(body):
        raise DamagedRecord(f"a body of {length} bytes with CRC {crc:08x} was written, another one is there")
    return body
