"""Passwords as they travel through the setting interface: a mark that names the encoding, then the password.

`<utf-16/>` is followed by the text itself, and by nothing for "no password". `<kbd/>`, which machines before 2015 take, is followed by
the make codes of the keys in hexadecimal (scan code set 1, US layout). Whether a real machine tells small from capital letters by
the code of the shift key is not known; that `2A` or `36` before a key's code means the upper sign of that key is our choice.
"""

from collections.abc import Mapping

from emulator.protocol.errors import ProtocolError

UTF_16 = "<utf-16/>"
KEYBOARD = "<kbd/>"
ENCODINGS: Mapping[str, str] = {"utf-16": UTF_16, "kbd": KEYBOARD}
"""The name of each encoding, as a password setting tells it, and its mark."""

SETTINGS = frozenset({"Setup Password", "Power-On Password"})
"""Settings whose value is a password, as every tool names them."""

_SHIFT = frozenset({0x2A, 0x36})
# First code of a run of keys: the signs on them, without and with shift.
_RUNS: Mapping[int, tuple[str, str]] = {
    0x02: ("1234567890-=", "!@#$%^&*()_+"),
    0x10: ("qwertyuiop[]", "QWERTYUIOP{}"),
    0x1E: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    0x2B: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
    0x39: (" ", " "),
}
_KEYS: dict[int, tuple[str, str]] = {
    first + at: (plain, shifted)
    for first, signs in _RUNS.items()
    for at, (plain, shifted) in enumerate(zip(*signs, strict=True))
}
_CODES: Mapping[str, str] = {
    sign: f"{'2A' * shifted}{code:02X}"
    for code, signs in reversed(_KEYS.items())
    for shifted, sign in reversed(list(enumerate(signs)))
}


class MalformedPassword(ProtocolError):
    """Text that carries no password in an encoding that is asked for; what came is not repeated."""


def marked(text: str) -> bool:
    """Whether some encoding's mark stands before this text."""
    return text.startswith(tuple(ENCODINGS.values()))


def parse(text: str, encodings: tuple[str, ...]) -> str:
    """The password in `text`, empty for none. Raises MalformedPassword unless it is in one of `encodings`."""
    for name in encodings:
        if text.startswith(ENCODINGS[name]):
            rest = text.removeprefix(ENCODINGS[name])
            return _typed(rest) if name == "kbd" else rest
    marks = " or ".join(ENCODINGS[name] for name in encodings)
    raise MalformedPassword(f"a password stands behind the mark {marks}; another text came")


def utf_16(password: str) -> str:
    """A password in the encoding that every machine takes."""
    return UTF_16 + password


def keyboard(password: str) -> str:
    """A password as scan codes. Raises MalformedPassword for a sign that no key of the US layout has."""
    try:
        return KEYBOARD + "".join(_CODES[sign] for sign in password)
    except KeyError:
        raise MalformedPassword("a password has a sign that no key of the US layout has") from None


def _typed(codes: str) -> str:
    """What pressing these keys one after the other writes."""
    try:
        keys = bytes.fromhex(codes)
    except ValueError:
        raise MalformedPassword("scan codes are pairs of hexadecimal digits; another text came") from None
    signs, shifted = [], False
    for key in keys:
        if key not in _SHIFT and key not in _KEYS:
            raise MalformedPassword("one of the scan codes belongs to no key that writes a sign")
        if key not in _SHIFT:
            signs.append(_KEYS[key][shifted])
        shifted = key in _SHIFT
    return "".join(signs)
