"""What the kernel asks of a mounted tree, answered as sysfs would.

    open        obeys the file's mode, also for root: a write-only file is not read, a read-only one not written (EACCES)
    read        what changes is read anew, whatever its size says, and ends where its content ends
    write       each is one store, wherever it begins; it takes a page, and whoever has more writes again
    truncate    what `echo >` does first: taken, and nothing is stored
    the rest    of the tree is fixed: nothing is made, removed, renamed, or given to others (EPERM; EACCES for a new file)

Names and sizes are told also while the PC is away, for they stay as they are and the kernel keeps them; contents and lists of names are not.
What cannot change while a driver is loaded has its real size and stays in the kernel's cache from one open to the next. Operations that
are not here libfuse answers without us, which is quicker: no extended attributes, nothing to flush.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from typing import NoReturn, Protocol

from emulator.mount.faults import Told, guarded
from emulator.mount.freshness import FreshDriver

PAGE = 4096
LATEST_READS = 256
"""Open files whose content is kept for the rest of a reading. That they are closed is not heard of, for nobody waits for it."""

Attributes = dict[str, int]
Listed = tuple[str, Attributes, int]


class OpenFile(Protocol):
    """libfuse's record of an open file, as far as it is of use here."""

    flags: int
    fh: int
    direct_io: int
    keep_cache: int


class Operations:
    """The methods that the binding looks for, by its names."""

    use_ns = True

    def __init__(self, fresh: FreshDriver, told: Told, begins: Callable[[], None]) -> None:
        """`begins` is called when the tree can be used, and raises nothing: the kernel would wait for ever."""
        self.told = told
        self.begun = False
        self._fresh, self._begins = fresh, [begins]
        self._owner = {"st_uid": os.getuid(), "st_gid": os.getgid()}
        born = time.time_ns()
        self._times = {"st_atime": born, "st_mtime": born, "st_ctime": born}
        self._cached: dict[str, bytes] = {}
        self._opened = 0
        self._being_read: dict[int, bytes] = {}

    def begins_with(self, deed: Callable[[], None]) -> None:
        self._begins.insert(0, deed)

    def init_with_config(self, _connection: object, _config: object) -> None:
        self.begun = True
        for deed in self._begins:
            deed()

    @guarded
    def getattr(self, path: str, _file: OpenFile | None = None) -> Attributes:
        driver = self._fresh.driver
        entry = driver.entry(path[1:])
        if entry is None:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        if stat.S_ISDIR(entry.mode):
            links, size = 2 + self._folders_in(path), 0
        else:
            # sysfs tells a page for every file.
            links, size = 1, PAGE if entry.changes else len(driver.read(path[1:]))
        return {"st_mode": entry.mode, "st_nlink": links, "st_size": size, **self._owner, **self._times}

    def _folders_in(self, path: str) -> int:
        driver = self._fresh.driver
        within = path[1:] + "/" if path != "/" else ""
        entries = (driver.entry(within + name) for name in driver.names(path[1:]))
        return sum(entry is not None and stat.S_ISDIR(entry.mode) for entry in entries)

    @guarded
    def readdir(self, path: str, _file: int) -> list[Listed | str]:
        driver = self._fresh.driver if path == "/" else self._fresh.current()
        within = path[1:] + "/" if path != "/" else ""

        def listed() -> Iterator[Listed | str]:
            yield from (".", "..")
            for name in driver.names(path[1:]):
                entry = driver.entry(within + name)
                if entry is not None:
                    yield name, {"st_mode": entry.mode}, 0

        return list(listed())

    @guarded
    def open(self, path: str, file: OpenFile) -> int:
        entry = self._fresh.driver.entry(path[1:])
        if entry is None:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        self._permit(entry.mode, file.flags)
        self._opened += 1
        file.fh = self._opened
        if entry.changes:
            file.direct_io = 1
            return 0
        # The kernel answers readings of this file itself, so now is the time to notice that the PC is away.
        content = self._fresh.read(path[1:])
        file.keep_cache = self._cached.get(path) == content
        self._cached[path] = content
        return 0

    @staticmethod
    def _permit(mode: int, flags: int) -> None:
        wanted = flags & os.O_ACCMODE
        reads, writes = wanted in (os.O_RDONLY, os.O_RDWR), wanted in (os.O_WRONLY, os.O_RDWR)
        if (reads and not mode & stat.S_IRUSR) or (writes and not mode & stat.S_IWUSR):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    @guarded
    def read(self, path: str, size: int, offset: int, file: OpenFile) -> bytes:
        # What a reader asks for next belongs to what it read before, whoever changed it since.
        content = self._being_read.get(file.fh) if offset else None
        if content is None:
            content = self._being_read[file.fh] = self._fresh.read(path[1:])
            if len(self._being_read) > LATEST_READS:
                del self._being_read[next(iter(self._being_read))]
        return content[offset : offset + size]

    @guarded
    def write(self, path: str, data: bytes, _offset: int, _file: OpenFile) -> int:
        taken = data[:PAGE]
        self._fresh.write(path[1:], taken)
        return len(taken)

    @guarded
    def truncate(self, path: str, _length: int, _file: OpenFile | None = None) -> int:
        entry = self._fresh.driver.entry(path[1:])
        if entry is None or not entry.mode & stat.S_IWUSR:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return 0

    def create(self, *_: object) -> NoReturn:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    def _fixed(self, *_: object) -> NoReturn:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    chmod = chown = utimens = mknod = mkdir = rmdir = unlink = rename = link = symlink = _fixed
