"""Password files: what goes in comes out, in a form that tells nothing at a glance, and damage is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import password_file
from emulator.protocol.errors import ProtocolError
from emulator.protocol.password_file import DamagedPasswordFile, NotAPasswordFile, UnusablePassword

NONCE = bytes(range(12))

units = st.text(st.characters(exclude_characters="\0"), max_size=32).filter(
    lambda text: len(text.encode("utf-16-le", "surrogatepass")) <= 64
)


@given(units, st.binary(min_size=12, max_size=12))
def test_a_password_comes_back(password: str, nonce: bytes) -> None:
    assert password_file.open_(password_file.seal(password, nonce)) == password


def test_the_form_is_the_one_that_is_documented() -> None:
    data = password_file.seal("Pass word", NONCE)
    assert data[:21] == b"F10PSWD\0\1" + NONCE
    assert len(data) == 101 == 8 + 1 + 12 + 2 * 32 + 16
    assert data[21:].hex() == (
        "d2d61a4156b521a6ee2ede6eaeb630799947353d325caa7af4aca6ccef712641b2b7cf1546bc5c8d"
        "74145a16a41d27f0afb2452c3260d9146d57968633a5c8d6e2df6918819392f16c655795075dfa32"
    )


def test_the_file_shows_neither_the_password_nor_its_length() -> None:
    files = [password_file.seal(text, NONCE) for text in ("", "a", "x" * 32)]
    assert {len(data) for data in files} == {101}
    assert all(text not in files[2] for text in (b"xx", b"x\0x\0"))


@pytest.mark.parametrize("password", ["x" * 33, "\U0001f600" * 17, "a\0"])
def test_what_no_pc_takes_is_not_sealed_nor_repeated(password: str) -> None:
    with pytest.raises(UnusablePassword, match="at most 32 characters of 16 bits") as refused:
        password_file.seal(password, NONCE)
    assert password not in str(refused.value)


def test_a_nonce_has_twelve_bytes() -> None:
    with pytest.raises(UnusablePassword, match="a nonce of 12 bytes was expected; 11 came"):
        password_file.seal("x", bytes(11))


def test_another_file_is_told_from_a_damaged_one() -> None:
    data = password_file.seal("hunter2", NONCE)
    for other in (b"", b"hunter2", b"f" + data[1:]):
        with pytest.raises(NotAPasswordFile, match="another file came"):
            password_file.open_(other)
    for other in (data[:-1], data + b"\n", data[:8] + b"\2" + data[9:], data[:8]):
        with pytest.raises(NotAPasswordFile, match="of version 1 with 101 bytes was expected"):
            password_file.open_(other)
    for at in range(9, len(data)):
        with pytest.raises(DamagedPasswordFile, match="make it again"):
            password_file.open_(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


@given(st.binary(max_size=120), st.booleans())
def test_any_bytes_are_opened_or_refused(data: bytes, begins_right: bool) -> None:
    with pytest.raises(ProtocolError):
        password_file.open_((b"F10PSWD\0\1" if begins_right else b"") + data)
