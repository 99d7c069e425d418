"""Patterns of LIKE: `%` for any letters, `_` for one, and `[a-f]`, `[^x]` for one of a set, which is how `[%]` means the sign itself.

Letters are compared without case. A pattern is a stranger's, so it must not take endless time: see `fits`, and
`MOST_MEMBERS`.
"""

from collections.abc import Callable

from emulator.devices.wql_tokens import MalformedQuery

MOST_MEMBERS = 256
"""Signs between the brackets of a pattern, all together; each of them may be compared with each letter."""

Sign = Callable[[str], bool]
"""Whether one letter fits one place of a pattern."""
Pattern = tuple[Sign | None, ...]
"""Place by place; None for any letters."""


def pattern(text: str) -> Pattern:
    """Read a pattern. A bracket that nobody closes is itself. Raises MalformedQuery."""
    places: list[Sign | None] = []
    text = text.casefold()
    at = members = 0
    while at < len(text):
        sign = text[at]
        end = text.find("]", at + 2) if sign == "[" else -1
        if end > 0:
            members += end - at - 1
            if members > MOST_MEMBERS:
                raise MalformedQuery(f"the sets of a pattern have at most {MOST_MEMBERS} signs; more came")
            places.append(_one_of(text[at + 1 : end]))
            at = end
        elif sign == "%":
            places.append(None)
        else:
            places.append(_any if sign == "_" else _exactly(sign))
        at += 1
    return tuple(places)


def fits(text: str, places: Pattern) -> bool:
    """Whether a text is like a pattern. Only the last `%` is tried again, so that the work is the product of both lengths at most."""
    text = text.casefold()
    at = place = 0
    again: tuple[int, int] | None = None
    while at < len(text):
        sign = places[place] if place < len(places) else _none
        if sign is None:
            again = (place + 1, at)
            place += 1
        elif sign(text[at]):
            at, place = at + 1, place + 1
        elif again is None:
            return False
        else:
            again = (again[0], again[1] + 1)
            place, at = again
    return all(sign is None for sign in places[place:])


def _any(_: str) -> bool:
    return True


def _none(_: str) -> bool:
    return False


def _exactly(sign: str) -> Sign:
    return lambda letter: letter == sign


def _one_of(members: str) -> Sign:
    """A set: single signs, and ranges with a hyphen or `=` between, as WQL has them."""
    excluded = members.startswith("^") and len(members) > 1
    members = members[excluded:]
    ranges: list[tuple[str, str]] = []
    while members:
        is_range = len(members) > 2 and members[1] in "-="
        ranges.append((members[0], members[2 if is_range else 0]))
        members = members[3 if is_range else 1 :]
    return lambda letter: any(low <= letter <= high for low, high in ranges) is not excluded
