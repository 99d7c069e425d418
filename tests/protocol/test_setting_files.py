"""Files of settings in four forms: each is read or refused, says the same as the others, and takes signatures as it stands."""

import csv
import io
import json
from typing import Literal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulator.protocol import repset, repset_lines, setting_files
from emulator.protocol.errors import ProtocolError
from emulator.protocol.repset_lines import Encoding
from emulator.protocol.setting_files import (
    MOST_ENTRIES,
    FileEntry,
    Form,
    MalformedSettingFile,
    TooManyEntries,
    UnwritableSetting,
)

Said = list[tuple[str, tuple[str, ...], str]]

TOKEN = "<BEAM/>AbC+/d=="


def said(data: bytes) -> Said:
    return [(each.name, each.values, each.authorization) for each in setting_files.parse(data).entries]


def xml(*settings: str) -> bytes:
    inside = "".join(f"<BIOSSetting>{each}</BIOSSetting>\n" for each in settings)
    return f'<?xml version="1.0"?>\n<ImagePal><BIOSSettings>\n{inside}</BIOSSettings></ImagePal>'.encode()


def instance(name: str, value: str, **more: object) -> dict[str, object]:
    return {
        "Class": "HPBIOS_BIOSString",
        "Name": name,
        "Value": value,
        "Path": "\\Main",
        "IsReadOnly": 0,
        "DisplayInUI": 1,
        "RequiresPhysicalPresence": 0,
        "Sequence": 7,
        "Prerequisites": [],
        "SecurityLevel": 0,
        **more,
    }


# Which form it is


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("BIOSConfig 1.0\nA\n\tx\n", Form.REPSET),
        ("A\n\tx\n", Form.REPSET),
        ("Name\n\tx\n", Form.REPSET),
        ("BIOSConfig 1.0\n;NAME,VALUE\nA\n\tx\n", Form.REPSET),
        ("Name,Value\nA,x", Form.CSV),
        (' name ,"CURRENT_VALUE"\nA,x', Form.CSV),
        ("READONLY,VALUE,NAME\n0,x,A", Form.CSV),
        ('[{"Name":"A","Value":"x"}]', Form.JSON),
        (' \r\n\t{"Name":"A","Value":"x"}', Form.JSON),
        (xml("<Name>A</Name><Value>x</Value>").decode(), Form.XML),
        ("\n<ImagePal><BIOSSettings/></ImagePal>", Form.XML),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_known_by_how_it_begins_in_any_encoding(text: str, form: Form, encoding: str) -> None:
    file = setting_files.parse(text.encode(encoding))
    assert file.form is form
    if "<BIOSSettings/>" not in text:
        assert [(each.name, each.values, each.flat) for each in file.entries] == [
            ("Name" if text.startswith("Name\n") else "A", ("x",), form is not Form.REPSET)
        ]


def test_bytes_without_end_are_refused() -> None:
    with pytest.raises(ProtocolError, match="a file of settings of at most 1048576 bytes was expected"):
        setting_files.parse(b" " * ((1 << 20) + 1))


def test_what_an_entry_says_stands_in_no_repr() -> None:
    entry = FileEntry("Setup Password", ("hunter2",), True, TOKEN)
    assert "hunter2" not in repr(entry)
    assert TOKEN not in repr(entry)


# What each form says


def test_all_four_say_the_same_with_their_lines() -> None:
    files = {
        Form.REPSET: "BIOSConfig 1.0\nA\n\tx\n;Signature=<BEAM/>AQ==\nB\n\ty, z\n",
        Form.CSV: 'NAME,CURRENT_VALUE,AUTHSTRING\nA,x,<BEAM/>AQ==\nB,"y, z",\n',
        Form.JSON: '[{"Name":"A","Value":"x","AuthString":"<BEAM/>AQ=="},\n{"Name":"B","Value":"y, z"}]',
        Form.XML: xml(
            "<Name>A</Name><Value>x</Value><AuthString><BEAM/>AQ==</AuthString>",
            "<Name>B</Name><Value>y, z</Value>",
        ).decode(),
    }
    for form, text in files.items():
        file = setting_files.parse(text.encode())
        assert file.form is form
        assert said(text.encode()) == [("A", ("x",), "<BEAM/>AQ=="), ("B", ("y, z",), "")]
    lines = [[each.line for each in setting_files.parse(text.encode()).entries] for text in files.values()]
    assert lines == [[2, 5], [2, 3], [1, 2], [3, 4]]


