"""Inspect: what a person wants to know about an image that something happened to.

Nothing here changes anything or stops at the first fault. The bytes are looked at twice: as they are, which shows what
a power cut, another program or a failing disk left behind; and as the store serves them once it has recovered, which
shows what is to be had. What is found is a list of findings, each with its place and a sentence.

Findings come in two weights. A *fault* is something that a store in good order does not have, and that a repair
removes; it need not have cost anything: a torn record of an update that never counted is one. The rest is information:
a healthy store has obsolete records, and a spare area and an event log in which real firmware left anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from firmware_store import redo
from firmware_store.errors import StoreError
from firmware_store.formats import WORKING_BLOCK_HEADER
from firmware_store.inspect_records import SeenRecord, State, Walk, look_at_records
from firmware_store.layout import Layout
from firmware_store.records import aligned
from firmware_store.variables import VariableStore
from firmware_store.volume import check_volume, detect, is_volume
from firmware_store.working_block import (
    ENTRY_SIZE,
    Progress,
    QueuedWrite,
    has_torn_entry,
    queue,
    unfinished_write,
    working_block_offset,
)


class Kind(Enum):
    """What was found: a word for programs, and whether it is a fault."""

    PENDING_WRITE = "pending write", True
    PENDING_TRANSACTION = "pending transaction", True
    LOST_VOLUME_HEADER = "lost volume header", True
    DAMAGED_STORE_HEADER = "damaged store header", True
    LOST_WORKING_BLOCK = "lost working block", True
    TORN_ANNOUNCEMENT = "torn announcement", True
    RECORD_LEAVES_STORE = "record leaves the store", True
    TORN_RECORD = "torn record", True
    HOLE = "hole", True
    UNKNOWN_STATE = "unknown state", True
    UNREADABLE_NAME = "unreadable name", True
    UNFINISHED_UPDATE = "unfinished update", True
    DOUBLED_RECORD = "doubled record", True
    STALE_RECORD = "stale record", True
    DIRTY_TAIL = "dirty tail", True
    UNUSABLE_STORE = "unusable store", True
    DIRTY_SPARE = "spare area not erased", False
    DIRTY_EVENT_LOG = "event log not erased", False

    def __init__(self, word: str, fault: bool) -> None:
        self.word = word
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Fill:
    """How the room for records is used, in bytes."""

    room: int
    live: int
    obsolete: int
    free: int
    usual_size: int

    @property
    def next_reclaim(self) -> int:
        """How many more updates of the size that is usual here fit before everything obsolete has to be dropped."""
        return self.free // self.usual_size


@dataclass(frozen=True, slots=True)
class WorkingBlock:
    """Where the working block is (None: nowhere), and how much of its queue is used."""

    offset: int | None
    entries: int
    capacity: int
    unfinished: Progress | None


@dataclass(frozen=True, slots=True)
class Report:
    """What one look at an image found. `variables` is None when the store cannot be opened at all."""

    layout: Layout
    size: int
    findings: tuple[Finding, ...]
    records: tuple[SeenRecord, ...]
    fill: Fill
    working: WorkingBlock
    variables: int | None

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.kind.fault)

    @property
    def sound(self) -> bool:
        return not self.faults


# A record of a setting with a name of 15 characters and 16 bytes of data, for stores that hold none to measure.
USUAL_RECORD = 108


def check(image: bytes) -> Report:
    """Everything there is to say about an image. One that cannot be told from other files is refused."""
    layout = detect(image)
    walk = look_at_records(image, layout.records_offset, layout.variable_size)
    variables, refusal = _opened(image)
    found = [*_volume(image, layout), *_working(image, layout), *_records(image, layout, walk)]
    if refusal is not None and not found:
        found.append(Finding(Kind.UNUSABLE_STORE, 0, f"the store cannot be opened: {refusal}"))
    findings = (*found, *_surroundings(image, layout))
    rest = (walk.records, _fill(layout, walk), _working_block(image, layout), variables)
    return Report(layout, len(image), findings, *rest)


def _opened(image: bytes) -> tuple[int | None, str | None]:
    try:
        return len(VariableStore.from_image(image)), None
    except StoreError as error:
        return None, str(error)


def _volume(image: bytes, layout: Layout) -> Iterator[Finding]:
    if not is_volume(image, layout):
        pending = unfinished_write(image, layout)
        rescue = (
            "a complete copy waits in the spare area; firmware that looks at the header first would wipe it, so "
            "recover before starting any machine on this image"
            if pending is not None and pending.progress is Progress.COPIED
            else "no copy waits in the spare area"
        )
        yield Finding(Kind.LOST_VOLUME_HEADER, 0, f"the header of the volume is lost; {rescue}")
        return
    try:
        check_volume(image, layout)
    except StoreError as error:
        yield Finding(Kind.DAMAGED_STORE_HEADER, 0, f"the header of the variable store is damaged: {error}")


def _working(image: bytes, layout: Layout) -> Iterator[Finding]:
    offset = working_block_offset(image, layout)
    if offset is None:
        yield Finding(
            Kind.LOST_WORKING_BLOCK,
            layout.working_offset,
            "the working block has no valid header, neither in its place nor in the spare area; "
            "an announced write, if there was one, is forgotten",
        )
    elif offset != layout.working_offset:
        yield Finding(
            Kind.LOST_WORKING_BLOCK,
            layout.working_offset,
            f"the working block was being rewritten; its copy stands in the spare area at {offset:#x}",
        )
    pending = unfinished_write(image, layout)
    if pending is not None:
        yield Finding(Kind.PENDING_WRITE, pending.offset, _told(pending))
    elif offset == layout.working_offset and has_torn_entry(image, layout):
        text = "a fault-tolerant write was cut while it was being announced; it never began"
        yield Finding(Kind.TORN_ANNOUNCEMENT, layout.working_offset, text)


def _told(pending: QueuedWrite) -> str:
    return (
        f"a fault-tolerant write of {pending.record.length} bytes was interrupted: {pending.progress.value}. "
        "Real firmware finishes it at its next start and throws away what other programs changed meanwhile"
    )


def _records(image: bytes, layout: Layout, walk: Walk) -> Iterator[Finding]:
    if not is_volume(image, layout):
        return
    for each in walk.records:
        yield from _record(each)
        if each.state is State.VALID and each.guid == redo.VENDOR:
            text = "a change of several variables was interrupted; the next who opens the store finishes it"
            yield Finding(Kind.PENDING_TRANSACTION, each.offset, text)
    yield from _keys(walk.records)
    if walk.damage is not None:
        yield Finding(
            Kind.RECORD_LEAVES_STORE, walk.stop, f"{walk.damage}; everything behind it is out of reach"
        )
    elif dirt := dirty_bytes(image, walk.stop, layout.variable_size):
        text = (
            f"{dirt} bytes behind the last record are not erased; firmware may take them for records, "
            "so the store is reclaimed before it is read"
        )
        yield Finding(Kind.DIRTY_TAIL, walk.stop, text)


def _record(record: SeenRecord) -> Iterator[Finding]:
    at = record.offset
    if record.state is State.TORN:
        text = f"a write of {_title(record)} was cut before its data was complete; it never counted"
        yield Finding(Kind.TORN_RECORD, at, text)
    elif record.state is State.HOLE:
        yield Finding(
            Kind.HOLE, at, "a write was cut in the first bytes of a record; 60 bytes are lost until a reclaim"
        )
    elif record.state is State.UNKNOWN:
        text = f"{_title(record)} has the state {record.state_byte:#04x}, which no firmware leaves; it does not count"
        yield Finding(Kind.UNKNOWN_STATE, at, text)
    elif record.alive and record.name is None:
        text = f"the name of the record at {at:#x} is not CHAR16 with a terminator; the variable cannot be asked for"
        yield Finding(Kind.UNREADABLE_NAME, at, text)


def _keys(records: tuple[SeenRecord, ...]) -> Iterator[Finding]:
    """What several living records of one variable mean, or a single one that waits for a successor."""
    alive: dict[tuple[object, str], list[SeenRecord]] = {}
    for each in records:
        if each.alive and each.name is not None:
            alive.setdefault((each.guid, each.name), []).append(each)
    for group in alive.values():
        valid = [each for each in group if each.state is State.VALID]
        waiting = [each for each in group if each.state is State.WAITING]
        yield from _valid_and_waiting(valid, waiting)


def _valid_and_waiting(valid: list[SeenRecord], waiting: list[SeenRecord]) -> Iterator[Finding]:
    for each in valid[1:]:
        text = f"{_title(each)} stands here a second time; the record at {valid[0].offset:#x} counts"
        yield Finding(Kind.DOUBLED_RECORD, each.offset, text)
    if valid:
        for each in waiting:
            text = (
                f"an update of {_title(each)} was cut before its last step; the new value at "
                f"{valid[0].offset:#x} counts, this old one was never retired"
            )
            yield Finding(Kind.DOUBLED_RECORD, each.offset, text)
        return
    for each in waiting[:-1]:
        text = (
            f"two power cuts left {_title(each)} twice; the last one, at {waiting[-1].offset:#x}, counts, but firmware "
            "that reclaims the store would bring this stale one back"
        )
        yield Finding(Kind.STALE_RECORD, each.offset, text)
    for each in waiting[-1:]:
        text = f"an update of {_title(each)} was announced and its new value never came; this old one counts"
        yield Finding(Kind.UNFINISHED_UPDATE, each.offset, text)


def _title(record: SeenRecord) -> str:
    return (
        f"a variable of vendor {record.guid}"
        if record.name is None
        else f"{record.name!r} of vendor {record.guid}"
    )


def _surroundings(image: bytes, layout: Layout) -> Iterator[Finding]:
    if dirt := dirty_bytes(image, layout.spare_offset, layout.spare_offset + layout.spare_size):
        text = f"{dirt} bytes of the spare area are not erased; it may hold old values (scrub removes them)"
        yield Finding(Kind.DIRTY_SPARE, layout.spare_offset, text)
    if dirt := dirty_bytes(image, layout.variable_size, layout.working_offset):
        text = f"{dirt} bytes of the event log, which nothing uses, are not erased"
        yield Finding(Kind.DIRTY_EVENT_LOG, layout.variable_size, text)


def dirty_bytes(image: bytes, start: int, end: int) -> int:
    return end - start - image.count(0xFF, start, end)


def _fill(layout: Layout, walk: Walk) -> Fill:
    sizes = [each.end - each.offset for each in walk.records]
    live = sum(size for size, each in zip(sizes, walk.records, strict=True) if each.alive)
    usual = aligned(sum(sizes) // len(sizes)) if sizes else USUAL_RECORD
    room = layout.variable_size - layout.records_offset
    return Fill(room, live, sum(sizes) - live, layout.variable_size - walk.stop, usual)


def _working_block(image: bytes, layout: Layout) -> WorkingBlock:
    entries, pending = queue(image, layout), unfinished_write(image, layout)
    capacity = (layout.working_size - WORKING_BLOCK_HEADER.size) // ENTRY_SIZE
    progress = None if pending is None else pending.progress
    return WorkingBlock(working_block_offset(image, layout), len(entries), capacity, progress)
