"""Nobody's bytes make a reader hang, read outside, or raise what is not an error of this package."""

import pytest

from tests.firmware_store.fuzzing import READERS, fuzz

CASES, PARTS = 6000, 6


@pytest.mark.parametrize("part", range(PARTS))
def test_every_reader_answers_or_refuses(part: int) -> None:
    outcomes = fuzz(part * CASES // PARTS, CASES // PARTS)
    assert outcomes.total() == CASES // PARTS
    for name in READERS:
        assert outcomes[f"{name} answered"], f"{name} was never reached with something that it accepts"
        assert outcomes[f"{name} refused"], f"{name} was never reached with something that it refuses"
