"""The command interface of the firmware, below every WMI provider: what a driver writes into it and reads out of it.

A command block is the signature `SECU`, command, command type, size of the data, then the data. A driver may hand in a larger buffer; what
is behind the data is not looked at. The method is chosen by the size of the output that is wanted, and its reply carries four bytes that a
driver skips, a return code, and the output. What those four bytes are is not published; ours are `PASS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.protocol.errors import ProtocolError
from emulator.protocol.formats import COMMAND_BLOCK, COMMAND_REPLY, CommandBlock, CommandReply

GUID = "5FB7F034-2C63-45E9-BE91-3D44E2C707E4"
SIGNATURE = int.from_bytes(b"SECU", "little")
REPLY_SIGNATURE = b"PASS"
LARGEST_INPUT = 1 << 16
"""Bytes; the longest data, an endorsement key, have a sixteenth."""

CAPACITY: Mapping[int, int] = {1: 0, 2: 4, 3: 128, 4: 1024, 5: 4096}
"""Method of the command interface: bytes of output that it has room for."""


class MalformedBlock(ProtocolError):
    """Bytes that are no command block, or no reply to one."""


class NoSuchMethod(ProtocolError):
    """A method or an output size that the command interface does not have."""


@dataclass(frozen=True, slots=True)
class Block:
    """A command as it came."""

    command: int
    command_type: int
    data: bytes = field(default=b"", repr=False)


def encode(block: Block) -> bytes:
    header = CommandBlock(SIGNATURE, block.command, block.command_type, len(block.data))
    return COMMAND_BLOCK.pack(*header) + block.data


def decode(data: bytes) -> Block:
    """Raises MalformedBlock."""
    if not COMMAND_BLOCK.size <= len(data) <= LARGEST_INPUT:
        raise MalformedBlock(
            f"a command block has {COMMAND_BLOCK.size} to {LARGEST_INPUT} bytes; {len(data)} came"
        )
    header = CommandBlock._make(COMMAND_BLOCK.unpack_from(data))
    if header.signature != SIGNATURE:
        raise MalformedBlock(f"a command block begins with 'SECU'; {data[:4]!r} came")
    content = data[COMMAND_BLOCK.size :]
    if header.data_size > len(content):
        raise MalformedBlock(
            f"a command block tells of {header.data_size} bytes of data; {len(content)} came"
        )
    return Block(header.command, header.command_type, content[: header.data_size])


def method_for(output_size: int) -> int:
    """Which method has room for so many bytes of output. Raises NoSuchMethod."""
    for method, capacity in CAPACITY.items():
        if 0 <= output_size <= capacity:
            return method
    raise NoSuchMethod(f"an output has at most {CAPACITY[5]} bytes; {output_size} are asked for")


def capacity_of(method: int) -> int:
    """Raises NoSuchMethod."""
    if method not in CAPACITY:
        raise NoSuchMethod(f"the command interface has the methods 1 to {len(CAPACITY)}; {method} came")
    return CAPACITY[method]


def encode_reply(status: int, output: bytes) -> bytes:
    return COMMAND_REPLY.pack(*CommandReply(REPLY_SIGNATURE, status)) + output


def decode_reply(reply: bytes) -> tuple[int, bytes]:
    """The return code and the output. Raises MalformedBlock."""
    if len(reply) < COMMAND_REPLY.size:
        raise MalformedBlock(f"a reply has at least {COMMAND_REPLY.size} bytes; {len(reply)} came")
    head = CommandReply._make(COMMAND_REPLY.unpack_from(reply))
    return head.status, reply[COMMAND_REPLY.size :]
