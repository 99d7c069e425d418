"""Replicated setups: published ones come back byte for byte, any others are read or refused, and what is written is read back."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulator.protocol import repset
from emulator.protocol.repset import (
    MOST_ENTRIES,
    Dialect,
    Encoding,
    Lines,
    MalformedRepset,
    Newline,
    NotOneEntry,
    TooManyEntries,
    UnwritableEntry,
    Value,
)

Told = list[tuple[str, tuple[str, ...]]]

SAMPLES = {
    # How many settings the list of the collection counts in them.
    "davegreen_EliteBook810G1.cfg": 218,
    "davegreen_ProBook6x0G1.cfg": 183,
    "davegreen_EliteBook8x70p-Win7.cfg": 196,
    "davegreen_EliteDesk800G2-Win10.cfg": 132,
    "michalkir_EliteBook840G5_BiosConfig.REPSET": 15,
    "zbookpowerg7_derived.REPSET": 249,
}

MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def bcu(*lines: str) -> bytes:
    """A file of BCU's dialect with these lines below its header."""
    return "".join(f"{line}\n" for line in ("BIOSConfig 1.0", *lines)).encode()


def told(file: repset.Repset) -> Told:
    return [(entry.name, entry.lines) for entry in file.entries]


def read(*lines: str) -> Told:
    """What a file of BCU's dialect says, after the proof that its bytes come back."""
    data = bcu(*lines)
    file = repset.parse(data)
    assert file.render() == data
    return told(file)


# Published files


@pytest.fixture(scope="module")
def folder(samples: Path) -> Path:
    return samples / "repset"


@pytest.mark.parametrize(("name", "count"), SAMPLES.items())
def test_a_published_file_comes_back_byte_for_byte(folder: Path, name: str, count: int) -> None:
    data = (folder / name).read_bytes()
    file = repset.parse(data)
    assert file.render() == data
    assert len(file.entries) == count
    assert (file.dialect, file.encoding, file.byte_order_mark) == (Dialect.BCU, Encoding.UTF_8, False)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_file_comes_back_in_every_clothing_that_editors_give_it(folder: Path, name: str) -> None:
    text = (folder / name).read_text("ascii")
    plain = told(repset.parse(text.encode()))
    for ends in ("\n", "\r\n"):
        for encoding, mark in [*MARKS.items(), ("utf-16-le", b""), ("utf-16-be", b"")]:
            data = mark + text.replace("\n", ends).encode(encoding)
            file = repset.parse(data)
            assert file.render() == data
            assert (file.encoding, file.byte_order_mark) == (encoding, bool(mark))
            assert told(file) == plain


@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_file_that_is_written_anew_says_the_same(folder: Path, name: str) -> None:
    file = repset.parse((folder / name).read_bytes())
    for dialect in Dialect:
        assert told(repset.make(told(file), dialect)) == told(file)


def test_published_files_have_one_star_in_each_enumeration_but_those_saved_without(folder: Path) -> None:
    file = repset.parse((folder / "davegreen_EliteBook810G1.cfg").read_bytes())
    stars = {entry.name: sum(value.chosen for value in entry.values) for entry in file.entries}
    assert set(stars.values()) == {0, 1}
    without = [entry for entry in file.entries if len(entry.values) > 1 and not stars[entry.name]]
    assert "TPM Reset to Factory Defaults" in {entry.name for entry in without}


def test_the_tab_behind_a_published_value_is_not_part_of_it(folder: Path) -> None:
    file = repset.parse((folder / "davegreen_EliteDesk800G2-Win10.cfg").read_bytes())
    (order,) = (entry for entry in file.entries if entry.name == "Legacy Boot Order")
    assert order.lines == ("HDD:M.2:1", "HDD:USB:1", "NETWORK:EMBEDDED:1")
    assert [value.line for value in order.values] == [182, 183, 184]


def test_the_comments_of_a_published_export_are_those_we_write(folder: Path) -> None:
    data = (folder / "michalkir_EliteBook840G5_BiosConfig.REPSET").read_bytes()
    comments = repset.export_comments(
        version="4.0.24.1", date="2018/05/15", time="14:52:44", utc_offset="2", count=224
    )
    assert repset.make(told(repset.parse(data)), Dialect.BCU, comments, newline="\n").render() == data


def test_one_setting_of_a_published_file_changes_and_no_other_byte(folder: Path) -> None:
    data = (folder / "michalkir_EliteBook840G5_BiosConfig.REPSET").read_bytes()
    changed = repset.parse(data).with_values("TPM Device", ["*Hidden", "Available"])
    assert changed.render() == data.replace(b"\tHidden\n\t*Available\n", b"\t*Hidden\n\tAvailable\n", 1)


# Dialects and encodings


@pytest.mark.parametrize("header", ["BIOSConfig 1.0", "English", "BIOSConfig 1.0 ", "English\t"])
def test_a_header_makes_it_the_dialect_of_bcu(header: str) -> None:
    data = f"{header}\n\nTPM State\n\t*Enable".encode()
    file = repset.parse(data)
    assert file.dialect is Dialect.BCU
    assert told(file) == [("TPM State", ("*Enable",))]
    assert file.entries[0].line == 3
    assert file.render() == data


