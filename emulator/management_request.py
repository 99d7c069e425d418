"""Members of a request at the management door, read from what a stranger wrote. Each raises MalformedRequest."""

import binascii
from collections.abc import Mapping

from emulator.protocol.errors import ProtocolError

Request = Mapping[str, object]


class MalformedRequest(ProtocolError):
    """A request at the management door that lacks a member, or has one of another kind."""


def text_member(request: Request, member: str, missing: str | None = None) -> str:
    """Text; `missing` is what its absence means, if it may be absent."""
    given = request.get(member, missing)
    if not isinstance(given, str):
        raise MalformedRequest(f"the member {member!r} of a request must be text")
    return given


def base64_member(request: Request, member: str) -> bytes:
    text = request.get(member)
    if not isinstance(text, str):
        raise MalformedRequest(f"the member {member!r} of a request must be base64 text")
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise MalformedRequest(f"the member {member!r} of a request is no base64") from None


def number_member(request: Request, member: str, missing: int) -> int:
    given = request.get(member, missing)
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= 0xFFFFFFFF:
        raise MalformedRequest(f"the member {member!r} of a request must be a number of 32 bits")
    return given


def digest_member(request: Request, member: str) -> bytes:
    try:
        return bytes.fromhex(str(request.get(member)))
    except ValueError:
        raise MalformedRequest(f"the member {member!r} of a request is hexadecimal") from None
