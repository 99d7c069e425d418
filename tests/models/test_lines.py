"""Where things stand in a TOML file, and which texts are not given to a parser at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.models.lines import line_in, line_of, places
from emulator.models.tokens import excess, tokens

FILE = '''\
# [setting."Not this"]
top = "a # [b]"                # 2

[[page]]                       # 4
path = ["Main"]                # 5
items = [                      # 6
    "One", "Two",              # 7
    { heading = "]" },         # 8
    # "No entry",
    ["deep",                   # 10
     [ "deeper" ]]             # 11
]

[[page]]                       # 14
path = ["]", """
[setting."Nor this"]
"""]
wmi_path = \'\'\'
x = 1\'\'\'

[setting."Fast \\"Boot\\""]    # 21
kind = "enumeration"           # 22
[[setting."Fast \\"Boot\\"".requires]]  # 23
setting = "A"                  # 24
[[setting."Fast \\"Boot\\"".requires]]  # 25
setting = "B"                  # 26
[setting]                      # 27
"Dotted".default = 1           # 28
Dotted . kind . 'x y' = 2      # 29
Inline = { a = { b = 1 }, c = 1979-05-27 07:32:00, d = [] }  # 30
'''


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("top",), 2),
        (("page",), 4),
        (("page", 0), 4),
        (("page", 0, "path"), 5),
        (("page", 0, "path", 0), 5),
        (("page", 0, "items"), 6),
        (("page", 0, "items", 0), 7),
        (("page", 0, "items", 1), 7),
        (("page", 0, "items", 2), 8),
        (("page", 0, "items", 2, "heading"), 8),
        (("page", 0, "items", 3), 10),
        (("page", 0, "items", 3, 1, 0), 11),
        (("page", 1), 14),
        (("page", 1, "path", 1), 15),
        (("page", 1, "wmi_path"), 18),
        (("setting",), 21),
        (("setting", 'Fast "Boot"'), 21),
        (("setting", 'Fast "Boot"', "kind"), 22),
        (("setting", 'Fast "Boot"', "requires"), 23),
        (("setting", 'Fast "Boot"', "requires", 0), 23),
        (("setting", 'Fast "Boot"', "requires", 0, "setting"), 24),
        (("setting", 'Fast "Boot"', "requires", 1), 25),
        (("setting", 'Fast "Boot"', "requires", 1, "setting"), 26),
        (("setting", "Dotted"), 28),
        (("setting", "Dotted", "default"), 28),
        (("setting", "Dotted", "kind", "x y"), 29),
        (("setting", "Inline", "a", "b"), 30),
        (("setting", "Inline", "d"), 30),
    ],
    ids=str,
)
def test_everything_has_its_line(where: tuple[str | int, ...], line: int) -> None:
    assert line_in(FILE, where) == line
    assert line_in(FILE.replace("\n", "\r\n"), where) == line


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("nothing",), 1),
        ((), 1),
        (("page", 7), 4),
        (("page", 1, "items"), 14),
        (("setting", 'Fast "Boot"', "help"), 21),
        (("setting", "Not this"), 21),
        (("setting", "Nor this"), 21),
    ],
)
def test_what_is_not_there_is_said_to_be_where_it_should_be(where: tuple[str | int, ...], line: int) -> None:
    assert line_of(places(FILE), where) == line


def test_a_nested_array_of_tables_counts_anew_in_each_table() -> None:
    text = (
        "[[page]]\n[[page.items]]\nheading = 'a'\n[[page]]\n[[page.items]]\n[[page.items]]\nheading = 'b'\n"
    )
    assert line_in(text, ("page", 1, "items", 1, "heading")) == 7
    assert line_in(text, ("page", 1, "items", 0)) == 5


def test_only_line_feeds_end_a_line() -> None:
    assert line_in('a = "\u2028\u0085\u000b"\nb = 1\n', ("b",)) == 2


@pytest.mark.parametrize(
    ("text", "line", "too_much"),
    [
        ("ok = 1\na = " + "[" * 17, 2, "in one another"),
        ("\n\na = " + "{b = " * 17, 3, "in one another"),
        ("a = [\n" * 17, 17, "in one another"),
        (".".join("a" * 33) + " = 1", 1, "parts"),
        ("\n[" + '."b"'.join("a" * 20) + ". c" * 20 + "]", 2, "parts"),
        ("a = " + "9" * 257, 1, "characters"),
        ("\na = 0x" + "f" * 5000, 2, "characters"),
    ],
    ids=range(7),
)
def test_what_no_model_needs_is_found_with_its_line(text: str, line: int, too_much: str) -> None:
    found = excess(text)
    assert found is not None
    assert found[0] == line
    assert too_much in found[1]


def test_what_models_have_is_not_too_much() -> None:
    assert excess(FILE) is None
    assert excess("\n".join(f"a.b.c{n} = 1.5" for n in range(1000))) is None
    assert excess('help = "' + "1.2." * 200 + '"\n# ' + "a." * 200) is None
    assert excess("a = [" + ",".join(["1.5"] * 1000) + "]") is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        '"',
        "'",
        '"""',
        "'''",
        "\\",
        '"""\\',
        '\n\\"""',
        "[",
        "{",
        "a.",
        "a",
        "[[a]]\n",
        "a=[\n",
        "=",
        ",",
        "#",
        "\n",
        '""',
        'a="\\',
    ],
)
def test_no_text_keeps_the_reader_busy(part: str) -> None:
    text = part * (100_000 // len(part))
    began = time.perf_counter()
    list(tokens(text))
    excess(text)
    excess("x" + text)
    assert time.perf_counter() - began < 10


@given(st.text(alphabet="\"'\\[]{}=,.#a1 \n\r\t", max_size=60))
def test_tokens_leave_out_nothing_but_blanks_and_comments(text: str) -> None:
    found = list(tokens(text))
    at = 0
    for token in found:
        at = text.index(token.text, at)
        assert token.line == text.count("\n", 0, at) + 1
        at += len(token.text)
    assert excess(text) is None or excess(text) == excess(text + "\n")
