"""Attacks with what is typed or pasted as a response code."""

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
