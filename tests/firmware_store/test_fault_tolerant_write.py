"""A write of the whole region is announced, copied, made and ticked off, in the bytes that real firmware writes."""

import pytest

from firmware_store import FOUR_MEGABYTE, LAYOUTS, TINY, Layout, VariableStore, blank
from firmware_store.formats import WORKING_BLOCK_HEADER
from firmware_store.working_block import ENTRY_SIZE, empty_working_block, queue
from tests.firmware_store.crashes import VENDOR, RecordingFlash

# What real firmware leaves in the working block after one reclaim in the 4M layout.
LEFT_BY_FIRMWARE = bytes.fromhex(
    "f8ffffff 76ca5efe724fe849986f2cd899dffe5d ffffffff 0100000000000000 0000000000000000"
    "f9ffffffffffffff 0000000000000000 4800000000000000 b8ff030000000000 00e0fbffffffffff"
)


def filled(layout: Layout = TINY, spare: bytes = b"") -> VariableStore:
    image = bytearray(blank(layout))
    image[layout.spare_offset : layout.spare_offset + len(spare)] = spare
    store = VariableStore(RecordingFlash(image, layout.block_size), layout)
    for value in (b"1", b"2"):
        store.set(VENDOR, "A", value, 7)
    return store


def test_the_queue_entry_is_the_one_that_real_firmware_leaves() -> None:
    store = filled(FOUR_MEGABYTE)
    store.reclaim()
    at = FOUR_MEGABYTE.working_offset + WORKING_BLOCK_HEADER.size
    assert store.flash.content[at : at + ENTRY_SIZE] == LEFT_BY_FIRMWARE


def test_the_steps_come_in_the_order_that_survives_a_cut() -> None:
    store = filled(spare=b"former")
    assert isinstance(store.flash, RecordingFlash)
    store.flash.steps.clear()
    store.reclaim()
    assert [each.label for each in store.flash.steps] == [
        "write header",
        "header allocated",
        "write record",
        "writes allocated",
        "spare area",
        "spare area",
        "copy in the spare area",
        "spare complete",
        "variable region",
        "variable region",
        "variable region",
        "destination complete",
        "spare area",
        "spare area",
        "former spare area",
        "write complete",
    ]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.name)
def test_the_spare_area_gets_back_what_it_held(layout: Layout) -> None:
    spare = bytes(range(256)) * (layout.spare_size // 256)
    store = filled(layout, spare)
    store.reclaim()
    assert store.flash.content[layout.spare_offset :] == spare
    assert store.get(VENDOR, "A").data == b"2"


def test_a_full_queue_is_emptied_and_the_write_starts_at_its_begin() -> None:
    """Hole D: firmware goes on at the place it had before it made room."""
    store, spare = filled(spare=b"former" * 1000), (b"former" * 1000).ljust(TINY.spare_size, b"\xff")
    for count in [*range(1, 51), 1, 2]:
        store.reclaim()
        entries = queue(store.flash.content, TINY)
        assert len(entries) == count
        assert all(each.complete for each in entries)
        assert entries[0].offset == TINY.working_offset + WORKING_BLOCK_HEADER.size
        assert store.flash.content[TINY.spare_offset :] == spare
    assert store.flash.wear[TINY.working_offset // TINY.block_size] == 1


def test_dirt_behind_the_queue_is_cleared_before_a_write_is_announced() -> None:
    store = filled()
    store.flash.program(TINY.spare_offset - 1, b"\0", "dirt")
    store.reclaim()
    assert len(queue(store.flash.content, TINY)) == 1
    assert store.flash.content[TINY.spare_offset - 1] == 0xFF
    assert store.flash.content[TINY.working_offset :].startswith(empty_working_block(TINY)[:32])


def test_while_the_working_block_is_rewritten_one_valid_copy_is_always_somewhere() -> None:
    store = filled(spare=b"former")
    for _ in range(50):
        store.reclaim()
    assert isinstance(store.flash, RecordingFlash)
    store.flash.steps.clear()
    store.reclaim()
    assert [(each.label, each.offset) for each in store.flash.steps[:9]] == [
        ("spare area", TINY.spare_offset),
        ("working block", TINY.spare_offset),
        ("working block valid", TINY.spare_offset + 20),
        ("working block invalid", TINY.working_offset + 20),
        ("working block", TINY.working_offset),
        ("working block", TINY.working_offset),
        ("working block valid", TINY.working_offset + 20),
        ("spare area", TINY.spare_offset),
        ("former spare area", TINY.spare_offset),
    ]
