"""Base45 (RFC 9285): bytes as text of the 45 characters that QR codes store most densely.

Two bytes become three characters of 5.5 bits each in a symbol, so the text costs what the raw bytes would, and no
reader can mistake its character set. Decoding is strict: a wrong length, character or value is refused.

A challenge has more than a hundred groups, and one by one they would cost as much as a fifth of its decryption. So all groups lie side by
side in one long number, each in a lane of four bytes, and the arithmetic is done on all of them at once. No product of a group and
a divisor's reciprocal has more than 32 bits, so no lane reaches into the next.
"""

from functools import lru_cache

from emulator.protocol.errors import ProtocolError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_OCTETS = ALPHABET.encode("ascii")
_TO_CHARACTERS = _OCTETS.ljust(256, b"\0")
_TO_VALUES = bytes(max(0, ALPHABET.find(chr(each))) for each in range(256))
"""What is not in the alphabet does not come here."""

_LANE = 4
_BY_45 = (46_604, 21)
"""Factor and shift that divide what is below 2 to the 16 by 45: the reciprocal rounded up, as exact as 32 bits allow."""
_AGAIN_BY_45 = (1_457, 16)
"""The same for the quotient."""


class NotBase45(ProtocolError):
    """Text that is no base45."""


def encode(data: bytes) -> str:
    whole = len(data) // 2
    numbers = _lanes(whole, data[1 : 2 * whole : 2], data[0 : 2 * whole : 2])
    rest = _divided(numbers, whole, *_BY_45)
    high = _divided(rest, whole, *_AGAIN_BY_45)
    packed = (numbers - 45 * rest) | (rest - 45 * high) << 8 | high << 16
    values = bytearray(packed.to_bytes(_LANE * whole, "little"))
    del values[3::_LANE]
    if len(data) % 2:
        values += bytes((data[-1] % 45, data[-1] // 45))
    return values.translate(_TO_CHARACTERS).decode("ascii")


def decode(text: str) -> bytes:
    if len(text) % 3 == 1:
        raise NotBase45(
            f"base45 text has groups of 3 and at most one of 2 characters; {len(text)} characters came"
        )
    octets = text.encode("utf-8", "surrogatepass")
    if octets.translate(None, _OCTETS):
        stranger = next(each for each in text if each not in ALPHABET)
        raise NotBase45(f"base45 text holds the character {stranger!r}, which it cannot")
    values = octets.translate(_TO_VALUES)
    whole = len(values) // 3
    packed = _lanes(whole, *(values[place : 3 * whole : 3] for place in range(3)))
    one = _mask(whole, 8 * _LANE - 8)
    numbers = (packed & one) + 45 * (packed >> 8 & one) + 2025 * (packed >> 16 & one)
    lanes = numbers.to_bytes(_LANE * whole, "little")
    out = bytearray(2 * whole)
    out[0::2], out[1::2] = lanes[1::_LANE], lanes[0::_LANE]
    _require_size(lanes[2::_LANE], 2, 0)
    if len(values) % 3:
        rest = values[-2] + 45 * values[-1]
        _require_size(bytes((rest >> 8,)), 1, 3 * whole)
        out.append(rest)
    return bytes(out)


def _lanes(groups: int, *octets: bytes) -> int:
    """The lowest byte of each group, and those above it, in lanes of one number."""
    lanes = bytearray(_LANE * groups)
    for place, each in enumerate(octets):
        lanes[place::_LANE] = each
    return int.from_bytes(lanes, "little")


def _divided(numbers: int, groups: int, factor: int, shift: int) -> int:
    """Every lane divided; what the shift brings in from the lane above is cut off."""
    return (numbers * factor >> shift) & _mask(groups, shift)


@lru_cache(maxsize=32)
def _mask(groups: int, shift: int) -> int:
    """The lower bits of each lane, without the `shift` upper ones."""
    bits = (1 << 8 * _LANE - shift) - 1
    return int.from_bytes(bits.to_bytes(_LANE, "little") * groups, "little")


def _require_size(excess: bytes, size: int, at: int) -> None:
    """Raise NotBase45 unless no group, the first of them at character `at`, stands for more than its bytes hold."""
    if excess.strip(b"\0"):
        place = at + 3 * next(place for place, each in enumerate(excess) if each)
        raise NotBase45(f"base45 group at character {place} stands for a number above {size} bytes")