@pytest.mark.parametrize("row", ['A,"two\nlines, ""quoted"""', '"A","two\nlines, ""quoted""" '.rstrip()])
def test_a_field_between_quotation_marks_holds_anything(row: str) -> None:
    file = setting_files.parse(f"\n\nname,value\n{row}\n\r\n\nB,1".lstrip().encode())
    assert [(each.name, each.values[0], each.line) for each in file.entries] == [
        ("A", 'two\nlines, "quoted"', 2),
        ("B", "1", 6),
    ]


def test_a_quotation_mark_within_a_bare_field_is_one() -> None:
    assert said(b'name,value\nA,x "y" z\nB,x"') == [("A", ('x "y" z',), ""), ("B", ('x"',), "")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"name,path\nA,x\n", "line 1: the columns NAME and VALUE"),
        (b"name,value,current_value\nA,b,c\n", "line 1: the columns NAME and VALUE"),
        (b"name,value,NAME\nA,b,c\n", "expected once each"),
        (b"name,value,authstring,AuthString\nA,b,c,d\n", "AUTHSTRING at most once"),
        (b"name,value\nA,b,secret\n", "line 2: a row of 2 fields, .* was expected; 3 came"),
        (b"name,value\nA\n", "line 2: a row of 2 fields"),
        (b'name,value\n\nA,"b\n', "line 3: a closing quotation mark"),
        (b'name,value\nA,"secret"x\n', "line 2: a comma or a line end"),
        (b"name,value\nA,b\rC,d\n", "line 2: a comma or a line end"),
        (b"[]", "an empty array came"),
        (b"[1]", "line 1: an object with Name and Value was expected; int came"),
        (b'[\n{"Name":"A"}]', "line 2: a text was expected as Value .*; NoneType came"),
        (b'{"Name":"A","Value":null}', "a text was expected as Value"),
        (b'{"Name":"A","Value":true}', "a text was expected as Value of a setting; bool came"),
        (b'{"Name":1,"Value":"secret"}', "a text was expected as Name of a setting; int came"),
        (b'{"Name":"A","Value":"x","AuthString":1}', "a text was expected as AuthString"),
        (b'{"Name":"A","Value":"x","name":"B"}', "names a member twice"),
        (b'{"purpose":"hp:sureadmin:biossettingslist","Data":[]}', "a payload came"),
        (b"[" * 5000, "not JSON|nested too deeply"),
        (b'{"Name":"A","Value":"x"} x', "not JSON"),
        (b"<a/>", "settings in ImagePal, BIOSSettings, BIOSSetting was expected; another shape"),
        (b"<!DOCTYPE x><ImagePal/>", "no document type declaration"),
        (b"<ImagePal>&x;</ImagePal>", "line 1: XML was expected; undefined entity came"),
        (b"<ImagePal>", "XML was expected"),
        (b"<", "XML was expected"),
        (b"<ImagePal>" + b"<a>" * 20, "another shape"),
        (xml("<Name>A</Name>"), "line 3: an element Value was expected"),
        (xml("<Value>secret</Value>"), "line 3: an element Name was expected"),
        (xml("<Name>A</Name><name>B</name><Value/>"), "once in a setting"),
        (xml("<Name>A</Name><Value><b/></Value>"), "no elements in them"),
        (xml("<Name>A</Name><Value><BEAM/></Value>"), "no elements in them but one BEAM"),
        (xml("<Name>A<BEAM/></Name><Value/>"), "no elements in them"),
        (xml("<Name>A</Name><Value/><Class><BEAM/></Class>"), "no elements in them"),
        (xml("<Name>A</Name><Value/><AuthString><b/></AuthString>"), "no elements in them"),
        (xml("<Name>A</Name><Value/><AuthString><BEAM/>AQ==<BEAM/></AuthString>"), "no elements in them"),
        (b"NAME,VALUE\nA,x" + b"," * 64, "line 2: at most 64 fields in a row were expected; more came"),
        (b"NAME,VALUE" + b"," * 62 + b"\nA,secret\n", "line 2: a row of 64 fields"),
        (xml("<Name>A</Name><Value/><AuthString><BEAM><BEAM/></BEAM></AuthString>"), "no elements in them"),
    ],
)
def test_what_is_none_of_these_is_refused_without_its_values(content: bytes, why: str) -> None:
    with pytest.raises(ProtocolError, match=why) as refused:
        setting_files.parse(content)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("head", "piece", "tail", "wrong"),
    [
        ("BIOSConfig 1.0\n", "A\n\t*x\n", "", "\t\tx"),
        ("NAME,VALUE\n", "A,x\n", "", "A\n"),
        ("[", '{"Name":"A","Value":"x"},', '{"Name":"A","Value":"x"}]', "1,"),
        (
            "<ImagePal><BIOSSettings>",
            "<BIOSSetting><Name>A</Name><Value>x</Value></BIOSSetting>",
            "</BIOSSettings></ImagePal>",
            "<<",
        ),
    ],
    ids=list(Form),
)
def test_more_settings_than_any_machine_has_are_not_read_in_any_form(
    head: str, piece: str, tail: str, wrong: str
) -> None:
    """Reading ends there: what stands behind is not even wrong."""
    most = MOST_ENTRIES - tail.count("Name")
    assert len(setting_files.parse(f"{head}{piece * most}{tail}".encode()).entries) == MOST_ENTRIES
    for more in ("", wrong):
        with pytest.raises(TooManyEntries, match="at most 5000 settings was expected; more came, and none"):
            setting_files.parse(f"{head}{piece * (most + 1)}{more}{tail}".encode())


