"""Fault-tolerant write: how the whole variable region changes at once, although flash must be erased block by block.

The write is announced in the working block, the new region is copied to the spare area and ticked off, then to its
place and ticked off, and the spare area gets back what it held. A power cut before the first tick leaves the old
region, one after it leaves a complete copy of the new one, which is copied again at the next start. Real firmware
works the same way on the same bytes, so either of the two can finish what the other began.

Three things it does that are not copied here:

* It looks at the volume header before it asks the working block, finds the header erased in the middle of such a
  write, and wipes the flash together with the only copy. Here `recover` comes before anything else is looked at; an
  image should be recovered before a virtual machine gets it.
* After making room in the working block for a write with private data it goes on at the old place. Here the place is
  looked for again, and no private data is used.
* It ticks the write off before it clears the spare area, and leaves a copy there after an interrupted write. Here the
  copy is gone before the last tick, so that no value stays behind of which nobody knows.

The working block is itself rewritten through the spare area when its queue is full or torn. There the header's flags
are what counts: the copy becomes valid, then the old block becomes invalid, then the new block becomes valid.
"""

from firmware_store.errors import DamagedStore
from firmware_store.flash import NORFlash
from firmware_store.formats import (
    WORKING_BLOCK_HEADER,
    WRITE_HEADER,
    WRITE_RECORD,
    WriteHeader,
    WriteRecord,
)
from firmware_store.layout import VOLUME_HEADER_LENGTH, Layout
from firmware_store.volume import is_volume
from firmware_store.working_block import (
    COMPLETE,
    DESTINATION_COMPLETE,
    HEADER_ALLOCATED,
    INVALIDATED,
    SPARE_COMPLETE,
    STATE_OFFSET,
    VALID,
    WRITES_ALLOCATED,
    Progress,
    QueuedWrite,
    empty_working_block,
    free_entry,
    has_torn_entry,
    header_before_it_is_valid,
    is_erased,
    unfinished_write,
    working_block_header,
    working_block_offset,
)

# The caller that firmware's own driver names (EDK2, FaultTolerantWriteDxe.inf).
CALLER = bytes.fromhex("76ca5efe724fe849986f2cd899dffe5d")


def recover(flash: NORFlash, layout: Layout) -> None:
    """Brings a flash to rest after a power cut: every announced write is done, or never happened."""
    if flash.content.startswith(empty_working_block(layout), layout.working_offset):
        return
    borrowed = restore_working_block(flash, layout)
    pending = unfinished_write(flash.content, layout)
    if pending is not None:
        settle(flash, layout, pending)
    elif borrowed:
        flash.erase_area(layout.spare_offset, layout.working_size, "spare area")
    if has_torn_entry(flash.content, layout):
        reclaim_working_block(flash, layout)


# --- The working block -----------------------------------------------------------------------------------------------


def restore_working_block(flash: NORFlash, layout: Layout) -> bool:
    """Puts a valid working block in its place: an empty one, or its copy in the spare area. Says if it was that."""
    place = working_block_offset(flash.content, layout)
    if place == layout.working_offset:
        return False
    copy = empty_working_block(layout) if place is None else flash.read(place, layout.working_size)
    write_working_block(flash, layout, copy)
    return place is not None


def write_working_block(flash: NORFlash, layout: Layout, content: bytes) -> None:
    flash.erase_area(layout.working_offset, layout.working_size, "working block")
    program_working_block(flash, layout, layout.working_offset, content)


def program_working_block(flash: NORFlash, layout: Layout, offset: int, content: bytes) -> None:
    """Header and queue, not valid yet; then one bit makes them so."""
    rest = content[WORKING_BLOCK_HEADER.size :].rstrip(b"\xff")
    flash.program(offset, header_before_it_is_valid(layout) + rest, "working block")
    flash.program(offset + STATE_OFFSET, bytes([VALID]), "working block valid")


def reclaim_working_block(flash: NORFlash, layout: Layout, *, keep_spare: bool = True) -> None:
    """Empties the queue. Only for a queue whose writes are all complete."""
    former = flash.read(layout.spare_offset, layout.working_size)
    empty = empty_working_block(layout)
    flash.erase_area(layout.spare_offset, layout.working_size, "spare area")
    program_working_block(flash, layout, layout.spare_offset, empty)
    flash.program(layout.working_offset + STATE_OFFSET, bytes([INVALIDATED]), "working block invalid")
    write_working_block(flash, layout, empty)
    flash.erase_area(layout.spare_offset, layout.working_size, "spare area")
    if keep_spare:
        put_back(flash, layout, former)


