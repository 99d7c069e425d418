"""What is held before the phone: a picture file, a text file, standard input, or the text itself; `clipboard` adds what was copied.

Whatever it is, it ends as looks: tuples of texts, one after the other, of which the reader takes the first that is of use.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from emulator.companions import FileRefused, read_bounded
from emulator.companions.authenticator.exceptions import QRCodeDeserialization, QRCodeInvalidImage
from emulator.protocol import challenge_parts

STANDARD_INPUT = "-"
LARGEST = 20_000_000
"""Bytes of a picture or a text."""
SMALLEST = (800, 600)
"""Pixels. The guide: the app cannot read a picture that is smaller. This one can, and warns. An SVG has no pixels."""

_RASTER = re.compile(rb"\x89PNG|\xff\xd8\xff|BM....\0\0\0\0", re.DOTALL)
"""PNG, JPEG, BMP; the zeros keep text that begins with BM apart."""
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
"""SVG. No text that means something to the phone begins like this."""
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Shown:
    """The texts found at each look, and the size of the picture if it was one."""

    looks: Iterable[tuple[str, ...]]
    size: tuple[int, int] | None = None

    @property
    def is_small(self) -> bool:
        """Whether the guide would call the picture too small, whichever way it is held."""
        return self.size is not None and (max(self.size) < SMALLEST[0] or min(self.size) < SMALLEST[1])


def shown(argument: str, standard_input: BinaryIO | None) -> Shown:
    """What `argument` stands for; `standard_input` is None if it is closed. Raises QRCodeInvalidImage or QRCodeDeserialization."""
    if argument.lstrip().startswith("{") or argument.startswith(challenge_parts.MARK):
        if any("\ud800" <= character <= "\udfff" for character in argument):
            raise QRCodeDeserialization("the text is no UTF-8")
        return Shown(_text_looks(argument))
    if argument == STANDARD_INPUT:
        data = standard_input.read(LARGEST + 1) if standard_input else b""
        if len(data) > LARGEST:
            raise QRCodeInvalidImage(f"standard input holds more than {LARGEST // 1_000_000} MB")
        return _recognised(data)
    return file(Path(argument))


def file(path: Path) -> Shown:
    """What a file shows, picture or text. Raises QRCodeInvalidImage."""
    try:
        return _recognised(read_bounded(path, most=LARGEST))
    except FileRefused as error:
        raise QRCodeInvalidImage(str(error)) from None


def picture(data: bytes) -> Shown:
    """What a picture shows. Raises QRCodeInvalidImage."""
    from emulator.companions.authenticator import scanner  # noqa: PLC0415 -- pasted text needs no eyes

    if not _MARKUP.match(data):
        grey = scanner.open_picture(data)
        return Shown(scanner.looks(grey), grey.size)
    from emulator.companions.authenticator import svg_picture  # noqa: PLC0415 -- few pictures are drawings

    return Shown(scanner.looks(scanner.open_picture(svg_picture.png(data))))


def _recognised(data: bytes) -> Shown:
    if _RASTER.match(data) or _MARKUP.match(data):
        return picture(data)
    if data.startswith(_GZIP):
        raise QRCodeInvalidImage("the file is compressed; unpack it first (an .svgz becomes an .svg)")
    try:
        return Shown(_text_looks(data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise QRCodeInvalidImage(
            "neither a picture nor text: PNG, JPEG, BMP, SVG or JSON in UTF-8 was expected"
        ) from None


def _text_looks(text: str) -> list[tuple[str, ...]]:
    """The text as it is, then without the line breaks that copying from a terminal puts into it; parts of a challenge line by line."""
    lines = [line.strip() for line in text.splitlines()]
    if text.lstrip().startswith(challenge_parts.MARK):
        return [tuple(filter(None, lines))]
    joined = "".join(lines)
    return [(text,)] if joined in (text, text.strip()) else [(text,), (joined,)]
