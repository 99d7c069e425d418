"""The verbs of `f10 phone` that care for keys: rename, delete, backup, restore, protect, unprotect, and where passphrases come from."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.authenticator import commands
from emulator.companions.authenticator.exceptions import QRCodeInvalidImage
from emulator.companions.authenticator.phone import Phone as Library
from emulator.companions.authenticator.sealed import Cost

from .conftest import PASSPHRASE, Phone

Making = Callable[..., str]
OWN = "passphrase of the phone"


def test_rename_and_delete(phone: Phone, package: Making, ask: Making) -> None:
    phone("enroll", package())
    renamed = phone.bare("rename", "DEMO key", "Büro 3", "--json").json
    assert (renamed["name"], renamed["key_name"]) == ("Büro 3", "DEMO key")
    assert "is called Mine now" in phone.bare("rename", renamed["key_id"][:6], "Mine").out
    assert "Key:     Mine\n" in phone("scan", ask()).out
    assert phone.bare("rename", "Mine", "\x1b[2J").code == 100
    refused = phone.bare("delete", "Mine")
    assert refused.code == 100
    assert "--yes" in refused.err
    assert len(phone.packages) == 1
    assert phone.bare("delete", "Mine", "--yes", "--json").json["result"] == "was deleted"
    assert not phone.packages
    assert phone.bare("delete", "Mine", "--yes").code == 100


def test_a_key_with_a_group_is_registered_with_an_address(phone: Phone, package: Making, ask: Making) -> None:
    text = package(group="BIOS Admins")
    missing = phone("enroll", text)
    assert missing.code == 100
    assert "e-mail address of a member of the group BIOS Admins" in missing.err
    done = phone("enroll", text, "--email", "someone@example.com", "--json").json
    assert (done["email"], done["needs_sign_in"], len(done["warnings"])) == ("someone@example.com", True, 1)
    refused = commands.run(["scan", ask()], phone.folder)
    assert refused == 100
    assert "Error 302 AzureADAccessToken" in phone.capsys.readouterr().err


def test_a_protected_phone_asks_for_its_own_passphrase(
    phone: Phone, package: Making, ask: Making, descriptor: Callable[..., str], answers: list[str]
) -> None:
    phone("enroll", package())
    # A vault says itself what opening it costs.
    Library(phone.folder, cost=Cost(n=1 << 14)).protect(OWN, {})
    no_one = phone.bare("list")
    assert no_one.code == 100
    assert "--phone-passphrase-fd" in no_one.err
    assert phone.bare("list", "--phone-passphrase-fd", descriptor("wrong one")).code == 107
    # The key's own passphrase is asked for once more, then the phone's is enough.
    own = ["--phone-passphrase-fd", descriptor(OWN)]
    assert "PIN: 1234 5678" in phone("scan", ask(), *own).out
    answers.append(OWN)
    assert "PIN: 8765 4321" in phone.bare("scan", ask("87654321")).out
    answers.append(OWN)
    assert "no passphrase of its own any more" in phone.bare("unprotect").out
    assert list(phone.packages.values()) == [package().encode()]


@pytest.mark.slow
def test_the_phone_s_passphrase_is_changed_with_the_old_one(
    phone: Phone, package: Making, descriptor: Callable[..., str], answers: list[str]
) -> None:
    phone("enroll", package())
    assert phone.bare("protect", "--new-passphrase-fd", descriptor(OWN), secret=OWN).code == 0
    assert not phone.packages
    answers += [OWN, "another passphrase", "another passphrase"]
    assert "was changed" in phone.bare("protect").out
    for passphrase, code in ((OWN, 107), ("another passphrase", 0)):
        assert phone.bare("list", "--phone-passphrase-fd", descriptor(passphrase)).code == code
    assert phone.bare("protect", "--phone-passphrase-fd", descriptor("another passphrase")).code == 100


def test_a_short_passphrase_and_one_that_is_not_repeated_are_refused(
    phone: Phone, package: Making, answers: list[str], tmp_path: Path
) -> None:
    phone("enroll", package())
    answers += ["short", "short", "long enough", "another thing"]
    assert phone.bare("protect").code == 100
    assert phone.bare("protect").code == 100
    assert phone("backup", str(tmp_path / "backup"), passphrase="short").code == 100
    assert not answers
    assert len(phone.packages) == 1
    assert not (tmp_path / "backup").exists()


def test_a_backup_needs_keys_and_replaces_no_file_unasked(
    phone: Phone, package: Making, tmp_path: Path
) -> None:
    path = tmp_path / "backup"
    assert "no keys to back up" in phone("backup", str(path)).err
    assert not phone.folder.exists()
    path.write_text("important")
    phone("enroll", package())
    assert phone("backup", str(path)).code == 100
    assert path.read_text() == "important"
    assert phone("backup", str(path), "--force", "--json").json["keys"] == 1
    assert phone("restore", str(tmp_path / "none")).code == 100
    assert phone("backup", str(tmp_path / "no folder" / "backup")).code == 100


def test_one_descriptor_is_not_read_twice(phone: Phone, package: Making, ask: Making) -> None:
    phone("enroll", package())
    number = phone.descriptor()
    done = phone.bare("scan", ask(), "--passphrase-fd", number, "--phone-passphrase-fd", number)
    assert done.code == 100
    assert "use one for each" in done.err


@pytest.mark.parametrize(
    "arguments", [["scan"], ["enroll"], ["scan", "x", "--clipboard"], ["enroll", "x", "--clipboard"]]
)
def test_a_picture_or_the_clipboard_and_not_both(phone: Phone, arguments: list[str]) -> None:
    assert phone.bare(*arguments).code == 2


def test_without_a_desktop_there_is_no_clipboard(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for verb in ("scan", "enroll"):
        assert phone(verb, "--clipboard").code == QRCodeInvalidImage.code


def test_without_a_verb_and_a_terminal_it_says_what_it_needs(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stream in (io.StringIO(), None):
        monkeypatch.setattr(sys, "stdin", stream)
        done = phone.bare()
        assert (done.code, done.out) == (2, "")
        assert "needs a terminal" in done.err


def test_a_key_of_another_owner_is_never_confused(
    phone: Phone, package: Making, other_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    phone("enroll", package(key=other_key))
    done = phone.bare("delete", "DEMO key", "--yes")
    assert done.code == 100
    assert "2 keys are called DEMO key" in done.err
    assert len(phone.packages) == 2
    assert PASSPHRASE not in done.err
