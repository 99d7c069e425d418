"""Texts in columns: nothing is lost, nothing is wider than it may be."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from emulator.setup.columns import columns, cut, padded, wrapped

TEXT = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" 漢é\N{COMBINING ACUTE ACCENT}"),
    max_size=60,
)
WIDTH = st.integers(12, 40)


@given(TEXT, WIDTH)
def test_pieces_are_the_text_and_fit(text: str, width: int) -> None:
    pieces = cut(text, width)
    assert "".join(pieces) == text
    assert all(cell_len(piece) <= width for piece in pieces)


@given(TEXT, WIDTH, st.integers(0, 4))
def test_lines_hold_every_word_and_fit(text: str, width: int, hang: int) -> None:
    lines = wrapped(text, width, hang)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)
    assert all(line.startswith(" " * hang) for line in lines[1:])


@given(TEXT, WIDTH)
def test_a_padded_text_takes_the_columns_at_least(text: str, width: int) -> None:
    assert columns(padded(text, width)) == max(width, cell_len(text))


def test_words_that_fit_stay_whole() -> None:
    assert wrapped("eins zwei drei", 9) == ["eins zwei", "drei"]
    assert wrapped("größe zwei drei", 10, hang=2) == ["größe zwei", "  drei"]
    assert wrapped("漢字 漢字 漢字", 9) == ["漢字 漢字", "漢字"]
    assert wrapped("", 9) == [""]
    assert cut("漢字漢", 5) == ["漢字", "漢"]
