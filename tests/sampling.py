"""How much of long tables and of properties is tried: all in the full run, a part of it else."""

import os
from collections import defaultdict
from collections.abc import Iterable

import pytest

FULL = "F10_FULL_RUN" in os.environ


def examples(full: int) -> int:
    """How many examples a property gets that the full run gives `full` of."""
    return full if FULL else max(1, full // 4)


def mark_slow(items: Iterable[pytest.Item]) -> None:
    """Of the cases of a test that is marked `sampled(n)`, leave every n-th to each run and mark the others slow."""
    tables: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        test, bracket, _ = item.nodeid.partition("[")
        if bracket and item.get_closest_marker("sampled"):
            tables[test].append(item)
    for cases in tables.values():
        for at, item in enumerate(sorted(cases, key=lambda case: case.nodeid)):
            mark = item.get_closest_marker("sampled")
            if mark and at % mark.args[0]:
                item.add_marker(pytest.mark.slow)
