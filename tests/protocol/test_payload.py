"""The portable envelope: what the real tool writes in its two dialects, and what strangers write."""

import base64
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import payload, strict_json
from emulator.protocol.errors import ProtocolError
from emulator.protocol.payload import Envelope, MalformedPayload, Purpose, SettingChange, UnknownPurpose

octets = st.binary(max_size=100)
envelopes = st.builds(
    Envelope,
    st.sampled_from(Purpose),
    octets,
    st.none() | st.text(),
    st.tuples(*[st.none() | octets] * 4),
)


def envelope(**changes: object) -> bytes:
    members: dict[str, object] = {"timestamp": "x", "purpose": "hp:sureadmin:biossetting", "Data": [1]}
    return json.dumps(members | changes).encode()


@given(envelopes)
def test_an_envelope_survives_the_wire(given_envelope: Envelope) -> None:
    assert payload.parse(payload.encode(given_envelope)) == given_envelope


@given(envelopes)
def test_what_we_write_is_what_the_vendors_tool_reads(given_envelope: Envelope) -> None:
    text = payload.encode(given_envelope)
    members = json.loads(text)
    assert list(members) == ["timestamp", "purpose", "Data", "Meta1", "Meta2", "Meta3", "Meta4"]
    assert members["Data"] == list(given_envelope.data)
    assert text.isascii()
    assert text.count(b"\n") == 1


def test_the_dialect_of_windows_powershell_is_read() -> None:
    raw = (
        b'\xef\xbb\xbf{"timestamp":"\\/Date(1674912404044)\\/","purpose":"hp:provision:signingkey","Data":[0,255],'
        b'"Meta1":null,"Meta2":null,"Meta3":null,"Meta4":null}\r\n'
    )
    assert payload.parse(raw) == Envelope(Purpose.SIGNING_KEY, b"\0\xff", "/Date(1674912404044)/")


def test_missing_meta_and_a_time_stamp_that_is_no_text_are_read() -> None:
    for changes in ({}, {"timestamp": None}, {"timestamp": {"DateTime": "x"}}):
        parsed = payload.parse(envelope(**changes))
        assert parsed.meta == (None, None, None, None)
        assert parsed.timestamp == (None if changes else "x")


def test_data_and_meta_are_read_from_base64_too_also_with_line_breaks() -> None:
    text = base64.encodebytes(bytes(range(256))).decode()
    assert "\n" in text.strip()
    parsed = payload.parse(envelope(Data=text, Meta1="AQI="))
    assert parsed.data == bytes(range(256))
    assert parsed.meta == (b"\1\2", None, None, None)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_purpose_is_compared_without_case(purpose: Purpose) -> None:
    assert payload.parse(envelope(purpose=purpose.upper())).purpose is purpose


@pytest.mark.parametrize(
    "purpose", ["", "hp:sureadmin:enable", " hp:sureadmin:biossetting", "hp:surerun:manifest"]
)
def test_an_unknown_purpose_is_refused(purpose: str) -> None:
    with pytest.raises(UnknownPurpose, match="is none that is known"):
        payload.parse(envelope(purpose=purpose))


def test_an_unknown_purpose_cannot_flood_or_steer_the_terminal() -> None:
    with pytest.raises(UnknownPurpose) as refusal:
        payload.parse(envelope(purpose="\x1b[2J" + "x" * 100_000))
    assert len(str(refusal.value)) < 250
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("purpose", [None, 1, ["hp:provision:signingkey"], True])
def test_a_purpose_that_is_no_text_is_refused(purpose: object) -> None:
    with pytest.raises(MalformedPayload, match="'purpose' must be text"):
        payload.parse(envelope(purpose=purpose))


@pytest.mark.parametrize(
    "data", [None, 1, {}, [256], [-1], [1.0], [True], ["1"], [None], [[1]], {"0": 1}], ids=repr
)
def test_data_that_are_no_octets_are_refused(data: object) -> None:
    with pytest.raises(MalformedPayload, match="'Data' must be an array of integers 0 to 255"):
        payload.parse(envelope(Data=data))


@pytest.mark.parametrize("text", ["A", "AQI", "AQI=x", "A-_=", "ÄÄÄÄ", "=="])
def test_text_that_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(MalformedPayload, match="'Meta3' is text, but no base64"):
        payload.parse(envelope(Meta3=text))


def test_an_envelope_without_data_or_purpose_is_refused() -> None:
    for raw in (b"{}", b'{"purpose":"hp:provision:signingkey"}', b'{"Data":[]}'):
        with pytest.raises(MalformedPayload):
            payload.parse(raw)


@pytest.mark.parametrize("raw", [b"", b"not JSON", b"\xff", b'{"Data":[NaN]}', b'{"Data":[],"Data":[]}'])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(strict_json.NotJSON):
        payload.parse(raw)


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(strict_json.NotAnObject):
        payload.parse(b"[]")


