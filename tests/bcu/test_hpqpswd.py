"""HPQPswd: the vendor's words without a colon, ours beside them, and files that stay."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.bcu import hpqpswd
from emulator.bcu.hpqpswd import NotUnderstood, Words
from emulator.protocol import password_file
from tests.faces.terminal import Terminal, f10

SECRET = "Correct-Horse-9"
PRINTABLE = st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(PRINTABLE, PRINTABLE, st.booleans(), st.permutations([0, 1, 2]))
def test_the_words_are_the_same_in_quotes_and_without_in_any_order_and_case(
    file: str, password: str, quoted: bool, order: list[int]
) -> None:
    marks = '"' if quoted else ""
    words = ["/S", f"/P{marks}{password}{marks}", f"/f{marks}{file}{marks}"]
    assert hpqpswd.understood([words[at] for at in order]) == Words(file, password)


@given(st.lists(st.text(max_size=12), max_size=5))
def test_any_words_are_understood_or_refused(words: list[str]) -> None:
    try:
        told = hpqpswd.understood(words).file
    except NotUnderstood as refused:
        told = str(refused)
    assert told


@pytest.mark.parametrize(
    "words",
    [
        ["/s", "/pa"],
        ["/s", '/f"x"'],
        ["/s", "/pa", "/fx", "--password-fd=3"],
        ["/pa", "/fx"],
        ["/fx", "/fy"],
        ["/f"],
        ["stray"],
        ["/sx", "/fx"],
        ["/fx", "--password-fd"],
        ["/fx", "--password-fd=x"],
    ],
)
def test_what_cannot_be_understood_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert hpqpswd.run(words) == hpqpswd.UNUSABLE
    assert "usage:" in capsys.readouterr().err


def test_a_refusal_repeats_no_password(capsys: pytest.CaptureFixture[str]) -> None:
    assert hpqpswd.run(["/s", f"/p{SECRET}"]) == hpqpswd.UNUSABLE
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
    assert SECRET not in repr(Words("x", SECRET))


def test_a_password_file_is_made_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "pw.bin"
    done = subprocess.run(
        f10(tmp_path, "hpqpswd", "/s", f"/p{SECRET}", f'/f"{path}"'), capture_output=True, check=True
    )
    assert SECRET.encode() not in done.stdout + done.stderr
    assert password_file.open_(path.read_bytes()) == SECRET
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_files_of_one_password_differ(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert hpqpswd.run(["/s", f"/p{SECRET}", f"/f{tmp_path / name}"]) == 0
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_a_password_comes_by_a_descriptor_too(tmp_path: Path) -> None:
    (tmp_path / "typed").write_text(f"{SECRET}\n")
    with open(tmp_path / "typed", "rb") as file:
        assert hpqpswd.run(["--password-fd", str(file.fileno()), f"/f{tmp_path / 'pw'}"]) == 0
    assert password_file.open_((tmp_path / "pw").read_bytes()) == SECRET


def test_a_password_file_is_replaced_and_another_file_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pw.bin"
    assert hpqpswd.run(["/s", "/pfirst", f"/f{path}"]) == 0
    assert hpqpswd.run(["/s", "/psecond", f"/f{path}"]) == 0
    assert password_file.open_(path.read_bytes()) == "second"
    path.write_text("a letter")
    assert hpqpswd.run(["/s", "/pthird", f"/f{path}"]) == hpqpswd.REFUSED
    assert path.read_text() == "a letter"
    assert "third" not in capsys.readouterr().err


def test_a_pipe_in_place_of_a_password_file_is_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert hpqpswd.run(["/s", "/pfirst", f"/f{tmp_path / 'pipe'}"]) == hpqpswd.REFUSED
    assert "no regular file" in capsys.readouterr().err


def test_a_password_that_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hpqpswd.run(["/s", "/phunter2\udcff", f"/f{tmp_path / 'pw'}"]) == hpqpswd.REFUSED
    told = capsys.readouterr().err
    assert "no text in UTF-8" in told
    assert "hunter2" not in told
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_the_option_for_the_password_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        f10(tmp_path, "hpqpswd", f"/f{tmp_path / 'pw'}"),
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert done.returncode == hpqpswd.REFUSED
    assert b"hand it in with --password-fd N" in done.stderr


def test_a_password_of_more_than_32_characters_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hpqpswd.run(["/s", "/p" + "x" * 33, f"/f{tmp_path / 'pw'}"]) == hpqpswd.REFUSED
    assert "32 characters" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("again", "code"), [(SECRET, 0), ("Something-Else-2", hpqpswd.REFUSED)])
def test_without_silence_the_password_is_asked_for_twice(tmp_path: Path, again: str, code: int) -> None:
    path = tmp_path / "pw.bin"
    with Terminal(f10(tmp_path, "hpqpswd", f"/f{path}"), (100, 10), os.environ) as terminal:
        terminal.until("Password:")
        terminal.press(f"{SECRET}\r")
        terminal.until("The same again:")
        terminal.press(f"{again}\r")
        assert terminal.until_it_ends() == code
        assert SECRET not in terminal.text
    assert path.exists() == (code == 0)


def test_help_tells_that_the_file_protects_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert hpqpswd.run(["/?"]) == 0
    assert "Its key is public" in capsys.readouterr().out
    assert hpqpswd.run([]) == hpqpswd.UNUSABLE
