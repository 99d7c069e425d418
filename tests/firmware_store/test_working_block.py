"""An interrupted write of a real machine is seen before anything else is believed."""

import pytest

from firmware_store import FOUR_MEGABYTE, TINY, VariableStore, blank, detect
from firmware_store.errors import DamagedStore, PendingFaultTolerantWrite
from firmware_store.formats import WRITE_HEADER, WRITE_RECORD, WriteHeader, WriteRecord
from firmware_store.working_block import Progress, queue, unfinished_write, working_block_header

# The caller that real firmware's driver writes (EDK2, FaultTolerantWriteDxe.inf).
CALLER = bytes.fromhex("76ca5efe724fe849986f2cd899dffe5d")


def entry(header_state: int, record_state: int, private: int = 0) -> bytes:
    header = WriteHeader(header_state, b"\xff" * 3, CALLER, b"\xff" * 4, 1, private)
    record = WriteRecord(record_state, b"\xff" * 7, 0, 0x48, TINY.store_size, -TINY.spare_offset)
    return WRITE_HEADER.pack(*header) + WRITE_RECORD.pack(*record) + b"\xff" * private


def queued(*entries: bytes, at: int = TINY.working_offset) -> bytes:
    image = bytearray(blank(TINY))
    image[TINY.working_offset : TINY.spare_offset] = b"\xff" * TINY.working_size
    content = working_block_header(TINY) + b"".join(entries)
    image[at : at + len(content)] = content
    return bytes(image)


def test_the_block_header_is_the_one_that_real_firmware_writes() -> None:
    header = working_block_header(FOUR_MEGABYTE)
    assert header[16:20] == bytes.fromhex("2caf2c64")
    assert header[20:] == b"\xfe\xff\xff\xff" + (0xFE0).to_bytes(8, "little")


@pytest.mark.parametrize(
    ("header_state", "record_state", "progress"),
    [
        (0xFE, 0xFF, Progress.ANNOUNCED),
        (0xFC, 0xFF, Progress.ANNOUNCED),
        (0xFC, 0xFD, Progress.COPIED),
        (0xFC, 0xF9, Progress.WRITTEN),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 49])
def test_an_unfinished_write_is_found_at_the_end_of_the_queue(
    header_state: int, record_state: int, progress: Progress, before: int
) -> None:
    image = queued(*[entry(0xF8, 0xF9)] * before, entry(header_state, record_state))
    pending = unfinished_write(image, TINY)
    assert pending is not None
    assert pending.progress is progress
    assert len(queue(image, TINY)) == before + 1
    with pytest.raises(PendingFaultTolerantWrite, match=progress.value):
        VariableStore.from_image(image)


@pytest.mark.parametrize("count", [0, 1, 50])
def test_finished_writes_are_no_obstacle(count: int) -> None:
    image = queued(*[entry(0xF8, 0xF9)] * count)
    assert len(queue(image, TINY)) == count
    assert list(VariableStore.from_image(image)) == []


def test_private_data_of_other_callers_is_stepped_over() -> None:
    image = queued(entry(0xF8, 0xF9, private=24), entry(0xFC, 0xFD))
    assert unfinished_write(image, TINY) is not None


@pytest.mark.parametrize("count", [0, 2**64 - 1])
def test_a_queue_with_impossible_counts_ends(count: int) -> None:
    image = bytearray(queued(entry(0xF8, 0xF9)))
    at = TINY.working_offset + 32 + 0x18
    image[at : at + 8] = count.to_bytes(8, "little")
    assert all(each.complete for each in queue(bytes(image), TINY)[:1])


def test_the_pending_write_is_seen_even_when_the_volume_header_is_erased() -> None:
    image = b"\xff" * TINY.variable_size + queued(entry(0xFC, 0xFD))[TINY.variable_size :]
    assert detect(image) is TINY
    with pytest.raises(PendingFaultTolerantWrite):
        VariableStore.from_image(image)


def test_the_working_block_is_found_in_the_spare_area_while_it_is_rewritten() -> None:
    image = queued(entry(0xFC, 0xFD), at=TINY.spare_offset)
    with pytest.raises(PendingFaultTolerantWrite):
        VariableStore.from_image(image)


def test_without_a_working_block_the_volume_header_decides() -> None:
    image = bytearray(blank(TINY))
    image[TINY.working_offset : TINY.spare_offset] = bytes(TINY.working_size)
    assert queue(bytes(image), TINY) == []
    assert list(VariableStore.from_image(bytes(image))) == []
    image[50] ^= 1
    with pytest.raises(DamagedStore):
        VariableStore.from_image(bytes(image))