def test_without_a_header_it_is_the_dialect_of_the_firmware() -> None:
    file = repset.parse(b"Product Name\n\tHP EliteDesk 800 G5\n")
    assert file.dialect is Dialect.FIRMWARE
    assert told(file) == [("Product Name", ("HP EliteDesk 800 G5",))]
    assert file.entries[0].line == 1


def test_a_header_and_nothing_else_is_a_file_without_settings() -> None:
    for data in (b"BIOSConfig 1.0", b"English\r\n"):
        assert repset.parse(data).entries == ()
        assert repset.parse(data).render() == data


@pytest.mark.parametrize("name", ["A", "AB", "Asset Tag", "Übertragung"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised_without_a_mark(name: str, encoding: str) -> None:
    for text in (name, f"{name}\r\n\tä→\r\n"):
        data = text.encode(encoding)
        file = repset.parse(data)
        assert (file.encoding, file.byte_order_mark, file.dialect) == (encoding, False, Dialect.FIRMWARE)
        assert file.entries[0].name == name
        assert file.render() == data


def test_a_byte_order_mark_before_8_bit_text_is_told_and_kept() -> None:
    data = MARKS["utf-8"] + bcu("Asset Tag", "\tä")
    file = repset.parse(data)
    assert (file.dialect, file.encoding, file.byte_order_mark) == (Dialect.BCU, Encoding.UTF_8, True)
    assert file.render() == data
    assert file.with_values("Asset Tag", ["ö"]).render() == MARKS["utf-8"] + bcu("Asset Tag", "\tö")


@pytest.mark.parametrize(
    ("value", "text", "encoding"),
    [
        (b"Gr\xc3\xb6\xc3\x9fe", "Größe", Encoding.UTF_8),
        (b"Gr\xf6\xdfe", "Größe", Encoding.WINDOWS_1252),
        (b"\x80 100", "€ 100", Encoding.WINDOWS_1252),
        (b"Gr\xf6\xdfe \x81", "Größe \x81", Encoding.LATIN_1),
    ],
)
def test_8_bit_text_is_utf_8_or_else_windows_1252_or_else_latin_1(
    value: bytes, text: str, encoding: Encoding
) -> None:
    data = bcu("Asset Tag") + b"\t" + value
    file = repset.parse(data)
    assert file.encoding is encoding
    assert told(file) == [("Asset Tag", (text,))]
    assert file.render() == data


@pytest.mark.parametrize(
    "stranger", ["\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\xa0", "\u2028", "\u2029", "\ufeff"]
)
def test_only_line_feeds_end_lines(stranger: str) -> None:
    assert read(f"A{stranger}B", f"\tx{stranger}y{stranger}") == [
        (f"A{stranger}B", (f"x{stranger}y{stranger}",))
    ]


# The lines


def test_an_enumeration_lists_its_values_and_its_star_is_told_apart() -> None:
    file = repset.parse(bcu("TPM State", "\tDisable", "\t*Enable"))
    assert file.entries[0].values == (Value("Disable", False, 3), Value("Enable", True, 4))
    assert file.entries[0].line == 2


def test_stars_are_not_counted() -> None:
    assert read("A", "\tx", "\ty", "B", "\t*x", "\t*y") == [("A", ("x", "y")), ("B", ("*x", "*y"))]


@pytest.mark.parametrize(("line", "text"), [("*", ""), ("**", "*"), ("**x", "*x"), ("* x ", " x ")])
def test_the_line_of_a_string_that_begins_with_a_star_is_kept(line: str, text: str) -> None:
    value = repset.parse(bcu("Ownership Tag", f"\t{line}")).entries[0].values[0]
    assert (value.text, value.chosen, value.raw) == (text, True, line)


@pytest.mark.parametrize(
    "name", ["Asset Tag:", "Reboot?", "I/O & %", "#1, (x).", "5", "*", "a\tb", "Tag \t", '"']
)
def test_names_are_taken_verbatim(name: str) -> None:
    assert read(name, "\tx") == [(name, ("x",))]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("\tHDD:USB:1\t", "HDD:USB:1"),
        ("\tx\t\t", "x"),
        ("\t*x\t", "*x"),
        ("\t  x  ", "  x  "),
        ("\tx \t", "x "),
        ("\tx\t ", "x\t "),
        ("\t \tx", " \tx"),
        ("\t", ""),
        ("\t\t", ""),
        ("\t  ", "  "),
        ("\tI/O=3f8; IRQ=4", "I/O=3f8; IRQ=4"),
        ("\ta, Disable", "a, Disable"),
        ("\tx *", "x *"),
    ],
)
def test_of_a_value_go_the_tab_before_it_and_the_tabs_behind_it(line: str, value: str) -> None:
    assert read("A", line, "B", line) == [("A", (value,)), ("B", (value,))]


