"""What is held before the phone: a picture file, a text file, standard input, or the text itself.

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
"""Pixels. The guide: the app cannot read a picture that is smaller. This one can, and warns."""

_MAGIC = re.compile(rb"\x89PNG|\xff\xd8\xff|BM....\0\0\0\0", re.DOTALL)
"""PNG, JPEG, BMP; the zeros keep text that begins with BM apart."""


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
    else:
        try:
            data = read_bounded(Path(argument), most=LARGEST)
        except FileRefused as error:
            raise QRCodeInvalidImage(str(error)) from None
    return _recognised(data)


def _recognised(data: bytes) -> Shown:
    if not _MAGIC.match(data):
        try:
            return Shown(_text_looks(data.decode("utf-8-sig")))
        except UnicodeDecodeError:
            raise QRCodeInvalidImage(
                "neither a picture nor text: PNG, JPEG, BMP or JSON in UTF-8 was expected"
            ) from None
    from emulator.companions.authenticator import scanner  # noqa: PLC0415 -- pasted text needs no eyes

    picture = scanner.open_picture(data)
    return Shown(scanner.looks(picture), picture.size)


def _text_looks(text: str) -> list[tuple[str, ...]]:
    """The text as it is, then without the line breaks that copying from a terminal puts into it; parts of a challenge line by line."""
    lines = [line.strip() for line in text.splitlines()]
    if text.lstrip().startswith(challenge_parts.MARK):
        return [tuple(filter(None, lines))]
    joined = "".join(lines)
    return [(text,)] if joined in (text, text.strip()) else [(text,), (joined,)]
