"""The frame of a private variable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.firmware.records import DamagedRecord, unwrap, wrap


@given(st.binary(max_size=300))
def test_what_was_wrapped_is_unwrapped(body: bytes) -> None:
    assert unwrap(wrap(body)) == body


@given(st.binary(max_size=60), st.data())
def test_any_flipped_bit_is_noticed_but_in_what_is_reserved(body: bytes, data: st.DataObject) -> None:
    record = bytearray(wrap(body))
    bit = data.draw(st.integers(0, 8 * len(record) - 1))
    record[bit // 8] ^= 1 << bit % 8
    if bit // 8 in {6, 7}:
        assert unwrap(bytes(record)) == body
    else:
        with pytest.raises(DamagedRecord):
            unwrap(bytes(record))


@given(st.binary(max_size=60), st.integers(0, 100))
def test_a_record_cut_short_or_made_longer_is_noticed(body: bytes, size: int) -> None:
    record = wrap(body)
    changed = record[:size] if size < len(record) else record + bytes(size - len(record) + 1)
    with pytest.raises(DamagedRecord):
        unwrap(changed)


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        (b"", "at least 16 bytes, 0 are there"),
        (b"f10w" + wrap(b"x")[4:], "b'f10w' is there"),
        (b"f10v\x02" + wrap(b"x")[5:], "of version 2; this program knows 1"),
        (wrap(b"xy")[:-1], "a body of 2 bytes"),
    ],
)
def test_what_is_wrong_is_said(record: bytes, complaint: str) -> None:
    with pytest.raises(DamagedRecord, match=complaint):
        unwrap(record)