def test_several_lines_are_several_values() -> None:
    assert read("Map", "\tPciRoot(0x0)/A", "\tPciRoot(0x0)/B", "\t", "\tC") == [
        ("Map", ("PciRoot(0x0)/A", "PciRoot(0x0)/B", "", "C"))
    ]


def test_a_name_that_stands_twice_is_told_twice() -> None:
    file = repset.parse(bcu("A", "\tx", "B", "A", "\ty"))
    assert told(file) == [("A", ("x",)), ("B", ()), ("A", ("y",))]
    assert [entry.line for entry in file.entries] == [2, 4, 5]


@pytest.mark.parametrize(
    "silent", [";", ";Signature=AQ==", ";AuthString=<utf-16/>x", "  ; x", "\t;x", " \t ;\tx", "", " ", " \t"]
)
def test_comments_and_blank_lines_say_nothing_wherever_they_stand(silent: str) -> None:
    assert read(silent, "A", silent, "\tx", silent, silent, "\ty", silent, "B", silent) == [
        ("A", ("x", "y")),
        ("B", ()),
    ]


def test_a_comment_ends_with_its_line() -> None:
    assert read(";A", "B", ";\tx", ";\ty") == [("B", ())]


@pytest.mark.parametrize(
    ("end", "values"),
    [
        ("", ("x",)),
        ("\n", ("x",)),
        ("\t", ("x",)),
        ("\n\t", ("x",)),
        ("\n \t ", ("x",)),
        ("\n\t\t", ("x",)),
        ("\n  ", ("x",)),
        ("\n\ty", ("x", "y")),
        ("\n\ty\n ", ("x", "y")),
        ("\n\t\n", ("x", "")),
        ("\n\t\n\t", ("x", "")),
        ("\n;", ("x",)),
    ],
)
def test_blanks_on_a_last_line_without_end_are_what_an_editor_left(end: str, values: tuple[str, ...]) -> None:
    data = f"BIOSConfig 1.0\nA\n\tx{end}".encode()
    file = repset.parse(data)
    assert told(file) == [("A", values)]
    assert file.render() == data


def test_a_tab_on_the_last_line_is_the_empty_value_of_a_setting_that_has_no_other() -> None:
    for data in (b"BIOSConfig 1.0\nA\n\t", b"BIOSConfig 1.0\r\nA\r\n\t\r\n", b"A\n;\tx\n\t"):
        assert told(repset.parse(data)) == [("A", ("",))]


def test_line_ends_may_be_mixed() -> None:
    data = b"BIOSConfig 1.0\r\nA\n\tx\r\n\ty\n\r\nB\r\n\tz"
    assert told(repset.parse(data)) == [("A", ("x", "y")), ("B", ("z",))]
    assert repset.parse(data).render() == data


# What is refused


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (
            b"",
            "line 1: the header 'BIOSConfig 1.0' or the name of a setting was expected; neither came; begin",
        ),
        (b"\nBIOSConfig 1.0\n", "line 1: the header"),
        (b"; note\nBIOSConfig 1.0\n", "line 1: the header .* neither came"),
        (b"\tEnable\n", "line 1: the header .* neither came"),
        (b" A\n", "line 1: the header"),
        (b"\xef\xbb\xbf", "line 1: the header"),
        (b"BIOSConfig 2.0\nA\n", "line 1: the header 'BIOSConfig 1.0' .* begin the file with BIOSConfig 1.0"),
        (b"biosconfig 1.0\nA\n", "line 1: the header"),
        (b"BIOSConfig 1.0;\nA\n", "line 1: the header"),
        (bcu("\tEnable"), "line 2: the name of a setting was expected; a value came; put the name"),
        (bcu("; A", "", "\t"), "line 4: the name of a setting"),
        (
            bcu("A", "    Enable"),
            "line 3: a value indented with exactly one tab was expected; another indent came",
        ),
        (bcu("A", "\tx", " Hide")[:-1], "line 4: a value indented with exactly one tab"),
        (bcu("A", " \tEnable"), "line 3: a value indented with exactly one tab"),
        (bcu("A", "\t\tEnable"), "line 3: a value indented with exactly one tab"),
        (bcu("A", "\tEna\0ble"), "line 3: text was expected; a NUL came; it means"),
        (bcu(";\0"), "line 2: text was expected"),
        ("日本\n\tx\n".encode("utf-16-le"), "line 2: text was expected.* or UTF-16 without mark"),
        (b"\xff\xfe\0\0B\0\0\0", "line 1: text was expected"),
        (b"A\0B", "line 1: text was expected"),
        (bcu("A", "\tx\ry"), "line 3: a line end of LF or CRLF was expected; a lone CR came"),
        (b"BIOSConfig 1.0\r\r\nA\r\n", "line 1: a line end of LF or CRLF"),
        (b"English\nA\r", "line 2: a line end of LF or CRLF"),
        (b"BIOSConfig 1.0\rA\r\tx\r", "line 1: a line end of LF or CRLF"),
        (
            MARKS["utf-8"] + bcu("A") + b"\t\xf6",
            "line 3: utf-8 as at the beginning was expected; another encoding came",
        ),
        (MARKS["utf-16-le"] + "A\n\tx".encode("utf-16-le") + b"y", "line 2: utf-16-le as at the beginning"),
        (MARKS["utf-16-be"] + b"\0A\0\n\xd8\0\0B", "line 2: utf-16-be as at the beginning"),
        (b"A\0\n\0\x00\xdc\n\0", "line 2: utf-16-le as at the beginning"),
    ],
)
def test_what_is_no_replicated_setup_is_refused_with_line_and_reason(data: bytes, reason: str) -> None:
    with pytest.raises(MalformedRepset, match=reason):
        repset.parse(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\thunter2\n",
        b"  hunter2\n",
        b";hunter2\nSetup Password\n",
        b"BIOSConfig hunter2\n",
        bcu("\thunter2"),
        bcu("Setup Password", "  hunter2"),
        bcu("Setup Password", "\t\thunter2"),
        bcu("Setup Password", "\thunter2\0"),
        bcu("Setup Password", "\thunter2\rx"),
        MARKS["utf-8"] + bcu("Setup Password") + b"\thunter2\xf6",
        bcu("A", "\tx", ";Signature=<BEAM/>x", ";Signature=<BEAM/>hunter2"),
    ],
)
def test_no_refusal_repeats_a_line_for_it_may_hold_a_password(data: bytes) -> None:
    with pytest.raises(MalformedRepset) as refusal:
        repset.parse(data)
    assert "hunter2" not in str(refusal.value)


