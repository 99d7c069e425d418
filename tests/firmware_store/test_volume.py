"""Blank images are Debian's; anything that is not an image of ours is named for what it is."""

import hashlib
import pathlib
from uuid import UUID

import pytest

from firmware_store import (
    AARCH64,
    FOUR_MEGABYTE,
    LAYOUTS,
    TINY,
    TWO_MEGABYTE,
    Layout,
    VariableStore,
    blank,
    detect,
    index,
)
from firmware_store.errors import (
    DamagedStore,
    NotAnImage,
    OversizedImage,
    StoreError,
    TruncatedImage,
    UnknownLayout,
)
from firmware_store.formats import VARIABLE_STORE_HEADER
from firmware_store.volume import PLAIN_STORE, disagreement, volume_header, word_sum

OVMF = pathlib.Path("/usr/share/OVMF")
ARM = pathlib.Path("/usr/share/AAVMF")


def debian(path: pathlib.Path) -> bytes:
    if not path.is_file():
        pytest.skip(f"{path} is not there; Debian's packages ovmf and qemu-efi-aarch64 bring it")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("layout", "sha256"),
    [
        (FOUR_MEGABYTE, "5d2ac383371b408398accee7ec27c8c09ea5b74a0de0ceea6513388b15be5d1e"),
        (TWO_MEGABYTE, "6ed987af3a3c155be71665f510eae3e007eda9b8b94afd59d45e91c4a11565cc"),
    ],
)
def test_blank_images_are_byte_identical_to_debians(layout: Layout, sha256: str) -> None:
    assert hashlib.sha256(blank(layout)).hexdigest() == sha256


@pytest.mark.parametrize(
    ("name", "layout"), [("OVMF_VARS_4M.fd", FOUR_MEGABYTE), ("OVMF_VARS.fd", TWO_MEGABYTE)]
)
def test_blank_images_equal_the_installed_files(name: str, layout: Layout) -> None:
    assert debian(OVMF / name) == blank(layout)


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("OVMF_VARS_4M.ms.fd", FOUR_MEGABYTE),
        ("OVMF_VARS_4M.snakeoil.fd", FOUR_MEGABYTE),
        ("OVMF_VARS.ms.fd", TWO_MEGABYTE),
    ],
)
def test_the_layout_of_real_images_is_found_out(name: str, layout: Layout) -> None:
    assert detect(debian(OVMF / name)) is layout


def test_the_unformatted_arm_image_is_refused_with_a_reason() -> None:
    with pytest.raises(NotAnImage, match="all 0x00"):
        detect(debian(ARM / "AAVMF_VARS.fd"))


def test_an_arm_image_is_read_though_its_block_map_disagrees() -> None:
    image = debian(ARM / "AAVMF_VARS.ms.fd")
    assert detect(image) is AARCH64
    assert image[:72] == volume_header(AARCH64)
    assert "announces 256 blocks of 0x40000 bytes, 0x4000000 in all" in str(disagreement(image))
    for each in (image, image[: AARCH64.size]):
        store = VariableStore.from_image(each)
        assert len(store) == len(list(store)) == 22
        assert store.flash.operations == 0
        assert len(index.walk(each, AARCH64)[0]) == 29


def test_an_arm_image_can_be_changed_and_keeps_its_padding() -> None:
    image = blank(AARCH64) + bytes(AARCH64.chip_size - AARCH64.size)
    store = VariableStore.from_image(image)
    store.set(UUID(int=1), "A", b"1", 7)
    store.reclaim()
    assert [each.data for each in VariableStore.from_image(store.flash.content)] == [b"1"]
    assert len(store.flash.content) == len(image)
    assert store.flash.content.endswith(image[AARCH64.size :])


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.name)
def test_our_own_block_maps_agree_with_their_volumes(layout: Layout) -> None:
    assert disagreement(blank(layout)) is None


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.name)
def test_a_blank_image_is_recognised_and_has_room_for_the_largest_variable(layout: Layout) -> None:
    image = blank(layout)
    assert detect(image) is layout
    assert len(image) == layout.size
    assert word_sum(image[:72]) == 0
    assert list(VariableStore.from_image(image)) == []
    assert layout.spare_size >= layout.variable_size, "a fault-tolerant write copies the region there first"
    assert layout.largest <= layout.largest_authenticated <= layout.store_size - VARIABLE_STORE_HEADER.size


def patched(offset: int, new: bytes, image: bytes = blank(TINY)) -> bytes:
    return image[:offset] + new + image[offset + len(new) :]


@pytest.mark.parametrize(
    ("image", "reason", "text"),
    [
        (b"", TruncatedImage, "empty file"),
        (b"MZ", TruncatedImage, "got 2 bytes in all"),
        (bytes(540672), NotAnImage, "all 0x00"),
        (b"\xff" * 540672, NotAnImage, "all 0xff"),
        (b"%PDF-1.7 " * 100, NotAnImage, "does not begin with its volume header"),
        (blank(FOUR_MEGABYTE)[:-1], TruncatedImage, "announces 0x84000 bytes, the file has 0x83fff"),
        (blank(FOUR_MEGABYTE)[:4096], TruncatedImage, "announces 0x84000 bytes"),
        (blank(FOUR_MEGABYTE) + b"\xff", OversizedImage, "the file has 0x84001"),
        (blank(FOUR_MEGABYTE) * 2, OversizedImage, "the file has 0x108000"),
        (patched(32, b"\0\x40\0\0\0\0\0\0"), DamagedStore, "volume header"),
        (blank(TINY)[:0x2000], TruncatedImage, "announces 0x5000 bytes, the file has 0x2000"),
        (patched(32, b"\0\x10\0\0")[:0x1000], UnknownLayout, "known here"),
    ],
)
def test_foreign_bytes_are_named_for_what_they_are(image: bytes, reason: type[StoreError], text: str) -> None:
    with pytest.raises(reason, match=text):
        VariableStore.from_image(image)


@pytest.mark.parametrize("offset", [0, 16, 32, 40, 44, 48, 50, 55, 56, 60])
def test_a_damaged_volume_header_is_damage_of_our_image(offset: int) -> None:
    """The working block still tells the layout."""
    image = blank(TINY)
    with pytest.raises(DamagedStore, match="volume header"):
        VariableStore.from_image(patched(offset, bytes([image[offset] ^ 1])))


def test_without_header_and_working_block_nothing_is_left_to_tell() -> None:
    without = patched(TINY.working_offset, b"\xff" * 32)
    assert detect(without) is TINY
    with pytest.raises(DamagedStore, match="both"):
        detect(patched(50, b"\0\0", without))


@pytest.mark.parametrize("offset", [0, 16, 17, 20, 21])
def test_a_damaged_store_header_is_refused(offset: int) -> None:
    at = 72 + offset
    with pytest.raises(DamagedStore, match="healthy variable store"):
        VariableStore.from_image(patched(at, bytes([blank(TINY)[at] ^ 0x40])))


def test_the_older_kind_of_store_is_refused_by_name() -> None:
    with pytest.raises(UnknownLayout, match="without authenticated variables"):
        VariableStore.from_image(patched(72, PLAIN_STORE))
