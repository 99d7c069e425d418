"""Damaged images for the store to refuse or to live with: flipped bytes, torn files, structures at the wrong place."""

import random
from collections.abc import Iterator
from functools import cache

from firmware_store import TINY, VariableStore
from firmware_store.errors import StoreError
from tests.firmware_store.crashes import VENDOR, recorded, states
from tests.firmware_store.histories import CASES

# Where a changed byte matters most: headers, first records, the queue, the begin of the spare area.
CENTRES = (0, 0x48, 0x64, 0x100, 0x200, TINY.working_offset, TINY.working_offset + 0x20, TINY.spare_offset)
TELLING = (0x00, 0x01, 0x3C, 0x3E, 0x3F, 0x7F, 0x80, 0xAA, 0xF8, 0xFC, 0xFD, 0xFE, 0xFF)


@cache
def healthy() -> tuple[bytes, ...]:
    """Images of every kind of history: before, in the middle of, and after its last change."""
    chance, made = random.Random(1), []
    for image, change, _ in CASES.values():
        steps, finished = recorded(image, change)
        torn = [left for _, left in states(image, steps, chance)]
        made += [image, finished, *chance.sample(torn, min(8, len(torn)))]
    return tuple(made)


def damaged(chance: random.Random) -> Iterator[bytes]:
    while True:
        image = bytearray(chance.choice(healthy()))
        for _ in range(chance.choice((1, 1, 2, 4, 16))):
            kind, at = chance.randrange(8), chance.choice(CENTRES) + chance.randrange(0x60)
            if kind < 4:
                image[at] = chance.choice(TELLING)
            elif kind == 4:
                image[at] ^= 1 << chance.randrange(8)
            elif kind == 5:
                image[at : at + 4] = chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFE, len(image))).to_bytes(
                    4, "little"
                )
            elif kind == 6:
                source = chance.choice(CENTRES)
                image[at : at + 0x50] = image[source : source + 0x50]
            else:
                image[at : at + chance.choice((8, 60, 999))] = chance.randbytes(chance.choice((8, 60, 999)))
        del image[chance.choice((TINY.size,) * 40 + (0, 71, 72, chance.randrange(TINY.size))) :]
        yield bytes(image[: TINY.size])


def use(image: bytes) -> str:
    """Everything that is done with an image. Anything but our own error is a fault of ours."""
    try:
        store = VariableStore.from_image(image)
        held = list(store)
        if held:
            store.history(held[0].guid, held[0].name)
        store.set(VENDOR, "New", b"new", 7)
        with store.transaction():
            store.set(VENDOR, "New", b"newer", 7)
            store.set(VENDOR, "Other", b"other", 7)
        store.scrub()
        again = VariableStore.from_image(store.flash.content)
    except StoreError as error:
        return type(error).__name__
    assert again.flash.operations == 0
    assert again.get(VENDOR, "New").data == b"newer"
    assert list(again) == list(store)
    return "used"
