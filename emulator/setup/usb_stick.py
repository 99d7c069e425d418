"""The USB stick in the machine's port: the only folder that screens write to or read from.

Pictures and exports count up and never replace anything. The file of Replicated Setup has one name, as on real machines, and is replaced
as a whole or not at all. Folder and files are private to the user; a link in the place of either is not followed.
"""

import os
from contextlib import suppress
from pathlib import Path

from emulator.pc_folder import PCFolderError, make_private

MOST_FILES = 10_000


class StickFault(Exception):
    """The USB stick cannot be written or read."""


def save(folder: Path, stem: str, suffix: str, data: bytes) -> Path:
    """Write a new file `stem-N.suffix`. Raises StickFault."""
    try:
        _make(folder)
        for number in range(1, MOST_FILES):
            path = folder / f"{stem}-{number}.{suffix}"
            if not os.path.lexists(path):
                _write(path, data)
                return path
    except (OSError, PCFolderError) as error:
        raise _fault(folder, "written", error) from None
    raise StickFault(f"the USB stick {folder} is full of files called {stem}; delete some")


def replace(folder: Path, name: str, data: bytes) -> Path:
    """Write the file `name`, in the place of an older one. Raises StickFault."""
    path = folder / name
    fresh = folder / f".{name}.new"
    try:
        _make(folder)
        fresh.unlink(missing_ok=True)
        _write(fresh, data)
        fresh.replace(path)
    except (OSError, PCFolderError) as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise _fault(folder, "written", error) from None
    return path


def holds(folder: Path, name: str) -> bool:
    return os.path.lexists(folder / name)


def read(folder: Path, name: str, *, most: int) -> bytes:
    """The file `name`, if it has at most `most` bytes. Raises StickFault."""
    path = folder / name
    try:
        _require_no_link(folder)
        with open(path, "rb", opener=_opened) as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise StickFault(
            f"there is no {name} on the USB stick {folder}; save one first, or copy it there"
        ) from None
    except (OSError, PCFolderError) as error:
        raise _fault(folder, "read", error) from None
    if len(data) > most:
        raise StickFault(f"{path} is too long: {most} bytes are the most")
    return data


def _opened(path: str, flags: int) -> int:
    """Neither through a link nor waiting for whoever writes to a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _make(folder: Path) -> None:
    make_private(folder)
    _require_no_link(folder)


def _require_no_link(folder: Path) -> None:
    """The stick is a folder of this PC, and no way to another one."""
    if folder.is_symlink():
        raise PCFolderError("it is a link; put a folder in its place")


def _write(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(file, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        # What was not wholly written would be read as a broken file.
        path.unlink(missing_ok=True)
        raise


def _fault(folder: Path, what: str, error: OSError | PCFolderError) -> StickFault:
    reason = error.strerror if isinstance(error, OSError) else error
    return StickFault(f"the USB stick {folder} cannot be {what}: {reason}")
