"""What the working block says about an interrupted write, and what is done about it before anything else is believed."""

import pytest

from firmware_store import FOUR_MEGABYTE, TINY, VariableStore, blank, detect
from firmware_store.errors import DamagedStore
from firmware_store.fault_tolerant_write import CALLER
from firmware_store.formats import WRITE_HEADER, WRITE_RECORD, WriteHeader, WriteRecord
from firmware_store.working_block import (
    Progress,
    empty_working_block,
    queue,
    unfinished_write,
    working_block_header,
)
from tests.firmware_store.crashes import VENDOR, opened

SPARE, WORKING = TINY.spare_offset, TINY.working_offset


def stored(value: bytes) -> VariableStore:
    store = VariableStore.from_image(blank(TINY))
    store.set(VENDOR, "A", value, 7)
    return store


OLD, NEW = (bytes(stored(value).flash.content[: TINY.variable_size]) for value in (b"old", b"new"))


def entry(header_state: int, record_state: int, *, private: int = 0, **fields: int) -> bytes:
    header = WriteHeader(header_state, b"\xff" * 3, CALLER, b"\xff" * 4, 1, private)
    record = WriteRecord(record_state, b"\xff" * 7, 0, 0x48, TINY.store_size, -SPARE)
    record = WriteRecord(**{**record._asdict(), **fields})
    return WRITE_HEADER.pack(*header) + WRITE_RECORD.pack(*record) + b"\xff" * private


def image(*entries: bytes, region: bytes = OLD, spare: bytes = NEW, at: int = WORKING) -> bytes:
    """An image as a power cut left it: a region, a queue, and what is in the spare area."""
    made = bytearray(region.ljust(TINY.variable_size, b"\xff"))
    made += b"\xff" * TINY.working_size + spare.ljust(TINY.spare_size, b"\xff")
    content = working_block_header(TINY) + b"".join(entries)
    made[at : at + len(content)] = content
    return bytes(made)


def test_the_block_header_is_the_one_that_real_firmware_writes() -> None:
    header = working_block_header(FOUR_MEGABYTE)
    assert header[16:20] == bytes.fromhex("2caf2c64")
    assert header[20:] == b"\xfe\xff\xff\xff" + (0xFE0).to_bytes(8, "little")


@pytest.mark.parametrize(
    ("header_state", "record_state", "progress", "value"),
    [
        (0xFE, 0xFF, Progress.ANNOUNCED, b"old"),
        (0xFC, 0xFF, Progress.ANNOUNCED, b"old"),
        (0xFC, 0xFD, Progress.COPIED, b"new"),
        (0xFC, 0xF9, Progress.WRITTEN, b"old"),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 49])
def test_an_unfinished_write_is_found_at_the_end_of_the_queue_and_settled(
    header_state: int, record_state: int, progress: Progress, value: bytes, before: int
) -> None:
    """The last row has the old value in its place: the tick says that it is the new one, so nothing is copied."""
    torn = image(*[entry(0xF8, 0xF9)] * before, entry(header_state, record_state))
    pending = unfinished_write(torn, TINY)
    assert pending is not None
    assert pending.progress is progress
    assert len(queue(torn, TINY)) == before + 1
    store = VariableStore.from_image(torn)
    assert store.get(VENDOR, "A").data == value
    assert unfinished_write(store.flash.content, TINY) is None
    assert len(queue(store.flash.content, TINY)) == before + 1
    assert set(store.flash.content[SPARE:]) == {0xFF}, "the copy is gone before the last tick"


@pytest.mark.parametrize("count", [0, 1, 50])
def test_finished_writes_are_no_obstacle(count: int) -> None:
    full = image(*[entry(0xF8, 0xF9)] * count, spare=b"former")
    assert len(queue(full, TINY)) == count
    store = opened(full)
    assert store.flash.operations == 0
    assert store.flash.content == full


def test_private_data_of_other_callers_is_stepped_over() -> None:
    torn = image(entry(0xF8, 0xF9, private=24), entry(0xFC, 0xFD))
    assert unfinished_write(torn, TINY) is not None
    assert opened(torn).get(VENDOR, "A").data == b"new"


