"""Images that something happened to, on the tiny layout, each with a name: what power cuts and other hands leave."""

from collections.abc import Callable
from uuid import UUID

from firmware_store import TINY, Cut, NORFlash, VariableStore, blank
from firmware_store.errors import PowerCut
from firmware_store.records import STATE_OFFSET

VENDOR = UUID("11111111-2222-3333-4455-66778899aabb")
Content = dict[str, bytes]


def filled() -> bytes:
    """A (updated once), B, and C, which was deleted."""
    store = VariableStore.from_image(blank(TINY))
    store.set(VENDOR, "A", b"old value of A", 7)
    store.set(VENDOR, "B", b"value of B", 7)
    store.set(VENDOR, "C", b"value of C", 7)
    store.set(VENDOR, "A", b"value of A", 7)
    store.delete(VENDOR, "C")
    return bytes(store.flash.content)


FILLED: Content = {"A": b"value of A", "B": b"value of B"}


def content_of(image: bytes) -> Content:
    return {each.name: each.data for each in VariableStore.from_image(image)}


def cut_at(image: bytes, change: Callable[[VariableStore], object], label: str, done: int = 0) -> bytes:
    """The image that a cut leaves in the first operation of that label, `done` bytes into it."""
    rehearsal = VariableStore(NORFlash(image, TINY.block_size, logged=True), TINY)
    change(rehearsal)
    log = rehearsal.flash.log or []
    flash = NORFlash(image, TINY.block_size)
    store = VariableStore(flash, TINY)
    flash.cut = Cut(next(number for number, each in enumerate(log) if each.label == label), done)
    try:
        change(store)
    except PowerCut:
        return bytes(flash.content)
    raise AssertionError(f"no cut at {label}")


def update(store: VariableStore) -> None:
    store.set(VENDOR, "A", b"new value of A", 7)


def update_two(store: VariableStore) -> None:
    with store.transaction():
        store.set(VENDOR, "A", b"new value of A", 7)
        store.set(VENDOR, "B", b"new value of B", 7)


def reclaim(store: VariableStore) -> None:
    store.reclaim()


def offset_of(image: bytes, name: str) -> int:
    return VariableStore.from_image(image).history(VENDOR, name)[-1].offset


def with_byte(image: bytes, offset: int, value: int) -> bytes:
    return image[:offset] + bytes([value]) + image[offset + 1 :]


def hole() -> bytes:
    return cut_at(filled(), update, "header", 2)


def torn() -> bytes:
    return cut_at(filled(), update, "name and data", 7)


def waiting() -> bytes:
    return cut_at(filled(), update, "header")


def doubled() -> bytes:
    return cut_at(filled(), update, "replaced")


def stale() -> bytes:
    """Hole B of EDK2: two records of one key wait for a successor."""
    image = doubled()
    return with_byte(image, offset_of(image, "A") + STATE_OFFSET, 0x3E)


def pending_not_copied() -> bytes:
    return cut_at(filled(), reclaim, "copy in the spare area", 100)


def pending_copied() -> bytes:
    return cut_at(filled(), reclaim, "destination complete")


def pending_without_header() -> bytes:
    """Hole A of EDK2: the volume header is erased, and its only copy waits in the spare area."""
    return cut_at(filled(), reclaim, "variable region", TINY.block_size)


def pending_last_tick() -> bytes:
    return cut_at(filled(), reclaim, "write complete")


def torn_announcement() -> bytes:
    return cut_at(filled(), reclaim, "write header", 9)


def pending_transaction() -> bytes:
    return cut_at(filled(), update_two, "replaced")


def lost_working_block() -> bytes:
    image = filled()
    size = TINY.working_size
    return image[: TINY.working_offset] + b"\xff" * size + image[TINY.working_offset + size :]


def working_block_in_spare() -> bytes:
    image = lost_working_block()
    block = filled()[TINY.working_offset : TINY.working_offset + TINY.working_size]
    return image[: TINY.spare_offset] + block + image[TINY.spare_offset + len(block) :]


def dirty_tail() -> bytes:
    return with_byte(filled(), TINY.variable_size - 100, 0x12)


def lost_volume_header() -> bytes:
    """Something wrote over the header, and no copy of it waits."""
    return bytes(72) + filled()[72:]


def damaged_store_header() -> bytes:
    return with_byte(filled(), 72 + 20, 0)


def record_leaves_store() -> bytes:
    """The data size of the last record, so that it would end outside."""
    image = filled()
    return with_byte(image, offset_of(image, "A") + 42, 0x7F)


def unknown_state() -> bytes:
    image = filled()
    return with_byte(image, offset_of(image, "C") + STATE_OFFSET, 0xBF)


def dirty_spare() -> bytes:
    return with_byte(filled(), TINY.spare_offset + 5, 0x80)
