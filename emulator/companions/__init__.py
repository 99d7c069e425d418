"""The world outside the PC: each companion a small house of its own, meeting the PC only as bytes on a wire.

Nothing here imports the machine, its devices, its firmware, its screens or its flash store, so that every test between
a companion and the PC is a test of the wire.

Companions do not know each other either, so the two things that each of them asks of its host stand here:

* **Private files.** Folders 0700, files 0600. A new file appears whole or not at all: it is written under another name,
  flushed to the disk, and only then given its own. Nothing is replaced unless the caller says so, and then only a regular file.
* **Passphrases**, from a prompt or from a file descriptor. Never from an argument: every process can read those.
"""

import errno
import getpass
import os
import secrets
import stat
import warnings
from pathlib import Path

LONGEST_PASSPHRASE = 1024
"""Bytes read from a descriptor. Ours to choose; whoever hands in more has named the wrong file."""

# File systems of USB sticks know no hard links.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS}


class CompanionError(Exception):
    """What a companion refuses, as one or two sentences for the person before it."""


class FileRefused(CompanionError):
    """A file that cannot be read or written, or that must not be replaced."""


class NoPassphrase(CompanionError):
    """A passphrase was needed, and nobody could be asked for it."""


def make_private_folder(folder: Path) -> None:
    """Make a folder 0700 unless it is there, and those above it as they come. Raises FileRefused."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise FileRefused(f"the folder {folder} cannot be made: {error.strerror}") from None


def write_private(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Put `data` into a file 0600 that appears whole or not at all. Raises FileRefused."""
    refuse_existing(path, replace=replace)
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        try:
            _write_through(temporary, data)
            _give_name(temporary, path, replace=replace)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)
    except FileExistsError:
        raise _existing(path) from None
    except OSError as error:
        raise FileRefused(f"{path} cannot be written: {error.strerror}") from None


def refuse_existing(path: Path, *, replace: bool) -> None:
    """Raise FileRefused if `write_private` would not touch `path`; so that it is said before the work is done."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return
    if not replace:
        raise _existing(path)
    if not stat.S_ISREG(mode):
        raise FileRefused(f"{path} is no regular file, so it is not replaced")


def read_bounded(path: Path, *, most: int, follow: bool = True) -> bytes:
    """The bytes of a file that has at most `most` of them. Raises FileRefused.

    Nobody may ever write into a pipe that lies in a folder, so such a one is refused and not waited for. What a shell puts in place of
    `<(...)`, and `/dev/stdin`, are pipes that lie nowhere and have somebody behind them.
    """
    # Opening a pipe would wait, too.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            if stat.S_ISFIFO(os.fstat(file.fileno()).st_mode) and os.path.exists(os.path.realpath(path)):
                raise FileRefused(f"{path} is a pipe, and nobody may ever write into it: name a file")
            os.set_blocking(file.fileno(), True)
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        # ValueError: a name with a NUL in it.
        reason = error.strerror if isinstance(error, OSError) else error
        raise FileRefused(f"{path} cannot be read: {reason}") from None
    if len(data) > most:
        raise FileRefused(f"{path} is too large: at most {most} bytes are taken")
    return data


def passphrase_from(descriptor: int) -> str:
    """All that a file descriptor holds, without one line break at its end. Raises NoPassphrase."""
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(LONGEST_PASSPHRASE + 1)
    except (OSError, ValueError):
        # ValueError: a negative number, or a descriptor that is open for writing only.
        raise NoPassphrase(
            f"no passphrase came: file descriptor {descriptor} is not open for reading"
        ) from None
    if len(data) > LONGEST_PASSPHRASE:
        raise NoPassphrase(
            f"file descriptor {descriptor} holds more than the {LONGEST_PASSPHRASE} bytes of a passphrase"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoPassphrase(f"what file descriptor {descriptor} holds is no UTF-8 text") from None
    return text.removesuffix("\n").removesuffix("\r")


def ask_passphrase(prompt: str, *, option: str = "--passphrase-fd") -> str:
    """Ask on the terminal, without showing what is typed; `option` takes it elsewhere. Raises NoPassphrase."""
    try:
        # Without a terminal, getpass warns and would read and show standard input.
        with warnings.catch_warnings(action="error", category=getpass.GetPassWarning):
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError):
        raise NoPassphrase(
            f"a passphrase is needed and there is no terminal to ask on; hand it in with {option} N"
        ) from None


def _existing(path: Path) -> FileRefused:
    return FileRefused(f"{path} exists already and was left alone; --force replaces it")


def _write_through(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _give_name(temporary: Path, path: Path, *, replace: bool) -> None:
    if not replace:
        try:
            os.link(temporary, path, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if os.path.lexists(path):
                raise FileExistsError from None
        else:
            temporary.unlink()
            return
    temporary.replace(path)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
