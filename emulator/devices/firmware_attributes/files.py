"""The files of the tree: what a reader gets, and what a write does.

The mode tells which of the two there is, and the kernel refuses the other with EACCES before a driver hears of it, also to root. What
a file `tells` for good is plain bytes; what may change while the driver is loaded is asked for at each reading. A text fits a page with a NUL
behind it; what is longer is cut. One write takes a page at most; of a longer one the rest is not looked at.
"""

import errno
import stat
from collections.abc import Callable, Mapping

from emulator.protocol.frozen import frozen

PAGE = 4096

Tell = bytes | Callable[[], bytes]
Take = Callable[[bytes], None]


@frozen
class File:
    """One file."""

    mode: int
    tell: Tell | None = None
    take: Take | None = None
    spends: bool = False
    """Whether a write uses up the credentials, whatever comes of it."""

    @property
    def changes(self) -> bool:
        return not isinstance(self.tell, bytes)

    def read(self) -> bytes:
        if self.tell is None:
            raise OSError(errno.EACCES, "this file can only be written")
        return self.tell if isinstance(self.tell, bytes) else self.tell()

    def write(self, data: bytes) -> None:
        if self.take is None:
            raise OSError(errno.EACCES, "this file can only be read")
        # The kernel does not tell a driver of a write without bytes.
        if data:
            self.take(data[:PAGE])


Folder = Mapping[str, File]


def told(tell: str | int | Callable[[], str]) -> File:
    """A file that can only be read; each ends with one newline."""
    if callable(tell):
        return File(stat.S_IFREG | 0o444, lambda: _line(tell()))
    return File(stat.S_IFREG | 0o444, _line(str(tell)))


def raw(tell: Callable[[], bytes]) -> File:
    return File(stat.S_IFREG | 0o444, tell)


def taken(take: Take, *, spends: bool = False) -> File:
    """A file that can only be written."""
    return File(stat.S_IFREG | 0o200, None, take, spends)


def both(tell: Callable[[], str], take: Take, *, writable: bool, spends: bool) -> File:
    return File(stat.S_IFREG | (0o644 if writable else 0o444), lambda: _line(tell()), take, spends)


def _line(text: str) -> bytes:
    return (text.encode() + b"\n")[: PAGE - 1]
