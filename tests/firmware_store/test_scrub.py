"""After a scrub no byte of an old secret is in the flash, wherever it had been."""

import pathlib
import random

import pytest

from firmware_store import LAYOUTS, TINY, Image, Layout, MemoryImage, VariableStore, blank, redo
from firmware_store.working_block import empty_working_block
from tests.firmware_store.crashes import VENDOR, opened, recorded, states

OLD, NEWER, LIVE = (bytes([mark]) + b"SeCrEt" * 4 for mark in (1, 2, 3))
# Part of every secret; one of these more than the live value has would be too much.
TRACE = b"SeCr"


def everywhere(layout: Layout) -> bytes:
    """An image with an old secret in obsolete records, a redo variable, the working block's queue and the spare."""
    store = VariableStore.from_image(blank(layout))
    store.set(VENDOR, "Password", OLD, 3)
    with store.transaction():
        store.set(VENDOR, "Password", NEWER, 3)
        store.set(VENDOR, "Hint", OLD + NEWER, 3)
    store.delete(VENDOR, "Hint")
    store.set(VENDOR, "Password", LIVE, 3)
    assert store.history(redo.VENDOR, "Transaction")
    image = bytearray(store.flash.content)
    image[layout.spare_offset + 5000 : layout.spare_offset + 5000 + len(OLD)] = OLD
    image[layout.spare_offset - len(NEWER) : layout.spare_offset] = NEWER
    return bytes(image)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.name)
def test_a_scrub_leaves_the_live_value_once_and_nothing_of_the_old_ones(layout: Layout) -> None:
    image = everywhere(layout)
    assert image.count(OLD) >= 4
    assert image.count(NEWER) >= 4
    store = VariableStore.from_image(image)
    store.scrub()
    left = bytes(store.flash.content)
    assert OLD not in left
    assert NEWER not in left
    assert left.count(TRACE) == LIVE.count(TRACE)
    assert left.count(LIVE) == 1
    assert left[layout.working_offset : layout.spare_offset] == empty_working_block(layout)
    assert set(left[layout.spare_offset :]) == {0xFF}
    assert VariableStore.from_image(left).get(VENDOR, "Password").data == LIVE


def test_a_second_scrub_finds_nothing_to_do() -> None:
    store = VariableStore.from_image(everywhere(TINY))
    store.scrub()
    again = opened(store.flash.content)
    again.scrub()
    assert again.flash.operations == 0


def change(store: VariableStore) -> None:
    store.set(VENDOR, "Password", NEWER, 3, secret=True)


def change_in_a_transaction(store: VariableStore) -> None:
    with store.transaction(secret=True):
        store.set(VENDOR, "Password", NEWER, 3)
        store.set(VENDOR, "Hint", b"none", 3)


def change_one_of_several(store: VariableStore) -> None:
    with store.transaction():
        store.set(VENDOR, "Hint", b"none", 3)
        store.set(VENDOR, "Password", NEWER, 3, secret=True)


def remove(store: VariableStore) -> None:
    store.delete(VENDOR, "Password", secret=True)


@pytest.mark.parametrize("act", [change, change_in_a_transaction, change_one_of_several, remove])
def test_changing_a_secret_leaves_nothing_of_the_old_one(act: object) -> None:
    store = VariableStore.from_image(blank(TINY))
    store.set(VENDOR, "Password", OLD, 3)
    assert callable(act)
    act(store)
    left = bytes(store.flash.content)
    assert OLD not in left
    assert left.count(TRACE) == (0 if act is remove else NEWER.count(TRACE))
    assert left.count(NEWER) == (act is not remove)


def test_setting_a_secret_to_what_it_is_removes_the_old_ones_all_the_same() -> None:
    for again in ("set", "put"):
        store = VariableStore.from_image(everywhere(TINY))
        if again == "set":
            store.set(VENDOR, "Password", LIVE, 3, secret=True)
        else:
            store.put(store.get(VENDOR, "Password"), secret=True)
        assert store.flash.content.count(TRACE) == LIVE.count(TRACE)


@pytest.mark.parametrize("reclaims", [0, 50])
def test_a_cut_leaves_one_of_the_two_secrets_and_no_byte_of_the_other(reclaims: int) -> None:
    store = VariableStore.from_image(blank(TINY))
    store.set(VENDOR, "Password", OLD, 3)
    for _ in range(reclaims):
        store.reclaim()
    image, found = bytes(store.flash.content), set()
    for _, torn in states(image, recorded(image, change)[0], random.Random(1)):
        recovered = opened(torn)
        held = recovered.get(VENDOR, "Password").data
        found.add(held)
        assert recovered.flash.content.count(TRACE) == held.count(TRACE)
    assert found == {OLD, NEWER}


def test_a_secret_transaction_of_an_image_scrubs_even_when_it_changes_nothing(tmp_path: pathlib.Path) -> None:
    file = Image(tmp_path / "flash.fd", durability="none")
    file.create(TINY)
    for image in (file, MemoryImage(TINY)):
        for value in (OLD, LIVE):
            with image.transaction() as store:
                store.set(VENDOR, "Password", value, 3)
        assert OLD in image.read()
        with image.transaction(secret=True):
            pass
        assert OLD not in image.read()
        assert image.read().count(LIVE) == 1


def test_a_reclaim_alone_keeps_what_the_spare_area_held() -> None:
    """Why a scrub is more than a reclaim."""
    store = VariableStore.from_image(everywhere(TINY))
    store.reclaim()
    assert OLD in store.flash.content
