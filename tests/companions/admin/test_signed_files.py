"""Files of settings that the console signs entry by entry."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from emulator.companions.admin import commands, list_payloads, setting_files, signed_files
from emulator.companions.admin.setting_files import UnusableList
from emulator.companions.admin.signed_files import NothingToSign, TooManyForOneUse
from emulator.protocol import authorization, payload
from emulator.protocol import setting_files as forms
from emulator.protocol.keys import PublicKey

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MACHINE = UUID("00112233-4455-6677-8899-aabbccddeeff")
HERE = Path("a file")

FILES = {
    "REPSET": b"BIOSConfig 1.0\r\n; kept\r\nBoot Order\r\n\tUSB\r\n\tHDD\r\nSecure Boot\r\n\tDisable\r\n\t*Enable\r\nTag\r\n\t",
    "CSV": b'NAME,CURRENT_VALUE\r\nBoot Order,"USB,HDD"\r\nSecure Boot,"Disable,*Enable"\r\nTag,',
    "JSON": b'[{"Name":"Boot Order","Value":"USB,HDD"},{"Name":"Secure Boot","Value":"Enable"},{"Name":"Tag","Value":""}]',
    "XML": b"<ImagePal><BIOSSettings><BIOSSetting><Name>Boot Order</Name><Value>USB,HDD</Value></BIOSSetting>"
    b"<BIOSSetting><Name>Secure Boot</Name><Value>Disable,*Enable</Value></BIOSSetting>"
    b"<BIOSSetting><Name>Tag</Name><Value/></BIOSSetting></BIOSSettings></ImagePal>",
}
ASKED = [("Boot Order", "USB,HDD"), ("Secure Boot", "Enable"), ("Tag", "")]


@pytest.mark.parametrize("form", FILES)
def test_each_entry_is_signed_for_what_it_asks_with_one_nonce_and_target(
    form: str, signing_key: RSAPrivateKey
) -> None:
    made = signed_files.signed_file(signing_key, HERE, FILES[form], nonce=7, target=MACHINE)
    assert (made.signed, made.kept) == (3, 0)
    entries = forms.parse(made.data).entries
    before = forms.parse(FILES[form]).entries
    assert [(each.name, each.values) for each in entries] == [(each.name, each.values) for each in before]
    for entry, (name, value) in zip(entries, ASKED, strict=True):
        token = authorization.parse(entry.authorization)
        change = authorization.verify(token, PublicKey.of(signing_key), name, value)
        assert (change.nonce, change.target, change.single_use) == (7, MACHINE.bytes_le, False)


@pytest.mark.parametrize("form", FILES)
def test_a_signed_file_makes_the_list_that_the_unsigned_one_makes(
    form: str, signing_key: RSAPrivateKey, tmp_path: Path
) -> None:
    signed = signed_files.signed_file(signing_key, HERE, FILES[form], nonce=int(NOW.timestamp())).data
    lists = []
    for data in (FILES[form], signed):
        (tmp_path / "file").write_bytes(data)
        changes = setting_files.from_file(tmp_path / "file")
        lists.append(list_payloads.settings_list(signing_key, changes, now=NOW))
    assert lists[0] == lists[1]
    assert [(each.name, each.value) for each in payload.parse_settings(payload.parse(lists[1]).data)] == ASKED


def test_an_authorization_that_a_file_has_stays(signing_key: RSAPrivateKey) -> None:
    data = b"A\n\t*x\n\t*z\n;Signature=<BEAM/>old\nB\n\ty\n"
    made = signed_files.signed_file(signing_key, HERE, data, nonce=7, single_use=True)
    assert (made.signed, made.kept) == (1, 1)
    assert made.data.startswith(data)
    (old, new) = forms.parse(made.data).entries
    assert old.authorization == "<BEAM/>old"
    assert authorization.parse(new.authorization).single_use
    with pytest.raises(NothingToSign, match="of 2 entries, each has an authorization"):
        signed_files.signed_file(signing_key, HERE, made.data, nonce=8)


def test_a_password_is_signed_with_its_mark(signing_key: RSAPrivateKey) -> None:
    data = b"Setup Password\n\t*Pass word,*\n"
    (entry,) = forms.parse(signed_files.signed_file(signing_key, HERE, data, nonce=7).data).entries
    token = authorization.parse(entry.authorization)
    authorization.verify(token, PublicKey.of(signing_key), "Setup Password", "<utf-16/>*Pass word,*")


def test_several_entries_cannot_be_good_for_one_use(signing_key: RSAPrivateKey) -> None:
    with pytest.raises(TooManyForOneUse, match="a file has 2: leave --single-use out"):
        signed_files.signed_file(signing_key, HERE, b"A\n\tx\nB\n\ty\n", nonce=7, single_use=True)


def test_a_file_without_settings_is_not_signed(signing_key: RSAPrivateKey) -> None:
    with pytest.raises(NothingToSign, match="a file has no entry to sign"):
        signed_files.signed_file(signing_key, HERE, b"BIOSConfig 1.0\n", nonce=7)


def test_what_cannot_be_told_is_refused_by_line_and_nothing_is_signed(signing_key: RSAPrivateKey) -> None:
    with pytest.raises(UnusableList, match="what the setting in line 4 shall be cannot be told without"):
        signed_files.signed_file(signing_key, HERE, b"BIOSConfig 1.0\nA\n\tx\nB\n\t*y\n\t*z\n", nonce=7)


# The verb


@pytest.fixture
def desk(tmp_path: Path, signing_key: RSAPrivateKey) -> Path:
    clear = signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "SK.pem").write_bytes(clear)
    (tmp_path / "in").write_bytes(FILES["REPSET"])
    return tmp_path


def test_the_verb_writes_the_signed_file(
    desk: Path, signing_key: RSAPrivateKey, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = desk / "in", desk / "out"
    words = [
        "sign",
        str(desk / "SK.pem"),
        str(source),
        "-o",
        str(target),
        "--nonce",
        "7",
        "--target",
        str(MACHINE),
    ]
    assert commands.run(words, desk) == 0, capsys.readouterr()
    made = signed_files.signed_file(signing_key, source, FILES["REPSET"], nonce=7, target=MACHINE)
    assert target.read_bytes() == made.data
    assert target.stat().st_mode & 0o777 == 0o600
    assert f"authorizes 3 settings on the machine {MACHINE}." in capsys.readouterr().out
    assert source.read_bytes() == FILES["REPSET"]


def test_the_verb_replaces_nothing_unless_told_and_leaves_nothing_half_written(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = desk / "out"
    words = ["sign", str(desk / "SK.pem"), str(desk / "in"), "--out", str(target)]
    target.write_bytes(b"mine")
    assert commands.run(words, desk) == 2
    assert "exists already" in capsys.readouterr().err
    assert target.read_bytes() == b"mine"
    assert commands.run([*words, "--force"], desk) == 0
    assert forms.parse(target.read_bytes()).entries[0].authorization
    assert commands.run(["sign", str(desk / "SK.pem"), str(target), "-o", str(desk / "again")], desk) == 2
    assert "has no entry to sign" in capsys.readouterr().err
    assert not (desk / "again").exists()
    (desk / "in").write_bytes(b"A\n\t*x\n\t*y\n")
    assert commands.run([*words, "--force"], desk) == 2
    assert "in line 1 shall be" in capsys.readouterr().err
    assert forms.parse(target.read_bytes()).entries[0].name == "Boot Order"


def test_the_nonce_is_the_unix_time_unless_given(desk: Path) -> None:
    before = int(datetime.now(UTC).timestamp())
    assert commands.run(["sign", str(desk / "SK.pem"), str(desk / "in"), "-o", str(desk / "out")], desk) == 0
    nonces = {
        authorization.parse(each.authorization).header.nonce
        for each in forms.parse((desk / "out").read_bytes()).entries
    }
    assert len(nonces) == 1
    assert before <= nonces.pop() <= int(datetime.now(UTC).timestamp())