def test_a_file_of_more_settings_than_any_machine_has_is_not_read_to_its_end() -> None:
    most = [f"A{number}" for number in range(MOST_ENTRIES)]
    assert len(repset.parse(bcu(*most)).entries) == MOST_ENTRIES
    # What follows would be refused for another reason.
    for more in (bcu(*most, "B"), bcu(*most, "B", "  wrong")):
        with pytest.raises(TooManyEntries, match="at most 5000 settings was expected; more came"):
            repset.parse(more)
    with pytest.raises(TooManyEntries):
        repset.make([(name, ["x"]) for name in [*most, "B"]], Dialect.BCU)


def test_a_file_above_the_limit_is_refused_before_it_is_read() -> None:
    data = bcu("A").ljust(repset.LARGEST, b";")
    assert repset.parse(data).render() == data
    with pytest.raises(MalformedRepset, match="at most 1048576 bytes was expected; 1048577 came"):
        repset.parse(data + b"\xff")


@pytest.mark.parametrize(
    "piece",
    [b"\n", b"\r", b"\t", b" ", b"\0", b"A\n", b"\t\n", b";", b"\t ", b"A\n\t*x\n", b"\xf6", b"\r\n", b"x\0"],
)
def test_a_large_hostile_file_is_done_in_one_pass(piece: bytes) -> None:
    # Anything worse than linear would take hours here.
    for head in (b"BIOSConfig 1.0\nA\n", b"A", b"\xff\xfeA\0\n\0"):
        data = head + piece * ((1 << 18) // len(piece))
        try:
            file = repset.parse(data)
        except (MalformedRepset, TooManyEntries):
            continue
        assert file.render() == data


# Properties


def renders_or_refuses(data: bytes) -> None:
    reason = ""
    try:
        assert repset.parse(data).render() == data
    except MalformedRepset as refusal:
        reason = str(refusal)
    assert not reason or re.match(r"line \d+: .+ was expected; .+ came; .+", reason)


@given(st.binary())
@example(b"\xff\xfe")
@example(b"\0")
@example(b"A\0")
@example(b"\0A\0")
def test_any_bytes_come_back_or_are_refused(data: bytes) -> None:
    renders_or_refuses(data)


pieces = st.sampled_from(
    [
        "\t",
        " ",
        "*",
        ";",
        "\n",
        "\r\n",
        "\r",
        "\0",
        "A",
        "ä",
        "日",
        "\ufeff",
        "\x85",
        "BIOSConfig 1.0",
        "English",
        ";Signature=<BEAM/>",
    ]
)


@given(
    st.sampled_from(["", "BIOSConfig 1.0\n", "A\n"]),
    st.lists(pieces).map("".join),
    st.sampled_from(Encoding),
    st.sampled_from([b"", *MARKS.values()]),
)
def test_any_lines_come_back_or_are_refused(head: str, text: str, encoding: Encoding, mark: bytes) -> None:
    renders_or_refuses(mark + (head + text).encode(encoding, "replace"))


@dataclass
class Written:
    """Lines as somebody may type them, and what they say."""

    lines: list[str]
    says: Told


plain = st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"])
inner = st.text(st.sampled_from("aB *;:?/&%#,.äß") | plain, max_size=8)
names = inner.filter(lambda text: text != "" and text[0] not in "\t ;")
values = inner.filter(
    lambda text: text[:1] != "\t" and text[-1:] != "\t" and not text.lstrip("\t ").startswith(";")
)
silent_lines = st.sampled_from(["", " ", " \t", ";", ";Signature=AQ==", "\t; x", "  ;y"]) | inner.map(
    ";{}".format
)


@st.composite
def settings_as_typed(draw: st.DrawFn) -> Written:
    written = Written(draw(st.lists(silent_lines, max_size=3)), [])
    for name in draw(st.lists(names, min_size=1, max_size=5)):
        written.lines.append(name)
        own = []
        for value in draw(st.lists(values, max_size=4)):
            written.lines += draw(st.lists(silent_lines, max_size=1))
            written.lines.append(f"\t{value}" + draw(st.sampled_from(["", "", "\t"])))
            own.append(value)
        written.lines += draw(st.lists(silent_lines, max_size=2))
        written.says.append((name, tuple(own)))
    return written


@given(
    settings_as_typed(),
    st.data(),
    st.sampled_from([("utf-8", b""), ("utf-16-le", b""), ("utf-16-be", b""), *MARKS.items()]),
)
def test_what_somebody_types_is_understood_and_comes_back(
    written: Written, data: st.DataObject, how: tuple[str, bytes]
) -> None:
    ends = st.sampled_from(["\n", "\r\n"])
    text = "".join(f"{line}{data.draw(ends)}" for line in ["BIOSConfig 1.0", *written.lines])
    whole = how[1] + text.encode(how[0])
    file = repset.parse(whole)
    assert file.render() == whole
    assert told(file) == written.says
    lines = text.replace("\r\n", "\n").split("\n")
    for entry in file.entries:
        assert lines[entry.line - 1] == entry.name
        for value in entry.values:
            assert lines[value.line - 1].rstrip("\t") == f"\t{value.raw}".rstrip("\t")


drafts = st.lists(st.tuples(names, st.lists(values, max_size=4).map(tuple)), max_size=5)
newlines: st.SearchStrategy[Newline] = st.sampled_from(["\n", "\r\n"])


@given(drafts, st.lists(inner, max_size=4), newlines)
def test_what_is_written_for_bcu_is_read_back(says: Told, comments: list[str], newline: Newline) -> None:
    made = repset.make(says, Dialect.BCU, comments, newline=newline)
    again = repset.parse(made.render())
    assert again == made
    assert told(again) == says
    assert (again.dialect, again.encoding, again.byte_order_mark) == (Dialect.BCU, Encoding.UTF_8, False)


def begins_like_a_header(name: str) -> bool:
    return name.strip("\t ") == "English" or name.casefold().startswith("biosconfig")


@given(drafts.filter(lambda says: bool(says) and not begins_like_a_header(says[0][0])), newlines)
def test_what_is_written_for_the_firmware_is_read_back(says: Told, newline: Newline) -> None:
    made = repset.make(says, Dialect.FIRMWARE, newline=newline)
    again = repset.parse(made.render())
    assert again == made
    assert told(again) == says
    assert (again.dialect, again.encoding, again.byte_order_mark) == (
        Dialect.FIRMWARE,
        Encoding.UTF_16_LE,
        True,
    )


anything = st.text(st.sampled_from("\t *;\r\nA\0") | st.characters(), max_size=5)


@given(
    st.lists(st.tuples(anything, st.lists(anything, max_size=3).map(tuple)), max_size=3),
    st.sampled_from(Dialect),
)
def test_whatever_is_to_be_written_is_read_back_or_refused(says: Told, dialect: Dialect) -> None:
    try:
        made = repset.make(says, dialect)
    except UnwritableEntry:
        return
    assert told(repset.parse(made.render())) == says


@given(settings_as_typed(), st.data(), st.sampled_from(["utf-8", "cp1252", "utf-16-le"]), st.booleans())
def test_a_changed_setting_leaves_all_other_lines_as_they_are(
    written: Written, data: st.DataObject, encoding: str, ended: bool
) -> None:
    lines = "".join(f"{line}{data.draw(newlines)}" for line in ["BIOSConfig 1.0", *written.lines])
    file = repset.parse(
        (lines if ended else lines.removesuffix("\n").removesuffix("\r")).encode(encoding, "replace")
    )
    entry = data.draw(st.sampled_from(file.entries))
    wanted = data.draw(st.lists(values, max_size=4))
    try:
        changed = file.with_values(entry.name, wanted)
    except NotOneEntry:
        assert [one.name for one in file.entries].count(entry.name) > 1
        return
    except UnwritableEntry:
        assert not ended or encoding == "cp1252"
        return
    others = [(one.name, tuple(wanted) if one is entry else one.lines) for one in file.entries]
    assert told(changed) == others
    assert told(repset.parse(changed.render())) == others
    (now,) = (one for one in changed.entries if one.name == entry.name)
    assert rest(changed, now) == rest(file, entry)


def rest(file: repset.Repset, entry: repset.Entry) -> list[str]:
    """The lines that are not the values of `entry`; a missing end of the last one, which may have to come, set aside."""
    own = {value.line for value in entry.values}
    found = [line for number, line in enumerate(file.text.split("\n"), 1) if number not in own]
    return [line.removesuffix("\r") for line in found if line]


# Writing


def test_bcu_gets_a_header_and_8_bits_and_the_firmware_utf_16_with_a_mark() -> None:
    says: list[tuple[str, Lines]] = [("TPM Device", ["Hidden", "*Available"]), ("Tag", ("ä",)), ("Cut", ())]
    text = "TPM Device\r\n\tHidden\r\n\t*Available\r\nTag\r\n\tä\r\nCut\r\n"
    assert repset.make(says, Dialect.BCU).render() == f"BIOSConfig 1.0\r\n{text}".encode()
    assert repset.make(says, Dialect.FIRMWARE).render() == b"\xff\xfe" + text.encode("utf-16-le")
    unix = repset.make(says, Dialect.BCU, newline="\n").render()
    assert unix == f"BIOSConfig 1.0\n{text}".replace("\r", "").encode()


def test_an_export_tells_who_made_it() -> None:
    comments = repset.export_comments(
        version="1", date="2026/01/02", time="03:04:05", utc_offset="-7", count=0, creator="f10"
    )
    assert repset.make([], Dialect.BCU, comments, newline="\n").render() == (
        b"BIOSConfig 1.0\n;\n;     Originally created by f10\n;     Version: 1\n"
        b';     Date="2026/01/02" Time="03:04:05" UTC="-7"\n;\n;     Found 0 settings\n;\n'
    )


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("", ["x"]),
        (" A", ["x"]),
        ("\tA", []),
        (";A", ["x"]),
        ("A\n", ["x"]),
        ("A\nB", ["x"]),
        ("A\r", ["x"]),
        ("A\0", ["x"]),
        ("A\ud800", ["x"]),
        ("A", ["x\ny"]),
        ("A", ["x\n\ty"]),
        ("A", ["x\nInjected\n\t*Enable"]),
        ("A", ["x\r"]),
        ("A", ["\r"]),
        ("A", ["x\r\n"]),
        ("A", ["\tx"]),
        ("A", ["x\t"]),
        ("A", ["\t"]),
        ("A", [";x"]),
        ("A", ["  ;x"]),
        ("A", ["x\0"]),
        ("A", ["x\udc00"]),
    ],
)
@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_would_be_read_back_as_something_else_is_not_written(
    name: str, lines: list[str], dialect: Dialect, newline: Newline
) -> None:
    with pytest.raises(UnwritableEntry):
        repset.make([("First", ("1",)), (name, lines), ("Last", ("2",))], dialect, newline=newline)


