"""NOR flash: the chip on which the firmware keeps its variables.

Two operations change it. *Program* turns ones into zeros, any number of bytes at a time. *Erase* turns a whole block
back into ones and is what wears the chip out. Everything in the variable format is arranged for that: a record's
life is a state byte that only ever loses bits.

Virtual machines do not enforce the rule: their flash stores the byte as given, so firmware that breaks it goes
unnoticed there. Here it raises.

The power can be cut at any moment. A cut is planned by the number of the operation it hits. It leaves what a real one
leaves: an earlier part of the bytes done, one byte in which only some of the bits made it, a block partly erased or
holding noise. After the cut nothing changes any more; power comes back by making a new chip over the same bytes.
"""

from typing import Literal, NamedTuple

from firmware_store.errors import FlashRuleBroken, PowerCut

ERASED = 0xFF


class Operation(NamedTuple):
    """One line of the operation log."""

    kind: Literal["program", "erase"]
    offset: int
    length: int
    label: str


class Cut(NamedTuple):
    """When the power fails, and what the interrupted operation leaves.

    `operation` counts from the making of the chip. The first `done` bytes of it are finished. Of the byte behind
    them, if it is being programmed, the bits in `unchanged` keep their old value. `noise` is what a block holds whose
    erase was interrupted, if not the erased part followed by the old rest.
    """

    operation: int
    done: int = 0
    unchanged: int = 0xFF
    noise: bytes | None = None


class NORFlash:
    """Bytes that obey the rules of the chip."""

    __slots__ = ("block_size", "content", "cut", "log", "operations", "wear")

    def __init__(self, content: bytes | bytearray, block_size: int, *, logged: bool = False) -> None:
        if len(content) % block_size:
            raise FlashRuleBroken(f"expected whole blocks of {block_size} bytes, got {len(content)} bytes")
        # Bytes that nobody changes are not copied: most images are only read.
        self.content: bytes | bytearray = content if isinstance(content, bytes) else bytearray(content)
        self.block_size = block_size
        self.cut: Cut | None = None
        self.operations = 0
        self.log: list[Operation] | None = [] if logged else None
        self.wear = [0] * (len(content) // block_size)

    def read(self, offset: int, length: int) -> bytes:
        self._inside(offset, length)
        return bytes(self.content[offset : offset + length])

    def program(self, offset: int, data: bytes, label: str = "") -> None:
        """Clears bits. Asking for a one where the flash holds a zero is a fault in the caller."""
        length = len(data)
        if offset < 0 or offset + length > len(self.content):
            self._inside(offset, length)
        old = self.content[offset : offset + length]
        if old != b"\xff" * length:
            asked, held = int.from_bytes(data, "little"), int.from_bytes(old, "little")
            if asked & ~held:
                raise FlashRuleBroken(
                    f"programming {label or 'bytes'} at {offset:#x} would set a bit that is 0; erase first"
                )
        if self._power_fails("program", offset, length, label):
            self._torn_program(offset, data)
        content = self.content if isinstance(self.content, bytearray) else self._changeable()
        content[offset : offset + length] = data

    def erase(self, block: int, label: str = "") -> None:
        """Sets every bit of one block."""
        offset = block * self.block_size
        self._inside(offset, self.block_size)
        if self._power_fails("erase", offset, self.block_size, label):
            self._torn_erase(offset)
        self._changeable()[offset : offset + self.block_size] = b"\xff" * self.block_size
        self.wear[block] += 1

    def erase_area(self, offset: int, length: int, label: str = "") -> None:
        """Erases block after block; both figures are whole blocks."""
        for block in range(offset // self.block_size, (offset + length) // self.block_size):
            self.erase(block, label)

    def _changeable(self) -> bytearray:
        """The bytes, copied if they are still those that were given."""
        if isinstance(self.content, bytes):
            self.content = bytearray(self.content)
        return self.content

    def _inside(self, offset: int, length: int) -> None:
        if offset < 0 or length < 0 or offset + length > len(self.content):
            raise FlashRuleBroken(
                f"{length} bytes at {offset:#x} are outside the flash of {len(self.content):#x} bytes"
            )

    def _power_fails(self, kind: Literal["program", "erase"], offset: int, length: int, label: str) -> bool:
        number, cut = self.operations, self.cut
        if cut is not None and number > cut.operation:
            raise PowerCut(
                f"the power is off since operation {cut.operation}; make a new chip over these bytes"
            )
        self.operations = number + 1
        if self.log is not None:
            self.log.append(Operation(kind, offset, length, label))
        return cut is not None and number == cut.operation

    def _torn_program(self, offset: int, data: bytes) -> None:
        assert self.cut is not None
        done, content = min(self.cut.done, len(data)), self._changeable()
        content[offset : offset + done] = data[:done]
        if done < len(data):
            at = offset + done
            content[at] = data[done] | (content[at] & self.cut.unchanged)
        raise PowerCut(f"power cut in operation {self.cut.operation}, {done} of {len(data)} bytes programmed")

    def _torn_erase(self, offset: int) -> None:
        assert self.cut is not None
        done = min(self.cut.done, self.block_size)
        block = bytearray(self.content[offset : offset + self.block_size])
        block[:done] = b"\xff" * done
        if self.cut.noise is not None:
            block[:] = self.cut.noise[: self.block_size].ljust(self.block_size, b"\xff")
        self._changeable()[offset : offset + self.block_size] = block
        self.wear[offset // self.block_size] += 1
        raise PowerCut(
            f"power cut in operation {self.cut.operation}, the block at {offset:#x} is half erased"
        )
