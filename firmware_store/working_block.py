"""The working block: where a fault-tolerant write says what it is about to do, and how far it got.

A write that must survive a power cut is first announced in a queue here, then copied to the spare area, then to its
target, and ticked off after each step. All ticks are flags that flash can only clear, so *a cleared bit means yes*.
What is found at power-on is the truth about the last write: not copied yet (the old content holds), copied but not at
its target (the copy holds, the target may be half erased), or at its target and only the last tick missing.

The header's CRC covers the header as erased flash would show it before CRC and flags were written; firmware compares
all 32 bytes with what it would have written itself. While the block itself is being rewritten, its only copy stands
at the begin of the spare area.
"""

import zlib
from enum import Enum
from functools import cache
from struct import Struct
from typing import NamedTuple

from firmware_store.formats import (
    WORKING_BLOCK_HEADER,
    WRITE_HEADER,
    WRITE_RECORD,
    WorkingBlockHeader,
    WriteHeader,
    WriteRecord,
)
from firmware_store.layout import Layout

# EDK2, MdeModulePkg.dec: gEdkiiWorkingBlockSignatureGuid, as it lies in the image.
SIGNATURE = bytes.fromhex("2b29589e687c7d49a0ce6500fd9f1b95")
# The header's state byte: bit 0 "valid" is yes, bit 1 "invalid" is no; then invalid, too.
STATE_OFFSET = 20
NOT_YET_VALID, VALID, INVALIDATED = 0xFF, 0xFE, 0xFC

HEADER_ALLOCATED, WRITES_ALLOCATED, COMPLETE = 1, 2, 4
BOOT_BLOCK_UPDATE, SPARE_COMPLETE, DESTINATION_COMPLETE = 1, 2, 4

# The two counts at the end of a write header.
COUNTS, COUNTS_OFFSET = Struct("<QQ"), WRITE_HEADER.size - 16
# Room for a write of one record without private data, the only kind that a variable store makes.
ENTRY_SIZE = WRITE_HEADER.size + WRITE_RECORD.size


class Progress(Enum):
    """How far an unfinished write got, in words for a person."""

    ANNOUNCED = "it was announced but not copied to the spare area, so the old content holds"
    COPIED = "its copy in the spare area is complete but its target may be half written"
    WRITTEN = "it reached its target and only the last tick is missing"


class QueuedWrite(NamedTuple):
    """One entry of the queue: an announcement, and the record that it has got to. A store's writes have exactly one."""

    offset: int
    header: WriteHeader
    record_offset: int
    record: WriteRecord

    @property
    def complete(self) -> bool:
        return not self.header.state & COMPLETE

    @property
    def progress(self) -> Progress:
        if self.record.state & SPARE_COMPLETE:
            return Progress.ANNOUNCED
        return Progress.COPIED if self.record.state & DESTINATION_COMPLETE else Progress.WRITTEN


@cache
def working_block_header(layout: Layout) -> bytes:
    """The 32 bytes that a valid working block of this layout begins with."""
    queue = layout.working_size - WORKING_BLOCK_HEADER.size
    erased = WorkingBlockHeader(SIGNATURE, 0xFFFFFFFF, 0xFF, b"\xff\xff\xff", queue)
    crc = zlib.crc32(WORKING_BLOCK_HEADER.pack(*erased))
    return WORKING_BLOCK_HEADER.pack(*erased._replace(crc=crc, state=VALID))


@cache
def header_before_it_is_valid(layout: Layout) -> bytes:
    header = bytearray(working_block_header(layout))
    header[STATE_OFFSET] = NOT_YET_VALID
    return bytes(header)


@cache
def empty_working_block(layout: Layout) -> bytes:
    return working_block_header(layout).ljust(layout.working_size, b"\xff")


def working_block_offset(image: bytes | bytearray, layout: Layout) -> int | None:
    """Where the valid working block is: in its place, or in the spare area while it is being rewritten."""
    header = working_block_header(layout)
    for offset in (layout.working_offset, layout.spare_offset):
        if image[offset : offset + len(header)] == header:
            return offset
    return None


def queue(image: bytes | bytearray, layout: Layout) -> list[QueuedWrite]:
    """The writes that were announced, oldest first; the walk ends where nothing was allocated or nothing fits."""
    entries: list[QueuedWrite] = []
    block = working_block_offset(image, layout)
    if block is None:
        return entries
    offset = block + WORKING_BLOCK_HEADER.size
    while (entry := _entry_at(image, offset, block + layout.working_size)) is not None:
        entries.append(entry)
        if not entry.complete:
            break
        offset = end_of(entry)
    return entries


def end_of(entry: QueuedWrite) -> int:
    """Where the next entry begins. Counts out of all bounds lead out of the block, which ends the walk."""
    header = entry.header
    return entry.offset + WRITE_HEADER.size + header.number_of_writes * _record_size(header)


def queue_end(image: bytes | bytearray, layout: Layout, block: int) -> int:
    """Behind the last complete write: where an unfinished one is, or the next will be. Looks at nothing else."""
    offset, end = block + WORKING_BLOCK_HEADER.size, block + layout.working_size
    while offset + ENTRY_SIZE <= end and not image[offset] & (HEADER_ALLOCATED | COMPLETE):
        writes, private = COUNTS.unpack_from(image, offset + COUNTS_OFFSET)
        offset += WRITE_HEADER.size + writes * (WRITE_RECORD.size + private)
    return offset


def _entry_at(image: bytes | bytearray, offset: int, end: int) -> QueuedWrite | None:
    if offset + ENTRY_SIZE > end or image[offset] & HEADER_ALLOCATED:
        return None
    header = WriteHeader._make(WRITE_HEADER.unpack_from(image, offset))
    return QueuedWrite(offset, header, *_current_record(image, offset, header, end))


def _record_size(header: WriteHeader) -> int:
    return WRITE_RECORD.size + header.private_data_size


def _current_record(
    image: bytes | bytearray, offset: int, header: WriteHeader, end: int
) -> tuple[int, WriteRecord]:
    """The first record whose destination is not complete, else the last."""
    at, left = offset + WRITE_HEADER.size, header.number_of_writes
    while True:
        record = WriteRecord._make(WRITE_RECORD.unpack_from(image, at))
        left -= 1
        following = at + _record_size(header)
        if record.state & DESTINATION_COMPLETE or left <= 0 or following + WRITE_RECORD.size > end:
            return at, record
        at = following


def unfinished_write(image: bytes | bytearray, layout: Layout) -> QueuedWrite | None:
    """The write that the power cut interrupted, if there is one. Only the last of the queue can be it."""
    block = working_block_offset(image, layout)
    if block is None:
        return None
    return _entry_at(image, queue_end(image, layout, block), block + layout.working_size)


def has_torn_entry(image: bytes | bytearray, layout: Layout) -> bool:
    """Whether a cut left something behind the last write of the queue, all of whose writes are complete."""
    start, end = queue_end(image, layout, layout.working_offset), layout.working_offset + layout.working_size
    return start < end and not is_erased(image, start, end)


def free_entry(image: bytes | bytearray, layout: Layout) -> int | None:
    """Where the next write can be announced, or nothing: no room, or what is there is not erased."""
    offset = queue_end(image, layout, layout.working_offset)
    room = offset + ENTRY_SIZE <= layout.working_offset + layout.working_size
    return offset if room and not has_torn_entry(image, layout) else None


def is_erased(image: bytes | bytearray, start: int, stop: int) -> bool:
    return image[start:stop] == b"\xff" * (stop - start)
