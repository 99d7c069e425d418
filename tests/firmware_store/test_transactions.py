"""Several variables change together or not at all, in the flash as well as in the file."""

import struct
import zlib

import pytest

from firmware_store import FOUR_MEGABYTE, TINY, Layout, MemoryImage, Variable, VariableStore, blank, redo
from firmware_store.errors import DamagedStore, NotFound, OutOfResources, WriteProtected
from firmware_store.records import HEADER_SIZE, key_of, record_of
from firmware_store.redo import changes_of, redo_record
from tests.firmware_store.crashes import VENDOR, Content, RecordingFlash, content_of, opened


def holding(layout: Layout = TINY, **variables: bytes) -> VariableStore:
    store = VariableStore(RecordingFlash(blank(layout), layout.block_size), layout)
    for name, data in variables.items():
        store.set(VENDOR, name, data, 7)
    steps_of(store).clear()
    return store


def steps_of(store: VariableStore) -> list[object]:
    assert isinstance(store.flash, RecordingFlash)
    return store.flash.steps  # type: ignore[return-value]


def values(store: VariableStore) -> dict[str, bytes]:
    return {each.name: each.data for each in store}


def test_changes_are_seen_inside_the_block_and_reach_the_flash_at_its_end() -> None:
    store = holding(A=b"a", B=b"b", C=b"c")
    before = bytes(store.flash.content)
    with store.transaction() as inside:
        assert inside is store
        store.set(VENDOR, "B", b"B", 7)
        store.set(VENDOR, "D", b"D", 7)
        store.set(VENDOR, "D", b"E", 7 | 0x40)
        store.delete(VENDOR, "A")
        assert values(store) == {"C": b"c", "B": b"B", "D": b"DE"}
        assert len(store) == 3
        assert store.find(VENDOR, "A") is None
        assert store.get(VENDOR, "D").data == b"DE"
        with pytest.raises(NotFound):
            store.delete(VENDOR, "A")
        assert store.flash.content == before
    assert values(store) == values(opened(store.flash.content)) == {"C": b"c", "B": b"B", "D": b"DE"}
    assert store.find(redo.VENDOR, "Transaction") is None
    assert [each.variable.data for each in store.history(VENDOR, "D")] == [b"DE"]


def test_an_exception_drops_every_change() -> None:
    store = holding(A=b"a")

    def give_up() -> None:
        with store.transaction():
            store.set(VENDOR, "A", b"b", 7)
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        give_up()
    assert values(store) == {"A": b"a"}
    assert steps_of(store) == []
    store.set(VENDOR, "A", b"c", 7)
    assert values(opened(store.flash.content)) == {"A": b"c"}


def test_a_block_inside_a_block_can_fail_alone_but_is_kept_by_the_outer_one() -> None:
    store = holding(A=b"a")
    with store.transaction():
        store.set(VENDOR, "A", b"outer", 7)
        with store.transaction():
            store.set(VENDOR, "B", b"inner", 7)
        try:
            with store.transaction():
                store.delete(VENDOR, "A")
                store.set(VENDOR, "C", b"failed", 7)
                raise ValueError
        except ValueError:
            pass
        assert steps_of(store) == []
    assert values(opened(store.flash.content)) == {"A": b"outer", "B": b"inner"}


def test_nothing_and_changes_that_cancel_out_write_nothing() -> None:
    store = holding(A=b"a", B=b"b")
    with store.transaction():
        store.set(VENDOR, "A", b"x", 7)
        store.set(VENDOR, "A", b"a", 7)
        store.delete(VENDOR, "B")
        store.set(VENDOR, "B", b"b", 7)
        store.set(VENDOR, "C", b"c", 7)
        store.delete(VENDOR, "C")
    assert steps_of(store) == []


def test_attributes_can_change_by_deleting_and_setting_again() -> None:
    store = holding(A=b"a")
    with store.transaction():
        store.delete(VENDOR, "A")
        store.set(VENDOR, "A", b"a", 3)
    assert opened(store.flash.content).get(VENDOR, "A") == Variable(VENDOR, "A", 3, b"a")


def test_one_change_needs_no_list() -> None:
    store = holding(A=b"a")
    with store.transaction():
        store.set(VENDOR, "A", b"b", 7)
    assert len(steps_of(store)) == 6


def test_several_changes_are_listed_in_a_variable_that_is_gone_afterwards() -> None:
    store = holding(A=b"a", B=b"b")
    with store.transaction():
        store.set(VENDOR, "A", b"A", 7)
        store.delete(VENDOR, "B")
    (listed,) = store.history(redo.VENDOR, "Transaction")
    assert listed.state == 0x3D
    assert changes_of(listed.variable.data) == {
        key_of(VENDOR, "A"): record_of(key_of(VENDOR, "A"), 7, b"A"),
        key_of(VENDOR, "B"): None,
    }
    assert store.flash.wear == [0] * 5


