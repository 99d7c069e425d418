"""Every power cut in every operation: what a chip can be left with, and what must be true of it afterwards.

A change is made once on a chip that keeps each operation with the bytes before and after it. From these every state
that a cut can leave is put together: a prefix of the bytes, one byte in which only some bits made it, a block erased
in one half, in the other, in single bits, or full of noise. Long writes are tried at both ends and at random places.

Each state is opened. It must hold what was there before the change or what is there after it, and nothing else; a
second opening must find nothing to do; a further write must work. The opening itself writes, so it is cut, too.
"""

import math
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple
from uuid import UUID

from firmware_store import TINY, Layout, NORFlash, Variable, VariableStore

VENDOR = UUID(int=1)
Change = Callable[[VariableStore], object]
Content = dict[tuple[UUID, str], Variable]

# Writes up to this length are tried at every byte; of longer ones this much at both ends, and some places between.
SHORT, END, BETWEEN = 160, 48, 16
# Bits of a torn byte that keep their old value.
TORN = (0xFF, 0x55, 0xAA, 0x0F, 0xF0, 0x7F, 0xFE, 0x80, 0x01)


class Step(NamedTuple):
    """One operation of the chip: the bytes that it changes, before and after."""

    kind: str
    offset: int
    old: bytes
    new: bytes
    label: str


class RecordingFlash(NORFlash):
    """A chip that keeps what each operation did."""

    __slots__ = ("steps",)

    def __init__(self, content: bytes | bytearray, block_size: int) -> None:
        super().__init__(content, block_size)
        self.steps: list[Step] = []

    def program(self, offset: int, data: bytes, label: str = "") -> None:
        old = bytes(self.content[offset : offset + len(data)])
        super().program(offset, data, label)
        self.steps.append(Step("program", offset, old, bytes(data), label))

    def erase(self, block: int, label: str = "") -> None:
        offset = block * self.block_size
        old = bytes(self.content[offset : offset + self.block_size])
        super().erase(block, label)
        self.steps.append(Step("erase", offset, old, b"\xff" * self.block_size, label))


def content_of(store: VariableStore) -> Content:
    return {(each.guid, each.name): each for each in store}


def opened(image: bytes | bytearray, layout: Layout = TINY) -> VariableStore:
    return VariableStore(NORFlash(image, layout.block_size), layout)


def recorded(image: bytes, change: Change, layout: Layout = TINY) -> tuple[list[Step], bytes]:
    """The operations of a change on an image at rest, and the image after it."""
    flash = RecordingFlash(image, layout.block_size)
    store = VariableStore(flash, layout)
    assert not flash.steps, "the history starts from an image at rest"
    change(store)
    return flash.steps, bytes(flash.content)


def recovery(image: bytes, layout: Layout = TINY) -> list[Step]:
    """The operations of opening an image."""
    flash = RecordingFlash(image, layout.block_size)
    VariableStore(flash, layout)
    return flash.steps


def torn_program(step: Step, chance: random.Random) -> Iterator[bytes]:
    old, new = step.old, step.new
    places: list[int] | range = range(len(new))
    if len(new) > SHORT:
        between = sorted(chance.sample(range(END, len(new) - END), BETWEEN))
        places = [*range(END), *between, *range(len(new) - END, len(new))]
    for done in places:
        if old[done] == new[done] and done:
            continue  # The same bytes as one place further on.
        for byte in {new[done] | (old[done] & kept) for kept in TORN}:
            yield new[:done] + bytes([byte]) + old[done + 1 :]


def torn_erase(step: Step, chance: random.Random) -> Iterator[bytes]:
    old, size = step.old, len(step.old)
    half, erased = size // 2, step.new
    yield old
    for done in (1, 21, 32, half, size - 1):
        yield erased[:done] + old[done:]
        yield old[:-done] + erased[:done]
    for density in (1, 3):
        raised = int.from_bytes(old, "little")
        noise = chance.getrandbits(8 * size)
        for _ in range(density):
            noise &= chance.getrandbits(8 * size)
        yield (raised | noise).to_bytes(size, "little")
    for at in {0, 20, chance.randrange(32), 32, 72, chance.randrange(size)}:
        yield old[:at] + bytes([old[at] | 1 << chance.randrange(8)]) + old[at + 1 :]
    yield old[:20] + bytes([old[20] | 2]) + old[21:]
    yield chance.randbytes(size)
    yield b"\x80\0" * half
    yield bytes(size)


def states(image: bytes, steps: list[Step], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Every state that a cut in one of the steps can leave, with the step's label."""
    content = bytearray(image)
    for step in steps:
        place = slice(step.offset, step.offset + len(step.new))
        tear = torn_program if step.kind == "program" else torn_erase
        for left in tear(step, chance):
            content[place] = left
            yield step.label, bytes(content)
        content[place] = step.new
    yield "finished", bytes(content)


def check(torn: bytes, allowed: tuple[Content, ...], layout: Layout = TINY) -> None:
    """What must be true of every state."""
    store = opened(torn, layout)
    held = content_of(store)
    assert held in allowed, f"{held} is neither the state before nor the one after"
    again = opened(store.flash.content, layout)
    assert again.flash.operations == 0, "a second recovery finds something to do"
    again.set(VENDOR, "\u2713", b"goes on", 7)
    final = content_of(opened(again.flash.content, layout))
    assert final.pop((VENDOR, "\u2713")).data == b"goes on"
    assert final == held, "a further write changed something else"


def crash(
    image: bytes, change: Change, chance: random.Random, *, nested: int = 0, most: float = math.inf
) -> tuple[bytes, int]:
    """Tries every cut of one change, and the cuts of every `nested`-th recovery; returns the image and the count."""
    steps, finished = recorded(image, change)
    allowed = content_of(opened(image)), content_of(opened(finished))
    cases = 0
    for number, (label, torn) in enumerate(states(image, steps, chance)):
        check_named(torn, allowed, label)
        cases += 1
        if nested and number % nested == 0:
            for inner, worse in states(torn, recovery(torn), chance):
                check_named(worse, allowed, f"{label}, then {inner}")
                cases += 1
        if cases >= most:
            break
    return finished, cases


class LostStateError(AssertionError):
    """A state after which something was not as it must be."""

    def __init__(self, label: str, image: bytes, reason: str) -> None:
        super().__init__(f"cut in: {label}; {reason}")
        self.image = image


def check_named(torn: bytes, allowed: tuple[Content, ...], label: str) -> None:
    try:
        check(torn, allowed)
    except Exception as error:
        raise LostStateError(label, torn, f"{type(error).__name__}: {error}") from error
