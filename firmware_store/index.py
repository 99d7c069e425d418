"""The index pass: one walk over the records, which finds every variable without decoding any.

The walk copies firmware's tolerance: a record whose state or whose sizes were never written is a bare hole of 60
bytes, left by a power cut, and the walk goes on behind it. It does not copy firmware's trust: a record that would
leave the store is damage, and the walk says so instead of reading on.
"""

from codecs import utf_16_le_decode
from typing import NamedTuple

from firmware_store.errors import DamagedStore
from firmware_store.formats import VARIABLE_HEADER, VARIABLE_OUTLINE
from firmware_store.layout import Layout
from firmware_store.records import (
    ADDED,
    HEADER_SIZE,
    IN_TRANSITION,
    KEY_OFFSET,
    NOTHING,
    START_ID,
    STATE_OFFSET,
    Record,
    Variable,
    guid_of,
    no_name,
)

# Attributes and sizes that were never written read like this.
UNWRITTEN = 0xFFFFFFFF


def walk(image: bytes | bytearray, layout: Layout) -> tuple[list[tuple[int, int, int, int]], int]:
    """Offset, state, name size and data size of every record, and the offset where the free area begins.

    A hole has no name. Plain tuples: this is the pass that is made over every image, and naming them doubles it.
    """
    offset, end, found = layout.records_offset, layout.variable_size, []
    last, unpack = end - HEADER_SIZE, VARIABLE_OUTLINE.unpack_from
    while offset <= last:
        start_id, state, attributes, name_size, data_size = unpack(image, offset)
        if start_id != START_ID:
            break
        stop = offset + HEADER_SIZE + name_size + data_size
        if state == NOTHING or attributes == UNWRITTEN or stop > end:
            stop = _end_of_hole(offset, end, state, attributes, name_size, data_size)
            name_size = data_size = 0
        found.append((offset, state, name_size, data_size))
        offset = (stop + 3) & ~3
    return found, offset


def _end_of_hole(offset: int, end: int, state: int, attributes: int, name_size: int, data_size: int) -> int:
    """Where a record ends of which something was never written. One that was written must not leave the store."""
    if state != NOTHING and UNWRITTEN not in (attributes, name_size, data_size):
        stop = offset + HEADER_SIZE + name_size + data_size
        raise DamagedStore(
            f"the record at {offset:#x} would end at {stop:#x}, outside the store's {end:#x} bytes"
        )
    return offset + HEADER_SIZE


def every_record(image: bytes, layout: Layout) -> list[Record]:
    """Every record with a name, decoded, obsolete ones too: the same walk, doing at once what a full listing needs.

    Data of state 0x7F may be torn. Raises DamagedStore for a name that is none.
    """
    offset, end, found = layout.records_offset, layout.variable_size, []
    last, unpack, made = end - HEADER_SIZE, VARIABLE_HEADER.unpack_from, tuple.__new__
    while offset <= last:
        start_id, state, _, attributes, _, stamp, _, name_size, data_size, guid = unpack(image, offset)
        if start_id != START_ID:
            break
        name_end = offset + HEADER_SIZE + name_size
        stop = name_end + data_size
        if state == NOTHING or attributes == UNWRITTEN or stop > end:
            stop = _end_of_hole(offset, end, state, attributes, name_size, data_size)
        elif name_size:
            stored = image[offset + HEADER_SIZE : name_end]
            if name_size % 2 or stored[-2:] != b"\0\0":
                raise no_name(offset, stored)
            name = utf_16_le_decode(stored[:-2], "surrogatepass", True)[0]
            variable = made(Variable, (guid_of(guid), name, attributes, image[name_end:stop], stamp))
            found.append(made(Record, (offset, state, variable)))
        offset = (stop + 3) & ~3
    return found


class Index(NamedTuple):
    """Where the variables are, by key: the record that counts, and leftovers that a power cut kept alive."""

    live: dict[bytes, int]
    leftovers: dict[bytes, list[int]]
    free: int


def index(image: bytes | bytearray, layout: Layout) -> Index:
    """The first valid record of a key counts; without one, the last that waits for a successor.

    The same walk, without keeping what nobody asks for. It is made whenever an image is opened, so two comparisons
    stand where a set would be nicer, and slices of immutable bytes are not copied again.
    """
    live: dict[bytes, int] = {}
    leftovers: dict[bytes, list[int]] = {}
    offset, end = layout.records_offset, layout.variable_size
    last, unpack = end - HEADER_SIZE, VARIABLE_OUTLINE.unpack_from
    stored = image if isinstance(image, bytes) else bytes(memoryview(image)[:end])
    while offset <= last:
        start_id, state, attributes, name_size, data_size = unpack(stored, offset)
        if start_id != START_ID:
            break
        name_end = offset + HEADER_SIZE + name_size
        stop = name_end + data_size
        if state == NOTHING or attributes == UNWRITTEN or stop > end:
            stop = _end_of_hole(offset, end, state, attributes, name_size, data_size)
        elif (state == ADDED or state == IN_TRANSITION) and name_size:  # noqa: PLR1714, SIM109
            key = stored[offset + KEY_OFFSET : name_end]
            if key not in live:
                live[key] = offset
            elif stored[live[key] + STATE_OFFSET] == ADDED:
                leftovers.setdefault(key, []).append(offset)
            else:
                leftovers.setdefault(key, []).append(live[key])
                live[key] = offset
        offset = (stop + 3) & ~3
    return Index(live, leftovers, offset)
