"""Databases of Secure Boot as bytes: what is added, what is taken out, and what stays as somebody left it."""

import struct
import uuid

from hypothesis import given
from hypothesis import strategies as st

from emulator.firmware import signature_databases as databases
from firmware_store.signature_list import (
    SHA256,
    X509,
    SignatureList,
    read_lists,
    readable_lists,
    write_lists,
)

ONE, TWO = b"one certificate", b"another certificate"
STRANGE = uuid.UUID("0f5e4f5d-aaaa-bbbb-cccc-1234567890ab").bytes_le
STRANGER = bytes(range(16))
BROKEN = b"\xff" * 20


def signature_list(kind: bytes, *bodies: bytes) -> bytes:
    owned = tuple(STRANGER + body for body in bodies)
    return write_lists([SignatureList(kind, len(owned[0]), owned)])


FOREIGN = signature_list(STRANGE, b"\1\2\3", b"\4\5\6")
LISTS = st.lists(
    st.builds(
        lambda kind, size, bodies: SignatureList(
            kind, 16 + size, tuple(each[: 16 + size] for each in bodies)
        ),
        st.sampled_from([X509, SHA256, STRANGE]),
        st.integers(1, 40),
        st.lists(st.binary(min_size=56, max_size=56), max_size=4),
    ),
    max_size=4,
)


@given(LISTS, st.sampled_from([b"", BROKEN]))
def test_what_is_written_is_read_again_and_what_is_no_list_is_left_over(
    lists: list[SignatureList], rest: bytes
) -> None:
    data = write_lists(lists)
    assert readable_lists(data + rest) == (lists, rest)
    assert read_lists(data) == lists


@given(st.binary(max_size=400))
def test_no_byte_is_lost_whatever_they_are(data: bytes) -> None:
    lists, rest = readable_lists(data)
    assert write_lists(lists) + rest == data
    added = databases.with_certificate(data, ONE)
    assert added == (data if rest else data + databases.of_certificates([ONE]))
    assert databases.without_certificate(added, ONE) == data


@given(
    st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF), st.binary(max_size=80)
)
def test_lengths_that_lie_are_followed_nowhere(whole: int, head: int, each: int, body: bytes) -> None:
    data = X509 + struct.pack("<III", whole, head, each) + body
    lists, rest = readable_lists(data)
    assert write_lists(lists) + rest == data
    assert not databases.holds(data, ONE)


def test_a_certificate_is_added_once() -> None:
    data = databases.with_certificate(FOREIGN, ONE)
    assert data.startswith(FOREIGN)
    assert databases.holds(data, ONE)
    assert databases.with_certificate(data, ONE) == data
    (added,) = read_lists(data)[1:]
    assert added.signatures == (databases.OWNER.bytes_le + ONE,)


def test_one_that_somebody_else_owns_counts_and_is_taken_out() -> None:
    theirs = signature_list(X509, ONE)
    assert databases.with_certificate(theirs, ONE) == theirs
    assert databases.without_certificate(FOREIGN + theirs + BROKEN, ONE) == FOREIGN + BROKEN


def test_out_of_a_list_of_several_goes_the_one_alone() -> None:
    same = b"as long as one."
    data = signature_list(X509, ONE, same)
    assert databases.without_certificate(data, ONE) == signature_list(X509, same)
    assert databases.without_certificate(data, TWO) == data


def test_a_digest_is_no_certificate() -> None:
    data = signature_list(SHA256, ONE)
    assert not databases.holds(data, ONE)
    assert databases.without_certificate(data + signature_list(X509, ONE), ONE) == data


def test_nothing_is_added_where_nobody_would_find_it() -> None:
    assert databases.with_certificate(BROKEN, ONE) == BROKEN
