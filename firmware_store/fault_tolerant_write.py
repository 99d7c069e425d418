"""Replacing the whole variable region: the one change of the store that erases blocks.

Real firmware writes it through the spare area, announced in the working block (`working_block`), so that a power cut
at any moment leaves the old content or the new. On the host the flash lives in memory and the image file is replaced
as a whole, so here the blocks are erased and programmed in place; what a power cut inside this function leaves exists
in memory only and never reaches a file.

An image that comes from a real or virtual machine may hold an interrupted write of that machine. It must be finished
before anything else is read or written: firmware finishes it at its next start and would throw later edits away.
Such an image is refused.
"""

from firmware_store.errors import PendingFaultTolerantWrite
from firmware_store.flash import NORFlash
from firmware_store.layout import VOLUME_HEADER_LENGTH, Layout
from firmware_store.working_block import unfinished_write


def refuse_unfinished_write(image: bytes | bytearray, layout: Layout) -> None:
    pending = unfinished_write(image, layout)
    if pending is not None:
        raise PendingFaultTolerantWrite(
            f"a fault-tolerant write at {pending.offset:#x} was interrupted by a power cut: "
            f"{pending.progress.value}; keep a copy of the file, then let the firmware that wrote it settle it"
        )


def replace_variable_region(flash: NORFlash, layout: Layout, store: bytes) -> None:
    """Puts a new store (header and records; the rest becomes erased) behind the volume header."""
    region = flash.read(0, VOLUME_HEADER_LENGTH) + store
    for block in range(layout.variable_size // layout.block_size):
        flash.erase(block, "variable region")
    flash.program(0, region, "variable region")