@pytest.mark.parametrize("count", [0, 2**64 - 1])
def test_a_queue_with_impossible_counts_ends(count: int) -> None:
    torn = bytearray(image(entry(0xF8, 0xF9)))
    at = WORKING + 32 + 0x18
    torn[at : at + 8] = count.to_bytes(8, "little")
    assert all(each.complete for each in queue(bytes(torn), TINY)[:1])
    assert opened(torn).get(VENDOR, "A").data == b"old"


@pytest.mark.parametrize("done", [0, 1, 2])
def test_of_several_records_the_first_unfinished_one_counts(done: int) -> None:
    """No variable store writes several, but the format allows them."""
    states = [0xF9] * done + [0xFD] + [0xFF] * (2 - done)
    records = b"".join(entry(0xFF, state)[WRITE_HEADER.size :] for state in states)
    header = WriteHeader(0xFC, b"\xff" * 3, CALLER, b"\xff" * 4, 3, 0)
    torn = image(WRITE_HEADER.pack(*header) + records)
    store = opened(torn)
    assert store.get(VENDOR, "A").data == b"new"
    assert opened(store.flash.content).flash.operations == 0


@pytest.mark.parametrize("region", [b"", OLD[:0x1000], b"\0" * 0x2000], ids=["erased", "half", "zeros"])
def test_the_pending_write_is_finished_even_when_the_volume_header_is_gone(region: bytes) -> None:
    """Hole A: firmware that looks at the header first wipes the flash, its only copy included."""
    torn = image(entry(0xFC, 0xFD), region=region)
    assert detect(torn) is TINY
    assert opened(torn).get(VENDOR, "A").data == b"new"


def test_a_working_block_that_was_being_rewritten_is_taken_from_the_spare_area() -> None:
    torn = bytearray(image(entry(0xF8, 0xF9), spare=b"", at=SPARE))
    store = opened(torn)
    assert store.get(VENDOR, "A").data == b"old"
    assert len(queue(store.flash.content, TINY)) == 1
    assert set(store.flash.content[SPARE:]) == {0xFF}


def test_a_spare_area_that_holds_the_working_block_is_never_taken_for_data() -> None:
    torn = image(entry(0xFC, 0xFD), spare=working_block_header(TINY))
    for each in (torn, image(entry(0xFC, 0xFD), spare=b"", at=SPARE)):
        store = opened(each)
        assert store.get(VENDOR, "A").data == b"old"
        assert unfinished_write(store.flash.content, TINY) is None


def test_without_any_working_block_an_empty_one_is_made() -> None:
    lost = bytearray(image(spare=b"\x80\0" * 0x1000))
    lost[WORKING:SPARE] = bytes(TINY.working_size)
    store = opened(lost)
    assert store.flash.content[WORKING:SPARE] == empty_working_block(TINY)
    assert store.get(VENDOR, "A").data == b"old"
    assert store.flash.content[SPARE:] == lost[SPARE:]
    lost[50] ^= 1
    with pytest.raises(DamagedStore):
        VariableStore.from_image(lost)


def test_a_torn_entry_empties_the_queue_when_the_flash_is_opened() -> None:
    store = opened(image(entry(0xF8, 0xF9), entry(0xFF, 0xFF)[:7], spare=b"former"))
    assert store.flash.content[WORKING:SPARE] == empty_working_block(TINY)
    assert store.flash.content[SPARE : SPARE + 6] == b"former"


@pytest.mark.parametrize(
    "fields",
    [
        {"relative_offset": 0},
        {"relative_offset": -SPARE + 1},
        {"relative_offset": -SPARE - 0x1000},
        {"relative_offset": WORKING - SPARE},
        {"relative_offset": 2**63 - 1},
        {"relative_offset": -(2**63)},
        {"length": 2**64 - 1},
        {"offset": 2**64 - 1},
        {"length": 0, "offset": 0},
        {"length": TINY.spare_size},
    ],
)
def test_an_announcement_that_cannot_be_meant_is_damage(fields: dict[str, int]) -> None:
    with pytest.raises(DamagedStore, match="expected whole blocks"):
        opened(image(entry(0xFC, 0xFD, **fields)))


def test_a_copy_without_a_volume_header_is_not_put_over_the_volume() -> None:
    with pytest.raises(DamagedStore, match="does not begin with a volume header"):
        opened(image(entry(0xFC, 0xFD), spare=b"\x80\0" * 0x1000))
