"""What the store serves, what it writes and what it never trusts."""

import pathlib
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_store import FOUR_MEGABYTE, TINY, Layout, NORFlash, Record, Variable, VariableStore, blank
from firmware_store.errors import DamagedStore, NotFound, OutOfResources, StoreError
from firmware_store.formats import VARIABLE_HEADER, VariableHeader
from firmware_store.index import walk
from firmware_store.records import key_of

VENDOR, OTHER = UUID("11111111-2222-3333-4455-66778899aabb"), UUID(int=2)
OVMF = pathlib.Path("/usr/share/OVMF")


def empty(layout: Layout = TINY, *, logged: bool = False) -> VariableStore:
    return VariableStore(NORFlash(blank(layout), layout.block_size, logged=logged), layout)


def reopened(store: VariableStore) -> VariableStore:
    return VariableStore.from_image(bytes(store.flash.content))


def test_a_new_variable_is_read_back_also_after_reopening() -> None:
    store = empty()
    store.set(VENDOR, "Fan Speed", b"\x01\x02", 7)
    for each in (store, reopened(store)):
        assert each.get(VENDOR, "Fan Speed") == Variable(VENDOR, "Fan Speed", 7, b"\x01\x02")
        assert list(each) == [Variable(VENDOR, "Fan Speed", 7, b"\x01\x02")]
        assert len(each) == 1


def test_a_missing_variable_is_none_or_not_found_by_name() -> None:
    store = empty()
    assert store.find(VENDOR, "Absent") is None
    with pytest.raises(NotFound, match=f"'Absent' of vendor {VENDOR}") as caught:
        store.get(VENDOR, "Absent")
    assert caught.value.status == "EFI_NOT_FOUND"


def test_one_name_under_two_vendors_is_two_variables() -> None:
    store = empty()
    store.set(VENDOR, "Setup", b"a", 3)
    store.set(OTHER, "Setup", b"b", 3)
    store.delete(VENDOR, "Setup")
    assert [each.data for each in reopened(store)] == [b"b"]


def test_the_record_lies_in_the_flash_as_the_format_says() -> None:
    store = empty()
    store.set(VENDOR, "AB", b"\x10\x11\x12", 7)
    record = bytes(store.flash.content[0x64 : 0x64 + 72])
    header = VariableHeader._make(VARIABLE_HEADER.unpack_from(record))
    assert header == VariableHeader(0x55AA, 0x3F, 0, 7, 0, bytes(16), 0, 6, 3, VENDOR.bytes_le)
    assert record[60:] == b"A\0B\0\0\0" + b"\x10\x11\x12" + b"\xff" * 3


def test_an_update_takes_the_four_steps_in_order() -> None:
    store = empty(logged=True)
    store.set(VENDOR, "A", b"1", 7)
    store.set(VENDOR, "A", b"2", 7)
    old, new = 0x64, 0x64 + 68
    assert store.flash.log is not None
    assert [(each.kind, each.offset, each.length) for each in store.flash.log[4:]] == [
        ("program", old + 2, 1),
        ("program", new, 60),
        ("program", new + 2, 1),
        ("program", new + 60, 5),
        ("program", new + 2, 1),
        ("program", old + 2, 1),
    ]


def test_history_tells_every_value_that_is_still_in_the_flash() -> None:
    store = empty()
    for value in (b"one", b"two", b"three"):
        store.set(VENDOR, "Password", value, 3)
    store.set(VENDOR, "Other", b"x", 3)
    store.delete(VENDOR, "Password")
    told = reopened(store).history(VENDOR, "Password")
    assert [(each.state, each.variable.data) for each in told] == [
        (0x3C, b"one"),
        (0x3C, b"two"),
        (0x3D, b"three"),
    ]
    assert told[0] == Record(0x64, 0x3C, Variable(VENDOR, "Password", 3, b"one"))
    store.reclaim()
    assert store.history(VENDOR, "Password") == []


def test_writing_what_is_there_writes_nothing() -> None:
    store = empty()
    store.set(VENDOR, "A", b"1", 7)
    before, operations = bytes(store.flash.content), store.flash.operations
    store.set(VENDOR, "A", b"1", 7)
    assert (bytes(store.flash.content), store.flash.operations) == (before, operations)


def test_variables_are_listed_in_the_order_of_their_records() -> None:
    store = empty()
    for name in ("C", "A", "B"):
        store.set(VENDOR, name, b"1", 7)
    store.set(VENDOR, "C", b"2", 7)
    assert [each.name for each in store] == [each.name for each in reopened(store)] == ["A", "B", "C"]


@settings(deadline=None, max_examples=200)
@given(
    name=st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=30),
    data=st.binary(min_size=1, max_size=200),
)
def test_every_name_and_value_survives_a_round(name: str, data: bytes) -> None:
    store = empty()
    store.set(VENDOR, name, data, 3)
    assert reopened(store).get(VENDOR, name).data == data
    (only,) = store
    assert key_of(VENDOR, only.name) == key_of(VENDOR, name)


