"""`f10 mount DIR [--foreground]`: find the PC, load the driver, mount, and say how to end it.

Refusals come in the order of what they cost to find out: the host, the folder, the PC, the driver. A PC that was switched on for the mount
is switched off when the mount ends, by unmounting or by a signal.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from emulator import demo
from emulator.devices.firmware_attributes.driver import NoFirmware
from emulator.mount import CannotMount, background, fuse_library, mount_point, whereabouts
from emulator.mount.freshness import FreshDriver
from emulator.mount.operations import Operations
from emulator.mount.whereabouts import Whereabouts
from emulator.pc_folder import PCFolder


def run(home: Path, named: Path, *, foreground: bool) -> int:
    """Mount, and come back when it is unmounted, or in the background at once. Raises CannotMount, and what finding a PC raises."""
    fuse_library.require_permission()
    background.keep_streams_taken()
    point = mount_point.checked(named, home)
    if foreground:
        return _mounted(home, point, lambda: None)
    leave = background.forked()
    return 0 if leave is None else _mounted(home, point, leave)


def _mounted(home: Path, point: Path, leave: Callable[[], None]) -> int:
    fuse_library.binding()
    folder = demo.pc_folder(home)
    with whereabouts.found(folder, _holder(point)) as where:
        fresh = _fresh_driver(where, folder)

        def begins() -> None:
            # That nobody hears it is no reason to end; an exception would leave the kernel without an answer.
            with suppress(OSError, ValueError):
                print(_words(point, folder, where), flush=True)
            leave()

        with mount_point.made(point):
            fuse_library.serve(Operations(fresh, _tell, begins), point)
    return 0


def _fresh_driver(where: Whereabouts, folder: PCFolder) -> FreshDriver:
    try:
        return FreshDriver(where, folder, _tell)
    except NoFirmware as reason:
        raise CannotMount(f"no driver can be loaded: {reason}") from None


def _holder(point: Path) -> str:
    """What others are told who want to switch the PC on."""
    return f"f10 mount {mount_point.quoted(point)}, process {os.getpid()}; {mount_point.end_of(point)} switches it off"


def _words(point: Path, folder: PCFolder, where: Whereabouts) -> str:
    switched = (
        f"The PC in {folder.path} is switched on without a screen until then."
        if where.here
        else f"The PC in {folder.path} runs elsewhere; while it is not in its operating system, reading is 'No such device'."
    )
    return f"The PC's settings lie below {mount_point.shown(point / 'hp-bioscfg')}. Unmount with:\n  {mount_point.end_of(point)}\n{switched}"


def _tell(sentence: str) -> None:
    """For whoever watches, which is nobody behind a mount in the background."""
    with suppress(OSError, ValueError):
        print(f"f10: {sentence}", file=sys.stderr, flush=True)
