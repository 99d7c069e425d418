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
# Bit 0 "valid" is yes, bit 1 "invalid" is no.
VALID = 0xFE

HEADER_ALLOCATED, WRITES_ALLOCATED, COMPLETE = 1, 2, 4
BOOT_BLOCK_UPDATE, SPARE_COMPLETE, DESTINATION_COMPLETE = 1, 2, 4


class Progress(Enum):
    """How far an unfinished write got, in words for a person."""

    ANNOUNCED = "it was announced but not copied to the spare area, so the old content holds"
    COPIED = "its copy in the spare area is complete but its target may be half written"
    WRITTEN = "it reached its target and only the last tick is missing"


class QueuedWrite(NamedTuple):
    """One entry of the queue: an announcement and its first record. A store's writes have exactly one."""

    offset: int
    header: WriteHeader
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


def working_block_offset(image: bytes | bytearray, layout: Layout) -> int | None:
    """Where the valid working block is: in its place, or in the spare area while it is being rewritten."""
    header = working_block_header(layout)
    for offset in (layout.working_offset, layout.spare_offset):
        if image[offset : offset + len(header)] == header:
            return offset
    return None


def queue(image: bytes | bytearray, layout: Layout) -> list[QueuedWrite]:
    """The writes that were announced, oldest first; the walk ends where nothing was allocated or nothing fits."""
    block = working_block_offset(image, layout)
    entries: list[QueuedWrite] = []
    if block is None:
        return entries
    offset, end = block + WORKING_BLOCK_HEADER.size, block + layout.working_size
    while offset + WRITE_HEADER.size + WRITE_RECORD.size <= end:
        header = WriteHeader._make(WRITE_HEADER.unpack_from(image, offset))
        if header.state & HEADER_ALLOCATED:
            break
        record = WriteRecord._make(WRITE_RECORD.unpack_from(image, offset + WRITE_HEADER.size))
        entries.append(QueuedWrite(offset, header, record))
        if not entries[-1].complete:
            break
        offset += WRITE_HEADER.size + header.number_of_writes * (WRITE_RECORD.size + header.private_data_size)
    return entries


def unfinished_write(image: bytes | bytearray, layout: Layout) -> QueuedWrite | None:
    """The write that the power cut interrupted, if there is one. Only the last of the queue can be it."""
    entries = queue(image, layout)
    return entries[-1] if entries and not entries[-1].complete else None
