"""What the page in the browser says: a JSON list whose first member names what happened. Pure.

    ["stdin", TEXT]   ["resize", {"width": COLUMNS, "height": ROWS}]   ["focus"]   ["blur"]   ["ping", TEXT]

The wire is textual-serve's. Our page sends nothing else, so what does not fit is dropped without a word.
"""

import json
from dataclasses import dataclass

LONGEST_TEXT = 4096
"""Characters that arrive at once: more than anybody types or pastes into a setup screen."""
COLUMNS, ROWS = (20, 400), (5, 200)
"""Screens that are drawn. What is smaller or larger is taken as the nearest of them."""
USUAL = (80, 24)


@dataclass(frozen=True, slots=True)
class Typed:
    text: str


@dataclass(frozen=True, slots=True)
class Resized:
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Focused:
    here: bool


@dataclass(frozen=True, slots=True)
class Pinged:
    text: str


Message = Typed | Resized | Focused | Pinged


def parse(text: str) -> Message | None:
    """A message, or None for anything that is none."""
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match parts:
        case ["stdin", str(typed)] if len(typed) <= LONGEST_TEXT and _encodable(typed):
            return Typed(typed)
        case ["resize", {"width": int(columns), "height": int(rows)}]:
            return Resized(*size(columns, rows))
        case ["focus" | "blur" as what]:
            return Focused(what == "focus")
        case ["ping", str(echo)] if len(echo) <= LONGEST_TEXT and _encodable(echo):
            return Pinged(echo)
    return None


def size(columns: int, rows: int) -> tuple[int, int]:
    """The nearest size that is drawn."""
    return _between(columns, *COLUMNS), _between(rows, *ROWS)


def asked_size(columns: str | None, rows: str | None) -> tuple[int, int]:
    """The size in a query, or the usual one."""
    numbers = [
        each for each in (columns, rows) if each and each.isascii() and each.isdigit() and len(each) < 10
    ]
    return size(int(numbers[0]), int(numbers[1])) if len(numbers) == 2 else USUAL


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))


def _encodable(text: str) -> bool:
    """JSON can spell half a character, which no encoding can."""
    return not any("\ud800" <= each <= "\udfff" for each in text)
