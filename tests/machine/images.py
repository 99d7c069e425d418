"""Images that fail when they are told to, as a disk does."""

from collections.abc import Iterator
from contextlib import contextmanager

from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import variables
from emulator.firmware.memory import Memory
from emulator.machine import TargetPC, write
from firmware_store import FOUR_MEGABYTE, MemoryImage, StoreError, VariableStore


class FailingImage(MemoryImage):
    """A disk that is full from `fail_from` on: `fail_from` transactions succeed, then all fail until it is emptied."""

    def __init__(self) -> None:
        super().__init__(FOUR_MEGABYTE)
        self.fail_from: int | None = None
        self.transactions = 0

    @contextmanager
    def transaction(self, *, wait: bool = True, secret: bool = False) -> Iterator[VariableStore]:
        with super().transaction(wait=wait, secret=secret) as store:
            yield store
            if self.fail_from is not None and self.transactions >= self.fail_from:
                raise StoreError("the disk is full")
            self.transactions += 1

    def fail(self, after: int = 0) -> None:
        """Let `after` more transactions succeed."""
        self.fail_from = self.transactions + after

    def heal(self) -> None:
        self.fail_from = None


def image_with(memory: Memory, image: MemoryImage | None = None) -> MemoryImage:
    """An image that holds this machine."""
    image = image or MemoryImage(FOUR_MEGABYTE)
    with image.transaction() as store:
        write(store, variables.changes(None, memory))
    return image


def pc_in(image: MemoryImage, clock: FixedClock | None = None, seed: str = "") -> TargetPC:
    return TargetPC(image, clock=clock or FixedClock(), entropy=FixedEntropy(seed))
