"""Replacing a file as a whole: the old content or the new, never a mixture, whatever fails when.

The new content goes into a new file of the same folder, which is flushed to the disk and then renamed over the old
one; the folder is flushed last. A rename without the flushes is not durable: after a power failure of the host the
file can be there and empty. Everything goes through the descriptor of the folder, so that a folder renamed meanwhile
cannot lead elsewhere.

A process that is killed leaves its new file behind, under a name that only this module makes. Who holds the writer's
lock may sweep it away.
"""

import errno
import os
from contextlib import suppress

from firmware_store.errors import DiskFailure
from firmware_store.locks import descriptor

SUFFIX = ".f10-new"
TOKEN_LENGTH = 16
HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


def temporary_name(name: str) -> str:
    return f".{name}.{os.urandom(TOKEN_LENGTH // 2).hex()}{SUFFIX}"


def is_temporary_of(name: str, entry: str) -> bool:
    token = entry.removeprefix(f".{name}.").removesuffix(SUFFIX)
    return entry == f".{name}.{token}{SUFFIX}" and len(token) == TOKEN_LENGTH and set(token) <= HEXADECIMAL


def sweep(folder: int, name: str) -> None:
    """Removes what killed processes left. What cannot be removed is in nobody's way."""
    for entry in os.listdir(folder):
        if is_temporary_of(name, entry):
            with suppress(OSError):
                os.unlink(entry, dir_fd=folder)


def replace(folder: int, name: str, content: bytes, *, durable: bool) -> None:
    """Puts `content` in the place of the file `name`."""
    written = write_beside(folder, name, content, durable=durable)
    try:
        os.rename(written, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        forget(folder, written)
        raise
    if durable:
        flush_folder(folder)


def place(folder: int, name: str, content: bytes, *, durable: bool) -> None:
    """Puts `content` under a name that nothing bears yet. A hard link, unlike a rename, refuses to replace."""
    written = write_beside(folder, name, content, durable=durable)
    try:
        os.link(written, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        forget(folder, written)
    if durable:
        flush_folder(folder)


def write_beside(folder: int, name: str, content: bytes, *, durable: bool) -> str:
    """A complete new file beside the old one, or none."""
    temporary = temporary_name(name)
    try:
        with descriptor(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, folder) as new:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(new, rest) :]
            if durable:
                os.fsync(new)
    except BaseException:
        forget(folder, temporary)
        raise
    return temporary


def forget(folder: int, temporary: str) -> None:
    with suppress(OSError):
        os.unlink(temporary, dir_fd=folder)


def flush_folder(folder: int) -> None:
    """The one failure behind the point of no return: the new file is in place, its name perhaps not on the disk."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno == errno.EINVAL:  # A file system that cannot flush folders.
            return
        raise DiskFailure(
            f"the new image is in place, but the host could not flush its folder ({error.strerror}); "
            "a power failure of the host may bring the old one back"
        ) from error
