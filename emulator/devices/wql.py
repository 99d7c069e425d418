"""WQL, the query language of WMI, as far as settings need it.

    SELECT * | property, ... FROM class [WHERE condition]
    condition: property = <> != < <= > >= constant | property LIKE 'pattern' | property IS [NOT] NULL | NOT, AND, OR, ( )

Keywords and names are written in any case. A constant is a number, TRUE, FALSE, or a text in single or double quotes, where a backslash
stands before a quote or another backslash, and before nothing else. A number in quotes is taken where the property is a number. What WMI calls
an invalid query or an invalid class raises `MalformedQuery`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from emulator.devices import wql_patterns
from emulator.devices.wmi_schema import CLASS_PROPERTY, CLASSES, Instance, Type, WMIClass, belongs
from emulator.devices.wql_conditions import (
    COMPARED,
    Comparison,
    Condition,
    Every,
    IsNull,
    Likeness,
    Not,
    Some,
)
from emulator.devices.wql_tokens import LONGEST, MalformedQuery, Token, tokens, unquoted

DEEPEST = 50
"""Brackets and NOTs within one another."""
_TRUTH = {"TRUE": 1, "FALSE": 0}


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood; without `properties` all of them are asked for."""

    of: WMIClass
    properties: tuple[str, ...]
    where: Condition | None

    def answered(self, instances: Iterable[Instance]) -> list[Instance]:
        """Those of `instances` that are asked for, as they are asked for."""
        chosen = [
            each
            for each in instances
            if belongs(str(each[CLASS_PROPERTY]), self.of) and (self.where is None or self.where.holds(each))
        ]
        if not self.properties:
            return chosen
        return [{name: each[name] for name in (CLASS_PROPERTY, *self.properties)} for each in chosen]


def parse(text: str) -> Query:
    """Raises MalformedQuery."""
    if len(text) > LONGEST:
        raise MalformedQuery(f"a query has at most {LONGEST} characters; {len(text)} came")
    return _Parser(text).query()


class _Parser:
    """Reads one query from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._place = self._depth = 0
        self._of = WMIClass("", "", {})

    def query(self) -> Query:
        self._word("SELECT")
        wanted = self._list()
        self._word("FROM")
        self._of = self._class()
        properties = tuple(self._property(name) for name in wanted)
        where = self._either() if self._took("WHERE") else None
        if self._now.kind != "end":
            raise self._wrong("the end, AND or OR" if where else "WHERE or the end")
        return Query(self._of, properties, where)

    @property
    def _now(self) -> Token:
        return self._tokens[self._place]

    def _next(self) -> Token:
        token = self._now
        self._place += 1
        return token

    def _took(self, word: str) -> bool:
        """Whether this word or sign stands here; then it is read."""
        here = self._now.kind in {"word", "sign"} and self._now.text.upper() == word
        self._place += here
        return here

    def _word(self, word: str) -> None:
        if not self._took(word):
            raise self._wrong(word)

    def _name(self, what: str) -> str:
        if self._now.kind != "word":
            raise self._wrong(what)
        return self._next().text

    def _list(self) -> list[str]:
        if self._took("*"):
            return []
        names = [self._name("* or a property")]
        while self._took(","):
            names.append(self._name("a property"))
        return names

    def _class(self) -> WMIClass:
        name = self._name("a class")
        if name.casefold() not in CLASSES:
            known = ", ".join(each.name for each in CLASSES.values())
            raise MalformedQuery(f"there is no class {name[:80]!r}; there are {known}")
        return CLASSES[name.casefold()]

    def _property(self, name: str) -> str:
        if name.casefold() in {CLASS_PROPERTY.casefold(), "__class"}:
            return CLASS_PROPERTY
        for each in self._of.properties:
            if each.casefold() == name.casefold():
                return each
        has = ", ".join(self._of.properties) or "none"
        raise MalformedQuery(f"{self._of.name} has no property {name[:80]!r}; it has {has}")

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._took("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._single()]
        while self._took("AND"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _single(self) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise MalformedQuery(f"brackets and NOT stand within one another more than {DEEPEST} deep")
        try:
            if self._took("NOT"):
                return Not(self._single())
            if self._took("("):
                inner = self._either()
                self._word(")")
                return inner
            return self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> Condition:
        name = self._property(self._name("a property, NOT or a bracket"))
        if self._took("IS"):
            negated = self._took("NOT")
            self._word("NULL")
            return Not(IsNull(name)) if negated else IsNull(name)
        if self._of.properties.get(name) is Type.TEXTS:
            raise MalformedQuery(f"{name!r} holds several values: it can be asked for, but not compared")
        if self._took("LIKE"):
            if self._now.kind != "text":
                raise self._wrong("a pattern in quotes")
            return Likeness(name, wql_patterns.pattern(unquoted(self._next().text)))
        if self._now.text not in COMPARED:
            raise self._wrong("a comparison")
        return Comparison(name, self._next().text, self._constant(name))

    def _constant(self, name: str) -> str | int:
        """What a property is compared with, in the type of the property."""
        token = self._now
        if token.kind not in {"text", "number"} and token.text.upper() not in _TRUTH:
            raise self._wrong("a text in quotes or a number")
        self._place += 1
        said = unquoted(token.text) if token.kind == "text" else token.text
        if self._of.properties.get(name, Type.TEXT) is Type.TEXT:
            return said
        if said.upper() in _TRUTH:
            return _TRUTH[said.upper()]
        if not re.fullmatch(r"-?[0-9]{1,10}", said, re.ASCII):
            raise MalformedQuery(f"{name!r} is a number; it is compared with {said[:80]!r}")
        return int(said)

    def _wrong(self, expected: str) -> MalformedQuery:
        token = self._now
        came = "the end of the query" if token.kind == "end" else repr(token.text[:40])
        return MalformedQuery(
            f"{expected} was expected at character {token.at + 1} of the query; {came} came"
        )
