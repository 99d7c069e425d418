"""Power cuts made by the chip itself, in every byte of a history of updates, and again in the next update.

What erases blocks is cut in `test_crashes`, which puts the same states together faster.
"""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from firmware_store import TINY, Cut, NORFlash, Operation, VariableStore, blank
from firmware_store.errors import PowerCut
from firmware_store.formats import VARIABLE_HEADER
from firmware_store.records import key_of
from tests.firmware_store.model import Content, content_of

VENDOR = UUID(int=1)
Change = Callable[[VariableStore], None]
# Bits of the torn byte that did not make it.
TORN = (0xFF, 0x7F, 0x55, 0xAA, 0x0F, 0xF0, 0x80, 0x01)

# Data that is itself a valid record: a store that reads torn data as records would show it.
PHANTOM_KEY = key_of(VENDOR, "Phantom")
PHANTOM = (
    VARIABLE_HEADER.pack(0x55AA, 0x3F, 0, 7, 0, bytes(16), 0, len(PHANTOM_KEY) - 16, 1, VENDOR.bytes_le)
    + PHANTOM_KEY[16:]
    + b"!"
)


def put(name: str, data: bytes) -> Change:
    return lambda store: store.set(VENDOR, name, data, 7)


def drop(name: str) -> Change:
    return lambda store: store.delete(VENDOR, name)


HISTORY: list[Change] = [
    put("A", b"one"),
    put("B", b"other"),
    put("A", b"two, longer"),
    put("A", PHANTOM),
    put("AB", PHANTOM * 2),
    drop("B"),
    put("B", bytes(40)),
    put("A", b"\xff" * 33),
    drop("AB"),
    put("A", b"last"),
]


def cuts_of(log: list[Operation], torn: tuple[int, ...]) -> Iterator[Cut]:
    for number, operation in enumerate(log):
        for done in range(operation.length):
            yield from (Cut(number, done, unchanged) for unchanged in torn)


def rehearse(image: bytes, change: Change) -> tuple[list[Operation], bytes]:
    store = VariableStore(NORFlash(image, TINY.block_size, logged=True), TINY)
    change(store)
    return store.flash.log or [], bytes(store.flash.content)


def cut_short(image: bytes, change: Change, cut: Cut) -> bytes:
    """The image after a change that lost its power."""
    flash = NORFlash(image, TINY.block_size)
    flash.cut = cut
    with pytest.raises(PowerCut):
        change(VariableStore(flash, TINY))
    return bytes(flash.content)


def content_in(image: bytes) -> Content:
    return content_of(VariableStore.from_image(image))


def check_recovery(torn: bytes, allowed: tuple[Content, ...]) -> bytes:
    """Recovers an image; returns it recovered."""
    store = VariableStore.from_image(torn)
    assert content_of(store) in allowed
    recovered = bytes(store.flash.content)
    again = VariableStore.from_image(recovered)
    assert again.flash.operations == 0, "a second recovery finds nothing to do"
    again.set(VENDOR, "After", b"goes on", 7)
    assert content_of(again) == {**content_of(store), (VENDOR, "After"): (b"goes on", 7)}
    return recovered


def test_every_cut_leaves_the_old_state_or_the_new() -> None:
    image, cases = blank(TINY), 0
    for change in HISTORY:
        log, finished = rehearse(image, change)
        allowed = content_in(image), content_in(finished)
        for cut in cuts_of(log, TORN):
            check_recovery(cut_short(image, change, cut), allowed)
            cases += 1
        image = finished
    assert cases > 5000


@pytest.mark.slow
def test_a_second_cut_after_the_first_leaves_one_of_the_states_before_or_after() -> None:
    """Two cuts in a row, in two updates of one variable: where a stale value could come back."""
    image = rehearse(blank(TINY), put("A", b"zero"))[1]
    first, second, cases = put("A", b"one"), put("A", b"two"), 0
    first_log = rehearse(image, first)[0]
    for cut in cuts_of(first_log, (0xFF,)):
        torn = check_recovery(cut_short(image, first, cut), (content_in(image), {(VENDOR, "A"): (b"one", 7)}))
        standing = content_in(torn)
        log, finished = rehearse(torn, second)
        if any(each.kind == "erase" for each in log):
            continue
        for again in cuts_of(log, (0xFF,)):
            left = check_recovery(cut_short(torn, second, again), (standing, content_in(finished)))
            reclaimed = VariableStore.from_image(left)
            before = content_of(reclaimed)
            reclaimed.reclaim()
            assert content_of(reclaimed) == before
            cases += 1
    assert cases > 4000


def test_the_stale_value_that_real_firmware_brings_back_stays_gone() -> None:
    """Cut before the old record is retired, then cut again right after its successor got a successor announced."""
    image = rehearse(blank(TINY), put("A", b"zero"))[1]
    log = rehearse(image, put("A", b"one"))[0]
    image = cut_short(image, put("A", b"one"), Cut(len(log) - 1))
    second_log = rehearse(image, put("A", b"two"))[0]
    assert [each.label for each in second_log[:2]] == ["leftover retired", "a successor is coming"]
    image = cut_short(image, put("A", b"two"), Cut(2))
    store = VariableStore.from_image(image)
    store.reclaim()
    assert store.get(VENDOR, "A").data == b"one"
