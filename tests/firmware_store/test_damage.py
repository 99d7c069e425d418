"""Damaged images are refused with our own error, or used; nothing else ever happens."""

import random
from collections import Counter
from itertools import islice

import pytest

from tests.firmware_store.damage import damaged, healthy, use


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", range(4))
def test_no_damage_raises_anything_but_our_own_error(seed: int) -> None:
    ends = Counter(use(image) for image in islice(damaged(random.Random(seed)), 2500))
    assert ends["used"] > 500
    assert ends["DamagedStore"] > 300


def test_what_is_damaged_here_is_of_every_kind() -> None:
    assert len(healthy()) > 100
    assert {use(image) for image in healthy()} == {"used"}
