"""The redo variable: how several variables change at once, although each is atomic only by itself.

Flash makes one variable's update atomic. For several, the changes are first written down together in one variable
under a GUID of our own; once it is valid, they are made one by one; then it is deleted. A power cut before it is valid
leaves all variables as they were. One after it leaves the list, and whoever opens the flash next makes the changes
again, all of them, in one fault-tolerant write that drops the list as well.

For real firmware this is a variable like any other, and between two transactions there is none. The list holds the
very records that are to appear in the flash; a record without data, in the state of a deleted one, stands for a
deletion. Head and records are guarded by a CRC-32.
"""

import zlib
from uuid import UUID

from firmware_store.errors import DamagedStore, WriteProtected
from firmware_store.formats import REDO_HEADER, RedoHeader
from firmware_store.records import (
    ADDED,
    HEADER_SIZE,
    STATE_OFFSET,
    aligned,
    bytes_at,
    key_at,
    key_of,
    padded,
    record_of,
    size_at,
)
from firmware_store.set_variable import BOOT, NON_VOLATILE

# Ours alone; nobody may set a variable under it.
VENDOR = UUID("d511d551-9a8f-494f-ac68-727daef75e18")
KEY = key_of(VENDOR, "Transaction")
MAGIC, VERSION = b"F10 redo", 1
REMOVED = 0x3D

# The records that are to appear, by key; nothing for a variable that is to vanish.
Changes = dict[bytes, bytes | None]


def refuse(guid: UUID) -> None:
    if guid == VENDOR:
        raise WriteProtected(f"variables of vendor {guid} are the store's own; choose another vendor")


def redo_record(changes: Changes) -> bytes:
    """The redo variable for these changes, as a record."""
    listed = b"".join(
        padded(record_of(key, 0, b"", state=REMOVED) if record is None else record)
        for key, record in changes.items()
    )
    header = RedoHeader(MAGIC, VERSION, 0, len(listed), zlib.crc32(listed))
    return record_of(KEY, NON_VOLATILE | BOOT, REDO_HEADER.pack(*header) + listed)


def changes_of(data: bytes) -> Changes:
    """The changes that a redo variable lists. A power cut cannot damage a valid one, so damage is refused."""
    if len(data) < REDO_HEADER.size:
        raise DamagedStore(f"expected a list of changes in the redo variable, it has only {len(data)} bytes")
    header = RedoHeader._make(REDO_HEADER.unpack_from(data))
    listed = data[REDO_HEADER.size : REDO_HEADER.size + header.length]
    if header.magic != MAGIC or header.version != VERSION:
        raise DamagedStore(
            f"expected a redo variable of version {VERSION}, found {data[: REDO_HEADER.size].hex()}; "
            "open the image with the release that wrote it"
        )
    if len(listed) != header.length or zlib.crc32(listed) != header.crc:
        raise DamagedStore(
            "the list of changes in the redo variable is damaged; restore the image from a copy"
        )
    return _walk(listed)


def _walk(listed: bytes) -> Changes:
    changes: Changes = {}
    offset = 0
    while offset < len(listed):
        if offset + HEADER_SIZE > len(listed) or offset + size_at(listed, offset) > len(listed):
            raise DamagedStore(
                f"the list of changes in the redo variable ends inside the record at {offset:#x}"
            )
        record = bytes_at(listed, offset)
        changes[key_at(record, 0)] = record if record[STATE_OFFSET] == ADDED else None
        offset = aligned(offset + len(record))
    return changes
