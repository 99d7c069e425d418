"""Drawn signs: what Unicode's names say, without gaps between cells."""

import pytest

from emulator.setup.drawn_signs import ARCS, HEIGHT, SHADES, WIDTH, Shape, shapes

BLOCKS = [chr(code) for code in range(0x2580, 0x25A0)]
LINES = [chr(code) for code in range(0x2500, 0x2580)]
LEFT_TO_FONTS = frozenset("┄┅┆┇┈┉┊┋╌╍╎╏╱╲╳") | set(ARCS)


def covered(sign: str, x: float, y: float) -> bool:
    return any(shape.left <= x < shape.right and shape.top <= y < shape.bottom for shape in shapes(sign))


def edges(sign: str) -> dict[str, frozenset[float]]:
    """Which quarter units of each edge a sign touches."""
    across, along = [at / 4 for at in range(4 * WIDTH)], [at / 4 for at in range(4 * HEIGHT)]
    return {
        "left": frozenset(y for y in along if covered(sign, 0, y)),
        "right": frozenset(y for y in along if covered(sign, WIDTH - 0.25, y)),
        "up": frozenset(x for x in across if covered(sign, x, 0)),
        "down": frozenset(x for x in across if covered(sign, x, HEIGHT - 0.25)),
    }


@pytest.mark.parametrize("sign", [*BLOCKS, *LINES])
def test_every_block_and_line_is_drawn_within_its_cell(sign: str) -> None:
    assert bool(shapes(sign)) == (sign not in LEFT_TO_FONTS and sign not in SHADES)
    for left, top, right, bottom in shapes(sign):
        assert 0 <= left < right <= WIDTH
        assert 0 <= top < bottom <= HEIGHT


@pytest.mark.parametrize(
    ("sign", "shape"),
    [
        ("▀", Shape(0, 0, 8, 8)),
        ("▄", Shape(0, 8, 8, 16)),
        ("█", Shape(0, 0, 8, 16)),
        ("▂", Shape(0, 12, 8, 16)),
        ("▊", Shape(0, 0, 6, 16)),
        ("▏", Shape(0, 0, 1, 16)),
        ("▕", Shape(7, 0, 8, 16)),
        ("▔", Shape(0, 0, 8, 2)),
        ("▗", Shape(4, 8, 8, 16)),
        ("─", Shape(0, 7.5, 4, 8.5)),
        ("│", Shape(3.5, 0, 4.5, 8)),
    ],
)
def test_a_sign_is_drawn_as_its_name_says(sign: str, shape: Shape) -> None:
    assert shape in shapes(sign)


def test_quadrants_make_up_blocks() -> None:
    assert set(shapes("▙")) == {*shapes("▘"), *shapes("▖"), *shapes("▗")}


@pytest.mark.parametrize("frame", ["┌┬┐├┼┤└┴┘─│", "╔╦╗╠╬╣╚╩╝═║", "┏┳┓┣╋┫┗┻┛━┃", "╒╤╕╞╪╡╘╧╛═│", "╓╥╖╟╫╢╙╨╜─║"])
def test_the_signs_of_a_frame_join(frame: str) -> None:
    horizontal, vertical = edges(frame[9]), edges(frame[10])
    for place, sign in enumerate(frame[:9]):
        row, column = divmod(place, 3)
        there = edges(sign)
        assert there["left"] == (horizontal["right"] if column > 0 else frozenset())
        assert there["right"] == (horizontal["left"] if column < 2 else frozenset())
        assert there["up"] == (vertical["down"] if row > 0 else frozenset())
        assert there["down"] == (vertical["up"] if row < 2 else frozenset())


@pytest.mark.parametrize("sign", ["═", "─", "━"])
def test_a_line_goes_through_without_a_gap(sign: str) -> None:
    rows = edges(sign)["left"]
    assert rows
    assert all(covered(sign, x / 4, y) for y in rows for x in range(4 * WIDTH))


def test_the_halves_of_a_double_corner_do_not_cross() -> None:
    assert covered("╔", 2, 6)
    assert not covered("╔", 4, 8)
    assert not covered("╔", 2, 4)
    assert not covered("╬", 4, 8)


@pytest.mark.parametrize("sign", ["A", " ", "►", "é", "日"])
def test_letters_are_left_to_fonts(sign: str) -> None:
    assert shapes(sign) == ()
