"""Command blocks and their replies: what a driver writes and reads, and that strangers' bytes end in our own errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import command_block, structures
from emulator.protocol.command_block import Block, MalformedBlock, NoSuchMethod

WORDS = st.integers(0, 0xFFFFFFFF)
BLOCKS = st.builds(Block, WORDS, WORDS, st.binary(max_size=300))


def test_a_block_lies_as_the_driver_lays_it() -> None:
    assert command_block.encode(Block(0x20010, 0x10, b"ab")) == bytes.fromhex(
        "53454355 10000200 10000000 02000000 6162"
    )


def test_a_reply_lies_as_the_driver_reads_it() -> None:
    assert command_block.encode_reply(0x1000, b"xy") == b"PASS" + bytes.fromhex("00100000") + b"xy"


@given(BLOCKS, st.binary(max_size=20))
def test_a_block_survives_its_way_in_a_larger_buffer(block: Block, behind: bytes) -> None:
    assert command_block.decode(command_block.encode(block) + behind) == block


@given(BLOCKS)
def test_a_block_is_the_declared_structure(block: Block) -> None:
    header = structures.CommandBlock.parse(command_block.encode(block))
    assert (header.signature, header.command, header.command_type, header.data_size) == (
        0x55434553,
        block.command,
        block.command_type,
        len(block.data),
    )


@given(WORDS, st.binary(max_size=300))
def test_a_reply_survives_its_way(status: int, output: bytes) -> None:
    assert command_block.decode_reply(command_block.encode_reply(status, output)) == (status, output)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "16 to 65536 bytes; 0 came"),
        (b"SECU", "4 came"),
        (b"secu" + bytes(12), "begins with 'SECU'"),
        (b"SECU" + bytes(8) + b"\x05\0\0\0abcd", "tells of 5 bytes of data; 4 came"),
        (b"SECU" + bytes(65533), "65537 came"),
    ],
)
def test_what_is_no_block_is_refused_with_its_reason(data: bytes, said: str) -> None:
    with pytest.raises(MalformedBlock, match=said):
        command_block.decode(data)


@given(st.binary(max_size=60) | st.binary(max_size=60).map(b"SECU".__add__))
def test_any_bytes_are_a_block_or_refused(data: bytes) -> None:
    try:
        block = command_block.decode(data)
    except MalformedBlock:
        return
    assert data.startswith(command_block.encode(block))


def test_a_reply_without_a_code_is_none() -> None:
    with pytest.raises(MalformedBlock, match="at least 8 bytes; 7 came"):
        command_block.decode_reply(bytes(7))


@pytest.mark.parametrize(
    ("size", "method"),
    [(0, 1), (1, 2), (4, 2), (5, 3), (128, 3), (129, 4), (552, 4), (1024, 4), (1025, 5), (4096, 5)],
)
def test_the_method_has_room_for_the_output(size: int, method: int) -> None:
    assert command_block.method_for(size) == method
    assert command_block.capacity_of(method) >= size


@pytest.mark.parametrize("size", [-1, 4097])
def test_no_method_has_room_for_more(size: int) -> None:
    with pytest.raises(NoSuchMethod, match="at most 4096"):
        command_block.method_for(size)


@pytest.mark.parametrize("method", [0, 6])
def test_there_are_five_methods(method: int) -> None:
    with pytest.raises(NoSuchMethod, match=f"{method} came"):
        command_block.capacity_of(method)


def test_the_data_of_a_block_are_not_shown() -> None:
    assert "secret" not in repr(Block(1, 2, b"secret"))
