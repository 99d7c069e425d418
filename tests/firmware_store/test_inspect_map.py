"""The picture of the flash: every byte is in it once, and it fits the terminal."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_store import FOUR_MEGABYTE, TINY, TWO_MEGABYTE, Layout, blank
from firmware_store.inspect_map import MOST_ROWS, Use, cell_size, cells, picture, regions
from tests.firmware_store import incidents

MADE = [
    incidents.filled,
    incidents.torn,
    incidents.pending_without_header,
    incidents.record_leaves_store,
    incidents.dirty_spare,
]


@pytest.mark.parametrize("made", MADE, ids=lambda each: each.__name__)
def test_the_regions_cover_every_byte_once(made: object) -> None:
    assert callable(made)
    image = made()
    found = regions(image)
    assert found[0].start == 0
    assert found[-1].stop == len(image)
    assert all(one.stop == other.start for one, other in pairwise(found))


def test_each_kind_of_record_has_a_use_of_its_own() -> None:
    uses = {each.use for each in regions(incidents.torn())}
    assert {Use.HEADER, Use.LIVE, Use.OBSOLETE, Use.TORN, Use.ERASED} <= uses
    assert Use.QUEUE in {each.use for each in regions(incidents.pending_copied())}


@given(width=st.integers(20, 300), layout=st.sampled_from([TINY, TWO_MEGABYTE, FOUR_MEGABYTE]))
def test_no_line_is_wider_than_the_terminal(width: int, layout: Layout) -> None:
    lines = picture(blank(layout), width)
    assert all(len(line) <= max(width, 40) for line in lines)
    assert sum(line.startswith("0x") for line in lines) <= MOST_ROWS


def test_without_boxes_and_colours_the_picture_is_plain_ascii() -> None:
    lines = picture(incidents.torn(), 80, letters=True)
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert any("x" in line for line in lines if line.startswith("0x"))


def test_colours_end_with_their_line() -> None:
    lines = picture(incidents.torn(), 80, colours=True)
    assert all(line.endswith("\x1b[0m") or "\x1b" not in line.rpartition("\x1b[0m")[2] for line in lines)
    assert [uncoloured(line) for line in lines] == picture(incidents.torn(), 80)


def uncoloured(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def test_a_torn_record_is_seen_however_small_its_share_of_the_cell() -> None:
    found = regions(incidents.torn())
    assert Use.TORN in cells(found, TINY.size, 4096)


def test_the_legend_counts_every_byte() -> None:
    lines = [line for line in picture(incidents.filled(), 80) if not line.startswith(("0x", "one"))]
    assert sum(int(line[1:].split()[0]) for line in lines) == TINY.size


def test_cells_are_powers_of_two() -> None:
    assert cell_size(FOUR_MEGABYTE.size, 64) == 1024
    assert cell_size(TINY.size, 64) == 32
