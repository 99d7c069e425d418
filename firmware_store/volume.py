"""The volume around the variables: the headers in front of the records, and how to tell an image from anything else.

The blank images made here equal the ones that Debian ships, byte for byte. Nothing here relies on the spare area or
the event log being erased: after real firmware has run they hold anything.

An image is recognised by its volume header *or* by its working block, because a power cut in the middle of a
fault-tolerant write can leave the volume header erased while its copy waits in the spare area. Firmware that looks at
the header first wipes the only copy; here the working block is asked first, and the header is checked after it.
"""

from functools import cache

from firmware_store.errors import (
    DamagedStore,
    NotAnImage,
    OversizedImage,
    StoreError,
    TruncatedImage,
    UnknownLayout,
)
from firmware_store.formats import (
    BLOCK_MAP_ENTRY,
    FIRMWARE_VOLUME_HEADER,
    VARIABLE_STORE_HEADER,
    FirmwareVolumeHeader,
    VariableStoreHeader,
)
from firmware_store.layout import READABLE, VOLUME_HEADER_LENGTH, Layout
from firmware_store.working_block import working_block_header, working_block_offset

# GUIDs as they lie in the image (EDK2, MdePkg.dec and MdeModulePkg.dec).
NV_DATA_VOLUME = bytes.fromhex("8d2bf1ff96768b4ca9852747075b4f50")
AUTHENTICATED_STORE = bytes.fromhex("782cf3aa7b949a43a1802e144ec37792")
PLAIN_STORE = bytes.fromhex("1636cfdd7532644198b6fe85707ffe7d")

VOLUME_SIGNATURE = b"_FVH"
VOLUME_REVISION = 2
STORE_FORMATTED, STORE_HEALTHY = 0x5A, 0xFE


def word_sum(header: bytes) -> int:
    """The sum of the 16-bit words of a header, which a right checksum makes zero."""
    return sum(int.from_bytes(header[at : at + 2], "little") for at in range(0, len(header), 2)) & 0xFFFF


@cache
def volume_header(layout: Layout) -> bytes:
    """The volume header and its block map, as the layout demands them."""
    header = FirmwareVolumeHeader(
        zero_vector=bytes(16),
        file_system_guid=NV_DATA_VOLUME,
        volume_length=layout.size,
        signature=VOLUME_SIGNATURE,
        attributes=layout.volume_attributes,
        header_length=VOLUME_HEADER_LENGTH,
        checksum=0,
        extended_header_offset=0,
        reserved=0,
        revision=VOLUME_REVISION,
    )
    block_map = BLOCK_MAP_ENTRY.pack(
        layout.chip_size // layout.block_size, layout.block_size
    ) + BLOCK_MAP_ENTRY.pack(0, 0)
    balance = -word_sum(FIRMWARE_VOLUME_HEADER.pack(*header) + block_map) & 0xFFFF
    return FIRMWARE_VOLUME_HEADER.pack(*header._replace(checksum=balance)) + block_map


@cache
def store_header(layout: Layout) -> bytes:
    header = VariableStoreHeader(AUTHENTICATED_STORE, layout.store_size, STORE_FORMATTED, STORE_HEALTHY, 0, 0)
    return VARIABLE_STORE_HEADER.pack(*header)


@cache
def blank(layout: Layout) -> bytes:
    """An image without variables, as it leaves the factory."""
    image = bytearray(b"\xff" * layout.size)
    headers = volume_header(layout) + store_header(layout)
    image[: len(headers)] = headers
    working = working_block_header(layout)
    image[layout.working_offset : layout.working_offset + len(working)] = working
    return bytes(image)


def is_volume(image: bytes | bytearray, layout: Layout) -> bool:
    """Whether a volume of this layout begins the image. What firmware ignores is ignored here too."""
    if image.startswith(volume_header(layout)):
        return True
    head = bytes(image[:VOLUME_HEADER_LENGTH])
    header = FirmwareVolumeHeader._make(FIRMWARE_VOLUME_HEADER.unpack_from(head))
    _, block_length = BLOCK_MAP_ENTRY.unpack_from(head, FIRMWARE_VOLUME_HEADER.size)
    return (
        header.file_system_guid == NV_DATA_VOLUME
        and header.signature == VOLUME_SIGNATURE
        and header.revision == VOLUME_REVISION
        and header.volume_length == layout.size
        and header.header_length == VOLUME_HEADER_LENGTH
        and block_length == layout.block_size
        and word_sum(head) == 0
    )


