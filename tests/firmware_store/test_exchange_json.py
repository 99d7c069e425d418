"""JSON of version 2: what is written is what the foreign programs write, and what cannot be meant is refused."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_store.errors import UnusableExchangeFile
from firmware_store.exchange_json import read_json, write_json
from firmware_store.records import Variable

GUID = "11111111-2222-3333-4455-66778899aabb"
# Every text that CHAR16 can hold, lone surrogates too; a pair of surrogates is one character.
NAMES = st.text(st.characters(exclude_characters="\0"), min_size=1).map(
    lambda name: name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
)
VARIABLES = st.builds(
    Variable,
    st.uuids(),
    NAMES,
    st.integers(0, 0x7F),
    st.binary(min_size=1, max_size=64),
    st.just(bytes(16)) | st.binary(min_size=16, max_size=16),
)


@given(st.lists(VARIABLES, max_size=5))
def test_what_is_written_is_read_back(variables: list[Variable]) -> None:
    assert read_json(write_json(variables).encode()) == variables


def test_the_text_is_the_one_that_others_write() -> None:
    written = write_json([Variable(UUID(GUID), "A", 7, b"\1\2")])
    assert json.loads(written) == {
        "version": 2,
        "variables": [{"name": "A", "guid": GUID, "attr": 7, "data": "0102"}],
    }
    assert written.startswith(
        '{\n    "version": 2,\n    "variables": [\n        {\n            "name": "A",\n'
    )


def test_a_time_stamp_is_read_under_both_of_its_names() -> None:
    stamp = bytes.fromhex("ea070102030405000000000000000000")
    for key in ("time", "timestamp"):
        member = {"name": "A", "guid": GUID, "attr": 39, "data": "00", key: stamp.hex()}
        assert read_json(json.dumps([member]).encode())[0].time_stamp == stamp


GOOD: dict[str, Any] = {"name": "A", "guid": GUID, "attr": 7, "data": "00"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": 5},
        {"name": "A\0B"},
        {"guid": "no"},
        {"guid": 5},
        {"attr": "7"},
        {"attr": True},
        {"attr": -1},
        {"attr": 1 << 32},
        {"data": "0"},
        {"data": 5},
        {"data": None},
        {"time": "00"},
    ],
    ids=str,
)
def test_a_member_that_cannot_be_meant_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UnusableExchangeFile, match="expected"):
        read_json(json.dumps([{**GOOD, **change}]).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"5",
        b"{}",
        b'{"variables": 5}',
        b'{"version": 3, "variables": []}',
        b"[5]",
        b"\xff",
        b"[" * 99999,
    ],
    ids=lambda each: each[:20].decode("latin-1"),
)
def test_what_is_no_list_of_variables_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableExchangeFile):
        read_json(content)


def test_a_wrong_value_is_not_repeated_in_the_error() -> None:
    with pytest.raises(UnusableExchangeFile) as refusal:
        read_json(json.dumps([{**GOOD, "data": "5ecret"}]).encode())
    assert "5ecret" not in str(refusal.value)
