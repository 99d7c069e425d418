"""The printed sheet with an enrolment picture: what is handed to the person who shall hold a key.

One page, A4 or US Letter: the key's name, its key id and the day, the code, what to do in numbered steps, and room to write who got it.
The passphrase is never on it, for it must go another way; whoever makes the sheet is not even told it here.

The code is drawn as one shape, so that printers scale it and no seams run between its modules. It takes the room that the
words leave. The file says nothing about who made it, where and when, and the same words make the same bytes.
"""

import io
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from emulator.companions import language as spoken
from emulator.companions.admin import enrolment_picture
from emulator.companions.admin.sheet.lettering import BOLD, FIXED, PLAIN, lines, printable

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from emulator.companions.language import Words

MARGIN = 54.0
CODE = (226.8, 340.2)
"""Least and greatest side of the code: 8 and 12 cm."""
LEADING = 1.35
GAP = 10.0
RULE = 24.0
MOST_NAME_LINES = 4

TITLE = "Enrolment of a phone"
STEPS = (
    "Get the passphrase of this key from the person who gave you the sheet, by another way: by telephone or face to face. It is not printed here; do not write it here.",
    "Open the authenticator on your phone and let it read the code above, with the camera or from a picture of this sheet.",
    "The page Registration appears. Type the passphrase, and your e-mail address only if it is asked for.",
    "The phone shows the key. Compare its key id with the one on this sheet.",
    "Lock the sheet away or destroy it: whoever has it and the passphrase has the key.",
    "When a computer shows a code before its setup opens, choose Scan QR code and type in the PIN that the phone shows.",
)
LINES = ("Handed to", "By, on", "Computers", "Remarks")


class Paper(Enum):
    """Width and height in points, of 1/72 inch."""

    A4 = (595.28, 841.89)
    LETTER = (612.0, 792.0)


def pdf(
    text: str,
    *,
    key_name: str,
    key_id: str,
    language: str,
    made: date | None = None,
    paper: Paper = Paper.A4,
) -> bytes:
    """The sheet for the package `text`; without `made` it names no day. Raises TooMuchText."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 -- for a sheet only

    words = spoken.of(__name__, language)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=paper.value, invariant=1, pageCompression=1, lang=language)
    canvas.setTitle(words(TITLE))
    for tell in (
        canvas.setAuthor,
        canvas.setSubject,
        canvas.setCreator,
        canvas.setProducer,
        canvas.setKeywords,
    ):
        tell("")
    modules = [
        list(row) for row in enrolment_picture.code(text).matrix_iter(border=enrolment_picture.QUIET_ZONE)
    ]
    _Page(canvas, words, paper).fill(modules, _facts(words, key_name, key_id, made))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _facts(words: "Words", key_name: str, key_id: str, made: date | None) -> list["_Text"]:
    facts = [
        _Text(words("Key: {name}", name=printable(key_name)), BOLD, 13.0, most=MOST_NAME_LINES),
        _Text(words("Key id: {id}", id=printable(key_id)), FIXED, 10.0),
    ]
    return [*facts, _Text(words("Made on {day}", day=made.isoformat()), PLAIN, 10.0)] if made else facts


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph: what, in which font and size, how many lines at most, how far from the left."""

    what: str
    font: str
    size: float
    most: int = 99
    indent: float = 0.0

    def broken(self, width: float) -> list[str]:
        return lines(self.what, self.font, self.size, width - self.indent, most=self.most)

    def height(self, width: float) -> float:
        return len(self.broken(width)) * self.size * LEADING


class _Page:
    """Draws from the top downwards; `_top` is where the next thing goes."""

    def __init__(self, canvas: "Canvas", words: "Words", paper: Paper) -> None:
        self._canvas, self._words = canvas, words
        self._page_width, self._top = paper.value
        self._width = self._page_width - 2 * MARGIN
        self._top -= MARGIN

    def fill(self, modules: list[list[int]], facts: list[_Text]) -> None:
        title = _Text(self._words(TITLE), BOLD, 20.0)
        steps = [_Text(self._words(step), PLAIN, 10.5, indent=18.0) for step in STEPS]
        rules = RULE * len(LINES)
        words = sum(text.height(self._width) for text in (title, *facts, *steps)) + 3.0 * len(steps)
        room = self._top - MARGIN - words - rules - 3 * GAP
        self._write(title)
        for fact in facts:
            self._write(fact)
        self._draw(modules, min(max(room, CODE[0]), CODE[1]))
        for number, step in enumerate(steps, 1):
            self._write(step, mark=f"{number}.")
            self._top -= 3.0
        self._rule()

    def _write(self, text: _Text, mark: str = "") -> None:
        self._canvas.setFont(text.font, text.size)
        for number, line in enumerate(text.broken(self._width)):
            self._top -= text.size * LEADING
            if mark and not number:
                self._canvas.drawString(MARGIN, self._top, mark)
            self._canvas.drawString(MARGIN + text.indent, self._top, line)

    def _draw(self, modules: list[list[int]], side: float) -> None:
        self._top -= GAP + side
        module, left = side / len(modules), (self._page_width - side) / 2
        shape = self._canvas.beginPath()
        for row, content in enumerate(modules):
            for start, end in _runs(content):
                bottom = self._top + side - (row + 1) * module
                shape.rect(left + start * module, bottom, (end - start) * module, module)
        self._canvas.drawPath(shape, stroke=0, fill=1)
        self._top -= GAP

    def _rule(self) -> None:
        self._canvas.setFont(PLAIN, 9.0)
        for line in LINES:
            self._top -= RULE
            said = f"{self._words(line)}:"
            self._canvas.drawString(MARGIN, self._top, said)
            self._canvas.setLineWidth(0.5)
            self._canvas.line(MARGIN + 90, self._top - 1, self._page_width - MARGIN, self._top - 1)


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """Where dark modules begin and end."""
    edges = [0, *row, 0]
    changes = [place for place in range(len(row) + 1) if bool(edges[place]) != bool(edges[place + 1])]
    return list(zip(changes[::2], changes[1::2], strict=True))
