"""The index pass: one walk over the records, which finds every variable without decoding any.

The walk copies firmware's tolerance: a record whose state or whose sizes were never written is a bare hole of 60
bytes, left by a power cut, and the walk goes on behind it. It does not copy firmware's trust: a record that would
leave the store is damage, and the walk says so instead of reading on.
"""

from typing import NamedTuple

from firmware_store.errors import DamagedStore
from firmware_store.formats import VARIABLE_OUTLINE
from firmware_store.layout import Layout
from firmware_store.records import (
    ADDED,
    HEADER_SIZE,
    IN_TRANSITION,
    KEY_OFFSET,
    NOTHING,
    START_ID,
    STATE_OFFSET,
)

# Attributes and sizes that were never written read like this.
UNWRITTEN = 0xFFFFFFFF


def walk(image: bytes | bytearray, layout: Layout) -> tuple[list[tuple[int, int, int, int]], int]:
    """Offset, state, name size and data size of every record, and the offset where the free area begins.

    A hole has no name. Plain tuples: this is the pass that is made over every image, and naming them doubles it.
    """
    offset, end, found = layout.records_offset, layout.variable_size, []
    unpack = VARIABLE_OUTLINE.unpack_from
    while offset + HEADER_SIZE <= end:
        start_id, state, attributes, name_size, data_size = unpack(image, offset)
        if start_id != START_ID:
            break
        if state == NOTHING or UNWRITTEN in (attributes, name_size, data_size):
            name_size = data_size = 0
        stop = offset + HEADER_SIZE + name_size + data_size
        if stop > end:
            raise DamagedStore(
                f"the record at {offset:#x} would end at {stop:#x}, outside the store's {end:#x} bytes"
            )
        found.append((offset, state, name_size, data_size))
        offset = (stop + 3) & ~3
    return found, offset


class Index(NamedTuple):
    """Where the variables are, by key: the record that counts, and leftovers that a power cut kept alive."""

    live: dict[bytes, int]
    leftovers: dict[bytes, list[int]]
    free: int


def index(image: bytes | bytearray, layout: Layout) -> Index:
    """The first valid record of a key counts; without one, the last that waits for a successor."""
    records, free = walk(image, layout)
    live: dict[bytes, int] = {}
    leftovers: dict[bytes, list[int]] = {}
    for offset, state, name_size, _ in records:
        if state not in (ADDED, IN_TRANSITION) or not name_size:
            continue
        key = bytes(image[offset + KEY_OFFSET : offset + HEADER_SIZE + name_size])
        loser = live.setdefault(key, offset)
        if loser == offset:
            continue
        if image[loser + STATE_OFFSET] == ADDED:
            loser = offset
        else:
            live[key] = offset
        leftovers.setdefault(key, []).append(loser)
    return Index(live, leftovers, free)
