"""Two images are compared by what they mean."""

from firmware_store import VariableStore
from firmware_store.inspect_differences import differences
from firmware_store.inspect_text import difference_lines
from firmware_store.records import Variable
from tests.firmware_store.incidents import VENDOR, filled


def test_a_reclaimed_image_does_not_differ() -> None:
    store = VariableStore.from_image(filled())
    store.reclaim()
    assert store.flash.content != filled()
    assert differences(VariableStore.from_image(filled()), store) == []


def test_what_was_added_removed_and_changed_is_told_apart() -> None:
    store = VariableStore.from_image(filled())
    store.set(VENDOR, "New", b"x", 3)
    store.delete(VENDOR, "B")
    store.set(VENDOR, "A", b"changed", 7)
    found = differences(VariableStore.from_image(filled()), store)
    assert [(each.name, each.before is None, each.after is None) for each in found] == [
        ("A", False, False),
        ("B", False, True),
        ("New", True, False),
    ]
    assert [line[0] for line in difference_lines(found, show=False) if line[0] != " "] == ["~", "-", "+"]


def test_each_field_that_changed_is_named() -> None:
    before = Variable(VENDOR, "A", 7, b"x")
    after = Variable(VENDOR, "A", 0x27, b"y", bytes.fromhex("ea070102030405") + bytes(9))
    (found,) = differences([before], [after])
    assert found.fields == ("attributes", "data", "time_stamp")
    lines = list(difference_lines([found], show=True))
    assert "    attributes: NV+BS+RT → NV+BS+RT+AT" in lines
    assert "    data: 1 byte: 78 → 1 byte: 79" in lines
    assert "    time stamp: none → 2026-01-02 03:04:05" in lines


def test_values_are_not_printed_unless_asked_for() -> None:
    secret = Variable(VENDOR, "Password", 3, b"correct horse")
    text = "\n".join(difference_lines(differences([], [secret]), show=False))
    assert b"correct horse".hex() not in text
    assert "13 bytes" in text
