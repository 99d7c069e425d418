"""Base45 against the examples of RFC 9285, both ways, and against what is no base45."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import base45

# RFC 9285, sections 4.3 and 4.4.
EXAMPLES = [
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
]


@pytest.mark.parametrize(("octets", "text"), EXAMPLES)
def test_the_examples_of_the_rfc_hold_both_ways(octets: bytes, text: str) -> None:
    assert base45.encode(octets) == text
    assert base45.decode(text) == octets


def test_the_alphabet_is_that_of_alphanumeric_qr_codes_in_its_order() -> None:
    assert len(set(base45.ALPHABET)) == 45
    # A QR code packs two characters as 45 * first + second, so the values are the RFC's too.
    assert [base45.decode(character + "0") for character in base45.ALPHABET] == [
        bytes([n]) for n in range(45)
    ]


@given(st.binary(max_size=300))
def test_what_was_encoded_decodes_to_itself(octets: bytes) -> None:
    text = base45.encode(octets)
    assert base45.decode(text) == octets
    assert len(text) == len(octets) // 2 * 3 + len(octets) % 2 * 2


@given(st.text(alphabet=base45.ALPHABET, max_size=30))
def test_text_either_is_the_only_spelling_of_its_bytes_or_is_refused(text: str) -> None:
    try:
        octets = base45.decode(text)
    except base45.NotBase45:
        return
    assert base45.encode(octets) == text


@pytest.mark.parametrize("text", ["A", "BB8A", "0000"])
def test_a_length_that_no_bytes_have_is_refused(text: str) -> None:
    with pytest.raises(base45.NotBase45, match=f"{len(text)} characters came"):
        base45.decode(text)


@pytest.mark.parametrize("text", ["bb8", "BB\n", "BB8==", "ÄB8", "BB\u0661", "BB\0"])
def test_a_character_outside_the_alphabet_is_refused(text: str) -> None:
    with pytest.raises(base45.NotBase45, match="which it cannot"):
        base45.decode(text)


@pytest.mark.parametrize(("text", "size"), [(":::", 2), ("GGW", 2), ("BB8GGW", 2), ("::", 1), ("V5", 1)])
def test_a_group_above_its_bytes_is_refused(text: str, size: int) -> None:
    with pytest.raises(base45.NotBase45, match=f"above {size} bytes"):
        base45.decode(text)


@pytest.mark.parametrize(("text", "octets"), [("FGW", b"\xff\xff"), ("U5", b"\xff")])
def test_the_largest_groups_are_taken(text: str, octets: bytes) -> None:
    assert base45.decode(text) == octets


def test_each_number_of_a_group_is_divided_exactly() -> None:
    """The reciprocals stand for a division; here is every dividend there is."""
    data = b"".join(number.to_bytes(2, "big") for number in range(1 << 16))
    characters = base45.ALPHABET
    expected = "".join(
        characters[number % 45] + characters[number // 45 % 45] + characters[number // 2025]
        for number in range(1 << 16)
    )
    assert base45.encode(data) == expected
    assert base45.decode(expected) == data