@pytest.mark.parametrize(
    ("head", "piece", "tail"),
    [
        ("NAME,VALUE\n", "\r\n", "A,x"),
        ("NAME,VALUE\n", "\n", "A,x"),
        ("NAME,VALUE,", "x,", ""),
        ("NAME,VALUE\n", '""', "\n"),
        ("<ImagePal><BIOSSettings><BIOSSetting><AuthString>", "<BEAM/>", ""),
        ("<ImagePal><BIOSSettings>", "<a/>", "</BIOSSettings></ImagePal>"),
    ],
)
def test_a_large_file_of_nothing_takes_no_time(head: str, piece: str, tail: str) -> None:
    # Anything worse than linear would take hours here.
    most = ((1 << 20) - len(head) - len(tail)) // len(piece)
    data = f"{head}{piece * most}{tail}".encode()
    try:
        entries = setting_files.parse(data).entries
    except MalformedSettingFile:
        return
    assert len(entries) <= 1


def test_a_bomb_of_entities_is_refused_before_it_is_lit() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><ImagePal>&b;</ImagePal>'
    with pytest.raises(MalformedSettingFile, match="no document type declaration"):
        setting_files.parse(bomb.encode())


def test_members_are_compared_without_case_and_a_number_is_its_digits() -> None:
    assert said(b'[{"NAME":"A","value":15,"authstring":null,"Class":"x","Elements":["y"]}]') == [
        ("A", ("15",), "")
    ]


@pytest.mark.parametrize(
    "element",
    [
        "<AuthString><BEAM/>AQ==</AuthString>",
        "<AuthString><BEAM />AQ==</AuthString>",
        "<AuthString>\n  <BEAM></BEAM>\n  AQ\n==\n</AuthString>",
        "<AuthString>&lt;BEAM/&gt;AQ==</AuthString>",
        "<AuthString>&lt;beam /&gt;AQ==</AuthString>",
        "<AuthString><![CDATA[<BEAM/>AQ==]]></AuthString>",
        "<authstring x='1>2'><beam/>AQ==</authstring >",
    ],
)
def test_the_mark_of_an_authorization_in_xml_is_put_together_again(element: str) -> None:
    assert said(xml(f"<Name>A</Name>{element}<Value>x</Value>")) == [("A", ("x",), "<BEAM/>AQ==")]


