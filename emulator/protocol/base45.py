"""Base45 (RFC 9285): bytes as text in the alphanumeric set of QR codes.

Two bytes become three characters of 5.5 bits each in a symbol, so the text costs what the raw bytes would, and no
reader can mistake its character set. Decoding is strict: a wrong length, character or value is refused.
"""

from emulator.protocol.errors import ProtocolError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


class NotBase45(ProtocolError):
    """Text that is no base45."""


def encode(data: bytes) -> str:
    pieces = []
    for at in range(0, len(data) - 1, 2):
        high, rest = divmod(data[at] << 8 | data[at + 1], 45 * 45)
        middle, low = divmod(rest, 45)
        pieces.append(ALPHABET[low] + ALPHABET[middle] + ALPHABET[high])
    if len(data) % 2:
        high, low = divmod(data[-1], 45)
        pieces.append(ALPHABET[low] + ALPHABET[high])
    return "".join(pieces)


def decode(text: str) -> bytes:
    if len(text) % 3 == 1:
        raise NotBase45(
            f"base45 text has groups of 3 and at most one of 2 characters; {len(text)} characters came"
        )
    try:
        values = [_VALUES[character] for character in text]
    except KeyError as stranger:
        raise NotBase45(f"base45 text holds the character {stranger.args[0]!r}, which it cannot") from None
    out = bytearray()
    for at in range(0, len(values), 3):
        group = values[at : at + 3]
        number = sum(value * 45**power for power, value in enumerate(group))
        size = len(group) - 1
        if number >> 8 * size:
            raise NotBase45(f"base45 group at character {at} stands for a number above {size} bytes")
        out += number.to_bytes(size, "big")
    return bytes(out)