def test_an_oversized_envelope_is_refused_and_the_largest_is_read() -> None:
    raw = envelope()
    assert payload.parse(raw + b" " * (payload.LARGEST - len(raw))).data == b"\1"
    with pytest.raises(strict_json.NotJSON, match="at most"):
        payload.parse(raw + b" " * (payload.LARGEST - len(raw) + 1))


def test_every_cut_of_an_envelope_is_refused() -> None:
    raw = payload.encode(Envelope(Purpose.SIGNING_KEY, b"\1\2\3", "now")).rstrip()
    for length in range(len(raw)):
        with pytest.raises(strict_json.NotJSON):
            payload.parse(raw[:length])


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (dt.datetime(2022, 9, 26, 16, 1, 22, 788794, dt.UTC), "2022-09-26T16:01:22.7887940+00:00"),
        (
            dt.datetime(2023, 1, 2, 3, 4, 5, 0, dt.timezone(-dt.timedelta(hours=5))),
            "2023-01-02T03:04:05.0000000-05:00",
        ),
        (
            dt.datetime(2023, 1, 2, 3, 4, 5, 6, dt.timezone(dt.timedelta(hours=5, minutes=45))),
            "2023-01-02T03:04:05.0000060+05:45",
        ),
    ],
)
def test_a_time_stamp_is_written_as_powershell_7_writes_it(moment: dt.datetime, text: str) -> None:
    assert payload.timestamp(moment) == text
    assert dt.datetime.fromisoformat(text) == moment


@given(st.builds(SettingChange, st.text(), st.text(), st.text()))
def test_a_setting_survives_the_wire(change: SettingChange) -> None:
    assert payload.parse_setting(payload.encode_setting(change)) == change


@pytest.mark.parametrize("name", ["\ud800", "a\udfffb", "\udc00\ud800"])
def test_a_lone_surrogate_survives_the_wire_as_an_escape(name: str) -> None:
    change = SettingChange(name, "\ud83d", "<BEAM/>")
    data = payload.encode_setting(change)
    assert data.isascii()
    assert payload.parse_setting(data) == change


def test_a_setting_is_written_with_its_three_members_in_order_and_readable() -> None:
    data = payload.encode_setting(SettingChange("Größe", "", "<BEAM/>x"))
    assert list(json.loads(data)) == ["Name", "Value", "AuthString"]
    assert "Größe".encode() in data


def test_a_setting_in_the_dialect_of_windows_powershell_is_read() -> None:
    data = (
        b'{\r\n    "Name":  "USB Storage Boot",\r\n    "Value":  "Enable",\r\n'
        b'    "AuthString":  "\\u003cBEAM/\\u003e"\r\n}'
    )
    assert payload.parse_setting(data) == SettingChange("USB Storage Boot", "Enable", "<BEAM/>")


@pytest.mark.parametrize("member", ["Name", "Value", "AuthString"])
@pytest.mark.parametrize("value", [None, 1, ["Enable"], {}])
def test_a_setting_with_a_member_that_is_no_text_is_refused(member: str, value: object) -> None:
    members: dict[str, object] = {"Name": "a", "Value": "b", "AuthString": "c"}
    with pytest.raises(MalformedPayload, match=f"'{member}' of a setting must be text"):
        payload.parse_setting(json.dumps(members | {member: value}).encode())
    del members[member]
    with pytest.raises(MalformedPayload, match=f"'{member}' of a setting must be text, NoneType came"):
        payload.parse_setting(json.dumps(members).encode())


def test_a_setting_that_is_no_object_is_refused() -> None:
    with pytest.raises(strict_json.NotAnObject):
        payload.parse_setting(b'["Name"]')
    with pytest.raises(strict_json.NotJSON):
        payload.parse_setting(b"\x30\x82")


entries = st.lists(st.builds(SettingChange, st.text(), st.text(), st.text()), min_size=1, max_size=5)


@given(entries, st.booleans())
def test_a_settings_list_survives_the_wire(changes: list[SettingChange], bare_single: bool) -> None:
    data = payload.encode_settings(changes, bare_single=bare_single)
    assert payload.parse_settings(data) == tuple(changes)
    assert isinstance(json.loads(data), dict) is (bare_single and len(changes) == 1)


def test_a_list_of_one_is_written_bare_as_the_vendors_tool_does_unless_told_otherwise() -> None:
    change = SettingChange("USB Storage Boot", "Enable", "<BEAM/>x")
    assert payload.encode_settings([change]) == payload.encode_setting(change)
    assert payload.encode_settings([change], bare_single=False).startswith(b"[")
    assert payload.parse_settings(payload.encode_setting(change)) == (change,)


@pytest.mark.parametrize("extra", [{}, {"AuthString": None}, {"AuthString": ""}, {"Other": 1}])
def test_an_entry_without_an_authorization_has_an_empty_one(extra: dict[str, object]) -> None:
    entry = {"Name": "a", "Value": "b"} | extra
    for value in (entry, [entry], [entry, entry]):
        assert set(payload.parse_settings(json.dumps(value).encode())) == {SettingChange("a", "b", "")}


