"""Codes as terminal cells: what is drawn is what was meant, and a reader reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from emulator import qr
from emulator.qr import Cell, Form
from tests.codes import codes_in

MATRICES = st.integers(1, 40).flatmap(
    lambda side: st.lists(st.lists(st.booleans(), min_size=side, max_size=side), min_size=side, max_size=side)
)
HALVES = {qr.BLANK: lambda cell: (cell.paper, cell.paper), qr.UPPER: lambda cell: (cell.ink, cell.paper)}


def halves(cell: Cell) -> tuple[bool, bool]:
    """The two modules that a half-block cell shows."""
    if cell.glyph == qr.LOWER:
        return cell.paper, cell.ink
    top, bottom = HALVES[cell.glyph](cell)
    return top, bottom


def modules_of(cells: list[list[Cell]], form: Form, border: int) -> list[list[bool]]:
    if form is Form.FULL:
        rows = [[cell.paper for cell in row[::2]] for row in cells]
    else:
        rows = [[halves(cell)[half] for cell in row] for row in cells for half in (0, 1)]
    side = len(rows[0])
    assert not any(any(row) for row in rows[side:])
    return [row[border : side - border] for row in rows[border : side - border]]


@given(MATRICES, st.sampled_from(Form), st.integers(1, 4))
def test_matrix_to_cells_and_back_is_the_identity(matrix: list[list[bool]], form: Form, border: int) -> None:
    drawn = qr.cells(matrix, border, form)
    assert (len(drawn[0]), len(drawn)) == qr.size(len(matrix), border, form)
    assert modules_of(drawn, form, border) == matrix


@given(MATRICES)
def test_equal_halves_need_no_glyph(matrix: list[list[bool]]) -> None:
    for row in qr.cells(matrix, 1):
        for cell in row:
            assert (cell.glyph == qr.BLANK) == (cell.ink == cell.paper)


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("border", [2, 4])
def test_the_drawn_cells_read(form: Form, border: int) -> None:
    text = '{"f10":1,"k":"SOMETHING","n":12345}'
    cells = qr.cells(qr.matrix(text), border, form)
    pixels = [[dark for cell in row for dark in [halves(cell)[half]] * 4] for row in cells for half in (0, 1)]
    picture = Image.new("L", (len(pixels[0]), len(pixels) * 4))
    picture.putdata([0 if dark else 255 for row in pixels for _ in range(4) for dark in row])
    assert codes_in(picture) == [text]
