"""A challenge in parts: any order, duplicates, none missing, none of another challenge, and each small enough for 80x24."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import qr
from emulator.protocol import base45, challenge_parts
from emulator.protocol.challenge import LARGEST, Challenge, Header, Purpose
from emulator.protocol.challenge_parts import (
    MalformedPart,
    MissingParts,
    MixedParts,
    NoParts,
    WrongWhole,
)
from tests.protocol.test_challenge import MACHINE, headers

challenges = st.builds(
    Challenge,
    st.binary(min_size=32, max_size=32),
    headers.map(Header.encode),
    st.binary(min_size=256, max_size=256),
).map(lambda challenge: challenge.text)
counts = st.integers(challenge_parts.FEWEST, challenge_parts.MOST)
TEXT = '{"f10":1,"k":"ABC DEF","h":"GHI","c":"JKL MNO PQR"}'
OTHER = TEXT.replace("GHI", "GHJ")


@given(challenges, counts, st.randoms(use_true_random=False), st.data())
def test_parts_in_any_order_and_some_of_them_twice_are_the_text(
    text: str, count: int, order: random.Random, data: st.DataObject
) -> None:
    parts = list(challenge_parts.split(text, count))
    assert len(parts) == count
    shown = parts + data.draw(st.lists(st.sampled_from(parts), max_size=3))
    order.shuffle(shown)
    assert challenge_parts.join(shown) == text


@given(challenges, counts)
def test_parts_tell_their_place_and_end_in_no_blank(text: str, count: int) -> None:
    parts = [challenge_parts.parse(part) for part in challenge_parts.split(text, count)]
    assert [(part.number, part.count) for part in parts] == [
        (number, count) for number in range(1, count + 1)
    ]
    assert len({part.id for part in parts}) == 1
    for part in parts:
        assert part.piece == part.piece.strip()
        assert challenge_parts.parse(part.text) == part


@given(challenges, counts, st.data())
def test_missing_parts_are_named(text: str, count: int, data: st.DataObject) -> None:
    parts = challenge_parts.split(text, count)
    kept = data.draw(st.sets(st.integers(1, count), min_size=1, max_size=count - 1))
    with pytest.raises(MissingParts) as refusal:
        challenge_parts.join(parts[number - 1] for number in kept)
    assert set(refusal.value.missing) == set(range(1, count + 1)) - kept
    assert refusal.value.count == count


@given(challenges, st.integers(0, 3), st.data())
def test_a_part_that_was_edited_makes_no_whole(text: str, which: int, data: st.DataObject) -> None:
    parts = list(challenge_parts.split(text))
    at = data.draw(st.integers(len("F10/1/4/ABCDEF/"), len(parts[which]) - 1))
    sign = data.draw(st.sampled_from(base45.ALPHABET).filter(lambda sign: sign != parts[which][at]))
    parts[which] = parts[which][:at] + sign + parts[which][at + 1 :]
    with pytest.raises(WrongWhole, match="show each anew"):
        challenge_parts.join(parts)


@given(st.text())
def test_other_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(MalformedPart, match="a part of a challenge is F10/number/count/id/"):
        challenge_parts.parse(text)


@pytest.mark.parametrize("serial", ["", "DEMO000001", "x" * 32])
def test_four_parts_are_codes_that_80x24_can_show(serial: str) -> None:
    dice = random.Random(serial)
    header = Header(Purpose.SETUP, MACHINE, dice.randbytes(16), 1674912404, serial)
    text = Challenge(dice.randbytes(32), header.encode(), dice.randbytes(256)).text
    for part in challenge_parts.split(text):
        columns, rows = qr.size(len(qr.matrix(part)), 1, qr.Form.HALF)
        assert columns <= 43
        assert rows <= 22


def test_a_text_is_cut_as_documented() -> None:
    assert challenge_parts.split(TEXT) == (
        'F10/1/4/A49500/{"f10":1,"k"',
        'F10/2/4/A49500/:"ABC DEF","h',
        'F10/3/4/A49500/":"GHI","c":"',
        'F10/4/4/A49500/JKL MNO PQR"}',
    )


@pytest.mark.parametrize(
    "part",
    [
        "F10/0/4/0123AB/X",
        "F10/5/4/0123AB/X",
        "F10/1/1/0123AB/X",
        "F10/1/4/0123ab/X",
        "F10/1/4/0123A/X",
        "F10/1/4/0123ABC/X",
        "F10/1/4/0123AB/",
        "F10/1/4/0123AB/X\n",
        "F10/1/4/0123AB/é",
        "f10/1/4/0123AB/X",
        " F10/1/4/0123AB/X",
        "F10/1/4/0123AB/" + "X" * (LARGEST + 1),
        "F10/١/4/0123AB/X",
    ],
)
def test_parts_are_read_strictly(part: str) -> None:
    with pytest.raises(MalformedPart):
        challenge_parts.parse(part)
    with pytest.raises(MalformedPart):
        challenge_parts.join([*challenge_parts.split(TEXT), part])


def test_a_refusal_quotes_little_and_nothing_that_steers_a_terminal() -> None:
    with pytest.raises(MalformedPart) as refusal:
        challenge_parts.parse("\x1b[2J" + "X" * 1000)
    assert "\x1b" not in str(refusal.value)
    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize(
    "texts",
    [
        (*challenge_parts.split(TEXT), challenge_parts.split(OTHER)[2]),
        (*challenge_parts.split(TEXT)[:2], *challenge_parts.split(OTHER)[2:]),
        (*challenge_parts.split(TEXT, 4), *challenge_parts.split(TEXT, 3)),
    ],
)
def test_parts_of_two_challenges_or_of_two_cuts_are_not_mixed(texts: tuple[str, ...]) -> None:
    with pytest.raises(MixedParts, match="parts of different challenges came"):
        challenge_parts.join(texts)


def test_parts_of_one_number_that_differ_are_refused() -> None:
    parts = challenge_parts.split(TEXT)
    with pytest.raises(MixedParts, match="have one number"):
        challenge_parts.join([*parts, f"{parts[1]}X"])


def test_nothing_at_all_misses_all() -> None:
    with pytest.raises(MissingParts, match=re.escape("missing: parts 1, 2, 3, 4 of 4;")):
        challenge_parts.join([])


def test_one_missing_part_is_told_in_the_singular() -> None:
    with pytest.raises(MissingParts, match=re.escape("missing: part 3 of 4; all of one challenge")):
        challenge_parts.join(part for part in challenge_parts.split(TEXT) if "/3/" not in part)


def test_parts_that_are_longer_together_than_any_challenge_are_refused() -> None:
    with pytest.raises(WrongWhole):
        challenge_parts.join(f"F10/{number}/2/0123AB/{'X' * LARGEST}" for number in (1, 2))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (TEXT, 1),
        (TEXT, 10),
        ("X", 2),
        ("XYZ", 4),
        ("", 2),
        (" " * 40, 4),
        ("X" * (LARGEST + 1), 4),
        ("Schlüssel", 2),
        ("two\nlines", 2),
    ],
)
def test_what_cannot_be_cut_is_refused(text: str, count: int) -> None:
    with pytest.raises(NoParts):
        challenge_parts.split(text, count)
