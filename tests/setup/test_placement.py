"""Where the challenge's code goes on screens of several sizes. Version 13 has 69 modules."""

import pytest

from emulator.qr import Form
from emulator.setup.placement import Placement, needed, place

MODULES = 69


@pytest.mark.parametrize(
    ("columns", "rows", "placement"),
    [
        (80, 24, None),
        (100, 38, Placement(2, Form.HALF, beside=True)),
        (132, 43, Placement(4, Form.HALF, beside=True)),
        (80, 60, Placement(4, Form.HALF, beside=False)),
        (98, 38, None),
        (100, 37, None),
    ],
)
def test_the_code_takes_the_widest_border_that_fits(
    columns: int, rows: int, placement: Placement | None
) -> None:
    assert place(columns, rows, MODULES) == placement


def test_the_large_form_needs_twice_the_columns_and_rows() -> None:
    assert place(132, 43, MODULES, Form.FULL) is None
    assert place(180, 74, MODULES, Form.FULL) == Placement(2, Form.FULL, beside=True)


def test_the_size_that_is_asked_for_does_show_the_code() -> None:
    for form in Form:
        columns, rows = needed(MODULES, form)
        assert place(columns, rows, MODULES, form) is not None
        assert place(columns - 1, rows, MODULES, form) is None
        assert place(columns, rows - 1, MODULES, form) is None
