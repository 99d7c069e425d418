"""What the chip allows, what it counts, and what a power cut leaves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_store import Cut, NORFlash, Operation
from firmware_store.errors import FlashRuleBroken, PowerCut


def erased(blocks: int = 2, *, logged: bool = False) -> NORFlash:
    return NORFlash(b"\xff" * 16 * blocks, 16, logged=logged)


@settings(deadline=None)
@given(old=st.binary(min_size=8, max_size=8), new=st.binary(min_size=8, max_size=8))
def test_programming_clears_bits_and_raises_for_any_bit_it_would_set(old: bytes, new: bytes) -> None:
    flash = NORFlash(old, 8)
    sets_a_bit = any(after & ~before for before, after in zip(old, new, strict=True))
    if sets_a_bit:
        with pytest.raises(FlashRuleBroken, match="erase first"):
            flash.program(0, new)
        assert flash.content == old
    else:
        flash.program(0, new)
        assert flash.content == new


def test_erasing_sets_one_block_and_wears_it() -> None:
    flash = NORFlash(bytes(48), 16)
    flash.erase(1)
    flash.erase(1)
    assert flash.content == bytes(16) + b"\xff" * 16 + bytes(16)
    assert flash.wear == [0, 2, 0]


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (31, 2), (32, 1), (0, -1)])
def test_nothing_outside_the_chip_is_read_or_written(offset: int, length: int) -> None:
    flash = erased()
    with pytest.raises(FlashRuleBroken, match="outside the flash"):
        flash.read(offset, length)
    if length > 0:
        with pytest.raises(FlashRuleBroken, match="outside the flash"):
            flash.program(offset, b"\0" * length)
    with pytest.raises(FlashRuleBroken, match="outside the flash"):
        flash.erase(2)


def test_a_chip_has_whole_blocks() -> None:
    with pytest.raises(FlashRuleBroken, match="whole blocks"):
        NORFlash(bytes(17), 16)


def test_the_log_names_every_operation_in_order() -> None:
    flash = erased(logged=True)
    flash.program(3, b"\x01\x02", "two bytes")
    flash.erase(1, "block")
    assert flash.log == [Operation("program", 3, 2, "two bytes"), Operation("erase", 16, 16, "block")]
    assert flash.operations == 2
    assert erased().log is None


@settings(deadline=None)
@given(done=st.integers(0, 5), unchanged=st.integers(0, 255))
def test_a_cut_in_a_write_leaves_a_prefix_and_one_torn_byte(done: int, unchanged: int) -> None:
    flash = erased()
    flash.cut = Cut(1, done, unchanged)
    flash.program(0, b"\x0f")
    with pytest.raises(PowerCut):
        flash.program(1, bytes(4))
    torn = bytes(min(done, 4)) + (bytes([unchanged]) if done < 4 else b"")
    assert flash.content == b"\x0f" + torn.ljust(31, b"\xff")


def test_a_cut_after_an_operation_leaves_it_done_and_the_next_one_untouched() -> None:
    flash = erased()
    flash.cut = Cut(1)
    flash.program(0, b"\0")
    with pytest.raises(PowerCut):
        flash.erase(0)
    assert flash.content == b"\0".ljust(32, b"\xff")


def test_a_cut_in_an_erase_leaves_part_of_the_block_or_noise() -> None:
    for cut, left in (
        (Cut(0, done=4), b"\xff" * 4 + bytes(12)),
        (Cut(0, noise=b"\x80\x00" * 8), b"\x80\x00" * 8),
        (Cut(0, done=99), b"\xff" * 16),
    ):
        flash = NORFlash(bytes(32), 16)
        flash.cut = cut
        with pytest.raises(PowerCut, match="half erased"):
            flash.erase(1)
        assert flash.content == bytes(16) + left
        assert flash.wear == [0, 1]


def test_without_power_nothing_changes_until_a_new_chip_is_made() -> None:
    flash = erased()
    flash.cut = Cut(0)
    for _ in range(2):
        with pytest.raises(PowerCut):
            flash.program(0, b"\0")
        with pytest.raises(PowerCut):
            flash.erase(1)
    assert flash.content == b"\xff" * 32
    NORFlash(flash.content, 16).program(0, b"\0")
