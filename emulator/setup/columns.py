"""Texts in columns of a terminal, where a sign may take two columns, or none.

What is ASCII, nearly everything, takes the short way.
"""

import textwrap

from rich.cells import cell_len


def columns(text: str) -> int:
    """How many columns a text takes."""
    return len(text) if text.isascii() else cell_len(text)


def padded(text: str, width: int) -> str:
    """A text with blanks behind it, so that it takes `width` columns at least."""
    return text + " " * (width - columns(text))


def cut(text: str, width: int) -> list[str]:
    """A text in pieces of at most `width` columns, cut wherever the edge is; one empty piece of an empty text."""
    if text.isascii():
        return [text[at : at + width] for at in range(0, len(text), width)] or [""]
    pieces = [""]
    for sign in text:
        if cell_len(pieces[-1]) + cell_len(sign) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """A text in lines of at most `width` columns, broken between words; lines behind the first begin with `hang` blanks."""
    if text.isascii():
        return textwrap.wrap(text, width, subsequent_indent=" " * hang) or [""]
    lines = [" " * (len(text) - len(text.lstrip(" ")))]
    for word in text.split():
        glue = "" if not lines[-1].strip() else " "
        if columns(lines[-1]) + len(glue) + columns(word) <= width:
            lines[-1] += glue + word
            continue
        pieces = cut(word, width - hang)
        fresh = [" " * hang + piece for piece in pieces]
        lines = [*lines, *fresh] if lines[-1].strip() else [*lines[:-1], *fresh]
    return lines
