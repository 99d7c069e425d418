"""What one try at a passphrase costs: numbers in the key file, which a stranger may have written.

A PFX or an encrypted PEM says how many rounds of hashing turn a passphrase into a key, up to 2147483647 of them, and a try cannot be stopped
once it began. So the numbers are looked for first. In every format they stand behind the salt: an OCTET STRING, then an INTEGER, the
rounds of PBKDF2 or of a PFX; or three of them, the costs of scrypt. The walk takes BER as OpenSSL does, lengths left out and strings in
pieces included, and looks into strings, where a PFX hides most of itself.
"""

import binascii
import math
import re
from collections.abc import Iterator, Sequence

from emulator.companions import CompanionError

MOST_ROUNDS = 10_000_000
"""Five seconds; programs that make key files take 2048 to a million."""
MOST_SCRYPT = 1 << 24
"""The product of the three costs of scrypt, also some seconds; OpenSSL takes 1 << 17."""
DEEPEST = 40
_INTEGER, _STRING, _CONSTRUCTED, _LONG_TAG = 0x02, 0x04, 0x20, 0x1F
_BODY = re.compile(rb"-----[^-]+-----(.*?)-----", re.DOTALL)

_Element = tuple[int, bytes]


class TooDear(CompanionError):
    """A key file that makes each try at its passphrase take minutes or more."""


def refuse_pfx(data: bytes) -> None:
    """Raise TooDear for a PFX whose passphrase nobody can try in time."""
    _judge(data, DEEPEST)


def refuse_pem(block: bytes) -> None:
    """The same for a block of PEM that holds a private key."""
    body = _BODY.match(block)
    try:
        _judge(binascii.a2b_base64(body[1] if body else b""), DEEPEST)
    except binascii.Error:
        return  # The old encrypted form, which has no rounds, or damage that the reader tells of.


def _judge(data: bytes, depth: int) -> None:
    if depth == 0:
        return
    elements = list(_elements(data))
    for place, (tag, content) in enumerate(elements):
        if tag & ~_CONSTRUCTED == _STRING:
            _refuse_dear(_numbers(elements[place + 1 :]))
            content = _joined(content, depth) if tag & _CONSTRUCTED else content  # noqa: PLW2901 -- as one piece
            _judge(content, depth - 1)
        elif tag & _CONSTRUCTED:
            _judge(content, depth - 1)


def _refuse_dear(numbers: Sequence[int]) -> None:
    is_scrypt = len(numbers) >= 3
    cost = math.prod(numbers[:3]) if is_scrypt else max(numbers[:1], default=0)
    if cost > (MOST_SCRYPT if is_scrypt else MOST_ROUNDS):
        raise TooDear(
            f"a try at its passphrase would take {min(cost, 1 << 64)} rounds of hashing; at most "
            f"{MOST_SCRYPT if is_scrypt else MOST_ROUNDS} are taken. Write the key file anew with fewer"
        )


def _numbers(elements: Sequence[_Element]) -> list[int]:
    """The integers with which `elements` begin."""
    found = []
    for tag, content in elements:
        if tag != _INTEGER:
            break
        found.append(int.from_bytes(content, signed=True))
    return found


def _joined(pieces: bytes, depth: int) -> bytes:
    if depth == 0:
        return b""
    return b"".join(
        _joined(content, depth - 1) if tag & _CONSTRUCTED else content for tag, content in _elements(pieces)
    )


def _elements(data: bytes) -> Iterator[_Element]:
    """Tag and content of each element, up to what is none."""
    at = 0
    while at < len(data):
        try:
            start, end, behind = _span(data, at, DEEPEST)
        except IndexError:
            return
        yield data[at], data[start:end]
        at = behind


def _span(data: bytes, at: int, depth: int) -> tuple[int, int, int]:
    """Where the content of the element at `at` begins and ends, and where the next one begins. Raises IndexError."""
    tag, first = data[at], data[at + 1]
    if tag & _LONG_TAG == _LONG_TAG or depth == 0:
        raise IndexError
    if first == 0x80:
        start = end = at + 2
        while data[end] or data[end + 1]:
            end = _span(data, end, depth - 1)[2]
        return start, end, end + 2
    size = first & 0x7F if first > 0x80 else 0
    start = at + 2 + size
    end = start + (int.from_bytes(data[at + 2 : start]) if size else first)
    if end > len(data):
        raise IndexError
    return start, end, end