def test_what_is_besides_in_xml_is_not_read() -> None:
    data = xml("<Name>A</Name><Value>x</Value><PossibleValues><Name>y</Name></PossibleValues>")
    more = data.replace(b"<BIOSSettings>", b"<Information><Name>z</Name></Information><BIOSSettings>")
    assert said(more) == [("A", ("x",), "")]


def test_an_element_that_stands_alone_is_the_empty_value() -> None:
    assert said(xml("<Name>A</Name><Value x='/>'/>", "<Name>B</Name><Value></Value>")) == [
        ("A", ("",), ""),
        ("B", ("",), ""),
    ]


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        (FileEntry("A", ("Disable", "*Enable"), False), "Enable"),
        (FileEntry("A", ("*Enable",), False), "Enable"),
        (FileEntry("A", ("*A", "*B"), False), None),
        (FileEntry("A", ("A", "B"), False), "A,B"),
        (FileEntry("A", ("A,*B",), False), "A,*B"),
        (FileEntry("A", ("",), False), ""),
        (FileEntry("A", (), False), None),
        (FileEntry("A", ("Disable,*Enable",), True), "Enable"),
        (FileEntry("A", ("*x",), True), "*x"),
        (FileEntry("A", ("*A,*B",), True), None),
        (FileEntry("A", ("A,B",), True), "A,B"),
        (FileEntry("A", ("",), True), ""),
        (FileEntry("A", ("*x",), True, kind="enumeration"), "x"),
        (FileEntry("A", ("A,*B",), True, kind="enumeration"), "B"),
        (FileEntry("A", ("A, B",), True, kind="enumeration"), "A, B"),
        (FileEntry("A", ("A,*B",), True, kind="string"), "A,*B"),
        (FileEntry("Setup Password", ("*x,*y",), True), "*x,*y"),
        (FileEntry("Setup Password", ("*x",), False), "*x"),
        (FileEntry("Power-On Password", ("x", "y"), False), None),
        (FileEntry("Setup Password", (), False), None),
    ],
)
def test_what_an_entry_asks_for_is_told_away_from_the_machine_where_it_can_be(
    entry: FileEntry, meant: str | None
) -> None:
    assert setting_files.desk_value(entry) == meant


@pytest.mark.parametrize("form", [Form.CSV, Form.JSON, Form.XML])
def test_an_export_tells_the_kind_of_each_setting(form: Form) -> None:
    entries = setting_files.parse(setting_files.dump(form, EXPORTED)).entries
    assert [each.kind for each in entries] == ["string", "enumeration", "integer"]
    assert setting_files.desk_value(entries[1]) == "Enable"


def test_a_kind_that_nobody_knows_is_none() -> None:
    for data in (
        b"NAME,VALUE,TYPE\nA,x,HPBIOS_BIOSWheel\n",
        b'{"Name":"A","Value":"x","Class":["HPBIOS_BIOSString"]}',
        xml("<Name>A</Name><Value>x</Value><Class>string list</Class>"),
    ):
        assert setting_files.parse(data).entries[0].kind == ""


