"""What an entry asks for, by the kind of its setting and the form of its file."""

import pytest

from emulator.devices.asked_values import asked
from emulator.firmware.catalogue import Kind
from emulator.protocol.setting_files import FileEntry

WORDS = ("Disable", "Enable", "All UEFI, except Video")


def lines(*values: str, signed: bool = False) -> FileEntry:
    return FileEntry("Name", values, flat=False, authorization="<BEAM/>x" if signed else "")


def flat(text: str, *, signed: bool = False) -> FileEntry:
    return FileEntry("Name", (text,), flat=True, authorization="<BEAM/>x" if signed else "")


@pytest.mark.parametrize(
    ("kind", "entry", "value"),
    [
        (Kind.ENUMERATION, lines("Disable", "*Enable"), "Enable"),
        (Kind.ENUMERATION, lines("*Enable"), "Enable"),
        (Kind.ENUMERATION, lines("Enable"), None),
        (Kind.ENUMERATION, lines("*Disable", "*Enable"), None),
        (Kind.ENUMERATION, lines(), None),
        (Kind.ENUMERATION, flat("Enable"), "Enable"),
        (Kind.ENUMERATION, flat("Disable,*Enable"), "Enable"),
        (Kind.ENUMERATION, flat("*Disable, Enable"), "Disable"),
        (Kind.ENUMERATION, flat("*Disable,*Enable"), None),
        (Kind.ENUMERATION, flat("Disable,*All UEFI, except Video"), "All UEFI, except Video"),
        (Kind.ENUMERATION, flat("Disable,*Perhaps,Enable"), "Perhaps"),
        (Kind.ENUMERATION, flat("Perhaps"), "Perhaps"),
        (Kind.ENUMERATION, flat(""), ""),
        (Kind.ORDERED_LIST, lines("A", "B Disabled"), "A,B Disabled"),
        (Kind.ORDERED_LIST, lines("", "A"), "A"),
        (Kind.ORDERED_LIST, lines(""), ""),
        (Kind.ORDERED_LIST, lines(), None),
        (Kind.ORDERED_LIST, flat("A, B ,C"), "A,B,C"),
        (Kind.ORDERED_LIST, flat("A, B", signed=True), "A, B"),
        (Kind.STRING, lines("*text, with a star"), "*text, with a star"),
        (Kind.STRING, lines("one", "two"), None),
        (Kind.STRING, flat(" a, b "), " a, b "),
        (Kind.INTEGER, lines("07"), "07"),
        (Kind.INTEGER, lines(), None),
        (Kind.PASSWORD, lines("Secret-1"), "<utf-16/>Secret-1"),
        (Kind.PASSWORD, flat("<utf-16/>Secret-1"), "<utf-16/>Secret-1"),
        (Kind.PASSWORD, flat("<kbd/>1E"), "<kbd/>1E"),
        (Kind.PASSWORD, flat(""), "<utf-16/>"),
        (Kind.PASSWORD, lines("one", "two"), None),
        (None, lines("one", "two"), "one\ntwo"),
        (None, flat("one"), "one"),
    ],
)
def test_the_value_that_an_entry_asks_for(kind: Kind | None, entry: FileEntry, value: str | None) -> None:
    assert asked(kind, entry, WORDS) == value


def test_endless_blanks_in_a_list_take_no_time() -> None:
    """Were each run of them looked at again from each of its blanks, this would take an hour."""
    blanks = " " * (1 << 20)
    assert asked(Kind.ORDERED_LIST, flat(f"a{blanks}b{blanks}")) == f"a{blanks}b"
    assert asked(Kind.ENUMERATION, flat(f"a{blanks}b,*c"), WORDS) == "c"
    assert asked(Kind.ORDERED_LIST, flat(f"\t a{blanks},\t{blanks}b\t")) == "a,b"


def test_without_the_words_of_an_enumeration_the_star_alone_tells() -> None:
    assert asked(Kind.ENUMERATION, flat("Disable,*Enable")) == "Enable"
    assert asked(Kind.ENUMERATION, flat("Enable")) == "Enable"
