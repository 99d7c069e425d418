"""The lines of a replicated setup: which text its bytes are, where lines end, and what each line is.

HP's BIOS Configuration Utility (BCU) writes a header and 8-bit text, the firmware UTF-16 without a header. Scripts and editors mix
the two, so header and encoding are looked at one by one. A byte order mark decides on the encoding where there is one. Without
it the first two characters do: they belong to a header or a name and are Latin ones, so every second byte is NUL in UTF-16, and
none in 8-bit text. That is UTF-8; if it is not, Windows-1252, the code page of a western Windows; if it is not that either,
Latin-1, which gives every byte a character. The guess is ours and can be wrong about a letter, but the bytes always come back.

After the header a line is a name, a value behind exactly one tab, a comment, or blank (BCU User Guide, HP, 700600-007). What is
none of these is refused with its number, for a value that a reader leaves out silently is a setting that never changes. A line
ends in LF or CRLF; all other control characters but NUL are data. A value can be a password, so no refusal repeats a line.
"""

import re
from enum import Enum, StrEnum, auto

from emulator.protocol.errors import ProtocolError

LARGEST = 1 << 20
"""Bytes of a file. Ours to choose: the largest published one has 13 thousand, and UTF-16 would make it twice that."""

MOST_ENTRIES = 5000
"""Settings of a file, in whatever form. The largest machine has less than a tenth of that, and each gets an answer."""

HEADERS = ("BIOSConfig 1.0", "English")
"""The second is that of BCU before 4.0.1.1, which later versions accept still."""

BLANKS = "\t "

MARK = "<BEAM/>"
"""What an authorization begins with. `authorization` says it too, but brings cryptography along, which no reader of files needs."""

_AUTHORIZATION = re.compile(
    r"[\t ]*;[\t ]*(?:signature|authstring)[\t ]*=[\t ]*<beam[\t ]*/>[\t ]*(.*)", re.IGNORECASE | re.DOTALL
)


class MalformedRepset(ProtocolError):
    """Bytes that are no replicated setup."""


class TooManyEntries(ProtocolError):
    """A file that asks for more than any machine has."""

    def __init__(self) -> None:
        super().__init__(
            f"a file of at most {MOST_ENTRIES} settings was expected; more came, and none was taken: divide the file"
        )


class Dialect(Enum):
    """Which of the two forms it is: only BCU's has a header."""

    BCU = "bcu"
    FIRMWARE = "firmware"


class Encoding(StrEnum):
    """How text became bytes, by the names of Python's codecs."""

    UTF_8 = "utf-8"
    WINDOWS_1252 = "cp1252"
    LATIN_1 = "latin-1"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"


class Kind(Enum):
    """What a line below the header is."""

    NAME = auto()
    VALUE = auto()
    SILENT = auto()
    """A comment or a blank line."""


BYTE_ORDER_MARKS = {
    Encoding.UTF_8: b"\xef\xbb\xbf",
    Encoding.UTF_16_LE: b"\xff\xfe",
    Encoding.UTF_16_BE: b"\xfe\xff",
}

# Which of the first four bytes are not NUL. A file of one character has but two.
_WITHOUT_MARK = {
    b"\1\0": Encoding.UTF_16_LE,
    b"\1\0\1\0": Encoding.UTF_16_LE,
    b"\0\1": Encoding.UTF_16_BE,
    b"\0\1\0\1": Encoding.UTF_16_BE,
}


def decode(data: bytes) -> tuple[str, Encoding, bool]:
    """The text, its encoding, and whether a byte order mark stood before it. Raises MalformedRepset."""
    if len(data) > LARGEST:
        raise MalformedRepset(
            f"a file of settings of at most {LARGEST} bytes was expected; {len(data)} came; a smaller one is needed"
        )
    for encoding, mark in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding), encoding, True
    if wide := _WITHOUT_MARK.get(bytes(map(bool, data[:4]))):
        return _strictly(data, wide), wide, False
    return *_narrow(data), False


def encode(text: str, encoding: Encoding, mark: bool) -> bytes:
    """The bytes again. Raises UnicodeEncodeError when the encoding does not have a character."""
    return (BYTE_ORDER_MARKS[encoding] if mark else b"") + text.encode(encoding)


def split(text: str) -> list[str]:
    """The lines without their ends; a last one that has no end counts too. Raises MalformedRepset."""
    text = text.replace("\r\n", "\n")
    if stranger := re.search("[\0\r]", text):
        number = text.count("\n", 0, stranger.start()) + 1
        if stranger[0] == "\r":
            raise malformed(number, "a line end of LF or CRLF", "a lone CR", "take it away")
        raise malformed(number, "text", "a NUL", "it means another kind of file, or UTF-16 without mark")
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def dialect_of(first: str) -> Dialect:
    """The dialect of a file with this first line. Raises MalformedRepset.

    The line is the header or a name. Real BCU ends with code 12 when a comment, a blank line or another version comes first.
    """
    # Batch files that write the header with `echo` leave a space behind it.
    if first.rstrip(BLANKS) in HEADERS:
        return Dialect.BCU
    if not first or first[0] in f"{BLANKS};" or first.casefold().startswith("biosconfig"):
        expected = f"the header {HEADERS[0]!r} or the name of a setting"
        raise malformed(1, expected, "neither", f"begin the file with {HEADERS[0]}")
    return Dialect.FIRMWARE


def kind_of(line: str, number: int) -> Kind:
    """What a line below the header is. A tab and nothing else is the empty value. Raises MalformedRepset."""
    content = line.lstrip(BLANKS)
    if content.startswith(";") or not (content or line.startswith("\t")):
        return Kind.SILENT
    if content == line:
        return Kind.NAME
    if line[0] == "\t" and not (content and line[1] == "\t"):
        return Kind.VALUE
    raise malformed(
        number,
        "a value indented with exactly one tab",
        "another indent",
        "put one tab before it, and no space",
    )


def authorization_in(comment: str) -> str:
    """The authorization that a comment carries, as the firmware wants it; empty for any other comment."""
    found = _AUTHORIZATION.fullmatch(comment)
    return f"{MARK}{found[1].rstrip(BLANKS)}" if found else ""


def malformed(line: int, expected: str, came: str, remedy: str) -> MalformedRepset:
    """`came` is a word for what came, never the line itself."""
    return MalformedRepset(f"line {line}: {expected} was expected; {came} came; {remedy}")


def _strictly(data: bytes, encoding: Encoding) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding).count("\n") + 1
        expected = f"{encoding} as at the beginning"
        raise malformed(line, expected, "another encoding", "save the file anew") from None


def _narrow(data: bytes) -> tuple[str, Encoding]:
    for encoding in (Encoding.UTF_8, Encoding.WINDOWS_1252):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode(Encoding.LATIN_1), Encoding.LATIN_1
