"""What the platform writes by itself: keys with the attributes of keys, and a time stamp that never falls."""

import pytest

from firmware_store import FOUR_MEGABYTE, MemoryImage, platform_keys
from firmware_store.errors import SecurityViolation
from firmware_store.formats import EFI_TIME
from firmware_store.platform_keys import FACTORY_TIME
from firmware_store.records import Variable
from firmware_store.secure_boot import CUSTOM_MODE, KEYS, PK, SECURE_BOOT_ENABLE, Place

LATER = EFI_TIME.pack(2031, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)
EARLIER = EFI_TIME.pack(2001, 12, 31, 0, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("place", KEYS, ids=[place.name for place in KEYS])
class TestKeys:
    def test_a_key_is_what_a_signed_request_would_have_left(self, place: Place) -> None:
        with (image := MemoryImage(FOUR_MEGABYTE)).transaction() as store:
            platform_keys.put(store, place, b"lists")
        assert image.open().get(*place) == Variable(*place, 0x27, b"lists", FACTORY_TIME)
        with image.transaction() as store, pytest.raises(SecurityViolation):
            store.set(*place, b"others", 0x27)

    @pytest.mark.parametrize(("held", "kept"), [(LATER, LATER), (EARLIER, FACTORY_TIME)])
    def test_its_time_stamp_never_falls(self, place: Place, held: bytes, kept: bytes) -> None:
        with (image := MemoryImage(FOUR_MEGABYTE)).transaction() as store:
            store.put(Variable(*place, 0x27, b"of others", held))
            platform_keys.put(store, place, b"lists")
        assert image.open().get(*place).time_stamp == kept

    def test_no_value_takes_it_away_if_it_is_there(self, place: Place) -> None:
        with (image := MemoryImage(FOUR_MEGABYTE)).transaction() as store:
            platform_keys.put(store, place, b"")
            platform_keys.put(store, place, b"lists")
            platform_keys.put(store, place, b"")
        assert len(image.open()) == 0

    def test_one_that_was_written_with_other_attributes_gets_its_own(self, place: Place) -> None:
        with (image := MemoryImage(FOUR_MEGABYTE)).transaction() as store:
            store.set(*place, b"wrong", 7)
            platform_keys.put(store, place, b"lists")
        assert image.open().get(*place).attributes == 0x27


def test_the_switch_is_a_plain_variable() -> None:
    with (image := MemoryImage(FOUR_MEGABYTE)).transaction() as store:
        platform_keys.put(store, SECURE_BOOT_ENABLE, b"\1")
    assert image.open().get(*SECURE_BOOT_ENABLE) == Variable(*SECURE_BOOT_ENABLE, 3, b"\1")


def test_these_are_what_the_platform_writes() -> None:
    assert PK in platform_keys.WRITTEN
    assert SECURE_BOOT_ENABLE in platform_keys.WRITTEN
    assert CUSTOM_MODE not in platform_keys.WRITTEN
