"""Words on the sheet: the fonts that every PDF reader has, and what is done about characters that they lack.

They hold what Windows calls code page 1252, German included. Another character is spelled as its number, `[U+043F]`: better than a box that
stands for anything. So is what does not print and would turn or hide its neighbours.
"""

PLAIN, BOLD, FIXED = "Helvetica", "Helvetica-Bold", "Courier"
CUT = " ..."


def printable(text: str) -> str:
    return "".join(character if _prints(character) else f"[U+{ord(character):04X}]" for character in text)


def lines(text: str, font: str, size: float, width: float, *, most: int) -> list[str]:
    """`text` broken at blanks, and a word that is wider than a line anywhere; what goes beyond `most` lines is cut, visibly."""
    broken = [""]
    for word in text.split():
        longer = f"{broken[-1]} {word}".lstrip()
        if _width(longer, font, size) <= width:
            broken[-1] = longer
        else:
            broken += _pieces(word, font, size, width)
    broken = [line for line in broken if line]
    if len(broken) <= most:
        return broken
    last = broken[most - 1]
    while _width(last + CUT, font, size) > width:
        last = last[:-1]
    return [*broken[: most - 1], last + CUT]


def _pieces(word: str, font: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and _width(pieces[-1] + character, font, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _prints(character: str) -> bool:
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return character.isprintable()


def _width(text: str, font: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415 -- for a sheet only

    return stringWidth(text, font, size)
