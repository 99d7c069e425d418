"""`f10 export-tree DIR`: the tree as plain files, to look at and to compare, where nothing can be mounted.

A copy of one moment. Files that can only be written (passwords, keys, tokens) hold nothing to copy and are left out; the others are read-only,
because writing them would reach no PC. It is written beside its place and moved there when it is complete.
"""

import shutil
import stat
import tempfile
from pathlib import Path

from emulator import demo, headless
from emulator.devices.firmware_attributes.driver import FirmwareAttributes, NoFirmware
from emulator.management_socket import DoorClosed, Reply
from emulator.mount import CannotMount, mount_point
from emulator.pc_folder import PCFolder

UNFINISHED = ".f10-tree-"


def run(home: Path, named: Path) -> int:
    """Write the tree. Raises CannotMount, and what finding a PC raises."""
    point = mount_point.checked(named, home)
    files = _contents(demo.pc_folder(home))
    with mount_point.made(point.parent):
        try:
            _write_beside(point, files)
        except OSError as error:
            raise CannotMount(
                f"the tree cannot be written to {mount_point.shown(point)}: {error.strerror}"
            ) from None
    print(f"{len(files)} files of the PC's settings lie below {mount_point.shown(point / 'hp-bioscfg')}.")
    return 0


def _write_beside(point: Path, files: dict[str, bytes]) -> None:
    making = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=point.parent))
    try:
        _write(making, files)
        making.rename(point)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _contents(folder: PCFolder) -> dict[str, bytes]:
    with headless.operating(folder) as asked:

        def ask(request: Reply) -> Reply:
            try:
                return asked(request)
            except DoorClosed as closed:
                raise NoFirmware(str(closed)) from None

        try:
            return _read(FirmwareAttributes(ask, folder.quirks()), "")
        except NoFirmware as reason:
            raise CannotMount(f"no driver can be loaded: {reason}") from None


def _read(driver: FirmwareAttributes, path: str) -> dict[str, bytes]:
    """What every readable file below a path holds."""
    entry = driver.entry(path)
    if entry is None or not entry.mode & stat.S_IRUSR:
        return {}
    if not stat.S_ISDIR(entry.mode):
        return {path: driver.read(path)}
    found: dict[str, bytes] = {}
    for name in driver.names(path):
        found |= _read(driver, f"{path}/{name}" if path else name)
    return found


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(0o444)
    # What mkdtemp made is private; sysfs is not.
    folder.chmod(folder.joinpath("hp-bioscfg").stat().st_mode)
