"""Where things lie in a variable image.

One firmware volume spans the flash: the variable region (volume header, store header, records), an event log that
nothing uses, the working block in which fault-tolerant writes announce themselves, and the spare area into which they
copy first. The 4M and 2M layouts are those of EDK2's builds for virtual machines, which cannot read each other's
images. The tiny one is ours, for tests: small enough to try every power cut.

Firmware for AArch64 has a layout of its own, in files padded with zeros to the size of the whole chip. Its block map
describes the chip and not the volume, so the two disagree; that is how real images are. Such images are read and
changed, but none is made here.
"""

from typing import NamedTuple

from firmware_store.formats import BLOCK_MAP_ENTRY, FIRMWARE_VOLUME_HEADER, VARIABLE_STORE_HEADER

# The volume header, one block map entry, and the zeros that end the map.
VOLUME_HEADER_LENGTH = FIRMWARE_VOLUME_HEADER.size + 2 * BLOCK_MAP_ENTRY.size


class Layout(NamedTuple):
    """Sizes in bytes; each area begins where the one before it ends."""

    name: str
    block_size: int
    variable_size: int
    event_log_size: int
    working_size: int
    spare_size: int
    # The largest record, header and name counted in (EDK2, PcdMaxVariableSize and PcdMaxAuthVariableSize).
    largest: int
    largest_authenticated: int
    # Readable, writable, lockable, sticky, memory-mapped, erased bits are 1, aligned to 16 (UEFI PI, volume 3, 3.2.1).
    volume_attributes: int = 0x0004FEFF
    # The whole chip, where the volume is only its beginning; 0 where it is all of it.
    padded_size: int = 0

    @property
    def size(self) -> int:
        return self.spare_offset + self.spare_size

    @property
    def chip_size(self) -> int:
        return self.padded_size or self.size

    @property
    def store_size(self) -> int:
        """What the store header says: the variable region without the volume header."""
        return self.variable_size - VOLUME_HEADER_LENGTH

    @property
    def records_offset(self) -> int:
        return VOLUME_HEADER_LENGTH + VARIABLE_STORE_HEADER.size

    @property
    def capacity(self) -> int:
        """Bytes for records."""
        return self.variable_size - self.records_offset

    @property
    def working_offset(self) -> int:
        return self.variable_size + self.event_log_size

    @property
    def spare_offset(self) -> int:
        return self.working_offset + self.working_size


# The figures of the first two: EDK2, OvmfPkg, VarStore.fdf.inc and OvmfPkgX64.dsc.
FOUR_MEGABYTE = Layout("4m", 0x1000, 0x40000, 0x1000, 0x1000, 0x42000, 0x8400, 0x8400)
TWO_MEGABYTE = Layout("2m", 0x1000, 0xE000, 0x1000, 0x1000, 0x10000, 0x2000, 0x2800)
TINY = Layout("tiny", 0x1000, 0x2000, 0, 0x1000, 0x2000, 0x800, 0x800)
# EDK2, ArmVirtPkg, VarStore.fdf.inc and ArmVirtQemu.dsc.
AARCH64 = Layout(
    "aarch64", 0x40000, 0x40000, 0, 0x40000, 0x40000, 0x2000, 0x2800, 0x00000E36, padded_size=0x4000000
)
LAYOUTS = (FOUR_MEGABYTE, TWO_MEGABYTE, TINY)
READABLE = (*LAYOUTS, AARCH64)
