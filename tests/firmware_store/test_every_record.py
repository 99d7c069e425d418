"""The full listing: what the plain walk and the plain decoder say, record by record."""

import pathlib
from uuid import UUID

import pytest

from firmware_store import TINY, VariableStore, blank, detect
from firmware_store.errors import DamagedStore
from firmware_store.index import every_record, walk
from firmware_store.records import Record, decoded, key_at

VENDOR = UUID(int=1)
IMAGES = sorted((pathlib.Path(__file__).parent.parent / "images").glob("*.fd"))
DEBIAN = sorted(pathlib.Path("/usr/share/OVMF").glob("OVMF_VARS*.fd"))


def by_walk_and_decoder(image: bytes) -> list[Record]:
    found = []
    for offset, state, name_size, _ in walk(image, detect(image))[0]:
        if name_size:
            (variable,) = decoded(image, [(key_at(image, offset), offset)])
            found.append(Record(offset, state, variable))
    return found


@pytest.mark.parametrize("path", [*IMAGES, *DEBIAN], ids=lambda path: path.stem)
def test_it_is_what_walk_and_decoder_say(path: pathlib.Path) -> None:
    image = VariableStore.from_image(path.read_bytes()).flash.content
    assert every_record(bytes(image), detect(image)) == by_walk_and_decoder(bytes(image))


def test_updates_and_deletions_stay_to_be_seen() -> None:
    store = VariableStore.from_image(blank(TINY))
    store.set(VENDOR, "A", b"1", 7)
    store.set(VENDOR, "A", b"2", 7)
    store.delete(VENDOR, "A")
    assert [(each.state, each.variable.data) for each in store.records()] == [(0x3C, b"1"), (0x3D, b"2")]


def test_a_name_without_its_end_is_damage() -> None:
    store = VariableStore.from_image(blank(TINY))
    store.set(VENDOR, "AB", b"1", 7)
    image = bytearray(store.flash.content)
    image[0x64 + 60 + 4] = 1
    with pytest.raises(DamagedStore, match="is not CHAR16"):
        every_record(bytes(image), TINY)


def test_a_record_that_would_leave_the_store_is_damage() -> None:
    store = VariableStore.from_image(blank(TINY))
    store.set(VENDOR, "A", b"1", 7)
    image = bytearray(store.flash.content)
    image[0x64 + 41] = 0x77
    with pytest.raises(DamagedStore, match="outside the store"):
        every_record(bytes(image), TINY)
