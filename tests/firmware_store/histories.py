"""Changes to be cut short: one of each kind, and random ones without end."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress

from firmware_store import TINY, VariableStore, blank
from firmware_store.errors import VariableError
from firmware_store.formats import VARIABLE_HEADER
from firmware_store.records import key_of
from tests.firmware_store.crashes import VENDOR, Change, opened

# Data that is itself a valid record: a store that reads torn data as records would show it.
PHANTOM_KEY = key_of(VENDOR, "Phantom")
PHANTOM = (
    VARIABLE_HEADER.pack(0x55AA, 0x3F, 0, 7, 0, bytes(16), 0, len(PHANTOM_KEY) - 16, 1, VENDOR.bytes_le)
    + PHANTOM_KEY[16:]
    + b"!"
)


def put(name: str, data: bytes, *, secret: bool = False) -> Change:
    return lambda store: store.set(VENDOR, name, data, 7, secret=secret)


def drop(name: str, *, secret: bool = False) -> Change:
    return lambda store: store.delete(VENDOR, name, secret=secret)


def together(*changes: Change, secret: bool = False) -> Change:
    def change(store: VariableStore) -> None:
        with store.transaction(secret=secret):
            for each in changes:
                each(store)

    return change


def reclaim(store: VariableStore) -> None:
    store.reclaim()


def scrub(store: VariableStore) -> None:
    store.scrub()


def after(*changes: Change, spare: bytes = b"") -> bytes:
    """An image with this history and this in its spare area."""
    image = bytearray(blank(TINY))
    image[TINY.spare_offset : TINY.spare_offset + len(spare)] = spare
    store = opened(image)
    for each in changes:
        each(store)
    return bytes(store.flash.content)


SOME = (put("A", b"one"), put("B", PHANTOM), put("A", b"two"), put("C", bytes(range(99))), drop("B"))
NEARLY_FULL = (*SOME, *[put("D", bytes([number]) * 1500) for number in range(4)])
FORMER = b"what the spare area held before" * 100

# By name: the image before, the change, and how rarely the recovery is cut, too.
CASES: dict[str, tuple[bytes, Change, int]] = {
    "a new variable": (after(), put("A", PHANTOM), 5),
    "an update": (after(*SOME), put("A", PHANTOM * 2), 7),
    "a deletion": (after(*SOME), drop("A"), 1),
    "an update that needs a reclaim": (after(*NEARLY_FULL, spare=FORMER), put("A", PHANTOM * 22), 97),
    "a reclaim": (after(*SOME, spare=FORMER), reclaim, 61),
    "a reclaim with a full queue": (after(*SOME, *[reclaim] * 50, spare=FORMER), reclaim, 67),
    "a transaction": (after(*SOME), together(put("A", PHANTOM), drop("C"), put("E", b"e")), 401),
    "a transaction without room for its list": (
        after(*NEARLY_FULL),
        together(put("A", PHANTOM), drop("C"), put("D", b"e" * 1800)),
        97,
    ),
    "a scrub": (after(*SOME, spare=FORMER), scrub, 97),
    "a change of a secret": (after(*SOME), put("A", b"secret", secret=True), 97),
    "a transaction with a secret": (
        after(*SOME, spare=FORMER),
        together(put("A", b"secret"), drop("C"), secret=True),
        97,
    ),
    "a secret that is deleted when the queue is full": (
        after(*SOME, *[reclaim] * 50),
        drop("A", secret=True),
        97,
    ),
}


def random_change(chance: random.Random) -> Change:
    """For any store: what cannot be done is left out."""
    name = chance.choice("ABCDEF")
    size = chance.choice((1, 3, 40, 300, 1900))
    secret = chance.random() < 0.1
    kinds: dict[Callable[[], Change], int] = {
        lambda: put(
            name, chance.choice((chance.randbytes(size), PHANTOM * 2, b"\xff" * size)), secret=secret
        ): 8,
        lambda: drop(name, secret=secret): 2,
        lambda: together(*[random_change(chance) for _ in range(chance.randrange(2, 6))], secret=secret): 4,
        lambda: reclaim: 1,
        lambda: scrub: 1,
    }
    (kind,) = chance.choices(list(kinds), list(kinds.values()))
    return kind()


def lenient(change: Change) -> Change:
    """The change, if it can be made."""

    def attempt(store: VariableStore) -> None:
        with suppress(VariableError):
            change(store)

    return attempt


def random_images(chance: random.Random) -> Iterator[bytes]:
    """Starts of histories: various fill levels, queues and spare areas."""
    while True:
        spare = chance.choice(
            (b"", FORMER, chance.randbytes(TINY.spare_size), b"\x80\0" * (TINY.spare_size // 2))
        )
        reclaims = chance.choice((0, 0, 1, 48, 49, 50))
        changes = [lenient(random_change(chance)) for _ in range(chance.randrange(12))]
        yield after(*changes, *[reclaim] * reclaims, spare=spare)