def test_a_refusal_to_write_tells_of_which_setting_and_the_rules_but_no_value() -> None:
    with pytest.raises(UnwritableEntry) as refusal:
        repset.make([("A", [";x"])], Dialect.BCU)
    assert str(refusal.value).startswith(
        "the setting 'A' would be read back as something else; a name begins with no tab"
    )
    with pytest.raises(UnwritableEntry, match="the setting ';B' would be read back as something else"):
        repset.make([("A", []), (";B", [])], Dialect.BCU)
    for value in ("hunter2\nB\n\thunter2", ";hunter2", "\thunter2", "hunter2\t"):
        with pytest.raises(UnwritableEntry) as refusal:
            repset.make([("Setup Password", [value])], Dialect.BCU)
        assert "hunter2" not in str(refusal.value)
    with pytest.raises(UnwritableEntry, match="the end of the file would be read back as something else"):
        repset.make([], Dialect.BCU, ["x\nB"])
    with pytest.raises(UnwritableEntry, match=r"could not be read back: line 2: .* came.*; a name begins"):
        repset.make([(" A", [])], Dialect.BCU)
    with pytest.raises(
        UnwritableEntry, match=r"characters of utf-8 were expected; '\\ud800' came; leave it out"
    ):
        repset.make([("A", ["\ud800"])], Dialect.BCU)


