"""Digits large enough to be read from arm's length, while the hands type them at another machine.

Each is three pixels wide and five high. A pixel is drawn two columns wide where there is room for a group of four in a row of its own,
and one column wide where both groups must share a row. What is not a digit is drawn as the sign of something hidden.
"""

from itertools import islice

_PIXELS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", " # ", " # "),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
}
_HIDDEN = ("   ", "   ", "###", "   ", "   ")
INK = "█"
GROUP = 4
HIDDEN = "·" * 8


def in_one_row(digits: str) -> list[str]:
    """Two groups side by side: 35 columns, 5 rows."""
    left, right = (_row(group, 1, 1) for group in groups(digits))
    return [f"{one}   {other}" for one, other in zip(left, right, strict=True)]


def in_two_rows(digits: str, width: int = 2) -> list[str]:
    """One group below the other: 30 columns, or 15 with narrow pixels, and 11 rows."""
    first, second = (_row(group, width, width) for group in groups(digits))
    return [*first, " " * len(first[0]), *second]


def groups(digits: str) -> list[str]:
    """`1234 5678`, as every page writes it."""
    signs = iter(digits)
    return ["".join(islice(signs, GROUP)) for _ in range(len(digits) // GROUP)]


def _row(group: str, width: int, gap: int) -> list[str]:
    drawn = [_PIXELS.get(digit, _HIDDEN) for digit in group]
    return [
        (" " * gap).join(
            "".join(INK * width if pixel == "#" else " " * width for pixel in digit[line]) for digit in drawn
        )
        for line in range(len(_HIDDEN))
    ]
