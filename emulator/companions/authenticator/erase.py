"""Files that must leave nothing behind, and what a killed process left behind.

What is deleted first loses its name, so that it is gone at once and whole, then its bytes are overwritten, then it is unlinked; what is replaced
is overwritten when the new file has its name. A kill in between leaves a hidden file, which the next change of the folder sweeps away. A file
that still has another name is never overwritten: a kill between link and unlink leaves one file under two names.

Overwriting is what a program can do. Flash disks, journals and snapshots keep old blocks all the same, and only encryption helps against
those: that is what the phone's own passphrase is for.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emulator.companions import FileRefused, write_private

_LEFT_BEHIND = (".*.tmp", ".*.gone")


def erase(path: Path) -> None:
    """Delete a file and its bytes. Raises FileRefused; FileNotFoundError if there is none."""
    gone = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.gone")
    try:
        path.rename(gone)
        flush_folder(path.parent)
        _scrub_and_unlink(gone)
        flush_folder(path.parent)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FileRefused(f"{path} cannot be deleted: {error.strerror}") from None


def replace(path: Path, data: bytes) -> None:
    """Write a private file, and overwrite what it replaces. Raises FileRefused."""
    with _old(path) as old:
        write_private(path, data, replace=True)
        if old is not None and os.fstat(old).st_nlink == 0:
            _overwrite(old)


def sweep(folder: Path) -> None:
    """Delete what killed processes left in `folder`. Raises FileRefused."""
    try:
        for pattern in _LEFT_BEHIND:
            for path in folder.glob(pattern):
                _scrub_and_unlink(path)
    except OSError as error:
        raise FileRefused(f"{folder} cannot be tidied: {error.strerror}") from None


def flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _scrub_and_unlink(path: Path) -> None:
    with _old(path) as old:
        if old is not None and os.fstat(old).st_nlink == 1:
            _overwrite(old)
    path.unlink()


@contextmanager
def _old(path: Path) -> Iterator[int | None]:
    """A file opened for writing; None for what is no file of ours to overwrite: a symbolic link, or nothing."""
    try:
        if path.is_symlink() or not path.is_file():
            descriptor = None
        else:
            descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise FileRefused(f"{path} cannot be overwritten: {error.strerror}") from None
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _overwrite(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    written = 0
    while written < size:
        written += os.pwrite(descriptor, bytes(min(size - written, 1 << 20)), written)
    os.fsync(descriptor)
