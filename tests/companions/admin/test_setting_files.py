"""Lists of settings as people bring them, and the signed lists that are made of them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import FileRefused
from emulator.companions.admin import list_payloads, setting_files
from emulator.companions.admin.setting_files import SecretArgument, UnusableList
from emulator.protocol import authorization, payload
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import MalformedPayload, SettingChange

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAIR = [SettingChange("Ownership Tag", "Größe, 7", ""), SettingChange("Asset Tag", "", "")]


def read(tmp_path: Path, content: bytes) -> list[SettingChange]:
    path = tmp_path / "list"
    path.write_bytes(content)
    return setting_files.from_file(path)


def test_words_are_divided_at_the_first_equals_sign() -> None:
    assert setting_files.from_words(["A=b=c", "D="]) == [
        SettingChange("A", "b=c", ""),
        SettingChange("D", "", ""),
    ]


@pytest.mark.parametrize("word", ["A", "=b", ""])
def test_a_word_that_is_no_change_is_named_by_its_place(word: str) -> None:
    with pytest.raises(UnusableList, match="change 2"):
        setting_files.from_words(["A=b", word])


def test_a_password_among_the_words_is_refused_and_not_repeated() -> None:
    with pytest.raises(SecretArgument) as refused:
        setting_files.from_words(["Setup Password=hunter2"])
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        'Name,Value\nOwnership Tag,"Größe, 7"\n\nAsset Tag,\n',
        '\ufeffVALUE,name\r\n"Größe, 7",Ownership Tag\r\n,Asset Tag\r\n',
        'name,path,current_value\nOwnership Tag,x,"Größe, 7"\nAsset Tag,y,\n',
        '[{"Name":"Ownership Tag","Value":"Größe, 7"},{"Name":"Asset Tag","Value":"","More":1}]',
        '\ufeff \n[{"Name":"Ownership Tag","Value":"Gr\\u00f6ße, 7"},{"Name":"Asset Tag","Value":""}]',
        "BIOSConfig 1.0\n; x\nOwnership Tag\n\tGröße, 7\nAsset Tag\n\t\n",
        "Ownership Tag\n\tx\n\t*Größe, 7\nAsset Tag\n\t*\n",
        (
            "<ImagePal><BIOSSettings><BIOSSetting><Name>Ownership Tag</Name><Value>Größe, 7</Value></BIOSSetting>"
            "<BIOSSetting><Name>Asset Tag</Name><Value/></BIOSSetting></BIOSSettings></ImagePal>"
        ),
    ],
)
def test_all_forms_say_the_same(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content.encode()) == PAIR


@pytest.mark.parametrize(
    "value", ["two\nlines", "two\r\nlines", "odd\u2028lines", "odd\x0clines", 'a "word"']
)
def test_a_value_between_quotation_marks_comes_as_it_is_written(tmp_path: Path, value: str) -> None:
    path = tmp_path / "list"
    quoted = value.replace('"', '""')
    path.write_bytes(f'Name,Value\r\nFirst,"{quoted}"\r\nSecond,1\r\n'.encode())
    assert [(each.name, each.value) for each in setting_files.from_file(path)] == [
        ("First", value),
        ("Second", "1"),
    ]


def test_an_authorization_beside_an_entry_is_kept(tmp_path: Path, signing_key: RSAPrivateKey) -> None:
    for content in (
        b"NAME,VALUE,AUTHSTRING\nA,b,<BEAM/>x\nC,d,\n",
        b'[{"Name":"A","Value":"b","AuthString":"<BEAM/>x"},{"Name":"C","Value":"d"}]',
        b"A\n\ta\n\t*b\n;Signature=<BEAM/>x\nC\n\td\n",
    ):
        changes = read(tmp_path, content)
        assert [each.authorization for each in changes] == ["<BEAM/>x", ""]
        raw = list_payloads.settings_list(signing_key, changes, now=NOW)
        first, second = payload.parse_settings(payload.parse(raw).data)
        assert first.authorization == "<BEAM/>x"
        assert len(second.authorization) == 387


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            b"",
            "line 1: the header 'BIOSConfig 1.0' or the name of a setting was expected; neither came; begin",
        ),
        (b"A=b\n", "the setting in line 1 shall be cannot be told"),
        (b"A\n\t*x\n\t*secret\nB\n\ty\nC\n", "the setting in line 1, 6 shall be cannot be told"),
        (b"A\n\t*x\n\t*secret\n" * 10, "in line 1, 4, 7, 10, 13, 16, 19, 22 and others shall be"),
        (
            b"Setup Password\n  secret\n",
            "line 2: a value indented with exactly one tab was expected; another indent came; put one tab",
        ),
        (b"name,value,current_value\nA,b,c\n", "NAME and VALUE, or NAME and CURRENT_VALUE, were expected"),
        (
            b"name,value\nA,b,secret\n",
            "line 2: a row of 2 fields, as the first line has, was expected; 3 came",
        ),
        (b'name,value\nA,"b\n', "line 2: a closing quotation mark"),
        (b'name,value\nA,"*secret,*y"\n', "in line 2 shall be cannot be told"),
        (b"[]", "an empty array came"),
        (b"[1]", "line 1: an object with Name and Value was expected"),
        (b'{"Name":"A"}', "a text was expected as Value"),
        (b"[" * 5000, "not JSON|nested too deeply"),
        (b"<ImagePal><BIOSSettings><BIOSSetting/></BIOSSettings></ImagePal>", "an element Name was expected"),
    ],
)
def test_what_is_no_list_is_refused_without_its_values(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(UnusableList, match=why) as refused:
        read(tmp_path, content)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="No such file"):
        setting_files.from_file(tmp_path / "missing")
    with pytest.raises(FileRefused, match="too large"):
        read(tmp_path, b"name,value\n" + b"A,b\n" * (1 << 18))


def test_a_list_of_more_settings_than_any_machine_has_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableList, match=r"list is no list of settings: .* divide the file"):
        read(tmp_path, b"name,value\n" + b"A,b\n" * 5001)


def test_entries_share_nonce_and_target_and_passwords_are_signed_with_their_mark(
    signing_key: RSAPrivateKey,
) -> None:
    changes = [SettingChange("Asset Tag", "x", ""), SettingChange("Setup Password", "Pass word", "")]
    raw = list_payloads.settings_list(signing_key, changes, now=NOW)
    signed = payload.parse_settings(payload.parse(raw).data)
    assert [each.value for each in signed] == ["x", "Pass word"]
    tokens = [authorization.parse(each.authorization) for each in signed]
    assert {(token.header.nonce, token.header.target, token.single_use) for token in tokens} == {
        (int(NOW.timestamp()), authorization.ANY_MACHINE, False)
    }
    authorization.verify(tokens[1], PublicKey.of(signing_key), "Setup Password", "<utf-16/>Pass word")


def test_a_lone_entry_is_a_bare_object_unless_an_array_is_asked_for(signing_key: RSAPrivateKey) -> None:
    for bare, kind in ((True, dict), (False, list)):
        raw = list_payloads.settings_list(signing_key, PAIR[:1], now=NOW, bare_single=bare)
        data = payload.parse(raw).data
        assert type(json.loads(data)) is kind
        assert len(payload.parse_settings(data)) == 1


def test_an_empty_list_makes_no_payload(signing_key: RSAPrivateKey) -> None:
    with pytest.raises(MalformedPayload):
        list_payloads.settings_list(signing_key, [], now=NOW)