# Signing


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A\n\tx\nB\n\ty\n", "A\n\tx\nB\n\ty\n;Signature=<BEAM/>AbC+/d==\n"),
        (
            'NAME,VALUE\r\nA,"x\n"\r\n\r\nB,y',
            'NAME,VALUE,AUTHSTRING\r\nA,"x\n",\r\n\r\nB,y,<BEAM/>AbC+/d==',
        ),
        ("Name,AuthString,Value\nA,,x\nB,old,y\n", "Name,AuthString,Value\nA,,x\nB,<BEAM/>AbC+/d==,y\n"),
        (
            '[ {"Value":"x" , "Name":"A"},\n\t{"Name":"B","Value":"y"\n} ]\n',
            '[ {"Value":"x" , "Name":"A"},\n\t{"Name":"B","Value":"y", "AuthString": "<BEAM/>AbC+/d=="\n} ]\n',
        ),
        (
            '[{"Name":"A","Value":"x"},{"authString" : null ,"Name":"B","Value":"y","More":[{"}":1.50e1}]}]',
            '[{"Name":"A","Value":"x"},{"authString" : "<BEAM/>AbC+/d==" ,"Name":"B","Value":"y","More":[{"}":1.50e1}]}]',
        ),
        (
            xml("<Name>A</Name><Value>x</Value>", "<Name>B</Name> <Value>y</Value>\n<!-- end -->").decode(),
            xml(
                "<Name>A</Name><Value>x</Value>",
                "<Name>B</Name> <Value>y</Value><AuthString><BEAM/>AbC+/d==</AuthString>\n<!-- end -->",
            ).decode(),
        ),
        (
            xml("<Name>A</Name><Value>x</Value>", "<AuthString x='/>'/><Name>B</Name><Value/>").decode(),
            xml(
                "<Name>A</Name><Value>x</Value>",
                "<AuthString><BEAM/>AbC+/d==</AuthString><Name>B</Name><Value/>",
            ).decode(),
        ),
        (
            xml(
                "<Name>A</Name><Value>x</Value>",
                "<Name>B</Name><Value>ä</Value><AuthString> o </AuthString >",
            ).decode(),
            xml(
                "<Name>A</Name><Value>x</Value>",
                "<Name>B</Name><Value>ä</Value><AuthString><BEAM/>AbC+/d==</AuthString>",
            ).decode(),
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_signature_is_put_into_a_file_that_stays_as_it_was(before: str, after: str, encoding: str) -> None:
    assert setting_files.signed(before.encode(encoding), {1: TOKEN}) == after.encode(encoding)
    unsigned = setting_files.signed(after.encode(encoding), {1: ""})
    assert [each[2] for each in said(unsigned)] == ["", ""]


def test_without_signatures_the_bytes_stay() -> None:
    for data in (
        b"A\n\tx",
        b"name,value,authstring\nA,x,\n",
        b'{"Name":"A","Value":"x"}',
        xml("<Name>A</Name><Value/>"),
    ):
        assert setting_files.signed(data, {}) == data


@pytest.mark.parametrize(
    "data", [b"A\n\tx", b"name,value\nA,x\n", b'{"Name":"A","Value":"x"}', xml("<Name>A</Name><Value/>")]
)
def test_what_is_no_authorization_or_for_no_entry_is_not_written(data: bytes) -> None:
    with pytest.raises(UnwritableSetting, match="one of 1 entries was expected; entry 1 came"):
        setting_files.signed(data, {1: TOKEN})
    for token in ("<BEAM/>x\n", "<beam/>x"):
        with pytest.raises(ProtocolError, match=r"was expected|were expected|would be read back"):
            setting_files.signed(data, {0: token})


@pytest.mark.parametrize("head", ["A\n\tö\n;Signature=<BEAM/>", "Name,Value,AuthString\nA,ö,<BEAM/>"])
def test_a_file_that_would_be_read_in_another_encoding_without_its_old_authorization_stays(head: str) -> None:
    data = head.encode() + b"\xff"
    assert setting_files.parse(data).entries[0].values == ("Ã¶",)
    with pytest.raises(ProtocolError, match=r"would be read back as|in an encoding"):
        setting_files.signed(data, {0: TOKEN})


def test_an_authorization_of_signs_that_xml_does_not_have_is_not_written() -> None:
    with pytest.raises(UnwritableSetting, match="begins with <BEAM/> was expected"):
        setting_files.signed(xml("<Name>A</Name><Value/>"), {0: "<BEAM/>\0"})


# Exports


ENUMERATION = instance(
    "Größe & <Co>",
    "Disable,*Enable",
    Class="HPBIOS_BIOSEnumeration",
    CurrentValue="Enable",
    PossibleValues=["Disable", "Enable"],
    Size=2,
)
EXPORTED = [
    instance("Tag", ' "a, b"\r\nc', MinLength=0, MaxLength=18),
    ENUMERATION,
    instance("Delay", "5", Class="HPBIOS_BIOSInteger", LowerBound=0, UpperBound=60, IntValue=5, IsReadOnly=1),
    instance("Setup Password", "", Class="HPBIOS_BIOSPassword", IsSet=1),
]


def test_an_export_as_csv_is_a_table_with_current_values() -> None:
    data = setting_files.dump(Form.CSV, EXPORTED)
    assert list(csv.reader(io.StringIO(data.decode(), newline=""))) == [
        ["NAME", "CURRENT_VALUE", "READONLY", "TYPE", "PHYSICAL_PRESENCE_REQUIRED", "MIN", "MAX"],
        ["Tag", ' "a, b"\r\nc', "0", "String", "0", "0", "18"],
        ["Größe & <Co>", "Enable", "0", "Enumeration", "0", "", ""],
        ["Delay", "5", "1", "Integer", "0", "0", "60"],
    ]
    assert said(data) == [
        ("Tag", (' "a, b"\r\nc',), ""),
        ("Größe & <Co>", ("Enable",), ""),
        ("Delay", ("5",), ""),
    ]


def test_an_export_as_json_has_all_properties_name_and_value_first() -> None:
    data = setting_files.dump(Form.JSON, EXPORTED)
    told = json.loads(data)
    assert told == EXPORTED[:3]
    assert [list(each)[:2] for each in told] == [["Name", "Value"]] * 3
    assert said(data)[1] == ("Größe & <Co>", ("Disable,*Enable",), "")


def test_an_export_as_xml_is_read_by_a_strict_parser() -> None:
    data = setting_files.dump(Form.XML, EXPORTED)
    found = ET.fromstring(data).findall("./BIOSSettings/BIOSSetting")
    assert [each.findtext("Name") for each in found] == ["Tag", "Größe & <Co>", "Delay"]
    assert [each.findtext("Value") for each in found] == [' "a, b"\r\nc', "Disable,*Enable", "5"]
    assert [each.tag for each in found[1]][:7] == [
        "Name",
        "Class",
        "DisplayInUI",
        "IsReadOnly",
        "RequiresPhysicalPresence",
        "Sequence",
        "Value",
    ]
    assert [each.text for each in found[1].findall("PossibleValues/*")] == ["Disable", "Enable"]


def test_a_password_is_in_no_export_so_that_none_is_taken_away_by_one() -> None:
    for form in (Form.CSV, Form.JSON, Form.XML):
        assert "Setup Password" not in setting_files.dump(form, EXPORTED).decode()


@pytest.mark.parametrize("form", [Form.CSV, Form.XML])
def test_a_value_that_a_form_has_no_signs_for_is_told(form: Form) -> None:
    with pytest.raises(UnwritableSetting, match=r"'\\ud800'.*JSON carries it"):
        setting_files.dump(form, [instance("A", "\ud800")])


def test_json_carries_half_a_character() -> None:
    assert said(setting_files.dump(Form.JSON, [instance("A", "\ud800")])) == [("A", ("\ud800",), "")]


# Properties

anything = st.text(max_size=12)
writable = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters=[chr(c) for c in range(32) if c not in {9, 10, 13}] + ["\ufffe", "\uffff"],
    ),
    max_size=12,
)
tokens = st.text("AB+/=", max_size=8).map("<BEAM/>{}".format)


