"""Old values are found wherever they are in the image."""

from uuid import UUID

import pytest

from firmware_store import FOUR_MEGABYTE, TINY, VariableStore, blank
from firmware_store.inspect_history import history
from firmware_store.inspect_records import State
from firmware_store.inspect_text import history_lines
from tests.firmware_store import incidents
from tests.firmware_store.incidents import filled

OTHER = UUID(int=7)


def test_every_value_of_a_variable_is_shown_with_its_state() -> None:
    found = history(filled(), "A")
    assert [(each.state, each.data, each.area) for each in found] == [
        (State.REPLACED, b"old value of A", "variables"),
        (State.VALID, b"value of A", "variables"),
    ]
    assert [each.state for each in history(filled(), "C")] == [State.DELETED]
    assert history(filled(), "Never") == []


def test_a_vendor_can_be_chosen() -> None:
    store = VariableStore.from_image(filled())
    store.set(OTHER, "A", b"of another vendor", 7)
    image = bytes(store.flash.content)
    assert len(history(image, "A")) == 3
    assert [each.data for each in history(image, "A", OTHER)] == [b"of another vendor"]


def test_a_value_that_was_cut_is_found_and_called_torn() -> None:
    assert [each.state for each in history(incidents.torn(), "A")][-1] is State.TORN


def test_a_value_whose_first_bit_never_counted_is_found() -> None:
    """Two-step writers leave whole records like this one."""
    image = bytearray(filled())
    image[incidents.offset_of(filled(), "B") + 2] = 0xFF
    found = history(bytes(image), "B")
    assert [(each.state, each.data) for each in found] == [(State.HOLE, b"value of B")]


def test_the_spare_area_is_searched_too() -> None:
    found = history(incidents.pending_copied(), "A")
    assert [each.area for each in found] == ["variables", "spare area"]
    assert found[1].offset > TINY.spare_offset


def test_a_value_inside_an_unfinished_transaction_is_found() -> None:
    areas = [each.area for each in history(incidents.pending_transaction(), "A")]
    assert "variables, inside other bytes" in areas


def test_a_scrub_leaves_no_history() -> None:
    store = VariableStore.from_image(filled())
    store.scrub()
    assert [each.data for each in history(bytes(store.flash.content), "A")] == [b"value of A"]


def test_a_name_that_fills_the_flash_is_searched_quickly() -> None:
    """Each place where the name stands costs the same, whatever sizes an attacker writes around it."""
    image = bytearray(blank(FOUR_MEGABYTE))
    fake = bytes.fromhex("aa553f00") + bytes(32) + b"\x04\0\0\0" + b"\x00\x80\x00\0" + bytes(16)
    for at in range(FOUR_MEGABYTE.spare_offset, FOUR_MEGABYTE.size - 64, 64):
        image[at : at + 64] = fake + b"A\0\0\0"
    found = history(bytes(image), "A")
    assert len(found) > 3000
    assert {each.area for each in found} == {"spare area"}


@pytest.mark.parametrize("show", [True, False])
def test_values_are_printed_only_when_asked_for(*, show: bool) -> None:
    text = "\n".join(history_lines(history(filled(), "A"), show=show))
    assert (b"old value of A".hex() in text) is show
    assert "replaced" in text
