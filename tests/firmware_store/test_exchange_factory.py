"""An image that is put together at once equals one that was written step by step and scrubbed."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_store import FOUR_MEGABYTE, TINY, Variable, VariableStore, blank
from firmware_store.errors import InvalidParameter, OutOfResources
from firmware_store.factory import factory_image
from firmware_store.inspect import check
from firmware_store.redo import VENDOR as REDO_VENDOR
from tests.firmware_store.test_exchange_json import VARIABLES

VENDOR = UUID(int=9)


@given(st.lists(VARIABLES, max_size=8, unique_by=lambda each: (each.guid, each.name)))
def test_it_is_what_a_scrubbed_store_holds(variables: list[Variable]) -> None:
    image = factory_image(FOUR_MEGABYTE, variables)
    assert list(VariableStore.from_image(image)) == variables
    assert check(image).sound
    store = VariableStore.from_image(blank(FOUR_MEGABYTE))
    for each in variables:
        store.put(each)
    store.scrub()
    assert store.flash.content == image


def test_no_variables_make_the_blank_image() -> None:
    assert factory_image(TINY, []) == blank(TINY)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(OutOfResources, match="8092"):
        factory_image(TINY, [Variable(VENDOR, str(number), 7, bytes(1000)) for number in range(9)])


@pytest.mark.parametrize(
    "wrong",
    [
        [Variable(VENDOR, "", 7, b"x")],
        [Variable(VENDOR, "A\0B", 7, b"x")],
        [Variable(VENDOR, "A", 7, b"")],
        [Variable(REDO_VENDOR, "Transaction", 3, b"x")],
        [Variable(VENDOR, "A", 7, b"x"), Variable(VENDOR, "A", 7, b"y")],
    ],
    ids=["no name", "a NUL", "no value", "the store's own", "twice"],
)
def test_what_cannot_be_a_variable_is_refused(wrong: list[Variable]) -> None:
    with pytest.raises(InvalidParameter):
        factory_image(TINY, wrong)