@pytest.mark.parametrize("comment", ["x\nInjected", "x\n\ty", "x\r", "x\0", "\ud800"])
def test_a_comment_that_would_say_something_is_not_written(comment: str) -> None:
    with pytest.raises(UnwritableEntry):
        repset.make([("A", ["x"])], Dialect.BCU, [comment])


def test_the_first_name_of_the_firmware_must_not_be_taken_for_a_header() -> None:
    for name in ("English", "BIOSConfig 1.0", "BIOSConfig 2.0", "English "):
        with pytest.raises(UnwritableEntry):
            repset.make([(name, ["x"]), ("A", [])], Dialect.FIRMWARE)
    assert told(repset.make([("A", []), ("English", ["x"])], Dialect.FIRMWARE))[1] == ("English", ("x",))


def test_without_settings_or_with_comments_nothing_is_written_for_the_firmware() -> None:
    with pytest.raises(UnwritableEntry, match="line 1: the header"):
        repset.make([], Dialect.FIRMWARE)
    with pytest.raises(UnwritableEntry, match=r"neither came.*comments, and a name like a header, need"):
        repset.make([("A", [])], Dialect.FIRMWARE, [" x"])


def test_more_than_can_be_read_is_not_written() -> None:
    with pytest.raises(UnwritableEntry, match="at most 1048576 bytes was expected"):
        repset.make([("A", ["x" * repset.LARGEST])], Dialect.BCU)


