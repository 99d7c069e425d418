"""What a person is told about an image that something happened to, and that repair puts it in order."""

from collections.abc import Callable

import pytest

from firmware_store import FOUR_MEGABYTE, TINY, StoreError, VariableStore, blank
from firmware_store.errors import NotAnImage, TruncatedImage
from firmware_store.inspect import Kind, check
from firmware_store.inspect_repair import repaired
from firmware_store.inspect_text import report_lines
from tests.firmware_store import incidents
from tests.firmware_store.incidents import FILLED, content_of, filled

NEW_A, BOTH_NEW = {**FILLED, "A": b"new value of A"}, {"A": b"new value of A", "B": b"new value of B"}

# The image, the faults that it shows, and what is in it after a repair.
DAMAGE: list[tuple[Callable[[], bytes], set[Kind], dict[str, bytes]]] = [
    (incidents.hole, {Kind.HOLE, Kind.UNFINISHED_UPDATE}, FILLED),
    (incidents.torn, {Kind.TORN_RECORD, Kind.UNFINISHED_UPDATE}, FILLED),
    (incidents.waiting, {Kind.UNFINISHED_UPDATE}, FILLED),
    (incidents.doubled, {Kind.DOUBLED_RECORD}, NEW_A),
    (incidents.stale, {Kind.STALE_RECORD, Kind.UNFINISHED_UPDATE}, NEW_A),
    (incidents.pending_not_copied, {Kind.PENDING_WRITE}, FILLED),
    (incidents.pending_copied, {Kind.PENDING_WRITE}, FILLED),
    (incidents.pending_without_header, {Kind.PENDING_WRITE, Kind.LOST_VOLUME_HEADER}, FILLED),
    (incidents.pending_last_tick, {Kind.PENDING_WRITE}, FILLED),
    (incidents.torn_announcement, {Kind.TORN_ANNOUNCEMENT}, FILLED),
    (incidents.pending_transaction, {Kind.PENDING_TRANSACTION, Kind.DOUBLED_RECORD}, BOTH_NEW),
    (incidents.lost_working_block, {Kind.LOST_WORKING_BLOCK}, FILLED),
    (incidents.working_block_in_spare, {Kind.LOST_WORKING_BLOCK}, FILLED),
    (incidents.dirty_tail, {Kind.DIRTY_TAIL}, FILLED),
    (incidents.lost_volume_header, {Kind.LOST_VOLUME_HEADER}, FILLED),
    (incidents.damaged_store_header, {Kind.DAMAGED_STORE_HEADER}, FILLED),
    (incidents.record_leaves_store, {Kind.RECORD_LEAVES_STORE}, {"B": FILLED["B"]}),
    (incidents.unknown_state, {Kind.UNKNOWN_STATE}, FILLED),
]
NAMES = [each[0].__name__ for each in DAMAGE]


@pytest.mark.parametrize(("made", "faults", "content"), DAMAGE, ids=NAMES)
def test_each_damage_is_named_and_repaired(
    made: Callable[[], bytes], faults: set[Kind], content: dict[str, bytes]
) -> None:
    image = made()
    report = check(image)
    assert {each.kind for each in report.faults} == faults
    assert not report.sound
    after = repaired(image)
    assert check(after).sound
    assert content_of(after) == content


@pytest.mark.parametrize(("made", "faults", "content"), DAMAGE, ids=NAMES)
def test_every_fault_is_told_with_its_place(
    made: Callable[[], bytes], faults: set[Kind], content: dict[str, bytes]
) -> None:
    lines = list(report_lines(check(made())))
    told = [each for each in lines if each.startswith("fault")]
    assert {kind for kind in faults if any(f"  {kind.word}: " in line for line in told)} == faults
    assert all(each.split()[1].startswith("0x") for each in told)
    assert "--repair" in lines[-1]


def test_a_store_in_good_order_is_said_to_be() -> None:
    report = check(filled())
    assert report.sound
    assert report.variables == 2
    assert [each.name for each in report.records] == ["A", "B", "C", "A"]
    assert list(report_lines(report))[-1] == "in good order"


def test_a_dirty_spare_area_is_information_and_no_fault() -> None:
    report = check(incidents.dirty_spare())
    assert [each.kind for each in report.findings] == [Kind.DIRTY_SPARE]
    assert report.sound
    assert repaired(incidents.dirty_spare()) == incidents.dirty_spare()


def test_an_event_log_that_is_not_erased_is_information() -> None:
    image = bytearray(blank(FOUR_MEGABYTE))
    image[FOUR_MEGABYTE.variable_size] = 0
    report = check(bytes(image))
    assert [each.kind for each in report.findings] == [Kind.DIRTY_EVENT_LOG]
    assert report.sound


def test_the_fill_level_adds_up_to_the_room() -> None:
    fill = check(filled()).fill
    assert fill.live + fill.obsolete + fill.free == fill.room == TINY.capacity
    assert fill.obsolete > 0


def test_the_next_reclaim_comes_when_it_is_said() -> None:
    """Changes of the usual size until the store is rewritten, which shows in the wear of its blocks."""
    store = VariableStore.from_image(filled())
    expected = check(filled()).fill
    data = bytes(expected.usual_size - 64)
    count = 0
    while not any(store.flash.wear):
        store.set(incidents.VENDOR, "A", data[:-1] + bytes([count % 251]), 7)
        count += 1
    assert count == expected.next_reclaim + 1


def test_a_living_record_without_a_readable_name_is_reported() -> None:
    image = bytearray(filled())
    at = incidents.offset_of(bytes(image), "B") + 60 + 2
    image[at] = 0x41
    assert Kind.UNREADABLE_NAME in {each.kind for each in check(bytes(image)).faults}


@pytest.mark.parametrize("content", [b"", bytes(1000), b"\xff" * TINY.size, b"some other file" * 100])
def test_other_files_are_refused_and_not_explained(content: bytes) -> None:
    with pytest.raises((NotAnImage, TruncatedImage)):
        check(content)
    with pytest.raises(StoreError):
        repaired(content)


def test_a_name_that_moves_the_cursor_is_escaped_in_the_report() -> None:
    store = VariableStore.from_image(blank(TINY))
    store.set(incidents.VENDOR, "\x1b[2J\ud800", b"x", 7)
    store.set(incidents.VENDOR, "\x1b[2J\ud800", b"y", 7)
    image = bytearray(store.flash.content)
    image[store.history(incidents.VENDOR, "\x1b[2J\ud800")[0].offset + 2] = 0x3E
    text = "\n".join(report_lines(check(bytes(image))))
    assert "\x1b" not in text
    assert text.encode("ascii", "strict")