@pytest.mark.parametrize("name", ["\ud800", "a\udfffb", "Ä𝔘", "\ud83d\ude00"])
def test_lone_surrogates_in_names_survive(name: str) -> None:
    store = empty()
    store.set(VENDOR, name, b"1", 3)
    assert reopened(store).find(VENDOR, name) is not None


def test_a_full_store_is_reclaimed_with_the_new_record_in_one_pass() -> None:
    store = empty()
    store.set(VENDOR, "Stays", b"s" * 100, 7)
    written = 0
    while store.flash.wear == [0] * 5:
        written += 1
        store.set(VENDOR, "Changes", bytes([written]) * 1000, 7)
    assert store.flash.wear == [1, 1, 0, 2, 2]
    assert [each.name for each in store] == ["Stays", "Changes"]
    assert len(store.history(VENDOR, "Changes")) == 1
    assert reopened(store).get(VENDOR, "Changes").data == bytes([written]) * 1000


def test_without_room_the_store_stays_as_it_was() -> None:
    store = empty()
    for number in range(5):
        store.set(VENDOR, f"Variable {number}", bytes([number]) * 1500, 7)
    with pytest.raises(OutOfResources, match="delete some") as caught:
        store.set(VENDOR, "Variable 5", bytes(1500), 7)
    assert caught.value.status == "EFI_OUT_OF_RESOURCES"
    assert [each.name for each in reopened(store)] == [f"Variable {number}" for number in range(5)]
    assert list(store) == list(reopened(store))
    store.delete(VENDOR, "Variable 0")
    store.set(VENDOR, "Variable 0", b"z" * 1500, 7)
    assert len(store) == 5


def test_the_store_can_be_filled_to_its_last_byte() -> None:
    store, left = empty(), TINY.variable_size - TINY.records_offset
    for number in range(4):
        store.set(VENDOR, chr(65 + number), bytes(1936), 7)
        left -= 2000
    store.set(VENDOR, "Z", bytes(left - 64), 7)
    assert store.flash.content[TINY.variable_size - 1] == 0
    assert len(reopened(store)) == 5
    assert store.flash.wear == [0] * 5


def test_what_lies_behind_the_last_record_is_cleared_before_the_first_read() -> None:
    store = empty()
    store.set(VENDOR, "A", b"1", 7)
    store.flash.program(0x1800, b"\0", "dirt")
    clean = reopened(store)
    assert clean.flash.wear == [1, 1, 0, 2, 2]
    assert [each.name for each in clean] == ["A"]
    assert clean.flash.content[0x1800] == 0xFF
    assert reopened(clean).flash.operations == 0


