"""Private files and passphrases: what every companion asks of its host."""

import getpass
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.companions import (
    LONGEST_PASSPHRASE,
    FileRefused,
    NoPassphrase,
    ask_passphrase,
    make_private_folder,
    passphrase_from,
    read_bounded,
    write_private,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_folder_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_private_folder(tmp_path / "home" / "phone")
        write_private(tmp_path / "home" / "phone" / "key", b"secret")
    finally:
        os.umask(before)
    assert mode(tmp_path / "home" / "phone") == 0o700
    assert mode(tmp_path / "home" / "phone" / "key") == 0o600


def test_a_folder_that_cannot_be_made_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileRefused, match=r"the folder .*file/phone cannot be made: "):
        make_private_folder(tmp_path / "file" / "phone")


def test_a_file_is_replaced_only_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_private(path, b"old")
    with pytest.raises(FileRefused, match=r"exists already and was left alone; --force"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    write_private(path, b"new", replace=True)
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600
    assert os.listdir(tmp_path) == ["key"]


def test_only_a_regular_file_is_ever_replaced(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "link").symlink_to("victim")
    (tmp_path / "folder").mkdir()
    for name in ("link", "folder"):
        with pytest.raises(FileRefused, match="no regular file"):
            write_private(tmp_path / name, b"new", replace=True)
        with pytest.raises(FileRefused, match="exists already"):
            write_private(tmp_path / name, b"new")
    assert (tmp_path / "victim").read_bytes() == b"mine"


def test_a_name_taken_in_the_last_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, flush = tmp_path / "key", os.fsync

    def somebody_was_faster(descriptor: int) -> None:
        path.write_bytes(b"theirs")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", somebody_was_faster)
    with pytest.raises(FileRefused, match="exists already"):
        write_private(path, b"ours")
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["key"]


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    write_private(tmp_path / "key", b"new")
    with pytest.raises(FileRefused, match="exists already"):
        write_private(tmp_path / "key", b"newer")
    assert (tmp_path / "key").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["key"]


def test_a_name_that_no_file_can_have_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="cannot be written: File name too long"):
        write_private(tmp_path / ("x" * 300), b"new")
    assert not os.listdir(tmp_path)


def test_a_full_disk_leaves_the_old_file_and_no_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "key"
    write_private(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileRefused, match=r"key cannot be written: No space left on device"):
        write_private(path, b"new", replace=True)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["key"]


@pytest.mark.parametrize("moment", ["fsync", "link", "replace"])
@pytest.mark.parametrize("replace", [False, True])
def test_a_kill_at_any_moment_leaves_the_old_file_or_none(tmp_path: Path, moment: str, replace: bool) -> None:
    path = tmp_path / "key"
    if replace:
        write_private(path, b"old")
    program = (
        "import os, signal, sys; from pathlib import Path; from emulator.companions import write_private\n"
        f"def kill(*_, **__): os.kill(os.getpid(), signal.SIGKILL)\nos.{moment} = kill\n"
        f"write_private(Path(sys.argv[1]), b'new', replace={replace})"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, check=False)
    if moment != "fsync" and (moment == "replace") != replace:
        assert done.returncode == 0
        assert path.read_bytes() == b"new"
        return
    assert done.returncode == -signal.SIGKILL
    assert (path.read_bytes() == b"old") if replace else not path.exists()


def test_reading_is_bounded_and_tells_why_it_failed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    assert read_bounded(path, most=5) == b"12345"
    assert read_bounded(tmp_path / "link", most=5) == b"12345"
    for name, most, follow, reason in (
        ("file", 4, True, "too large: at most 4 bytes"),
        ("link", 5, False, "cannot be read: Too many levels"),
        ("none", 5, True, "cannot be read: No such file"),
        ("", 5, True, "cannot be read: Is a directory"),
        ("a\0b", 5, True, "cannot be read: .*null"),
    ):
        with pytest.raises(FileRefused, match=reason):
            read_bounded(tmp_path / name, most=most, follow=follow)


@pytest.mark.parametrize("writers", [0, 1])
def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(tmp_path: Path, writers: int) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = [os.open(pipe, os.O_RDWR) for _ in range(writers)]
    with pytest.raises(FileRefused, match="is a pipe, and nobody may ever write into it"):
        read_bounded(pipe, most=5)
    for each in held:
        os.close(each)


@pytest.mark.parametrize("source", ["<(sleep 0.2; printf 12345)", "/dev/stdin", "/proc/self/fd/0"])
def test_what_a_shell_puts_in_place_of_a_file_is_read_to_its_end(source: str) -> None:
    program = (
        "import sys; from pathlib import Path; from emulator.companions import read_bounded\n"
        "print(read_bounded(Path(sys.argv[1]), most=5))"
    )
    line = f'(sleep 0.2; printf 12345) | "$0" -c "$1" {source}'
    done = subprocess.run(["bash", "-c", line, sys.executable, program], capture_output=True, check=True)
    assert done.stdout == b"b'12345'\n"


@pytest.mark.parametrize(
    ("held", "passphrase"),
    [
        ("pass word", "pass word"),
        ("pass word\n", "pass word"),
        ("pass word\r\n", "pass word"),
        (" pass word \n\n", " pass word \n"),
        ("пароль 🔑\n", "пароль 🔑"),
        ("", ""),
    ],
)
def test_a_descriptor_gives_all_but_one_line_break(
    descriptor: Callable[..., str], held: str, passphrase: str
) -> None:
    assert passphrase_from(int(descriptor(held))) == passphrase


def test_a_descriptor_that_gives_no_passphrase_is_refused_without_telling_what_it_held(
    descriptor: Callable[..., str],
) -> None:
    with pytest.raises(NoPassphrase, match="more than the 1024 bytes") as refusal:
        passphrase_from(int(descriptor("secret" * LONGEST_PASSPHRASE)))
    assert "secretsecret" not in str(refusal.value)
    with pytest.raises(NoPassphrase, match="is no UTF-8"):
        passphrase_from(int(descriptor("\udcff")))
    for number in (-1, 999):
        with pytest.raises(NoPassphrase, match="is not open for reading"):
            passphrase_from(number)
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(NoPassphrase, match="is not open for reading"):
        passphrase_from(writer)
    os.close(writer)


def test_the_prompt_takes_what_is_typed(answers: list[str]) -> None:
    answers.append("typed")
    assert ask_passphrase("Passphrase: ") == "typed"


def test_nobody_at_the_prompt_is_an_error_that_names_the_way_out() -> None:
    with pytest.raises(NoPassphrase, match="no terminal to ask on; hand it in with --passphrase-fd"):
        ask_passphrase("Passphrase: ")


def test_nobody_at_the_prompt_is_told_the_option_of_the_command() -> None:
    with pytest.raises(NoPassphrase, match="hand it in with --password-fd N"):
        ask_passphrase("Password: ", option="--password-fd")


def test_a_prompt_that_would_show_what_is_typed_is_no_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    import warnings

    def careless(prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        return "shown"

    monkeypatch.setattr(getpass, "getpass", careless)
    with pytest.raises(NoPassphrase):
        ask_passphrase("Passphrase: ")


@pytest.mark.parametrize("door", ["admin", "authenticator"])
@pytest.mark.parametrize("heavy", ["cryptography", "PIL", "zxingcpp", "segno", "qrcode", "construct"])
def test_the_doors_load_nothing_heavy(door: str, heavy: str) -> None:
    program = f"import sys, emulator.companions.{door}.commands; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