def put_back(flash: NORFlash, layout: Layout, former: bytes) -> None:
    """What the spare area held before it was borrowed."""
    if former != b"\xff" * len(former):
        flash.program(layout.spare_offset, former, "former spare area")


# --- A write of the variable region ----------------------------------------------------------------------------------


def replace_variable_region(
    flash: NORFlash, layout: Layout, store: bytes, *, keep_spare: bool = True
) -> None:
    """Puts a new store (header and records; the rest becomes erased) behind the volume header, or nothing."""
    former = flash.read(layout.spare_offset, layout.spare_size)
    region = flash.read(0, VOLUME_HEADER_LENGTH) + store
    entry = announce(flash, layout)
    record = entry + WRITE_HEADER.size
    flash.erase_area(layout.spare_offset, layout.spare_size, "spare area")
    flash.program(layout.spare_offset, region, "copy in the spare area")
    tick(flash, record, SPARE_COMPLETE, "spare complete")
    flash.erase_area(0, layout.variable_size, "variable region")
    flash.program(0, region, "variable region")
    tick(flash, record, DESTINATION_COMPLETE, "destination complete")
    flash.erase_area(layout.spare_offset, layout.spare_size, "spare area")
    if keep_spare:
        put_back(flash, layout, former)
    tick(flash, entry, COMPLETE, "write complete")


def announce(flash: NORFlash, layout: Layout) -> int:
    """A new entry of the queue for a write of the variable region; returns its offset."""
    entry = free_entry(flash.content, layout)
    if entry is None:
        reclaim_working_block(flash, layout)
        entry = layout.working_offset + WORKING_BLOCK_HEADER.size
    header = WriteHeader(0xFF, b"\xff" * 3, CALLER, b"\xff" * 4, 1, 0)
    record = WriteRecord(0xFF, b"\xff" * 7, 0, VOLUME_HEADER_LENGTH, layout.store_size, -layout.spare_offset)
    flash.program(entry, WRITE_HEADER.pack(*header), "write header")
    tick(flash, entry, HEADER_ALLOCATED, "header allocated")
    flash.program(entry + WRITE_HEADER.size, WRITE_RECORD.pack(*record), "write record")
    tick(flash, entry, WRITES_ALLOCATED, "writes allocated")
    return entry


def tick(flash: NORFlash, offset: int, flags: int, label: str) -> None:
    """Clears flags of a state byte, unless they are clear already."""
    state = flash.content[offset]
    if state & flags:
        flash.program(offset, bytes([state & ~flags]), label)


# --- What a power cut left -------------------------------------------------------------------------------------------


def settle(flash: NORFlash, layout: Layout, pending: QueuedWrite) -> None:
    """Finishes a write whose copy is complete, gives up one whose copy is not; then nobody needs the copy."""
    if pending.progress is Progress.COPIED and not _spare_holds_working_block(flash.content, layout):
        target, length = target_of(flash.content, layout, pending)
        flash.erase_area(target, length, "target of the interrupted write")
        flash.program(target, flash.read(layout.spare_offset, length), "target of the interrupted write")
        tick(flash, pending.record_offset, DESTINATION_COMPLETE, "destination complete")
    if not is_erased(flash.content, layout.spare_offset, layout.size):
        flash.erase_area(layout.spare_offset, layout.spare_size, "spare area")
    tick(flash, pending.offset, COMPLETE, "write complete")


def _spare_holds_working_block(image: bytes | bytearray, layout: Layout) -> bool:
    """Then it holds no copy of data: a cut while the working block was restored, with a write still announced."""
    return image.startswith(working_block_header(layout), layout.spare_offset)


def target_of(image: bytes | bytearray, layout: Layout, pending: QueuedWrite) -> tuple[int, int]:
    """Where the copy belongs and how long it is, in whole blocks; refused if it cannot be meant."""
    record, block = pending.record, layout.block_size
    target = layout.spare_offset + record.relative_offset
    length = -(-(record.offset + record.length) // block) * block
    inside = target >= 0 and target + length <= layout.working_offset
    if target % block or not 0 < length <= layout.spare_size or not inside:
        raise DamagedStore(
            f"the interrupted write announced at {pending.offset:#x} asks for {length:#x} bytes at {target:#x}; "
            f"expected whole blocks before {layout.working_offset:#x}; restore the image from a copy"
        )
    if target == 0 and not is_volume(image[layout.spare_offset : layout.size], layout):
        raise DamagedStore(
            f"the interrupted write announced at {pending.offset:#x} has its copy at {layout.spare_offset:#x}, which "
            "does not begin with a volume header; restore the image from a copy"
        )
    return target, length
