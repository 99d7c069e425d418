"""What tells that nothing of a PC changed, without asking the PC.

Nothing of a PC changes without a new image, which is only ever replaced as a whole, and every start of a PC writes one too. So the identity,
time and size of the image's file, and whether the PC is on, are a stamp: while it stays the same, so does the PC.

A file system's clock moves in steps, and the number of a file that was replaced is free for the next. So a stamp of an image that
was written just now may be that of the next one too, and is good for nothing but this once.

Whether a PC was off in between, an older image may hide. But whoever switches a PC on makes its door's socket anew.
"""

import os
import time

from emulator.pc_folder import PCFolder

Stamp = tuple[int, int, int]

SURELY_ON = 0.001
"""Seconds for which a PC that was seen on is taken to be on. Switching off writes an image, which is noticed at once; only a kill does
not, and its moment is nobody's to know."""

JUST_NOW = 20_000_000
"""Nanoseconds, more than a step of any file system's clock."""


class Stamps:
    """The stamps of one PC, which is this process or another."""

    def __init__(self, folder: PCFolder, *, here: bool) -> None:
        self._folder, self._here = folder, here
        self._image = os.fspath(folder.image_path)
        self._socket = os.fspath(folder.path / folder.socket_name)
        self._seen_on = -SURELY_ON

    def now(self) -> Stamp | None:
        """None if there is no PC, or it is off."""
        try:
            image = os.stat(self._image)
        except OSError:
            return None
        if not self._here and not self._is_on():
            return None
        return image.st_ino, image.st_mtime_ns, image.st_size

    def _is_on(self) -> bool:
        now = time.monotonic()
        if now - self._seen_on < SURELY_ON:
            return True
        if on := self._folder.is_on:
            self._seen_on = now
        return on

    def switched_on(self) -> tuple[int, int] | None:
        """The same from one switching on to the next, whatever the image says; None if it cannot be told."""
        try:
            socket = os.stat(self._socket)
        except OSError:
            return None
        return socket.st_ino, socket.st_ctime_ns


def lasting(stamp: Stamp | None) -> Stamp | None:
    """A stamp that was just taken, if a change after it is sure to make another one."""
    if stamp is None or abs(time.time_ns() - stamp[1]) < JUST_NOW:
        return None
    return stamp
