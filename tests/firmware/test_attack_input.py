"""Attacks with what is typed or pasted as a response code.

* empty, too long, 10 MB; blanks and hyphens; full-width and Arabic-Indic digits: here
* NUL, newline, right-to-left marks; leading zeros, negative and exponent forms: here
* bracketed paste, 10 MB pasted and a key that repeats, through the field on the screen: `tests/setup/test_attack_input.py`
* other texts that a stranger may hand to the firmware: `test_attack_text.py`
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.firmware import commands as c
from emulator.firmware import guard
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import MalformedCode
from tests.firmware.bench import answer, at_the_door, pin

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    "form",
    [
        "{0}{1}",
        "{0} {1}",
        "{0}-{1}",
        "  {0} - {1}  ",
        "{0}\u00a0{1}",
        "{0}\u3000{1}",
        "{0}\uff0d{1}",
    ],
)
def test_blanks_and_hyphens_do_not_matter(form: str) -> None:
    bench = at_the_door()
    right = pin(bench)
    answer(bench, form.format(right[:4], right[4:]))
    assert bench.phase is Phase.SETUP


def test_full_width_digits_are_digits() -> None:
    bench = at_the_door()
    answer(bench, pin(bench).translate(FULL_WIDTH))
    assert bench.phase is Phase.SETUP


def test_arabic_indic_digits_are_refused_right_or_wrong_and_cost_no_try() -> None:
    bench = at_the_door()
    for code in (pin(bench), "12345678"):
        bench.refused(c.CountResponse(code.translate(ARABIC_INDIC)), MalformedCode)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "1234567",
        "123456789",
        "12345678\0",
        "1234\x005678",
        "12345678\n",
        "1234\t5678",
        "\u202e12345678",
        "12345678\u200f",
        "+2345678",
        "1234567.8",
        "1234e567",
        "0x123456",
        "1234567a",
        "1234567\ud800",
        "\x1b[200~12345678\x1b[201~",
        "１２３４５６７",
        "12345678" + " " * 56 + "12345678",
        "１" * 64,
        "\ufdfa" * 64,
        "1" * 10_000_000,
        " " * 10_000_000,
        "12345678" * 1_250_000,
    ],
    ids=lambda typed: ascii(typed[:24]),
)
def test_what_is_no_code_costs_no_try_and_changes_nothing(typed: str) -> None:
    bench = at_the_door()
    text = str(bench.refused(c.CountResponse(typed), MalformedCode))
    assert len(text) < 200
    assert bench.firmware.session.door.tries_left == 3
    answer(bench, pin(bench))
    assert bench.phase is Phase.SETUP


def test_ten_megabytes_are_refused_at_once() -> None:
    bench = at_the_door()
    pasted = "1" * 10_000_000
    began = time.perf_counter()
    for _ in range(100):
        bench.refused(c.CountResponse(pasted), MalformedCode)
    assert time.perf_counter() - began < 1


def test_a_malformed_code_behind_a_payment_leaves_the_payment() -> None:
    bench = at_the_door()
    right = pin(bench)
    bench.execute(c.CountResponse(right))
    bench.refused(c.CompareResponse("1234"), MalformedCode)
    bench.execute(c.CompareResponse(right))
    assert bench.phase is Phase.SETUP


@pytest.mark.parametrize(
    "typed",
    [
        "-1234567",
        "- 1234567",
        "−1234567",
        "-12345678.0",
        "+12345678",
        "1e7",
        "1E7",
        "1234e4",
        "12345678e0",
        "1.2345678e7",
        "0b111111",
        "0o123456",
        "1_234_567",
        "12,345,678",
        "12.345.678",
        "1/234567",
        "inf",
        "nan",
        "½2345678",
        "①②③④⑤⑥⑦",
        "Ⅷ2345678",
        "𝟏𝟐𝟑𝟒𝟓𝟔𝟕",
    ],
    ids=ascii,
)
def test_negative_exponent_and_other_spellings_of_numbers_are_no_codes(typed: str) -> None:
    at_the_door().refused(c.CountResponse(typed), MalformedCode)


def test_a_hyphen_before_a_code_is_a_hyphen_and_no_sign() -> None:
    """Hyphens are dropped wherever they stand, so `-12345678` is the code 12345678, and paid for like it."""
    bench = at_the_door()
    answer(bench, f"-{pin(bench)}")
    assert bench.phase is Phase.SETUP


def test_zeros_are_neither_added_nor_dropped() -> None:
    """A PIN is text: 7 is not 00000007, and one zero more is one digit too many."""
    bench = at_the_door()
    right = pin(bench)
    for code in (f"0{right}", f"{right}0", right[1:], right[:7], "7", "0000007"):
        bench.refused(c.CountResponse(code), MalformedCode)


def test_leading_zeros_count() -> None:
    assert guard.normalised("00000042") == "00000042"
    with pytest.raises(MalformedCode):
        guard.normalised("42")


@given(st.text(max_size=80))
def test_any_text_is_eight_ascii_digits_or_refused(typed: str) -> None:
    try:
        code = guard.normalised(typed)
    except MalformedCode:
        return
    assert len(code) == 8
    assert set(code) <= set("0123456789")
    assert guard.normalised(code) == code