@given(
    st.lists(st.tuples(writable, writable), max_size=5),
    st.sampled_from([Form.CSV, Form.JSON, Form.XML]),
    st.data(),
)
def test_an_export_is_read_back_and_signed(
    pairs: list[tuple[str, str]], form: Form, data: st.DataObject
) -> None:
    if form is Form.JSON and not pairs:
        pairs = [("A", "")]
    exported = setting_files.dump(form, [instance(name, value) for name, value in pairs])
    assert said(exported) == [(name, (value,), "") for name, value in pairs]
    wanted = {at: data.draw(tokens) for at in range(len(pairs)) if data.draw(st.booleans())}
    signed = setting_files.signed(exported, wanted)
    assert said(signed) == [(name, (value,), wanted.get(at, "")) for at, (name, value) in enumerate(pairs)]
    assert setting_files.parse(signed).form is form
    assert setting_files.signed(signed, wanted) == signed


@given(st.lists(st.tuples(anything, anything), min_size=1, max_size=5))
def test_any_text_survives_in_json(pairs: list[tuple[str, str]]) -> None:
    exported = setting_files.dump(Form.JSON, [instance(name, value) for name, value in pairs])
    assert said(exported) == [(name, (value,), "") for name, value in pairs]


@given(
    st.lists(st.tuples(writable, writable), max_size=5), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
)
def test_a_table_of_another_writer_is_read(pairs: list[tuple[str, str]], quoting: Literal[0, 1]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=quoting).writerows([("Name", "Value"), *pairs])
    assert said(file.getvalue().encode()) == [(name, (value,), "") for name, value in pairs]


