"""An image written in place: every operation of the flash reaches the disk before the next one begins.

The usual commit replaces the file, so that it never shows a state in between. In place the file is the chip: each program and erase is
written to it and flushed, in the order in which the store makes them. That is what a flash image needs that something else has open or
that may not change its inode, and it is the honest demonstration of a power cut: kill the process anywhere, and the file holds what a
real chip would hold, which the next opening recovers. It costs one flush an operation, so it is slower than a replacement.

An error of the host in the middle leaves such a cut, too: the change is not made or made, never half of it.
"""

import os

from firmware_store.flash import NORFlash

# macOS has no fdatasync.
_flush = getattr(os, "fdatasync", os.fsync)


class FileFlash(NORFlash):
    """A chip whose bytes are those of an open file."""

    __slots__ = ("_durable", "_file")

    def __init__(self, file: int, content: bytes, block_size: int, *, durable: bool = True) -> None:
        super().__init__(content, block_size)
        self._file, self._durable = file, durable

    def program(self, offset: int, data: bytes, label: str = "") -> None:
        super().program(offset, data, label)
        self._keep(offset, data)

    def erase(self, block: int, label: str = "") -> None:
        super().erase(block, label)
        self._keep(block * self.block_size, b"\xff" * self.block_size)

    def _keep(self, offset: int, data: bytes) -> None:
        """Write to the file, and wait until the disk has it: the barrier between two operations."""
        while data:
            done = os.pwrite(self._file, data, offset)
            offset, data = offset + done, data[done:]
        if self._durable:
            _flush(self._file)
