"""JSON from strangers: what Python's decoder would take or stumble over, and what it must never cost."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import strict_json

MOST = 1 << 20

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_what_the_standard_library_writes_is_read_from_text_and_from_bytes(value: object) -> None:
    text = json.dumps(value)
    assert strict_json.parse(text, most=MOST) == value
    assert strict_json.parse(text.encode(), most=MOST) == value


def test_a_byte_order_mark_before_bytes_is_skipped_once() -> None:
    assert strict_json.parse(b"\xef\xbb\xbf{}\r\n", most=MOST) == {}
    with pytest.raises(strict_json.NotJSON):
        strict_json.parse(b"\xef\xbb\xbf\xef\xbb\xbf{}", most=MOST)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("{", "line 1, column 2"),
        ("{} {}", "not JSON"),
        ("{'a': 1}", "not JSON"),
        ("[1,]", "not JSON"),
        ("\ufeff{}", "not JSON"),
        ('"\n"', "not JSON"),
        ("{}\0", "not JSON"),
        ("NaN", "NaN is no JSON number"),
        ('{"a":[-Infinity]}', "-Infinity is no JSON number"),
        ("[Infinity]", "Infinity is no JSON number"),
        ("[1e999]", "beyond all bounds"),
        ("-1e999", "beyond all bounds"),
        ('{"a":1,"a":1}', "names a member twice"),
        ('{"a":1,"\\u0061":2}', "names a member twice"),
        ('{"deep":[{"a":1,"a":2}]}', "names a member twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ("9" * 5000, "too many digits"),
        ('{"a":-' + "9" * 5000 + "}", "too many digits"),
    ],
)
def test_hostile_text_is_refused_with_its_reason(text: str, reason: str) -> None:
    for form in (text, text.encode()):
        if form == "\ufeff{}".encode():
            continue  # In bytes this is the mark that Windows writes.
        with pytest.raises(strict_json.NotJSON, match=reason):
            strict_json.parse(form, most=MOST)


def test_plain_numbers_of_every_form_are_taken() -> None:
    assert strict_json.parse("[0, -1, 1.5, 1e3, 1e-999]", most=MOST) == [0, -1, 1.5, 1000.0, 0.0]


@pytest.mark.parametrize(
    ("data", "at"), [(b'{"a":"\xff"}', 6), (b"\xc0\x80", 0), (b'"\xed\xa0\x80"', 1), (b"\xff\xfe{\0}\0", 0)]
)
def test_what_is_no_utf_8_is_refused_with_its_place(data: bytes, at: int) -> None:
    with pytest.raises(strict_json.NotJSON, match=f"not UTF-8 at byte {at}$"):
        strict_json.parse(data, most=MOST)


def test_text_above_the_bound_is_refused_before_it_is_read() -> None:
    assert strict_json.parse("[1]", most=3) == [1]
    for text in ("[1] ", b"[1] ", b"\xff\xff\xff\xff"):
        with pytest.raises(strict_json.NotJSON, match="of 4 characters; at most 3"):
            strict_json.parse(text, most=3)


@pytest.mark.parametrize(
    ("text", "kind"), [("[]", "list"), ('"{}"', "str"), ("1", "int"), ("null", "NoneType")]
)
def test_an_object_is_an_object_and_nothing_else(text: str, kind: str) -> None:
    assert strict_json.parse_object('{"a":null}', most=MOST) == {"a": None}
    with pytest.raises(strict_json.NotAnObject, match=f"a JSON {kind} came"):
        strict_json.parse_object(text, most=MOST)


def test_the_refusal_of_endless_digits_does_not_hang_on_the_interpreters_own_exception() -> None:
    program = (
        "from emulator.protocol import strict_json\n"
        "try: strict_json.parse('9' * 700, most=1000)\n"
        "except strict_json.NotJSON as refusal: print(refusal)\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "int_max_str_digits=640", "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "too many digits" in done.stdout
