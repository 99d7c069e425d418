"""Replicated setup: the settings of a PC as a text that people edit and carry from machine to machine.

HP's BIOS Configuration Utility (BCU) writes it, and so does the setup screen itself, to a USB stick. `repset_lines` knows how the
two differ; both mean the same: a line with the name of a setting, and below it its values, one a line. An enumeration lists all
its values and marks the chosen one with a star, an ordered list its elements in order; a number has one line, a string one, which
may be empty, or several. Nothing in the file says which of them a setting is; only the firmware knows, so nothing here judges the
number of stars. Names may stand twice, comments anywhere but on the first line, and a setting whose values are commented out has
none.

One kind of comment says something: `;Signature=<BEAM/>...`, as BCU writes it, or `;AuthString=<BEAM/>...`, as the vendor's scripts do, is
the authorization of the setting above it, and a setting has at most one. It was made for one value, so it goes when the value does.
That blanks and case do not matter in it, and that the same words without `<BEAM/>` are a plain comment, is our reading.

Known are the BCU User Guide (HP, 700600-007) and published exports. Of the firmware's file no more is known than its encoding
and its missing header. Ours to decide: tabs after a value are not part of it, spaces are, as BCU keeps them since 4.0; and where
the last line has no end, tabs and spaces are what an editor left behind, unless its setting has no other value.

The text is the truth, and entries point into it. Whatever is made or changed is read again before it is handed out: no list of
forbidden forms can be as complete as the reader.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Literal

from emulator.protocol import repset_lines
from emulator.protocol.errors import ProtocolError
from emulator.protocol.repset_lines import (
    HEADERS,
    LARGEST,
    MOST_ENTRIES,
    Dialect,
    Encoding,
    Kind,
    MalformedRepset,
    TooManyEntries,
)

__all__ = [
    "HEADERS",
    "LARGEST",
    "MOST_ENTRIES",
    "Dialect",
    "Encoding",
    "Entry",
    "Lines",
    "MalformedRepset",
    "Newline",
    "NotOneEntry",
    "Repset",
    "TooManyEntries",
    "UnwritableEntry",
    "Value",
    "export_comments",
    "make",
    "parse",
]

Lines = list[str] | tuple[str, ...]
"""Values as they stand in a file, with their stars. Not a Sequence, because a str would be one."""

Newline = Literal["\r\n", "\n"]


class UnwritableEntry(ProtocolError):
    """Names, values or comments that would be read back as something else."""


class NotOneEntry(ProtocolError):
    """A name that stands nowhere in the file, or more than once."""


_RULES = (
    "a name begins with no tab or space, a value with no tab, and neither with a semicolon as its first visible character; "
    "a value ends in no tab; comments, and a name like a header, need the header of BCU's dialect above them; nothing holds a line break or NUL"
)


_SIGNATURE = ";Signature="
_Said = tuple[str, tuple[str, ...], str]
"""Name, values and authorization: what a reader must find again."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a setting; `chosen` is its leading star, which is not part of `text`."""

    text: str
    chosen: bool
    line: int

    @property
    def raw(self) -> str:
        """The value as it stands in the file. A string setting means this, for its text may begin with a star."""
        return f"*{self.text}" if self.chosen else self.text


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting as the file has it; `line` is the number of the line that names it, counted from 1."""

    name: str
    values: tuple[Value, ...]
    line: int
    authorization: str = ""
    """`<BEAM/>` and base64, from the comment that carries it; empty where there is none. Nothing here looks into it."""
    authorization_line: int = 0
    """Where that comment stands; 0 where there is none."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The values as they stand in the file, which is how `make` and `Repset.with_values` take them."""
        return tuple(value.raw for value in self.values)


