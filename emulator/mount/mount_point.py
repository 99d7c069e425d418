"""The folder that a tree is mounted on, or written to: new or empty, and nothing mounted there.

What lies in a folder is hidden by a mount, so a folder that holds something is more likely a mistake than a wish. A mount whose process was
killed stays in the kernel's list and answers nothing; only unmounting removes it.
"""

import errno
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from emulator.mount import CannotMount


def shown(point: Path) -> str:
    """The path for a sentence on a terminal, which obeys no path."""
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in str(point))


def quoted(point: Path) -> str:
    """The path as it is typed to a shell."""
    path = str(point)
    if path.isprintable():
        return shlex.quote(path)
    kept = path.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{shown(Path(kept))}'"


def _escaped(letter: str) -> str:
    return "".join(f"\\x{octet:02x}" for octet in os.fsencode(letter))


def end_of(point: Path, *, dead: bool = False) -> str:
    """What to type to unmount."""
    return f"fusermount3 {'-uz' if dead else '-u'} {quoted(point)}"


def checked(point: Path, home: Path) -> Path:
    """The folder by its real path, if something can be mounted there. Raises CannotMount; makes nothing."""
    point = Path(os.path.realpath(point))
    _keep_apart(point, home)
    try:
        held = next(point.iterdir(), None)
    except FileNotFoundError:
        return point
    except OSError as error:
        raise _unusable(point, error) from None
    if point.is_mount():
        raise CannotMount(
            f"something is mounted on {shown(point)} already; if it is a PC, {end_of(point)} unmounts it"
        )
    if held is not None:
        raise CannotMount(
            f"{shown(point)} is not empty ({shown(Path(held.name))} is there); name a new or an empty folder"
        )
    return point


def _keep_apart(point: Path, home: Path) -> None:
    """A mount above or in the home would lie over the PC, and then the PC would wait for itself."""
    for kept in (Path(os.path.realpath(home)), Path(os.path.realpath(home / "pc"))):
        if kept.is_relative_to(point):
            raise CannotMount(f"{shown(point)} holds the PC itself ({home}); name another folder")
        if point.is_relative_to(kept):
            raise CannotMount(f"{shown(point)} is a place of the PC itself ({home}); name a folder elsewhere")


@contextmanager
def made(point: Path) -> Iterator[None]:
    """The folder is there; if it was not, and nothing comes of it, it is gone again with those above it. Raises CannotMount."""
    new = [folder for folder in (point, *point.parents) if not os.path.exists(folder)]
    try:
        try:
            point.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(point, error) from None
        yield
    except CannotMount:
        # What somebody else put there meanwhile stays.
        for folder in new:
            with suppress(OSError):
                folder.rmdir()
        raise


def _unusable(point: Path, error: OSError) -> CannotMount:
    if error.errno == errno.ENOTCONN:
        return CannotMount(
            f"{shown(point)} is a mount whose process ended without unmounting; remove it with {end_of(point, dead=True)}, "
            "then try again"
        )
    return CannotMount(f"{shown(point)} cannot be used: {error.strerror}; name a new or an empty folder")