@given(st.lists(st.tuples(writable, writable), max_size=5))
def test_another_reader_finds_in_an_export_what_we_find(pairs: list[tuple[str, str]]) -> None:
    exported = [instance(name, value) for name, value in pairs]
    table = setting_files.dump(Form.CSV, exported).decode()
    rows = list(csv.reader(io.StringIO(table, newline=""), strict=True))[1:]
    assert [tuple(row[:2]) for row in rows] == pairs
    found = ET.fromstring(setting_files.dump(Form.XML, exported)).iter("BIOSSetting")
    assert [(each.findtext("Name"), each.findtext("Value")) for each in found] == pairs


def read_or_refused(data: bytes) -> None:
    try:
        file = setting_files.parse(data)
    except ProtocolError:
        return
    for entry in file.entries:
        setting_files.desk_value(entry)
    wanted = dict.fromkeys(range(len(file.entries)), TOKEN)
    try:
        signed = setting_files.parse(setting_files.signed(data, wanted))
    except ProtocolError:
        # The only bytes that were no UTF-8 stood in an old authorization, so the rest would be read in another way.
        assert repset_lines.decode(data)[1] not in {Encoding.UTF_8, Encoding.UTF_16_LE, Encoding.UTF_16_BE}
        return
    assert [(each.name, each.values) for each in signed.entries] == [
        (each.name, each.values) for each in file.entries
    ]
    assert {each.authorization for each in signed.entries} <= {TOKEN}


@given(st.binary())
@example(b"<\0")
@example(b"\xff\xfe<\0")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(data)


BITS = {
    "Name,": [",", '"', "\n", "\r\n", "\r", "A", "Value", "AUTHSTRING", "<BEAM/>", '""', " ", "\0"],
    "[": [
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        '"Name"',
        '"Value"',
        '"AuthString"',
        "null",
        "1",
        '"<BEAM/>"',
        "\n",
        '"\\ud800"',
    ],
    "<ImagePal><BIOSSettings>": [
        "<BIOSSetting>",
        "</BIOSSetting>",
        "<Name>",
        "</Name>",
        "<Value>",
        "</Value>",
        "<Value/>",
        "<AuthString>",
        "</AuthString>",
        "<AuthString/>",
        "<BEAM />",
        "A",
        "&lt;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "</BIOSSettings></ImagePal>",
        "&#0;",
        " ",
    ],
    "BIOSConfig 1.0\n": ["\n", "\t", "*", "A", ";Signature=", "<BEAM/>", ";", " "],
}


@pytest.mark.parametrize("start", BITS)
@given(data=st.data())
def test_any_pieces_of_a_form_are_read_or_refused(start: str, data: st.DataObject) -> None:
    pieces = data.draw(st.lists(st.sampled_from(BITS[start]), max_size=14))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16"]))
    read_or_refused((start + "".join(pieces)).encode(encoding))


@pytest.mark.parametrize(
    "whole",
    [
        b'Name,Value,AuthString\r\nA,"x, y",<BEAM/>AQ==\r\nB,z,\r\n',
        b'[{"Name":"A","Value":"x\\u00e4","AuthString":"<BEAM/>AQ=="},{"Name":"B","Value":2,"AuthString":null}]',
        xml("<Name>A</Name><Value>x</Value><AuthString><BEAM />AQ==</AuthString>", "<Name>B</Name><Value/>"),
        b"BIOSConfig 1.0\r\nA\r\n\tx\r\n\t*y\r\n;Signature=<BEAM/>AQ==\r\nB\r\n\tz\r\n",
    ],
)
@given(data=st.data())
def test_a_file_with_wrong_bytes_in_it_is_read_or_refused(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 8))
    read_or_refused(whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + length :])


def test_a_replicated_setup_says_here_what_it_says_there() -> None:
    data = b"BIOSConfig 1.0\nA\n\tDisable\n\t*Enable\nB\n"
    assert said(data) == [(each.name, each.lines, "") for each in repset.parse(data).entries]