# Changing


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("A\r\n\tx\r\nB\r\n", ["y"], "A\r\n\ty\r\nB\r\n"),
        ("A\n\tx\n\t*y\nB\n", ["*x", "y"], "A\n\t*x\n\ty\nB\n"),
        ("A\n\tx\t\n", ["x"], "A\n\tx\n"),
        (
            "A\n;c\n\tx\n;d\n\ty\n;Signature=AQ==\nB\n",
            ["z", "w"],
            "A\n;c\n\tz\n\tw\n;d\n;Signature=AQ==\nB\n",
        ),
        ("A\n\tx\n;Signature=<BEAM/>AQ==\nB\n", ["y"], "A\n\ty\nB\n"),
        ("A\n;Signature=<BEAM/>AQ==\n\tx\n;d\nB\n", ["y"], "A\n\ty\n;d\nB\n"),
        ("A\n;Signature=<BEAM/>AQ==", ["y"], "A\n\ty\n"),
        ("A\n;Signature=<BEAM/>AQ==\n\tx", [], "A\n"),
        ("A\n;\tx\n;\ty\nB\n", ["z"], "A\n\tz\n;\tx\n;\ty\nB\n"),
        ("A\n\tx\n\nB\n", [], "A\n\nB\n"),
        ("A\nB\n", [""], "A\n\t\nB\n"),
        ("A\n\tx", ["y", "z"], "A\n\ty\n\tz\n"),
        ("A", ["y"], "A\r\n\ty\r\n"),
        ("A", [], "A"),
        ("B\nA", ["y"], "B\nA\n\ty\n"),
        ("A\n\tx\n \t", ["y"], "A\n\ty\n \t"),
        ("A\n\tx\n\t", ["y"], "A\n\ty\n\t"),
        ("B\r\nA\n\tx\n", ["y"], "B\r\nA\n\ty\r\n"),
    ],
)
def test_a_setting_changes_where_it_stands(before: str, values: list[str], after: str) -> None:
    assert repset.parse(before.encode()).with_values("A", values).render() == after.encode()


def test_a_setting_that_does_not_stand_exactly_once_is_not_changed() -> None:
    file = repset.parse(bcu("A", "\tx", "A", "\ty"))
    with pytest.raises(NotOneEntry, match="one setting 'A' was expected; 2 came, in lines 2, 4; choose"):
        file.with_values("A", ["z"])
    with pytest.raises(NotOneEntry, match="one setting 'a' was expected; 0 came; choose"):
        file.with_values("a", ["z"])


def test_a_change_that_would_be_read_back_as_something_else_is_refused() -> None:
    file = repset.parse(bcu("A", "\tx") + b"\t")
    for value in ("a\nB", ";", "\t", "y\t"):
        with pytest.raises(UnwritableEntry):
            file.with_values("A", [value])
    # The tab that an editor left on the last line would become the value.
    with pytest.raises(UnwritableEntry, match="the setting 'A' would be read back as something else"):
        file.with_values("A", [])


def test_a_change_keeps_the_encoding_or_is_refused() -> None:
    file = repset.parse("BIOSConfig 1.0\nA\n\tö\nB\n".encode("cp1252"))
    plain_now = file.with_values("A", ["o"])
    assert (plain_now.encoding, plain_now.render()) == (Encoding.WINDOWS_1252, bcu("A", "\to", "B"))
    assert plain_now.with_values("A", ["€"]).render() == b"BIOSConfig 1.0\nA\n\t\x80\nB\n"
    with pytest.raises(UnwritableEntry, match="characters of cp1252 were expected; '→' came"):
        file.with_values("A", ["→"])
    with pytest.raises(UnwritableEntry, match="the setting 'A' would be read back as something else"):
        file.with_values("A", ["Ã¼"])


# Authorizations


def tokens_in(file: repset.Repset) -> list[str]:
    return [entry.authorization for entry in file.entries]


@pytest.mark.parametrize(
    "line",
    [
        ";Signature=<BEAM/>AQ==",
        ";AuthString=<BEAM/>AQ==",
        "; Signature=<BEAM />AQ== ",
        "\t; signature = <beam/> AQ==\t",
        " ;AUTHSTRING=<Beam\t/>AQ==",
    ],
)
def test_a_comment_that_carries_an_authorization_is_that_of_the_setting_above_it(line: str) -> None:
    for lines in (["A", "\tx", line, "B"], ["A", line, "\tx", "B"], ["A", "\tx", "", ";", line, ";", "B"]):
        file = repset.parse(bcu(*lines))
        assert tokens_in(file) == ["<BEAM/>AQ==", ""]
        assert [entry.authorization_line for entry in file.entries] == [lines.index(line) + 2, 0]
        assert told(file)[0] == ("A", ("x",))


@pytest.mark.parametrize(
    "line",
    [
        ";Signature=AQ==",
        ";Signature=<utf-16/>x",
        ";x Signature=<BEAM/>AQ==",
        ";Signatures=<BEAM/>AQ==",
        ";=<BEAM/>",
    ],
)
def test_other_comments_carry_none(line: str) -> None:
    assert tokens_in(repset.parse(bcu("A", "\tx", line))) == [""]


