"""Every verb of `f10 phone` and every number it can end with, through its door."""

import io
import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from PIL import Image

from emulator.companions.authenticator import commands
from emulator.companions.authenticator.exceptions import meaning
from emulator.companions.authenticator.verbs import DEEDS
from emulator.protocol import base45
from emulator.protocol.challenge import Purpose
from emulator.protocol.keys import PublicKey

from .conftest import MACHINE, PASSPHRASE, Done, Phone

pytestmark = pytest.mark.sampled(3)


def held(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# --- enroll -------------------------------------------------------------------------------------------------------


def test_a_package_is_kept_as_received_and_private(
    phone: Phone, picture: Callable[..., str], package: Callable[..., str], local_access_key: RSAPrivateKey
) -> None:
    done = phone("enroll", picture(package(), module=9))
    assert (done.code, done.err) == (0, "")
    assert "The key DEMO key is registered" in done.out
    key_id = PublicKey.of(local_access_key)
    assert phone.packages == {f"{key_id.digest.hex()}.json": package().encode()}
    for path in (phone.folder, phone.folder / "keys"):
        assert path.stat().st_mode & 0o777 == 0o700
    for path in (phone.folder / "keys").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_no_private_key_lies_on_the_disk_in_clear(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str], local_access_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    phone("scan", ask())
    numbers = local_access_key.private_numbers()
    for content in phone.files.values():
        for secret in (numbers.p, numbers.q, numbers.d):
            octets = secret.to_bytes(256, "big").lstrip(b"\0")
            assert octets not in content
            assert octets[::-1] not in content
        assert PASSPHRASE.encode() not in content


@pytest.mark.parametrize(
    "way", ["argument", "file", "file with a byte order mark", "standard input", "picture on it"]
)
def test_text_will_do_for_a_picture(
    phone: Phone,
    picture: Callable[..., str],
    package: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    text, argument = package(name="Schlüssel"), "-"
    if way == "argument":
        argument = text
    elif way.startswith("file"):
        path = tmp_path / "pasted.txt"
        path.write_text(text + "\n", "utf-8-sig" if "mark" in way else "utf-8")
        argument = str(path)
    else:
        held(monkeypatch, Path(picture(text)).read_bytes() if "picture" in way else text.encode() + b"\r\n")
    assert phone("enroll", argument).code == 0
    assert list(phone.packages.values()) == [text.encode()]


def test_a_key_that_is_held_is_replaced_only_on_demand(phone: Phone, package: Callable[..., str]) -> None:
    phone("enroll", package())
    again = phone("enroll", package())
    assert again.code == 0
    assert "held already, from this very picture" in again.out
    other = package("another passphrase", salt=bytes(range(8)))
    refused = phone("enroll", other, passphrase="another passphrase")
    assert refused.code == 100
    assert "--force" in refused.err
    assert list(phone.packages.values()) == [package().encode()]
    assert phone("enroll", other, "--force", passphrase="not this one").code == 107
    assert list(phone.packages.values()) == [package().encode()]
    assert "was replaced" in phone("enroll", other, "--force", passphrase="another passphrase").out
    assert list(phone.packages.values()) == [other.encode()]


def test_a_small_picture_is_taken_with_a_warning(
    phone: Phone, picture: Callable[..., str], package: Callable[..., str]
) -> None:
    done = phone("enroll", picture(package(), module=3))
    assert done.code == 0
    assert "smaller than 800x600" in done.err
    assert "800x600" not in phone("enroll", picture(package(), module=9)).err


def test_a_key_without_a_passphrase_asks_for_none_and_is_warned_about(
    phone: Phone,
    package: Callable[..., str],
    ask: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    (tmp_path / "open.json").write_text(package(""), "utf-8")
    assert commands.run(["enroll", str(tmp_path / "open.json")], phone.folder) == 0
    assert "no passphrase: whoever sees the picture has the key" in capsys.readouterr().err
    assert commands.run(["scan", ask("87654321")], phone.folder) == 0
    assert "PIN: 8765 4321" in capsys.readouterr().out


def test_enroll_answers_in_json(
    phone: Phone, picture: Callable[..., str], package: Callable[..., str]
) -> None:
    done = phone("enroll", picture(package(), module=3), "--json")
    assert done.err == ""
    assert done.json["key_name"] == "DEMO key"
    assert done.json["result"] == "is registered"
    assert len(done.json["warnings"]) == 1


# --- scan ---------------------------------------------------------------------------------------------------------


def test_scan_tells_the_machine_and_then_the_pin(
    phone: Phone, picture: Callable[..., str], package: Callable[..., str], ask: Callable[..., str]
) -> None:
    phone("enroll", package())
    done = phone("scan", picture(ask("12345678", age=12, purpose=Purpose.BOOT_MENU)))
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == f"Machine: serial number DEMO000001, UUID {MACHINE}"
    assert lines[1].startswith("Purpose: boot menu, issued 1")
    assert lines[2] == "Key:     DEMO key"
    assert re.fullmatch(r"Check:   [0-9A-F]{6} \(the screen shows the same\)", lines[3])
    assert lines[4:] == ["PIN: 1234 5678"]


def test_text_copied_from_a_terminal_may_be_broken_into_lines(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str], tmp_path: Path
) -> None:
    phone("enroll", package())
    spelled = ask("01234567").replace(" ", "\\u0020")
    copied = tmp_path / "copied.txt"
    copied.write_text("".join(f"  {spelled[at : at + 70]}\n" for at in range(0, len(spelled), 70)))
    assert "PIN: 0123 4567" in phone("scan", str(copied)).out


def test_scan_answers_in_json(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str], local_access_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    done = phone("scan", ask("00000001"), "--json").json
    assert 0 <= done.pop("age") < 60
    assert done.pop("issued_at") > 1_700_000_000
    assert re.fullmatch("[0-9A-F]{6}", done.pop("check"))
    assert done == {
        "pin": "00000001",
        "machine": {"serial": "DEMO000001", "uuid": str(MACHINE)},
        "purpose": "setup",
        "key_id": PublicKey.of(local_access_key).key_id,
        "key_name": "DEMO key",
        "warnings": [],
    }


def test_a_stale_challenge_is_answered_with_a_warning(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str]
) -> None:
    phone("enroll", package())
    done = phone("scan", ask(age=700))
    assert done.code == 0
    assert "older than 10 minutes" in done.err
    assert "PIN: " in done.out
    assert len(phone("scan", ask(age=-60), "--json").json["warnings"]) == 1


def test_the_key_is_chosen_by_its_id_and_its_passphrase_asked_each_time(
    phone: Phone,
    package: Callable[..., str],
    ask: Callable[..., str],
    other_key: RSAPrivateKey,
    answers: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    phone("enroll", package())
    phone(
        "enroll", package("another passphrase", key=other_key, name="other"), passphrase="another passphrase"
    )
    for key, passphrase in (({}, PASSPHRASE), ({"key": other_key}, "another passphrase")):
        for _ in range(2):
            answers.append(passphrase)
            assert commands.run(["scan", ask(**key)], phone.folder) == 0
            assert not answers
    assert commands.run(["scan", ask()], phone.folder) == 100
    assert "no terminal to ask on" in capsys.readouterr().err


def test_of_several_codes_the_one_of_use_is_taken(
    phone: Phone,
    picture: Callable[..., str],
    package: Callable[..., str],
    ask: Callable[..., str],
    other_key: RSAPrivateKey,
) -> None:
    foreign = ["WIFI:S:guests;;", ask("66666666", key=other_key)]
    assert phone("enroll", picture(*foreign, package())).code == 0
    assert "PIN: 1234 5678" in phone("scan", picture(*foreign, package(), ask())).out
    two = phone("scan", picture(ask("11111111"), ask("22222222")))
    assert two.code == 104
    assert "2 codes of the right kind" in two.err
    assert phone("enroll", picture(package(), package(key=other_key, name="other"))).code == 104


def test_a_challenge_with_text_that_steers_terminals_never_reaches_one(
    phone: Phone, package: Callable[..., str]
) -> None:
    assert (
        phone("enroll", package(name="key\x1b]0;owned\x07\u202e", serial="\x1b[2J", model="\r\n")).code == 0
    )
    for done in (phone("list"), phone("list", "--json")):
        assert done.code == 0
        assert done.out.replace("\n", "").isprintable()


# --- list ---------------------------------------------------------------------------------------------------------


def test_list_tells_the_keys_held(
    phone: Phone, package: Callable[..., str], other_key: RSAPrivateKey
) -> None:
    nothing = phone("list")
    assert nothing.code == 0
    assert "No keys" in nothing.out
    assert phone("list", "--json").json == []
    assert not phone.folder.exists()
    phone("enroll", package())
    phone("enroll", package(key=other_key, name="Another", model=None, serial=None))
    lines = phone("list").out.splitlines()
    assert [line.split("  ", 1)[1] for line in lines] == ["Another", "DEMO key  (Demo PC DEMO000001)"]
    listed = phone("list", "--json").json
    assert time.time() - 60 < listed[0].pop("enrolled_at") <= time.time()
    assert listed[0] == {
        "key_id": PublicKey.of(other_key).key_id,
        "name": "Another",
        "key_name": "Another",
        "model": None,
        "serial": None,
        "needs_passphrase": True,
        "needs_sign_in": False,
        "email": None,
    }


def test_what_a_kill_left_behind_is_no_key(phone: Phone, package: Callable[..., str]) -> None:
    phone("enroll", package())
    (phone.folder / "keys" / f".{'0' * 64}.json.0123456789abcdef.tmp").write_bytes(b'{"Ver":')
    assert len(phone("list").out.splitlines()) == 1


# --- errors -------------------------------------------------------------------------------------------------------


def edited(text: str, member: str) -> str:
    """A challenge with one bit of a member changed."""
    members = json.loads(text)
    octets = bytearray(base45.decode(members[member]))
    # In the header that is the serial number, in the others any bit will do.
    octets[-1] ^= 1
    members[member] = base45.encode(bytes(octets))
    return json.dumps(members, separators=(",", ":"))


def refused(done: Done, code: int, name: str) -> bool:
    general = [] if code == 100 else [meaning(code, "en")]
    line, *more = done.err.splitlines()[-1 - len(general) :]
    told = line.startswith(f"Error {code} {name}: ") and more == general
    return done.code == code and done.out == "" and told


def test_100_when_the_phone_itself_fails(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.folder.write_bytes(b"in the way")
    assert refused(phone("enroll", package()), 100, "QRCodeUnknownError")
    phone.folder.unlink()
    phone("enroll", package())
    (stored,) = (phone.folder / "keys").glob("*.json")
    for damage in (b"", b"{}", b"\xff", package().encode()[:-9], package().replace("GhIF", "AAAA").encode()):
        stored.write_bytes(damage)
        assert refused(phone("scan", ask()), 100, "QRCodeUnknownError")
        assert refused(phone("list"), 100, "QRCodeUnknownError")
    elsewhere = phone.folder / "elsewhere"
    elsewhere.write_text(package())
    stored.unlink()
    stored.symlink_to(elsewhere)
    assert refused(phone("scan", ask()), 100, "QRCodeUnknownError")


def test_100_when_standard_input_is_wanted_twice(phone: Phone, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run(["scan", "-", "--passphrase-fd", "0"], phone.folder) == 100
    assert "cannot be both" in capsys.readouterr().err


def test_100_when_the_prompt_is_interrupted(
    phone: Phone,
    package: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupt(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("getpass.getpass", interrupt)
    assert commands.run(["enroll", package()], phone.folder) == 100
    assert "interrupted" in capsys.readouterr().err
    assert not phone.packages


@pytest.mark.parametrize("verb", ["enroll", "scan"])
@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"f10":1',
        '{"f10":1,"f10":1}',
        '{"a":NaN}',
        '{"a":1e999}',
        '{"a":' + "[" * 3000 + "]" * 3000 + "}",
        '{"a":' + "9" * 4500 + "}",
        '{"a":"' + "x" * 10_000 + '"}',
        '{"a":"\udcff"}',
    ],
)
def test_101_for_what_begins_like_an_object_and_is_none(phone: Phone, verb: str, text: str) -> None:
    assert refused(phone(verb, text), 101, "QRCodeDeserialization")
    assert not phone.folder.exists()


def test_101_for_a_member_that_is_missing_or_wrong(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str]
) -> None:
    whole = json.loads(ask())
    for member, value in (("k", None), ("h", ""), ("c", "AB"), ("c", "lower"), ("h", 7), ("x", 1)):
        wrong = whole | {member: value}
        assert refused(phone("scan", json.dumps(wrong)), 101, "QRCodeDeserialization")
    for member in ("k", "h", "c"):
        wrong = {name: value for name, value in whole.items() if name != member}
        assert refused(phone("scan", json.dumps(wrong)), 101, "QRCodeDeserialization")
    whole = json.loads(package())
    for member, value in (
        ("PvtKey", "AAAA"),
        ("PvtKey", None),
        ("KeyId", "AAAA"),
        ("KeyId", "no"),
        ("KeyName", 7),
    ):
        assert refused(phone("enroll", json.dumps(whole | {member: value})), 101, "QRCodeDeserialization")


def test_102_for_what_is_no_picture_or_shows_no_code(phone: Phone, tmp_path: Path) -> None:
    blank, broken, binary = tmp_path / "blank.png", tmp_path / "broken.png", tmp_path / "binary"
    Image.new("L", (200, 100), 255).save(blank)
    broken.write_bytes(blank.read_bytes()[:60])
    binary.write_bytes(b"\xff\x00\xfe")
    for verb in ("enroll", "scan"):
        for path in (blank, broken, binary, tmp_path, tmp_path / "none", "a\0b", "x" * 5000):
            assert refused(phone(verb, str(path)), 102, "QRCodeInvalidImage"), path


def test_102_for_more_than_20_megabytes(
    phone: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(b"\x89PNG")
    os.truncate(path, 20_000_001)
    assert refused(phone("scan", str(path)), 102, "QRCodeInvalidImage")
    held(monkeypatch, path.read_bytes())
    assert refused(phone("scan", "-"), 102, "QRCodeInvalidImage")


@pytest.mark.parametrize("verb", ["enroll", "scan"])
@pytest.mark.parametrize(
    "text", ["", "hello", "BMW", "[1,2]", "42", '"text"', "null", "javascript:alert(1)", "f10{", "NaN"]
)
def test_103_for_text_that_is_no_object(
    phone: Phone, tmp_path: Path, picture: Callable[..., str], verb: str, text: str
) -> None:
    path = tmp_path / "text"
    path.write_text(text)
    assert refused(phone(verb, str(path)), 103, "QRCodeNoPayload")
    if text:
        assert refused(phone(verb, picture(text)), 103, "QRCodeNoPayload")


def test_closed_standard_input_is_empty_and_disturbs_nothing_else(
    phone: Phone, package: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert phone("enroll", package()).code == 0
    assert refused(phone("scan", "-"), 103, "QRCodeNoPayload")


@pytest.mark.slow
def test_104_for_an_object_of_another_kind(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str], picture: Callable[..., str]
) -> None:
    for verb, text in (
        ("scan", "{}"),
        ("scan", '{"f10":2}'),
        ("scan", '{"f10":true}'),
        ("scan", package()),
        ("enroll", "{}"),
        ("enroll", ask()),
        ("enroll", package().replace('"001"', '"002"')),
        ("enroll", package().replace('"007"', '"008"')),
    ):
        assert refused(phone(verb, text), 104, "QRCodeInvalid")
        assert refused(phone(verb, picture(text)), 104, "QRCodeInvalid")


def test_105_for_a_key_that_is_not_held(
    phone: Phone,
    package: Callable[..., str],
    ask: Callable[..., str],
    picture: Callable[..., str],
    other_key: RSAPrivateKey,
) -> None:
    assert refused(phone("scan", ask()), 105, "QRCodeInvalidKeyIdHash")
    assert not phone.folder.exists()
    phone("enroll", package())
    for asked in (ask(key=other_key), edited(ask(), "k")):
        assert refused(phone("scan", asked), 105, "QRCodeInvalidKeyIdHash")
    done = phone("scan", picture("WIFI:;;", ask(key=other_key)))
    assert refused(done, 105, "QRCodeInvalidKeyIdHash")
    assert PublicKey.of(other_key).key_id in done.err


def test_106_for_an_edited_challenge(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str]
) -> None:
    phone("enroll", package())
    for member in ("h", "c"):
        assert refused(phone("scan", edited(ask(), member)), 106, "QRCodeTampered")


def test_106_for_a_challenge_that_was_put_together_from_two(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str], other_key: RSAPrivateKey
) -> None:
    """The key id of a key that is held over what was sealed for another: no oracle for other people's secrets."""
    phone("enroll", package())
    mixed = json.loads(ask(key=other_key)) | {"k": json.loads(ask())["k"]}
    assert refused(phone("scan", json.dumps(mixed)), 106, "QRCodeTampered")


def test_106_for_a_package_without_passphrase_that_was_edited(
    phone: Phone, package: Callable[..., str], picture: Callable[..., str]
) -> None:
    edited = package("").replace("DEMO key", "EVIL key")
    assert refused(phone("enroll", picture(edited)), 106, "QRCodeTampered")
    assert not phone.packages


def test_the_other_kind_of_code_is_called_by_its_name(
    phone: Phone, picture: Callable[..., str], package: Callable[..., str], ask: Callable[..., str]
) -> None:
    taken_for_a_key = phone("enroll", picture(ask()))
    assert refused(taken_for_a_key, 104, "QRCodeInvalid")
    assert "this is the challenge of a PC" in taken_for_a_key.err
    taken_for_a_challenge = phone("scan", picture(package()))
    assert refused(taken_for_a_challenge, 104, "QRCodeInvalid")
    assert "this is the picture of a key" in taken_for_a_challenge.err


def test_a_key_without_a_passphrase_is_not_taken_as_an_argument(
    phone: Phone, package: Callable[..., str]
) -> None:
    done = phone("enroll", package(""))
    assert done.code == 100
    assert "every process can read arguments" in done.err
    assert not phone.packages


def test_107_for_a_wrong_passphrase_or_an_edited_package(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str]
) -> None:
    name = "QRCodeTamperedOrInvalidPassPhrase"
    assert refused(phone("enroll", package(), passphrase="wrong phrase"), 107, name)
    assert refused(phone("enroll", package().replace("DEMO key", "EVIL key")), 107, name)
    assert refused(phone("enroll", package().replace('"CanExport":"0"', '"CanExport":"1"')), 107, name)
    assert not phone.packages
    phone("enroll", package())
    assert refused(phone("scan", ask(), passphrase="wrong phrase"), 107, name)


def test_errors_in_json(phone: Phone, ask: Callable[..., str]) -> None:
    done = phone("scan", ask(), "--json")
    assert (done.code, done.err) == (105, "")
    assert done.json["error"] == 105
    assert done.json["name"] == "QRCodeInvalidKeyIdHash"
    assert "enroll its picture first" in done.json["message"]


@pytest.mark.parametrize(
    "arguments", [[], ["dial"], ["scan"], ["list", "x"], ["scan", "x", "--passphrase", "secret"]]
)
def test_a_command_that_is_not_understood_ends_with_2(phone: Phone, arguments: list[str]) -> None:
    assert commands.run(arguments, phone.folder) == 2


def test_every_verb_has_help(phone: Phone, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in DEEDS:
        assert commands.run([verb, "--help"], phone.folder) == 0
        assert capsys.readouterr().out.startswith(f"usage: f10 phone {verb}")


def test_neither_passphrase_nor_pin_is_ever_logged(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        phone("enroll", package())
        phone("scan", ask("31415926"))
    assert PASSPHRASE not in caplog.text
    assert "31415926" not in caplog.text
    assert "3141 5926" not in caplog.text