def test_spare_area_and_event_log_may_hold_anything() -> None:
    image = bytearray(blank(FOUR_MEGABYTE))
    image[FOUR_MEGABYTE.spare_offset :] = b"\x80\x00" * (FOUR_MEGABYTE.spare_size // 2)
    image[FOUR_MEGABYTE.variable_size : FOUR_MEGABYTE.working_offset] = bytes(0x1000)
    store = VariableStore.from_image(bytes(image))
    store.set(VENDOR, "A", b"1", 7)
    store.reclaim()
    assert reopened(store).get(VENDOR, "A").data == b"1"


def with_states(*states: tuple[bytes, int]) -> VariableStore:
    """Records of one key, with these data and states, as power cuts can leave them."""
    image = bytearray(blank(TINY))
    at = TINY.records_offset
    for data, state in states:
        key = key_of(VENDOR, "A")
        record = VARIABLE_HEADER.pack(0x55AA, state, 0, 7, 0, bytes(16), 0, 4, len(data), key[:16])
        record += key[16:] + data
        image[at : at + len(record)] = record
        at += (len(record) + 3) & ~3
    return VariableStore.from_image(bytes(image))


@pytest.mark.parametrize(
    ("states", "value"),
    [
        ([(b"a", 0x3E)], b"a"),
        ([(b"a", 0x3E), (b"b", 0x3F)], b"b"),
        ([(b"a", 0x3F), (b"b", 0x3E)], b"a"),
        ([(b"a", 0x3E), (b"b", 0x3E)], b"b"),
        ([(b"a", 0x3E), (b"b", 0x7F)], b"a"),
        ([(b"a", 0x3E), (b"b", 0xFF)], b"a"),
        ([(b"a", 0x3F), (b"b", 0x3F)], b"a"),
        ([(b"a", 0x3C), (b"b", 0x3D)], None),
        ([(b"a", 0x7F)], None),
        ([(b"a", 0xBF)], None),
    ],
)
def test_lookup_reclaim_and_update_agree_on_which_record_counts(
    states: list[tuple[bytes, int]], value: bytes | None
) -> None:
    """The fourth case is the one in which real firmware's reclaim brings the stale value back."""
    store = with_states(*states)
    found = store.find(VENDOR, "A")
    assert (found and found.data) == value
    reclaimed = reopened(store)
    reclaimed.reclaim()
    found = reclaimed.find(VENDOR, "A")
    assert (found and found.data) == value
    assert [each.state for each in reclaimed.history(VENDOR, "A")] == ([] if value is None else [0x3F])
    store.set(VENDOR, "A", b"new", 7)
    assert [each.variable.data for each in store.history(VENDOR, "A") if each.state in (0x3F, 0x3E)] == [
        b"new"
    ]
    assert reopened(store).get(VENDOR, "A").data == b"new"
    store.delete(VENDOR, "A")
    assert reopened(store).find(VENDOR, "A") is None


def test_reclaim_puts_records_that_wait_for_a_successor_last_as_firmware_does() -> None:
    store = empty()
    for name in ("A", "B", "C"):
        store.set(VENDOR, name, b"1", 7)
    store.flash.program(0x64 + 2, b"\x3e", "a successor is coming")
    cut = reopened(store)
    cut.reclaim()
    assert [each.name for each in cut] == ["B", "C", "A"]


def test_deleting_retires_every_leftover_before_the_live_record() -> None:
    store = with_states((b"a", 0x3E), (b"b", 0x3E), (b"c", 0x3F))
    store.delete(VENDOR, "A")
    assert [each.state for each in store.history(VENDOR, "A")] == [0x3C, 0x3C, 0x3D]


def test_a_hole_is_skipped_by_its_header_alone() -> None:
    """State never written: sizes count as none. The bytes behind it are read as the next record."""
    image = bytearray(blank(TINY))
    image[0x64 : 0x64 + 60] = VARIABLE_HEADER.pack(0x55AA, 0xFF, 0, 7, 0, bytes(16), 0, 400, 400, bytes(16))
    second = 0x64 + 60
    key = key_of(VENDOR, "B")
    image[second : second + 65] = (
        VARIABLE_HEADER.pack(0x55AA, 0x3F, 0, 7, 0, bytes(16), 0, 4, 1, key[:16]) + key[16:] + b"b"
    )
    store = VariableStore.from_image(bytes(image))
    assert [each.name for each in store] == ["B"]
    assert walk(bytes(image), TINY)[0] == [(0x64, 0xFF, 0, 0), (second, 0x3F, 4, 1)]


@pytest.mark.parametrize(("name_size", "data_size"), [(4, 0x2000), (0xFFFFFFFE, 1), (4, 0x1F9C - 63)])
def test_a_record_that_would_leave_the_store_is_damage(name_size: int, data_size: int) -> None:
    image = bytearray(blank(TINY))
    image[0x64 : 0x64 + 60] = VARIABLE_HEADER.pack(
        0x55AA, 0x3F, 0, 7, 0, bytes(16), 0, name_size, data_size, bytes(16)
    )
    with pytest.raises(DamagedStore, match="outside the store"):
        VariableStore.from_image(bytes(image))


@pytest.mark.parametrize("name", [b"A\0\0", b"A\0B\0", b"\0"])
def test_a_name_that_is_no_char16_string_is_damage_where_it_is_read(name: bytes) -> None:
    image = bytearray(blank(TINY))
    record = VARIABLE_HEADER.pack(0x55AA, 0x3F, 0, 7, 0, bytes(16), 0, len(name), 1, bytes(16)) + name + b"x"
    image[0x64 : 0x64 + len(record)] = record
    store = VariableStore.from_image(bytes(image))
    with pytest.raises(DamagedStore, match="not CHAR16"):
        list(store)
    store.set(VENDOR, "A", b"1", 7)
    assert store.get(VENDOR, "A").data == b"1"


@settings(deadline=None, max_examples=300)
@given(
    places=st.lists(st.tuples(st.integers(0, 0x300), st.integers(0, 255)), min_size=1, max_size=8),
    stop=st.none() | st.integers(0, TINY.size),
)
def test_no_damage_raises_anything_but_our_own_error(places: list[tuple[int, int]], stop: int | None) -> None:
    store = empty()
    for name in ("A", "B", "A", "C"):
        store.set(VENDOR, name, name.encode() * 9 + bytes([store.flash.operations]), 7)
    image = bytearray(store.flash.content)
    for offset, value in places:
        image[offset] = value
    try:
        damaged = VariableStore.from_image(bytes(image[:stop]))
        list(damaged)
        damaged.set(VENDOR, "D", b"new", 7)
        assert damaged.get(VENDOR, "D").data == b"new"
    except StoreError:
        pass


@pytest.mark.parametrize(
    ("name", "records", "live"),
    [("OVMF_VARS_4M.ms.fd", 57, 31), ("OVMF_VARS_4M.snakeoil.fd", 57, 31), ("OVMF_VARS.ms.fd", 57, 31)],
)
def test_debians_enrolled_images_have_the_known_number_of_records(name: str, records: int, live: int) -> None:
    if not (OVMF / name).is_file():
        pytest.skip(f"{OVMF / name} is not there; Debian's package ovmf brings it")
    image = (OVMF / name).read_bytes()
    store = VariableStore.from_image(image)
    assert len(walk(image, store.layout)[0]) == records
    assert len(store) == len(list(store)) == live
    assert store.flash.content == image, "opening a clean image changes nothing"
    before = list(store)
    store.reclaim()
    assert list(reopened(store)) == before