def test_before_the_first_setting_it_is_only_a_comment() -> None:
    assert tokens_in(repset.parse(bcu(";Signature=<BEAM/>AQ==", "A", "\tx"))) == [""]


def test_two_authorizations_for_one_setting_are_refused_with_their_lines() -> None:
    data = bcu("A", "\tx", ";Signature=<BEAM/>AQ==", ";AuthString=<BEAM/>AQ==")
    with pytest.raises(MalformedRepset, match=r"line 5: at most one .*, which line 4 has,.*; keep the one"):
        repset.parse(data)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A\r\n\tx\r\nB\r\n", "A\r\n\tx\r\n;Signature=<BEAM/>A\r\nB\r\n;Signature=<BEAM/>B\r\n"),
        (
            "A\n\tx\n;c\n\ty\n\nB\n\tz",
            "A\n\tx\n;c\n\ty\n;Signature=<BEAM/>A\n\nB\n\tz\n;Signature=<BEAM/>B\n",
        ),
        ("A\n;AuthString=<BEAM/>o\n\tx\nB\n\t", "A\n\tx\n;Signature=<BEAM/>A\nB\n\t\n;Signature=<BEAM/>B\n"),
        ("A\n\tx\n;d\n;AuthString=<BEAM/>o\nB", "A\n\tx\n;Signature=<BEAM/>A\n;d\nB\n;Signature=<BEAM/>B\n"),
        ("A\nB\n\tx\n \t", "A\n;Signature=<BEAM/>A\nB\n\tx\n;Signature=<BEAM/>B\n \t"),
    ],
)
def test_an_authorization_stands_right_behind_the_values(before: str, after: str) -> None:
    file = repset.parse(before.encode())
    signed = file.with_authorizations({entry.line: f"<BEAM/>{entry.name}" for entry in file.entries})
    assert signed.render() == after.encode()
    assert told(signed) == told(file)
    assert tokens_in(signed) == ["<BEAM/>A", "<BEAM/>B"]


signatures = st.text("AB+/=", min_size=1, max_size=4).map("<BEAM/>{}".format)


@given(settings_as_typed(), st.data(), st.sampled_from(["utf-8", "cp1252", "utf-16-le"]), st.booleans())
def test_signing_and_signing_again_leaves_all_other_lines_as_they_are(
    written: Written, data: st.DataObject, encoding: str, ended: bool
) -> None:
    lines = "".join(f"{line}{data.draw(newlines)}" for line in ["BIOSConfig 1.0", *written.lines])
    file = repset.parse(
        (lines if ended else lines.removesuffix("\n").removesuffix("\r")).encode(encoding, "replace")
    )
    tokens = {one.line: data.draw(signatures) for one in file.entries if data.draw(st.booleans())}
    signed = file.with_authorizations(tokens)
    assert repset.parse(signed.render()) == signed
    assert told(signed) == told(file)
    assert tokens_in(signed) == [tokens.get(one.line, "") for one in file.entries]
    assert unsigned_lines(signed) == unsigned_lines(file)
    again = signed.with_authorizations({one.line: one.authorization for one in signed.entries})
    assert again == signed


def unsigned_lines(file: repset.Repset) -> list[str]:
    own = {one.authorization_line for one in file.entries}
    found = [line for number, line in enumerate(file.text.split("\n"), 1) if number not in own]
    return [line.removesuffix("\r") for line in found if line]


def test_entries_of_the_same_name_are_authorized_by_their_lines() -> None:
    file = repset.parse(bcu("A", "\tx", "A", "\ty")).with_authorizations({4: "<BEAM/>y"})
    assert tokens_in(file) == ["", "<BEAM/>y"]


@pytest.mark.parametrize(
    "token", ["x", "<BEAM/>x\n", "<BEAM/>x ", "<BEAM/>\r", "<utf-16/>x", "<BEAM/>\ud800"]
)
def test_what_is_no_authorization_is_not_written(token: str) -> None:
    with pytest.raises(UnwritableEntry):
        repset.parse(bcu("A", "\tx")).with_authorizations({2: token})


def test_an_empty_authorization_takes_it_away() -> None:
    file = repset.parse(bcu("A", ";Signature=<BEAM/>x", "\tx", "B")).with_authorizations({2: "", 5: ""})
    assert file.render() == bcu("A", "\tx", "B")
    assert tokens_in(file) == ["", ""]


def test_an_error_does_not_repeat_an_authorization() -> None:
    with pytest.raises(UnwritableEntry, match="the setting 'A' would be read back") as refusal:
        repset.parse(bcu("A", "\tx")).with_authorizations({2: f"<BEAM/>{'x' * 300} "})
    assert "BEAM" not in str(refusal.value)


def test_a_line_that_names_no_setting_is_not_authorized() -> None:
    with pytest.raises(NotOneEntry, match="in line 3; none is there"):
        repset.parse(bcu("A", "\tx")).with_authorizations({2: "<BEAM/>x", 3: "<BEAM/>x"})
