"""The variable region as a whole: what stands in it after a reclaim.

Live records keep their order; those that wait for a successor come last, as firmware has it; then the new ones, in
place of their elders. Everything else is dropped.
"""

from firmware_store.errors import OutOfResources
from firmware_store.layout import VOLUME_HEADER_LENGTH, Layout
from firmware_store.records import ADDED, STATE_OFFSET, bytes_at, in_state, padded
from firmware_store.redo import Changes
from firmware_store.working_block import empty_working_block, is_erased


def store_after(image: bytes | bytearray, layout: Layout, live: dict[bytes, int], changes: Changes) -> bytes:
    """Store header and records, without the erased rest."""
    kept = [offset for key, offset in live.items() if key not in changes]
    kept.sort(key=lambda offset: (image[offset + STATE_OFFSET] != ADDED, offset))
    old = b"".join([padded(in_state(bytes_at(image, offset), ADDED)) for offset in kept])
    new = b"".join([padded(record) for record in changes.values() if record is not None])
    if len(old) + len(new) > layout.capacity:
        raise no_room(len(new), layout.capacity - len(old))
    return bytes(image[VOLUME_HEADER_LENGTH : layout.records_offset]) + old + new


def holds_nothing_but(image: bytes | bytearray, layout: Layout, store: bytes) -> bool:
    """Whether nothing is left of any other value. The event log is not the store's, and is not asked."""
    return (
        image.startswith(store, VOLUME_HEADER_LENGTH)
        and is_erased(image, VOLUME_HEADER_LENGTH + len(store), layout.variable_size)
        and image.startswith(empty_working_block(layout), layout.working_offset)
        and is_erased(image, layout.spare_offset, layout.size)
    )


def no_room(size: int, room: int) -> OutOfResources:
    return OutOfResources(f"the record takes {size} bytes, a full store has room for {room}; delete some")
