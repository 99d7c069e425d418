"""A look at the records that does not stop at the first thing that is wrong.

The store's own walk (`index`) serves values and refuses a store that it cannot trust. This one explains: it names the
state of every record, keeps what can be read of a torn one, and says where and why it had to stop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from firmware_store.char16 import decoded_char16
from firmware_store.formats import VARIABLE_HEADER, VariableHeader
from firmware_store.index import UNWRITTEN
from firmware_store.records import (
    ADDED,
    HEADER_SIZE,
    HEADER_VALID,
    IN_TRANSITION,
    NOTHING,
    START_ID,
    aligned,
    guid_of,
)


class State(Enum):
    """What the state byte of a record says, in words."""

    VALID = "valid"
    WAITING = "valid, a successor was announced"
    REPLACED = "replaced"
    DELETED = "deleted"
    TORN = "torn: its header was written, its name and data perhaps not"
    HOLE = "torn: nothing of it is valid, it takes the place of a bare header"
    UNKNOWN = "a state that no firmware leaves"


STATES = {
    ADDED: State.VALID,
    IN_TRANSITION: State.WAITING,
    0x3C: State.REPLACED,
    0x3D: State.DELETED,
    HEADER_VALID: State.TORN,
    NOTHING: State.HOLE,
}
ALIVE = (State.VALID, State.WAITING)


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A record as it lies there. Of a hole nothing is known; a name that is no CHAR16 is None."""

    offset: int
    size: int
    state: State
    state_byte: int
    attributes: int = 0
    guid: UUID | None = None
    name: str | None = None
    data_size: int = 0
    time_stamp: bytes = bytes(16)

    @property
    def alive(self) -> bool:
        return self.state in ALIVE

    @property
    def end(self) -> int:
        """Where the next record begins."""
        return aligned(self.offset + self.size)


@dataclass(frozen=True, slots=True)
class Walk:
    records: tuple[SeenRecord, ...]
    stop: int
    # Why the walk ended before the end of the list, if it did.
    damage: str | None


def look_at_records(image: bytes | bytearray, start: int, end: int) -> Walk:
    """Every record between two offsets, as far as the list can be followed."""
    records: list[SeenRecord] = []
    stop = start
    for each in _records(image, start, end):
        stop = each.end
        if stop > aligned(end):
            damage = f"the record at {each.offset:#x} would end at {stop:#x}, outside the store, which ends at {end:#x}"
            return Walk(tuple(records), each.offset, damage)
        records.append(each)
    return Walk(tuple(records), min(stop, end), None)


def _records(image: bytes | bytearray, start: int, end: int) -> Iterator[SeenRecord]:
    offset = start
    while offset + HEADER_SIZE <= end:
        seen = record_at(image, offset)
        if seen is None:
            return
        yield seen
        offset = seen.end


def record_at(image: bytes | bytearray, offset: int) -> SeenRecord | None:
    """The record whose header stands at `offset`, or None if none begins there. It may reach past everything."""
    header = VariableHeader._make(VARIABLE_HEADER.unpack_from(image, offset))
    if header.start_id != START_ID:
        return None
    state = STATES.get(header.state, State.UNKNOWN)
    if state is State.HOLE or UNWRITTEN in (header.attributes, header.name_size, header.data_size):
        return SeenRecord(offset, HEADER_SIZE, State.HOLE, header.state)
    size = HEADER_SIZE + header.name_size + header.data_size
    name = decoded_char16(bytes(image[offset + HEADER_SIZE : offset + HEADER_SIZE + header.name_size]))
    guid = guid_of(header.vendor_guid)
    rest = (header.attributes, guid, name, header.data_size, header.time_stamp)
    return SeenRecord(offset, size, state, header.state, *rest)


def data_of(image: bytes | bytearray, record: SeenRecord) -> bytes:
    end = record.offset + record.size
    return bytes(image[end - record.data_size : end])
