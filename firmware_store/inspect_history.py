"""History: the old values of a variable that are still in the image.

A record becomes obsolete by one bit, and its bytes stay until the store is reclaimed. A reclaim goes through the spare
area, where real firmware leaves the former content for good. So the whole image is searched, not only the list of
records: whatever looks like a record of that name is shown, with its place and state, even one that was cut before its
first bit counted. That is what someone finds who takes the chip out, and why a store with secrets is scrubbed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from firmware_store.formats import VARIABLE_HEADER, VariableHeader
from firmware_store.inspect_records import STATES, State, look_at_records
from firmware_store.layout import Layout
from firmware_store.records import HEADER_SIZE, START_ID, encode_name, guid_of
from firmware_store.volume import detect


@dataclass(frozen=True, slots=True)
class OldValue:
    """One record of the variable, in the area of the flash in which it lies."""

    offset: int
    area: str
    state: State
    state_byte: int
    guid: UUID
    attributes: int
    time_stamp: bytes
    data: bytes


def history(image: bytes, name: str, guid: UUID | None = None) -> list[OldValue]:
    """Every trace of the variable, in the order of places; of all vendors when none is named."""
    layout = detect(image)
    listed = {
        each.offset for each in look_at_records(image, layout.records_offset, layout.variable_size).records
    }
    found = _traces(image, encode_name(name), max(layout.largest, layout.largest_authenticated))
    return [
        replace(each, area=area_of(layout, each.offset, listed))
        for each in found
        if guid in (None, each.guid)
    ]


def _traces(image: bytes, name: bytes, largest: int) -> Iterator[OldValue]:
    """What is larger than firmware makes any variable is none, and would make a forged image endless."""
    at = image.find(name, HEADER_SIZE)
    while at >= 0:
        offset = at - HEADER_SIZE
        header = VariableHeader._make(VARIABLE_HEADER.unpack_from(image, offset))
        start, end = at + len(name), at + len(name) + header.data_size
        fits = header.name_size == len(name) and end <= min(len(image), offset + largest)
        if header.start_id == START_ID and fits:
            state = STATES.get(header.state, State.UNKNOWN)
            rest = (guid_of(header.vendor_guid), header.attributes, header.time_stamp, image[start:end])
            yield OldValue(offset, "", state, header.state, *rest)
        at = image.find(name, at + 1)


def area_of(layout: Layout, offset: int, listed: set[int]) -> str:
    if offset < layout.variable_size:
        return "variables" if offset in listed else "variables, inside other bytes"
    if offset < layout.working_offset:
        return "event log"
    return "working block" if offset < layout.spare_offset else "spare area"
