"""Changing a field of an immutable value: the same as the standard library's way, which takes longer."""

import dataclasses

import pytest

from emulator.firmware import values
from emulator.firmware.memory import Boot, Counters, Identity, Memory
from emulator.firmware.turn import Session
from tests.firmware.bench import IDENTITY, guarded
from tests.firmware.held import full

VALUES = [
    full(),
    guarded(),
    IDENTITY,
    *(getattr(full(), each.name) for each in dataclasses.fields(Memory)),
    Session(),
    Session().door,
]
RECORDS = [value for value in VALUES if dataclasses.is_dataclass(value) and not isinstance(value, type)]


@pytest.mark.parametrize("value", RECORDS, ids=lambda value: type(value).__name__)
def test_each_field_is_changed_as_the_standard_library_does_it(value: object) -> None:
    assert dataclasses.is_dataclass(value)
    assert not isinstance(value, type)
    for each in dataclasses.fields(value):
        for changed in (getattr(value, each.name), getattr(full(), each.name, getattr(value, each.name))):
            ours = values.replace(value, **{each.name: changed})
            assert ours == dataclasses.replace(value, **{each.name: changed})
            assert type(ours) is type(value)


@pytest.mark.parametrize("value", RECORDS, ids=lambda value: type(value).__name__)
def test_without_a_change_another_value_comes_that_is_equal(value: object) -> None:
    assert dataclasses.is_dataclass(value)
    assert not isinstance(value, type)
    again = values.replace(value)
    assert again == value
    assert again is not value


def test_the_old_value_stays_what_it_was() -> None:
    old = Counters(1, 2, b"later")
    assert values.replace(old, settings=7) == Counters(7, 2, b"later")
    assert old == Counters(1, 2, b"later")


def test_the_new_value_is_immutable_too() -> None:
    changed = values.replace(Boot(), boots=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        changed.boots = 2  # type: ignore[misc]


def test_what_checks_a_new_value_checks_a_changed_one() -> None:
    with pytest.raises(ValueError, match="serial number"):
        values.replace(IDENTITY, serial="x" * 33)
    assert values.replace(IDENTITY, serial="x").serial == "x"
    assert isinstance(values.replace(IDENTITY), Identity)
