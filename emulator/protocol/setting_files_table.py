"""Tables of comma-separated values, with the place of each field.

A field may stand between quotation marks, and then holds commas and line breaks; a mark within it is doubled. In a field that does not
begin with one, a mark is a sign like any other. Lines end in LF or CRLF, and empty ones are none of the table's. Python's own reader
does not tell where a field stands, which who changes one field of a table needs to know. No error repeats a field. How many rows and columns there may be is ours to choose, and nothing behind that is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.protocol.repset_lines import MOST_ENTRIES, TooManyEntries
from emulator.protocol.setting_files_entry import MalformedSettingFile

MOST_FIELDS = 64
"""Fields of a row; the properties of a setting are half as many."""

_EMPTY_LINES = re.compile(r"(?:\r?\n)*+")
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
_BARE = re.compile(r"[^,\r\n]*+")
_END = re.compile(r"\r\n|\n|\Z")


@dataclass(frozen=True, slots=True)
class Field:
    """One field, and where its text begins and ends, quotation marks included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    fields: tuple[Field, ...]
    line: int

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.fields]


def read(text: str) -> tuple[Row, list[Row]]:
    """The head and the rows of a table that has a head. Raises MalformedSettingFile or TooManyEntries."""
    found = _rows(text)
    head = next(found)
    rows: list[Row] = []
    for row in found:
        if len(rows) == MOST_ENTRIES:
            raise TooManyEntries
        if len(row.fields) != len(head.fields):
            raise MalformedSettingFile(
                f"line {row.line}: a row of {len(head.fields)} fields, as the first line has, was expected; {len(row.fields)} came"
            )
        rows.append(row)
    return head, rows


def _rows(text: str) -> Iterator[Row]:
    at, line = _past_empty_lines(text, 0, 1)
    while at < len(text):
        start, first, fields = at, line, []
        while True:
            field = _field(text, at, first)
            fields.append(field)
            at = field.end
            if text[at : at + 1] != ",":
                break
            if len(fields) == MOST_FIELDS:
                raise MalformedSettingFile(
                    f"line {first}: at most {MOST_FIELDS} fields in a row were expected; more came"
                )
            at += 1
        if not (end := _END.match(text, at)):
            raise MalformedSettingFile(
                f"line {first}: a comma or a line end was expected behind a field; put quotation marks round the whole field"
            )
        at = end.end()
        line += text.count("\n", start, at)
        yield Row(tuple(fields), first)
        at, line = _past_empty_lines(text, at, line)


def _past_empty_lines(text: str, at: int, line: int) -> tuple[int, int]:
    found = _EMPTY_LINES.match(text, at)
    assert found  # It matches nothing, too.
    return found.end(), line + found[0].count("\n")


def _field(text: str, at: int, line: int) -> Field:
    if text[at : at + 1] == '"':
        found = _QUOTED.match(text, at)
        if not found:
            raise MalformedSettingFile(f"line {line}: a closing quotation mark was expected; none came")
        return Field(found[1].replace('""', '"'), at, found.end())
    found = _BARE.match(text, at)
    assert found  # It matches nothing, too.
    return Field(found[0], at, found.end())


def quoted(text: str) -> str:
    """A field that is read back as this text."""
    needed = text.startswith((" ", "\t", '"')) or text.endswith((" ", "\t")) or re.search(r'[",\r\n]', text)
    return '"{}"'.format(text.replace('"', '""')) if needed else text
