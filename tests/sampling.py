"""Long tables of cases: some are tried in every run, all of them in the full run."""

import os
from collections.abc import Iterable
from typing import Any

import pytest

FULL = "F10_FULL_RUN" in os.environ


def examples(full: int) -> int:
    """How many examples a property gets that the full run gives `full` of."""
    return full if FULL else max(1, full // 4)


def sampled(cases: Iterable[Any], one_in: int) -> list[Any]:
    """The cases for `parametrize`, each a value or a tuple of them, of which every `one_in`-th is tried always and the others are marked slow."""
    return [_case(case, [] if at % one_in == 0 else [pytest.mark.slow]) for at, case in enumerate(cases)]


def _case(case: Any, marks: list[pytest.MarkDecorator]) -> Any:
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=marks)