@dataclass(frozen=True, slots=True)
class Repset:
    """A file that was read. Its entries stand in its order; a name that stands twice is two entries."""

    dialect: Dialect
    encoding: Encoding
    byte_order_mark: bool
    """HP's Client Management Script Library warns that BCU cannot use an 8-bit file that begins with one."""
    text: str
    """All of it, comments and line ends too, without the byte order mark."""
    entries: tuple[Entry, ...]

    def render(self) -> bytes:
        """The bytes that were read."""
        return repset_lines.encode(self.text, self.encoding, self.byte_order_mark)

    def with_values(self, name: str, values: Lines) -> "Repset":
        """The file with other values for one setting, where its first one stood; all other lines stay as they are.

        Comments stay too, but not the authorization, which was for the old values. Raises NotOneEntry or UnwritableEntry.
        """
        entry = self._only(name)
        changed = replace(self, text=self._replaced(entry, values))
        wanted = [(name, tuple(values), "") if one is entry else _said(one) for one in self.entries]
        return _read_again(changed, wanted)

    def with_authorizations(self, tokens: Mapping[int, str]) -> "Repset":
        """The file with these authorizations for the entries in these lines, right behind the values; an empty one takes it away.

        Raises NotOneEntry for a line that names no setting, or UnwritableEntry for what is no authorization.
        """
        if strangers := sorted(tokens.keys() - {entry.line for entry in self.entries}):
            raise NotOneEntry(f"the name of a setting was expected in line {strangers[0]}; none is there")
        lines = self._physical()
        for entry in reversed(self.entries):
            if entry.line in tokens:
                self._authorize(lines, entry, tokens[entry.line])
        wanted = [(one.name, one.lines, tokens.get(one.line, one.authorization)) for one in self.entries]
        return _read_again(replace(self, text="".join(lines)), wanted)

    def _only(self, name: str) -> Entry:
        found = [entry for entry in self.entries if entry.name == name]
        if len(found) == 1:
            return found[0]
        places = ", ".join(str(entry.line) for entry in found[:8])
        raise NotOneEntry(
            f"one setting {name[:80]!r} was expected; {len(found)} came{f', in lines {places}' if found else ''}; "
            "choose a name that stands in the file once"
        )

    def _replaced(self, entry: Entry, values: Lines) -> str:
        lines = self._physical()
        old = {value.line for value in entry.values} | {entry.authorization_line}
        # Where there was no value, the new ones follow the name.
        at = min((value.line for value in entry.values), default=entry.line + 1) - 1
        after = [line for number, line in enumerate(lines[at:], at + 1) if number not in old]
        before = [line for number, line in enumerate(lines[:at], 1) if number not in old]
        if values:
            self._end(before)
        return "".join([*before, *(f"\t{value}{self._newline}" for value in values), *after])

    def _authorize(self, lines: list[str], entry: Entry, token: str) -> None:
        if entry.authorization_line:
            del lines[entry.authorization_line - 1]
        if not token:
            return
        at = max((value.line for value in entry.values), default=entry.line)
        # One above the values, which is allowed, was deleted a moment ago.
        at -= 0 < entry.authorization_line < at
        if at == len(lines):
            self._end(lines)
        lines.insert(at, f"{_SIGNATURE}{token}{self._newline}")

    def _physical(self) -> list[str]:
        """The lines with their ends."""
        return re.findall(r"[^\n]*\n|[^\n]+", self.text)

    def _end(self, lines: list[str]) -> None:
        if not lines[-1].endswith("\n"):
            lines[-1] += self._newline

    @property
    def _newline(self) -> Newline:
        return "\n" if re.match(r"[^\r\n]*\n", self.text) else "\r\n"


def parse(data: bytes) -> Repset:
    """Read a file of either dialect, in any of the encodings. Raises MalformedRepset or TooManyEntries."""
    text, encoding, mark = repset_lines.decode(data)
    lines = repset_lines.split(text)
    dialect = repset_lines.dialect_of(lines[0] if lines else "")
    entries = _entries(lines, 1 if dialect is Dialect.BCU else 0, text.endswith("\n"))
    return Repset(dialect, encoding, mark, text, entries)


