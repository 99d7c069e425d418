"""The class folder as whoever shows it to others sees it: paths, modes, bytes.

Whoever mounts it obeys the modes, as the kernel's file system does, hands over each write whole, and asks for a refresh when somebody else may
have changed something.
"""

import errno
import stat

from emulator.devices.firmware_attributes.files import File
from emulator.devices.firmware_attributes.firmware_calls import (
    AnotherMachine,
    Ask,
    FirmwareCalls,
    NoFirmware,
    Told,
)
from emulator.devices.firmware_attributes.loaded import LoadedDriver
from emulator.devices.firmware_attributes.tree import Tree, tree
from emulator.firmware.quirks import Quirks
from emulator.protocol.frozen import frozen

__all__ = ["AnotherMachine", "Ask", "Entry", "FirmwareAttributes", "NoFirmware"]

FOLDER_MODE = stat.S_IFDIR | 0o755


@frozen
class Entry:
    """A file or a folder: its whole mode, and whether its content may change while the driver is loaded."""

    mode: int
    changes: bool


class FirmwareAttributes:
    """The driver, loaded on the PC that `ask` reaches. Paths are below the class folder, which is the empty path."""

    def __init__(self, ask: Ask, quirks: Quirks) -> None:
        """Raises NoFirmware."""
        self._firmware = FirmwareCalls(ask)
        self._quirks = quirks
        self._driver: LoadedDriver
        self._loaded = False
        self._tree: Tree
        self._load(self._firmware.told())

    def _load(self, told: Told) -> None:
        self._driver = LoadedDriver(self._firmware, self._quirks, told)
        self._tree = tree(self._driver)
        self._loaded = True

    def unload(self) -> None:
        """The operating system is gone, or another driver may have been at work: nothing is held, and the next refresh is a load."""
        self._driver.credentials.forget()
        self._loaded = False

    def refresh(self) -> None:
        """Ask for the values anew; a PC that was started since has loaded the driver anew. Raises NoFirmware or AnotherMachine."""
        told, before = self._firmware.told(), self._driver.at_load
        if told.machine != before.machine:
            raise AnotherMachine(
                f"the PC {told.machine} answers; the driver was loaded on the PC {before.machine}: load it anew"
            )
        if not self._loaded or told.boots != before.boots:
            self.unload()
            self._load(told)
        else:
            self._driver.learn(told)

    def entry(self, path: str) -> Entry | None:
        found = self._tree.get(path)
        if isinstance(found, File):
            return Entry(found.mode, found.changes)
        return None if found is None else Entry(FOLDER_MODE, changes=False)

    def names(self, path: str) -> tuple[str, ...]:
        """What a folder holds. Raises OSError."""
        found = self._tree.get(path)
        if isinstance(found, File):
            raise OSError(errno.ENOTDIR, "this is no folder")
        if found is None:
            raise OSError(errno.ENOENT, "there is no such folder")
        return found

    def read(self, path: str) -> bytes:
        """The whole content of a file. Raises OSError or NoFirmware."""
        return self._file(path).read()

    def write(self, path: str, data: bytes) -> None:
        """One write to a file. Raises OSError or NoFirmware."""
        file = self._file(path)
        try:
            file.write(data)
        finally:
            # The kernel does not tell a driver of a write without bytes.
            if data:
                self.forget(path)

    def forget(self, path: str) -> None:
        """What each write of `path` owes, also one that failed before it came here: the credentials are used up."""
        found = self._tree.get(path)
        if isinstance(found, File) and found.spends:
            self._driver.credentials.used()

    def _file(self, path: str) -> File:
        found = self._tree.get(path)
        if isinstance(found, File):
            return found
        if found is None:
            raise OSError(errno.ENOENT, "there is no such file")
        raise OSError(errno.EISDIR, "this is a folder")