def disagreement(image: bytes | bytearray) -> str | None:
    """What a person should know of a block map that does not add up to its volume. It keeps nobody from reading."""
    header = FirmwareVolumeHeader._make(FIRMWARE_VOLUME_HEADER.unpack_from(image))
    count, length = BLOCK_MAP_ENTRY.unpack_from(image, FIRMWARE_VOLUME_HEADER.size)
    if count * length == header.volume_length:
        return None
    return (
        f"the block map announces {count} blocks of {length:#x} bytes, {count * length:#x} in all, the volume header "
        f"{header.volume_length:#x}; AArch64 firmware ships its images like this"
    )


def check_volume(image: bytes | bytearray, layout: Layout) -> None:
    """The two headers in front of the records, or the reason why this store cannot be used."""
    if not is_volume(image, layout):
        raise DamagedStore(f"expected the volume header of the {layout.name} layout at 0x0, found it damaged")
    if image.startswith(store_header(layout), VOLUME_HEADER_LENGTH):
        return
    found = bytes(image[VOLUME_HEADER_LENGTH : layout.records_offset])
    store = VariableStoreHeader._make(VARIABLE_STORE_HEADER.unpack(found))
    if store.signature == PLAIN_STORE:
        raise UnknownLayout(
            "an older store without authenticated variables; only authenticated stores are supported"
        )
    wanted = VariableStoreHeader._make(VARIABLE_STORE_HEADER.unpack(store_header(layout)))
    if store[:4] != wanted[:4]:
        raise DamagedStore(
            f"expected a formatted, healthy variable store of {layout.store_size:#x} bytes "
            f"at {VOLUME_HEADER_LENGTH:#x}, found {found.hex()}"
        )


def detect(image: bytes | bytearray) -> Layout:
    """The layout of an image, told by the image alone."""
    for layout in READABLE:
        if len(image) in (layout.size, layout.chip_size) and (
            is_volume(image, layout) or working_block_offset(image, layout) is not None
        ):
            return layout
    raise _stranger(bytes(image))


def _stranger(image: bytes) -> StoreError:
    """The clearest thing that can be said about bytes which are none of our layouts."""
    if not image:
        return TruncatedImage(
            "expected a UEFI variable image, got an empty file; restore it from a copy or make a new one"
        )
    if len(image) < VOLUME_HEADER_LENGTH:
        return TruncatedImage(
            f"expected a volume header of {VOLUME_HEADER_LENGTH} bytes, got {len(image)} bytes in all"
        )
    if image.count(image[:1]) == len(image):
        return NotAnImage(
            f"expected a UEFI variable image, got {len(image)} bytes that are all {image[0]:#04x}"
        )
    header = FirmwareVolumeHeader._make(FIRMWARE_VOLUME_HEADER.unpack_from(image))
    if header.signature != VOLUME_SIGNATURE or header.file_system_guid != NV_DATA_VOLUME:
        return NotAnImage(
            "expected a UEFI variable image, got a file that does not begin with its volume header"
        )
    length, known = header.volume_length, ", ".join(f"{each.size:#x} ({each.name})" for each in READABLE)
    if len(image) < length:
        return TruncatedImage(
            f"the volume header announces {length:#x} bytes, the file has {len(image):#x}; restore it from a copy"
        )
    if length not in (each.size for each in READABLE):
        return UnknownLayout(f"a variable image of {length:#x} bytes; the sizes known here are {known}")
    if len(image) > length:
        return OversizedImage(f"the volume header announces {length:#x} bytes, the file has {len(image):#x}")
    return DamagedStore(
        "both the volume header and the working block are damaged; restore the image from a copy"
    )