@pytest.mark.parametrize("member", ["Name", "Value", "AuthString"])
@pytest.mark.parametrize("value", [1, True, ["x"], {}])
def test_an_entry_with_a_member_that_is_no_text_is_refused_by_its_number(member: str, value: object) -> None:
    good: dict[str, object] = {"Name": "a", "Value": "b", "AuthString": "c"}
    with pytest.raises(MalformedPayload, match=f"'{member}' of entry 2 of a settings list must be text"):
        payload.parse_settings(json.dumps([good, good | {member: value}]).encode())


@pytest.mark.parametrize("member", ["Name", "Value"])
def test_an_entry_without_a_name_or_value_is_refused(member: str) -> None:
    entry: dict[str, object] = {"Name": "a", "Value": "b"}
    for wrong in ({key: value for key, value in entry.items() if key != member}, entry | {member: None}):
        with pytest.raises(MalformedPayload, match=f"'{member}' of entry 1 .* NoneType came"):
            payload.parse_settings(json.dumps(wrong).encode())


@pytest.mark.parametrize("value", [1, "x", None, True, [[]], ["x"], [None]])
def test_a_settings_list_of_anything_but_objects_is_refused(value: object) -> None:
    with pytest.raises(MalformedPayload, match="entry 1 of a settings list must be an object"):
        payload.parse_settings(json.dumps(value).encode())


def test_an_empty_settings_list_is_neither_read_nor_written() -> None:
    with pytest.raises(MalformedPayload, match="at least one entry; an empty array came"):
        payload.parse_settings(b"[]")
    with pytest.raises(MalformedPayload, match="at least one entry; none was given"):
        payload.encode_settings([])


@given(st.text())
def test_a_reset_survives_the_wire(token: str) -> None:
    data = payload.encode_reset(token)
    assert payload.parse_reset(data) == token
    assert payload.parse_setting(data) == SettingChange("SetSystemDefaults", "", token)


@pytest.mark.parametrize("value", [{}, {"Value": None}, {"Value": ""}])
def test_a_reset_has_an_empty_value_or_none(value: dict[str, object]) -> None:
    members = {"Name": "SetSystemDefaults", "AuthString": "<BEAM/>x"} | value
    assert payload.parse_reset(json.dumps(members).encode()) == "<BEAM/>x"


@pytest.mark.parametrize(
    "change",
    [
        {"Name": "setsystemdefaults"},
        {"Name": ""},
        {"Value": "x"},
        {"Value": 0},
        {"Value": []},
        {"Value": False},
    ],
)
def test_a_reset_of_something_else_is_refused(change: dict[str, object]) -> None:
    members = {"Name": "SetSystemDefaults", "Value": "", "AuthString": "<BEAM/>x"} | change
    with pytest.raises(MalformedPayload, match="a reset is for 'SetSystemDefaults' with no value"):
        payload.parse_reset(json.dumps(members).encode())


@pytest.mark.parametrize("member", ["Name", "AuthString"])
def test_a_reset_without_a_name_or_authorization_is_refused(member: str) -> None:
    members = {"Name": "SetSystemDefaults", "Value": "", "AuthString": "<BEAM/>x"}
    del members[member]
    with pytest.raises(MalformedPayload, match=f"'{member}' of a reset must be text"):
        payload.parse_reset(json.dumps(members).encode())


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_noise_for_settings_is_refused_with_a_sentence(noise: bytes) -> None:
    for read in (payload.parse_setting, payload.parse_settings, payload.parse_reset):
        with pytest.raises(ProtocolError):
            read(noise)


def test_the_vectors_cover_every_purpose(vectors: Callable[[str], list[dict[str, Any]]]) -> None:
    assert {vector["purpose"] for vector in vectors("payloads")} == set(Purpose)


def test_the_vectors_of_settings_hold(vectors: Callable[[str], list[dict[str, Any]]]) -> None:
    read: dict[str, Callable[[bytes], tuple[SettingChange, ...]]] = {
        Purpose.SETTING: lambda data: (payload.parse_setting(data),),
        Purpose.SETTINGS_LIST: payload.parse_settings,
        Purpose.RESET_SETTINGS: lambda data: (
            SettingChange(payload.RESET_NAME, "", payload.parse_reset(data)),
        ),
    }
    told = [vector for vector in vectors("payloads") if vector["purpose"] in read]
    assert len(told) == 4
    for vector in told:
        expected = tuple(SettingChange(**each) for each in vector["says"]["settings"])
        data = bytes.fromhex(vector["data"])
        assert read[vector["purpose"]](data) == expected
        assert payload.encode_settings(expected) == data


def test_the_vectors_of_envelopes_hold(vectors: Callable[[str], list[dict[str, Any]]]) -> None:
    for vector in vectors("payloads"):
        meta1 = None if vector["meta1"] is None else bytes.fromhex(vector["meta1"])
        expected = Envelope(
            Purpose(vector["purpose"]),
            bytes.fromhex(vector["data"]),
            vector["timestamp"],
            (meta1, None, None, None),
        )
        assert payload.parse(vector["envelope"].encode()) == expected
        assert payload.encode(expected).decode() == vector["envelope"]
