"""`f10 phone` before a person at a terminal: who asks is shown first, and the PIN waits for the person."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faces.terminal import Terminal

from .conftest import PASSPHRASE, Phone

Making = Callable[..., str]
QUESTION = "Is this the machine before you?"


@pytest.fixture
def at_terminal(phone: Phone, package: Making) -> Iterator[Callable[..., Terminal]]:
    """Starts commands of a phone that holds the key; the world's folder is the phone's parent."""
    phone("enroll", package())
    started: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        command = [sys.executable, "-m", "emulator", "--home", str(phone.folder.parent), "phone", *arguments]
        started.append(Terminal(command, (100, 30), {}))
        return started[-1]

    yield start
    for terminal in started:
        terminal.__exit__(None, None, None)


def test_the_pin_waits_until_the_person_has_looked(
    at_terminal: Callable[..., Terminal], ask: Making, tmp_path: Path
) -> None:
    path = tmp_path / "challenge.txt"
    path.write_text(ask("31415926"))
    terminal = at_terminal("scan", str(path))
    terminal.until(QUESTION)
    assert "serial number DEMO000001" in terminal.text
    assert "Purpose: setup, issued" in terminal.text
    assert "PIN: " not in terminal.text
    terminal.press("enter")
    terminal.until("Passphrase of the key DEMO key:")
    terminal.press(f"{PASSPHRASE}\r")
    terminal.until("PIN: 3141 5926")
    assert terminal.until_it_ends() == 0
    assert PASSPHRASE not in terminal.text


def test_who_leaves_at_the_question_gets_no_pin(
    at_terminal: Callable[..., Terminal], ask: Making, tmp_path: Path, phone: Phone
) -> None:
    path = tmp_path / "challenge.txt"
    path.write_text(ask("31415926"))
    terminal = at_terminal("scan", str(path))
    terminal.until(QUESTION)
    terminal.program.send_signal(signal.SIGINT)
    assert terminal.until_it_ends() == 100
    assert "3141" not in terminal.text
    assert "Traceback" not in terminal.text
    assert "PIN issued" not in phone.bare("history").out


def test_whoever_says_yes_is_not_asked(
    at_terminal: Callable[..., Terminal], ask: Making, tmp_path: Path
) -> None:
    path = tmp_path / "challenge.txt"
    path.write_text(ask("31415926"))
    terminal = at_terminal("scan", "--yes", str(path))
    terminal.until("Passphrase of the key DEMO key:")
    terminal.press(f"{PASSPHRASE}\r")
    terminal.until("PIN: 3141 5926")
    assert QUESTION not in terminal.text


def test_a_key_is_deleted_only_by_who_types_its_name(
    at_terminal: Callable[..., Terminal], phone: Phone
) -> None:
    terminal = at_terminal("delete", "DEMO key")
    terminal.until("Type its name to go on:")
    terminal.press("demo key\r")
    assert terminal.until_it_ends() == 100
    assert "nothing was deleted" in terminal.text
    assert len(phone.packages) == 1
    terminal = at_terminal("delete", "DEMO key")
    terminal.until("Type its name to go on:")
    terminal.press("DEMO key\r")
    assert terminal.until_it_ends() == 0
    assert not phone.packages


def test_a_new_passphrase_is_typed_twice(at_terminal: Callable[..., Terminal], phone: Phone) -> None:
    terminal = at_terminal("protect")
    terminal.until("New passphrase of the phone:")
    terminal.press("first passphrase\r")
    terminal.until("The same again:")
    terminal.press("other passphrase\r")
    assert terminal.until_it_ends() == 100
    assert "the two passphrases differ" in terminal.text
    assert not (phone.folder / "vault.json").exists()


def test_without_a_verb_the_phone_opens_on_the_terminal(at_terminal: Callable[..., Terminal]) -> None:
    terminal = at_terminal("--language", "de")
    terminal.until("DEMO key")
    assert "Schlüssel" in terminal.text
    terminal.press("\x11")
    assert terminal.until_it_ends() == 0