def make(
    entries: Iterable[tuple[str, Lines]],
    dialect: Dialect,
    comments: Iterable[str] = (),
    *,
    newline: Newline = "\r\n",
) -> Repset:
    """A new file: names with their values, each value as it shall stand in the file, the chosen one with its star.

    BCU's dialect is UTF-8 without byte order mark, the firmware's UTF-16LE with it. `comments` are what follows the
    semicolon. Lines end as the real tool ends them on Windows, unless `newline` says otherwise. Raises UnwritableEntry or
    TooManyEntries.
    """
    wanted = [(name, tuple(lines), "") for name, lines in entries]
    written = [HEADERS[0]] if dialect is Dialect.BCU else []
    written += [f";{comment}" for comment in comments]
    for name, lines, _ in wanted:
        written += [name, *(f"\t{line}" for line in lines)]
    text = "".join(f"{line}{newline}" for line in written)
    wide = dialect is Dialect.FIRMWARE
    return _read_again(
        Repset(dialect, Encoding.UTF_16_LE if wide else Encoding.UTF_8, wide, text, ()), wanted
    )


def export_comments(
    *,
    version: str,
    date: str,
    time: str,
    utc_offset: str,
    count: int,
    creator: str = "BIOS Configuration Utility",
) -> tuple[str, ...]:
    """The comments below the header of an export, as published files have them, for `make`.

    `date` is YYYY/MM/DD, `time` hh:mm:ss, `utc_offset` hours. No reader relies on `count`: files cut by hand keep the old one.
    """
    return (
        "",
        f"     Originally created by {creator}",
        f"     Version: {version}",
        f'     Date="{date}" Time="{time}" UTC="{utc_offset}"',
        "",
        f"     Found {count} settings",
        "",
    )


def _said(entry: Entry) -> _Said:
    return entry.name, entry.lines, entry.authorization


def _read_again(written: Repset, wanted: list[_Said]) -> Repset:
    """What was written, with the entries that a reader finds in it, which must be the wanted ones."""
    try:
        found = parse(written.render()).entries
    except UnicodeEncodeError as error:
        stranger = written.text[error.start]
        raise UnwritableEntry(
            f"characters of {written.encoding} were expected; {stranger!r} came; leave it out"
        ) from None
    except MalformedRepset as error:
        raise UnwritableEntry(f"what was to be written could not be read back: {error}; {_RULES}") from None
    for ours, theirs in zip_longest(wanted, map(_said, found)):
        if ours != theirs:
            # Neither what was to be written nor what it would become is repeated: a value can be a password.
            told = "the end of the file" if ours is None else f"the setting {ours[0][:80]!r}"
            raise UnwritableEntry(f"{told} would be read back as something else; {_RULES}")
    return replace(written, entries=found)


def _entries(lines: list[str], first: int, ended: bool) -> tuple[Entry, ...]:
    drafts: list[_Draft] = []
    for number, line in enumerate(lines[first:], first + 1):
        kind = repset_lines.kind_of(line, number)
        if kind is Kind.NAME:
            if len(drafts) == MOST_ENTRIES:
                raise TooManyEntries
            drafts.append(_Draft(line, number))
        elif kind is Kind.VALUE and drafts:
            drafts[-1].values.append(_value(line, number))
        elif kind is Kind.VALUE:
            remedy = "put the name on a line of its own above it, not indented"
            raise repset_lines.malformed(number, "the name of a setting", "a value", remedy)
        elif drafts:
            drafts[-1].hear(line, number)
    if drafts and not ended:
        _forget_what_an_editor_left(drafts[-1].values, lines)
    return tuple(draft.entry() for draft in drafts)


@dataclass(slots=True)
class _Draft:
    """An entry whose lines are still coming."""

    name: str
    line: int
    values: list[Value] = field(default_factory=list)
    authorization: str = ""
    authorization_line: int = 0

    def hear(self, comment: str, number: int) -> None:
        if not (token := repset_lines.authorization_in(comment)):
            return
        if self.authorization:
            expected = f"at most one authorization for a setting, which line {self.authorization_line} has,"
            raise repset_lines.malformed(number, expected, "another", "keep the one made for its value")
        self.authorization, self.authorization_line = token, number

    def entry(self) -> Entry:
        return Entry(self.name, tuple(self.values), self.line, self.authorization, self.authorization_line)


def _value(line: str, number: int) -> Value:
    raw = line[1:].rstrip("\t")
    return Value(raw.removeprefix("*"), raw.startswith("*"), number)


def _forget_what_an_editor_left(values: list[Value], lines: list[str]) -> None:
    if len(values) > 1 and values[-1].line == len(lines) and not lines[-1].strip(repset_lines.BLANKS):
        values.pop()
