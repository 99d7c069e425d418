"""Passwords on the setting interface: marks, text, scan codes, and what carries none."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import password
from emulator.protocol.errors import ProtocolError
from emulator.protocol.password import ENCODINGS, KEYBOARD, UTF_16, MalformedPassword

BOTH = ("kbd", "utf-16")
TYPEABLE = string.ascii_letters + string.digits + string.punctuation + " "
SECRET = "Gänse-Wein-77"  # has a sign that no US key writes


@given(st.text())
def test_any_text_travels_as_it_is(text: str) -> None:
    assert password.parse(password.utf_16(text), ("utf-16",)) == text
    assert password.parse(password.utf_16(text), BOTH) == text


@given(st.text(TYPEABLE))
def test_what_a_us_keyboard_types_travels_as_its_keys(text: str) -> None:
    typed = password.keyboard(text)
    assert password.parse(typed, BOTH) == text
    assert set(typed.removeprefix(KEYBOARD)) <= set(string.hexdigits)


def test_every_sign_of_a_us_keyboard_has_a_code_of_its_own() -> None:
    codes = {password.keyboard(sign) for sign in TYPEABLE}
    assert len(codes) == len(TYPEABLE) == 95


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ""),
        ("a", "1E"),
        ("A", "2A1E"),
        ("1!", "022A02"),
        ("z /", "2C3935"),
        ("\\|", "2B2A2B"),
        ("`~", "292A29"),
        ("aB", "1E2A30"),
    ],
)
def test_scan_codes_are_those_of_set_1(text: str, codes: str) -> None:
    assert password.keyboard(text) == KEYBOARD + codes
    assert password.parse(KEYBOARD + codes.lower(), ("kbd",)) == text


@pytest.mark.parametrize(
    ("codes", "text"),
    [("361E", "A"), ("2A361E", "A"), ("2A1E1E", "Aa"), ("1E2A", "a"), ("2A", ""), ("1E 30", "ab")],
)
def test_shift_raises_the_key_behind_it_and_no_other(codes: str, text: str) -> None:
    assert password.parse(KEYBOARD + codes, BOTH) == text


@pytest.mark.parametrize("codes", ["1", "1E3", "XX", "1E-30", "é", "\ud800", "\0", "１E"])
def test_what_is_no_pair_of_hexadecimal_digits_is_refused(codes: str) -> None:
    with pytest.raises(MalformedPassword, match="pairs of hexadecimal digits"):
        password.parse(KEYBOARD + codes, BOTH)


@pytest.mark.parametrize("code", ["00", "01", "0E", "0F", "1C", "1D", "38", "3A", "3B", "9E", "FF"])
def test_a_key_that_writes_no_sign_is_refused(code: str) -> None:
    with pytest.raises(MalformedPassword, match="no key that writes a sign"):
        password.parse(f"{KEYBOARD}1E{code}", BOTH)


@pytest.mark.parametrize(
    "text", ["", "secret", "<UTF-16/>secret", " <utf-16/>secret", "<utf-16>secret", "<BEAM/>AAAA"]
)
def test_text_without_the_mark_carries_no_password_and_is_not_repeated(text: str) -> None:
    with pytest.raises(MalformedPassword, match=f"behind the mark {KEYBOARD} or {UTF_16}") as refused:
        password.parse(text, BOTH)
    assert isinstance(refused.value, ProtocolError)
    assert "secret" not in str(refused.value)
    assert not password.marked(text)


def test_a_machine_takes_its_own_encodings_only() -> None:
    with pytest.raises(MalformedPassword, match=f"behind the mark {UTF_16};"):
        password.parse(password.keyboard("secret"), ("utf-16",))
    with pytest.raises(MalformedPassword, match=f"behind the mark {KEYBOARD};"):
        password.parse(password.utf_16("secret"), ("kbd",))


def test_a_mark_within_a_password_is_a_part_of_it() -> None:
    for inner in (UTF_16, KEYBOARD, f"{UTF_16}{UTF_16}"):
        assert password.parse(password.utf_16(inner), BOTH) == inner


def test_a_sign_without_a_key_is_not_typed_and_not_repeated() -> None:
    with pytest.raises(MalformedPassword, match="no key of the US layout") as refused:
        password.keyboard(SECRET)
    assert SECRET not in str(refused.value)
    assert "ä" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("text", [UTF_16, KEYBOARD, f"{UTF_16}x", f"{KEYBOARD}1E"])
def test_a_marked_text_is_known_by_its_mark(text: str) -> None:
    assert password.marked(text)


def test_a_long_text_is_read_in_no_time() -> None:
    assert len(password.parse(KEYBOARD + "2A1E" * 1_000_000, BOTH)) == 1_000_000


def test_each_encoding_has_a_mark_and_none_begins_another() -> None:
    marks = list(ENCODINGS.values())
    assert marks == [UTF_16, KEYBOARD]
    assert not any(one.startswith(other) for one in marks for other in marks if one is not other)
