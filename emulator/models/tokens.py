"""The tokens of a TOML text, each with its line; whatever the text is, they come in time that grows with its length.

The standard parser gives values only, so `lines` reads these. And there are texts that keep the standard parser busy for hours, or
overflow its stack: names of ten thousand parts, arrays in arrays, numbers of thousands of digits. No model needs any of them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

DEEPEST = 16
"""Arrays and tables in one another; a model has four."""
MOST_PARTS = 32
"""Parts of a name with dots; a model has three. Numbers and dates have dots too, but few."""
LONGEST_WORD = 256
"""Characters of what stands without quotes: numbers, dates, names."""

# No possessive quantifiers: those of Python 3.11.2, which Debian 12 has, forget what a group matched.
_TOKEN = re.compile(
    r'''
      (?P<blank> [ \t\r]+ | \#[^\n]* )
    | (?P<string>
        """ (?: [^"\\] | \\. | "(?!"") )* (?: """ "{0,2} | \Z )
      | \'\'\' (?: [^'] | '(?!'') )* (?: \'\'\' '{0,2} | \Z )
      | " (?: [^"\\\n] | \\[^\n] )* "?
      | ' [^'\n]* '?
      )
    | [\n\[\]{},=]
    | (?P<word> [^ \t\r\n\[\]{},=\#"']+ )
    | .
    ''',
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A string with its quotes, a word, a line end, or one of `[ ] { } , =`. Words hold the dots of names and numbers."""

    text: str
    line: int
    kind: str | None


def tokens(text: str) -> Iterator[Token]:
    """Everything but blanks and comments."""
    line = 1
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "blank":
            yield Token(found[0], line, found.lastgroup)
        line += found[0].count("\n")


def excess(text: str) -> tuple[int, str] | None:
    """The first line that no model needs and no parser should be troubled with, and what is too much there."""
    depth = dots = 0
    for token in tokens(text):
        if token.kind == "word":
            dots += token.text.count(".")
        elif token.kind is None:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.text, 0)
            dots = 0
        if depth > DEEPEST:
            return token.line, f"more than {DEEPEST} arrays and tables lie in one another"
        if dots >= MOST_PARTS:
            return token.line, f"a name has more than {MOST_PARTS} parts"
        if token.kind == "word" and len(token.text) > LONGEST_WORD:
            return token.line, f"a number or a name without quotes has more than {LONGEST_WORD} characters"
    return None