@pytest.mark.parametrize(
    ("layout", "size", "count"), [(TINY, 900, 3), (TINY, 1900, 2), (FOUR_MEGABYTE, 400, 100)]
)
def test_what_the_list_would_not_hold_is_written_with_the_whole_region(
    layout: Layout, size: int, count: int
) -> None:
    store = holding(layout, A=b"a")
    with store.transaction():
        for number in range(count):
            store.set(VENDOR, f"V{number}", bytes(size), 7)
    assert max(store.flash.wear[: layout.variable_size // layout.block_size]) == 1
    assert len(opened(store.flash.content, layout)) == count + 1
    assert store.history(redo.VENDOR, "Transaction") == []


def test_a_change_without_room_is_refused_where_it_is_made_and_the_others_are_kept() -> None:
    store = holding(TINY, **{f"V{number}": bytes([number]) * 1500 for number in range(4)})
    with store.transaction():
        store.set(VENDOR, "V1", b"small", 7)
        store.set(VENDOR, "New", bytes(1900), 7)
        with pytest.raises(OutOfResources, match="delete some"):
            store.set(VENDOR, "V5", bytes(1950), 7)
        store.delete(VENDOR, "V0")
        store.set(VENDOR, "V5", bytes(1950), 7)
    assert {name: len(data) for name, data in values(opened(store.flash.content)).items()} == {
        "V1": 5, "V2": 1500, "V3": 1500, "New": 1900, "V5": 1950,
    }  # fmt: skip


def test_reclaim_and_scrub_can_be_asked_for_inside_the_block() -> None:
    store = holding(A=b"a")
    store.set(VENDOR, "A", b"b", 7)
    with store.transaction():
        store.set(VENDOR, "B", b"b", 7)
        store.reclaim()
        assert values(opened(store.flash.content)) == {"A": b"b"}
        store.scrub()
    assert values(opened(store.flash.content)) == {"A": b"b", "B": b"b"}
    assert set(store.flash.content[TINY.spare_offset :]) == {0xFF}


def test_variables_of_checked_requests_are_stored_as_they_are() -> None:
    signed = Variable(VENDOR, "db", 0x27, b"list", b"\xea\x07\x01\x02".ljust(16, b"\0"))
    store = holding(A=b"a")
    with store.transaction():
        store.put(signed)
        store.put(Variable(VENDOR, "A", 3, b"a"))
        store.remove(VENDOR, "Absent")
    again = opened(store.flash.content)
    assert again.get(VENDOR, "db") == signed
    assert again.get(VENDOR, "A").attributes == 3
    steps_of(store).clear()
    store.put(signed)
    assert steps_of(store) == []
    store.put(signed._replace(data=b""))
    assert store.find(VENDOR, "db") is None


def test_nobody_sets_a_variable_under_the_stores_own_vendor() -> None:
    with pytest.raises(WriteProtected, match="the store's own"):
        holding().set(redo.VENDOR, "Transaction", b"1", 7)


def left_by_a_cut(data: bytes) -> VariableStore:
    """A valid redo variable with this content, in an image that holds A and B."""
    store = holding(A=b"a", B=b"b")
    store._apply({redo.KEY: record_of(redo.KEY, 3, data)})
    return opened(store.flash.content)


def listed(**variables: bytes) -> bytes:
    changes = {
        key_of(VENDOR, name): record_of(key_of(VENDOR, name), 7, data) for name, data in variables.items()
    }
    return redo_record({**changes, key_of(VENDOR, "B"): None})[HEADER_SIZE + len(redo.KEY) - 16 :]


def test_a_list_found_when_the_flash_is_opened_is_made_true() -> None:
    store = left_by_a_cut(listed(A=b"A", C=b"odd"))
    assert values(store) == {"A": b"A", "C": b"odd"}
    assert opened(store.flash.content).flash.operations == 0


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"F10 redo", "only 8 bytes"),
        (b"G" + listed(A=b"A")[1:], "version 1"),
        (listed(A=b"A")[:8] + b"\2" + listed(A=b"A")[9:], "another|release that wrote it"),
        (listed(A=b"A")[:-1] + b"\x55", "damaged"),
        (listed(A=b"A")[:-4], "damaged"),
    ],
)
def test_a_list_that_cannot_be_read_is_damage(data: bytes, text: str) -> None:
    with pytest.raises(DamagedStore, match=text):
        left_by_a_cut(data)


def test_a_list_whose_records_leave_it_is_damage() -> None:
    for inner in (b"\xaa\x55" + bytes(20), record_of(key_of(VENDOR, "A"), 7, b"long enough")[:-4]):
        head = listed(A=b"A")[:12] + struct.pack("<II", len(inner), zlib.crc32(inner))
        with pytest.raises(DamagedStore, match="ends inside the record at 0x0"):
            left_by_a_cut(head + inner)


def test_an_image_commits_the_variables_of_a_transaction_together() -> None:
    image = MemoryImage(TINY)
    with image.transaction() as store:
        store.set(VENDOR, "A", b"1", 7)
        store.set(VENDOR, "B", b"2", 7)
        assert store.flash.operations == 0
    committed: Content = content_of(image.open())
    assert {name: each.data for (_, name), each in committed.items()} == {"A": b"1", "B": b"2"}
    assert len(image.open().history(redo.VENDOR, "Transaction")) == 1
