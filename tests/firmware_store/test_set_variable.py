"""Requests get the status that firmware gives."""

from uuid import UUID

import pytest

from firmware_store import FOUR_MEGABYTE, TINY, TWO_MEGABYTE, Attributes, Layout, VariableStore, blank
from firmware_store.errors import (
    InvalidParameter,
    NotFound,
    SecurityViolation,
    Unsupported,
    VariableError,
)
from firmware_store.formats import VARIABLE_HEADER
from firmware_store.records import key_of

VENDOR = UUID(int=1)


def holding(**variables: bytes) -> VariableStore:
    store = VariableStore.from_image(blank(TINY))
    for name, data in variables.items():
        store.set(VENDOR, name, data, 7)
    return store


@pytest.mark.parametrize(
    ("attributes", "reason", "status"),
    [
        (0x87, InvalidParameter, "EFI_INVALID_PARAMETER"),
        (0x100, InvalidParameter, "EFI_INVALID_PARAMETER"),
        (-1, InvalidParameter, "EFI_INVALID_PARAMETER"),
        (0x05, InvalidParameter, "EFI_INVALID_PARAMETER"),
        (0x04, InvalidParameter, "EFI_INVALID_PARAMETER"),
        (0x01, InvalidParameter, "EFI_INVALID_PARAMETER"),
        (0x06, InvalidParameter, "EFI_INVALID_PARAMETER"),
        (0x17, Unsupported, "EFI_UNSUPPORTED"),
        (0x37, Unsupported, "EFI_UNSUPPORTED"),
        (0x0F, Unsupported, "EFI_UNSUPPORTED"),
        (0x27, SecurityViolation, "EFI_SECURITY_VIOLATION"),
    ],
)
def test_attributes_that_firmware_refuses(attributes: int, reason: type[VariableError], status: str) -> None:
    store = holding()
    with pytest.raises(reason) as caught:
        store.set(VENDOR, "A", b"1", attributes)
    assert caught.value.status == status
    assert store.flash.operations == 0


@pytest.mark.parametrize("name", ["", "\0", "A\0B"])
def test_a_name_has_at_least_one_character_and_no_terminator_inside(name: str) -> None:
    with pytest.raises(InvalidParameter, match="name"):
        holding().set(VENDOR, name, b"1", 7)


@pytest.mark.parametrize(
    ("layout", "room"), [(FOUR_MEGABYTE, 33732), (TWO_MEGABYTE, 8132), (TINY, 0x800 - 60)]
)
def test_name_and_data_have_a_largest_size(layout: Layout, room: int) -> None:
    store = VariableStore.from_image(blank(layout))
    store.set(VENDOR, "A", bytes(room - 4), 7)
    with pytest.raises(InvalidParameter, match="largest variable"):
        store.set(VENDOR, "B", bytes(room - 3), 7)
    assert [len(each.data) for each in store] == [room - 4]


def test_attributes_of_a_variable_never_change() -> None:
    store = holding(A=b"1")
    for attributes in (3, 7 | 0x40, 3 | 0x40):
        if attributes & ~0x40 == 7:
            store.set(VENDOR, "A", b"2", attributes)
        else:
            with pytest.raises(InvalidParameter, match="attributes never change"):
                store.set(VENDOR, "A", b"2", attributes)
    assert store.get(VENDOR, "A").data == b"12"


@pytest.mark.parametrize(("data", "attributes"), [(b"", 0), (b"", 7), (b"x", 0)])
def test_no_data_or_no_access_deletes(data: bytes, attributes: int) -> None:
    store = holding(A=b"1")
    store.set(VENDOR, "A", data, attributes)
    assert store.find(VENDOR, "A") is None
    with pytest.raises(NotFound):
        store.set(VENDOR, "A", data, attributes)


def test_deleting_with_other_attributes_is_refused() -> None:
    store = holding(A=b"1")
    with pytest.raises(InvalidParameter):
        store.set(VENDOR, "A", b"", 3)


def test_append_lengthens_and_creates_and_never_stores_its_flag() -> None:
    store = holding(A=b"1")
    for name, data in (("A", b"23"), ("A", b""), ("B", b"4"), ("C", b"")):
        store.set(VENDOR, name, data, 7 | Attributes.APPEND_WRITE)
    assert [(each.name, each.data, each.attributes) for each in store] == [("A", b"123", 7), ("B", b"4", 7)]


def test_append_beyond_the_largest_size_is_an_invalid_parameter_as_in_real_firmware() -> None:
    store = holding(A=bytes(0x800 - 64))
    with pytest.raises(InvalidParameter, match="appending 1 bytes"):
        store.set(VENDOR, "A", b"1", 7 | Attributes.APPEND_WRITE)


@pytest.mark.parametrize(
    ("data", "attributes", "status"),
    [
        (b"2", 7, "EFI_INVALID_PARAMETER"),
        (b"", 0, "EFI_WRITE_PROTECTED"),
        (b"2", 7 | 0x40, "EFI_INVALID_PARAMETER"),
    ],
)
def test_an_authenticated_variable_is_not_changed_without_a_signature(
    data: bytes, attributes: int, status: str
) -> None:
    image, key = bytearray(blank(TINY)), key_of(VENDOR, "db")
    record = VARIABLE_HEADER.pack(0x55AA, 0x3F, 0, 0x27, 0, b"\xe6\x07".ljust(16, b"\1"), 0, 6, 1, key[:16])
    image[0x64 : 0x64 + 67] = record + key[16:] + b"1"
    store = VariableStore.from_image(bytes(image))
    with pytest.raises(VariableError) as caught:
        store.set(VENDOR, "db", data, attributes)
    assert caught.value.status == status
    store.reclaim()
    assert store.get(VENDOR, "db").time_stamp[:2] == b"\xe6\x07", "reclaim keeps the whole header"
