"""The history: appended, flushed before a PIN appears, whole after a lost power, and without secrets."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.authenticator.exceptions import DiskRefused
from emulator.companions.authenticator.history import Deed, Event, History
from emulator.protocol.challenge import Purpose
from emulator.protocol.keys import PublicKey

from .conftest import MACHINE, Phone

Making = Callable[..., str]


def test_what_was_done_and_what_was_refused_newest_first(
    phone: Phone, package: Making, ask: Making, other_key: RSAPrivateKey, local_access_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    phone("scan", ask(purpose=Purpose.BOOT_MENU))
    phone("scan", ask(), passphrase="a wrong one")
    phone("scan", ask(key=other_key))
    phone.bare("rename", "DEMO key", "Mine")
    phone.bare("delete", "Mine", "--yes")
    events = phone.bare("history", "--json").json
    assert [(event["event"], event["result"], event["code"]) for event in events] == [
        ("key deleted", "done", 0),
        ("key renamed", "done", 0),
        ("challenge", "refused", 105),
        ("challenge", "refused", 107),
        ("PIN issued", "done", 0),
        ("key enrolled", "done", 0),
    ]
    pin = events[4]
    assert abs(pin.pop("at") - events[5]["at"]) < 60
    assert pin == {
        "event": "PIN issued",
        "result": "done",
        "code": 0,
        "purpose": "boot_menu",
        "serial": "DEMO000001",
        "machine": str(MACHINE),
        "key_name": "DEMO key",
        "key_id": PublicKey.of(local_access_key).key_id,
    }
    assert (phone.folder / "history.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_disk_that_takes_no_history_hides_no_refusal_and_gives_no_pin(
    phone: Phone, package: Making, ask: Making, other_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    (phone.folder / "history.jsonl").unlink()
    (phone.folder / "history.jsonl").mkdir()
    refused = phone("scan", ask(key=other_key))
    assert refused.code == 105
    assert "does not hold the key" in refused.err
    assert "besides, the history" in refused.err
    issued = phone("scan", ask("87654321"))
    assert issued.code == 100
    assert "8765" not in issued.out + issued.err


def test_it_is_told_to_people_and_to_spreadsheets(phone: Phone, package: Making, ask: Making) -> None:
    assert phone.bare("history").out == "Nothing yet.\n"
    phone("enroll", package(name="=cmd|' /C calc'!A1"))
    phone("scan", ask())
    lines = phone.bare("history").out.splitlines()
    assert lines[0].endswith("PIN issued: key =cmd|' /C calc'!A1, machine DEMO000001, purpose setup")
    rows = list(csv.DictReader(io.StringIO(phone.bare("history", "--csv").out)))
    assert [row["event"] for row in rows] == ["PIN issued", "key enrolled"]
    assert rows[0]["key_name"] == "'=cmd|' /C calc'!A1"
    assert rows[1]["machine"] == ""


def test_no_pin_without_a_line(phone: Phone, package: Making, ask: Making) -> None:
    """The history cannot be written: then the PIN does not appear."""
    phone("enroll", package())
    (phone.folder / "history.jsonl").unlink()
    (phone.folder / "history.jsonl").mkdir()
    done = phone("scan", ask("31415926"))
    assert done.code == 100
    assert "history" in done.err
    assert "3141" not in done.out + done.err


def test_a_phone_that_was_never_used_keeps_no_history_of_refusals(phone: Phone, ask: Making) -> None:
    assert phone("scan", ask()).code == 105
    assert not phone.folder.exists()


@pytest.mark.parametrize(
    "torn", [b'{"at": 17', b"\x00" * 300, b"\xff\xfe", b'{"at": "x", "event": "PIN issued"}', b"["]
)
def test_a_torn_last_line_is_told_and_disturbs_no_other(tmp_path: Path, torn: bytes) -> None:
    history = History(tmp_path)
    first, second = Event(1, Deed.ENROLLED, key_name="one"), Event(2, Deed.PIN, key_name="two")
    history.append(first)
    with (tmp_path / "history.jsonl").open("ab") as file:
        file.write(torn)
    assert history.newest_first() == [Event(0, Deed.UNREADABLE), first]
    history.append(second)
    assert history.newest_first() == [second, Event(0, Deed.UNREADABLE), first]


def test_lines_are_only_ever_appended(tmp_path: Path) -> None:
    history, path = History(tmp_path), tmp_path / "history.jsonl"
    before = b""
    for at in range(5):
        history.append(Event(at, Deed.RENAMED, key_name='a "name"\nwith more'))
        after = path.read_bytes()
        assert after.startswith(before)
        assert after.count(b"\n") == at + 1
        before = after
    assert [event.at for event in history.newest_first()] == [4, 3, 2, 1, 0]


def test_a_line_that_is_too_long_or_of_an_unknown_event_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text(json.dumps({"at": 1, "event": "key enrolled", "more": "x" * 5000}) + "\n{}\n")
    assert [event.event for event in History(tmp_path).newest_first()] == [Deed.UNREADABLE] * 2


def test_a_symbolic_link_is_neither_followed_nor_written(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("important")
    folder = tmp_path / "phone"
    folder.mkdir()
    os.symlink(elsewhere, folder / "history.jsonl")
    with pytest.raises(DiskRefused):
        History(folder).append(Event(1, Deed.PIN))
    with pytest.raises(DiskRefused):
        History(folder).newest_first()
    assert elsewhere.read_text() == "important"


def test_the_line_of_a_pin_reaches_the_disk_before_the_pin_is_told(
    phone: Phone, package: Making, ask: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the moment of the print, the flushed file holds the line."""
    phone("enroll", package())
    seen: list[bool] = []
    flushed: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        flushed.append(os.fstat(descriptor).st_ino)

    def spoken(*texts: object) -> None:
        if str(texts[0]).startswith("PIN: "):
            path = phone.folder / "history.jsonl"
            seen.append(b"PIN issued" in path.read_bytes() and path.stat().st_ino in flushed)

    monkeypatch.setattr("os.fsync", fsync)
    monkeypatch.setattr("builtins.print", spoken)
    phone("scan", ask())
    assert seen == [True]


def test_a_folder_in_its_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").mkdir()
    with pytest.raises(DiskRefused, match="cannot be read: Is a directory"):
        History(tmp_path).newest_first()
    with pytest.raises(DiskRefused, match="cannot be written: Is a directory"):
        History(tmp_path).append(Event(1, Deed.PIN))


def test_whoever_has_read_enough_of_it_is_told_of_no_error(tmp_path: Path) -> None:
    history = tmp_path / "phone" / "history.jsonl"
    history.parent.mkdir()
    history.write_text('{"of":"no event"}\n' * 5000)
    reading, writing = os.pipe()
    os.close(reading)
    told = [sys.executable, "-m", "emulator", "--home", str(tmp_path), "phone", "history"]
    done = subprocess.run(told, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
