"""In which line of a TOML file something stands: the standard parser gives values only.

The file was parsed before, so nothing here judges it: tokens are read for their places, not for their values. A place is the way to a
value, ("setting", "Fast Boot", "default") or ("page", 3, "items", 5), counted from 0; an array of tables counts like any array.
"""

import tomllib
from collections.abc import Iterator, Mapping

from emulator.models.tokens import Token, tokens

Where = tuple[str | int, ...]

_END = Token("", 0, None)


def places(text: str) -> Mapping[Where, int]:
    """The line of every table, key and entry of an array."""
    return _Reader(text).places


def line_of(found: Mapping[Where, int], where: Where) -> int:
    """The line of the nearest thing on the way to `where`; 1 if there is none."""
    return next((found[where[:end]] for end in range(len(where), 0, -1) if where[:end] in found), 1)


def line_in(text: str, where: Where) -> int:
    """The line of the nearest thing on the way to `where` in a file that is looked at once."""
    return line_of(places(text), where)


class _Reader:
    """One walk through the tokens of a file."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._next = next(self._tokens, _END)
        self._last: dict[Where, int] = {}
        """The last table of each array of tables."""
        self.places: dict[Where, int] = {}
        table: Where = ()
        while self._next is not _END:
            if self._next.text == "[":
                table = self._header()
            elif self._next.text == "\n":
                self._take()
            else:
                self._pair(table)

    def _take(self) -> Token:
        taken, self._next = self._next, next(self._tokens, _END)
        return taken

    def _note(self, where: Where, line: int) -> None:
        self.places.setdefault(where, line)

    def _names(self, end: str) -> Iterator[str]:
        """The parts of a name, up to the token behind it."""
        while (token := self._take()).text != end and token is not _END:
            if token.kind == "string":
                yield _unquoted(token.text)
            else:
                yield from filter(None, token.text.split("."))

    def _header(self) -> Where:
        """The table that a header opens."""
        line = self._take().line
        many = self._next.text == "["
        if many:
            self._take()
        names = list(self._names("]"))
        if many:
            self._take()
        where: Where = ()
        for left, name in enumerate(names, 1 - len(names)):
            where = (*where, name)
            self._note(where, line)
            if many and left == 0:
                self._last[where] = self._last.get(where, -1) + 1
            if where in self._last:
                where = (*where, self._last[where])
                self._note(where, line)
        return where

    def _pair(self, table: Where) -> None:
        line = self._next.line
        for name in self._names("="):
            table = (*table, name)
            self._note(table, line)
        self._value(table)

    def _value(self, where: Where) -> None:
        self._note(where, self._next.line)
        opening = self._take().text
        if opening == "[":
            self._array(where)
        elif opening == "{":
            while self._more("}"):
                self._pair(where)
        else:
            # A date and its time are two words.
            while self._next.kind is not None:
                self._take()

    def _array(self, where: Where) -> None:
        number = 0
        while self._more("]"):
            self._value((*where, number))
            number += 1

    def _more(self, end: str) -> bool:
        """Whether another entry comes before the closing bracket, which is taken."""
        while self._next.text in ("\n", ","):
            self._take()
        more = self._next.text != end and self._next is not _END
        if not more:
            self._take()
        return more


def _unquoted(text: str) -> str:
    return str(tomllib.loads(f"name = {text}")["name"]) if "\\" in text else text[1:-1]
