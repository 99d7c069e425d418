"""Words, numbers, texts and signs of a query, one after the other."""

import re
from typing import NamedTuple

from emulator.protocol.errors import ProtocolError

LONGEST = 8192
"""Characters of a query."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>-?[0-9]{1,10}(?![0-9A-Za-z_]))"""
    r"""|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign><=|>=|<>|!=|[=<>(),*]))""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([\\'\"])")


class MalformedQuery(ProtocolError):
    """A query that WMI would not take; the text says where it went wrong."""


class Token(NamedTuple):
    kind: str
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    """The last one is the end. Raises MalformedQuery."""
    found_so_far: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise MalformedQuery(f"the query has no meaning from {text[at : at + 40]!r} on")
        if found.lastgroup == "text" and _ESCAPED.sub("", found["text"]).count("\\"):
            raise MalformedQuery(
                f"a backslash in a text is written twice, as in '\\\\Advanced'; {found['text'][:60]} came"
            )
        found_so_far.append(Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
        at = found.end()
    return [*found_so_far, Token("end", "", len(text))]


def unquoted(text: str) -> str:
    return _ESCAPED.sub(r"\1", text[1:-1])
