"""What expat finds in an XML file of settings: the members of each setting, and where they stand.

A document type declaration is refused, and with it every entity that a stranger could define: no file of settings needs one. Whatever
the declaration at the beginning says of an encoding, the text was decoded before; expat reads it here as UTF-8. It tells where a tag
begins, counted in bytes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from emulator.protocol.repset_lines import MARK, MOST_ENTRIES, TooManyEntries
from emulator.protocol.setting_files_entry import MalformedSettingFile

ROOT = ("imagepal", "biossettings", "biossetting")
TOKEN = "authstring"  # noqa: S105 -- the name of an element
MEMBERS = ("name", "value", "class", TOKEN)
DEEPEST = 16
"""Elements within each other. Ours to choose; the real shape has five."""

# A tag, whose attributes may hold the sign that ends it.
_TAG = re.compile(rb"""<(?:"[^"]*"|'[^']*'|[^"'>])*+>""")


@dataclass(slots=True)
class XMLSetting:
    """A setting whose elements are still coming."""

    line: int
    texts: dict[str, str] = field(default_factory=dict)
    token: tuple[int, int] | None = None
    """Bytes from the beginning to the end of `AuthString`."""
    last: int = 0
    """The byte behind the last member."""


class Reader:
    """What expat calls while it reads one file."""

    def __init__(self) -> None:
        self._settings: list[XMLSetting] = []
        self._open: list[str] = []
        self._start = 0
        self._data = b""
        self._expat: Any = expat.ParserCreate("utf-8")
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._begin
        self._expat.EndElementHandler = self._close
        self._expat.CharacterDataHandler = self._hear
        self._expat.StartDoctypeDeclHandler = self._refuse

    def read(self, text: str) -> list[XMLSetting]:
        self._data = text.encode()
        try:
            self._expat.Parse(self._data, True)
        except expat.ExpatError as error:
            raise self._malformed("XML", expat.ErrorString(error.code) or "something else") from None
        return self._settings

    def _begin(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._open.append(name.casefold())
        path = tuple(self._open)
        if len(path) > DEEPEST or path[:1] != ROOT[:1]:
            raise self._malformed("settings in ImagePal, BIOSSettings, BIOSSetting", "another shape")
        if path == ROOT:
            if len(self._settings) == MOST_ENTRIES:
                raise TooManyEntries
            self._settings.append(XMLSetting(self._expat.CurrentLineNumber))
        elif member := self._member():
            self._begin_within(member, len(path) - len(ROOT))

    def _begin_within(self, member: str, depth: int) -> None:
        texts = self._settings[-1].texts
        if depth == 1 and member not in texts:
            texts[member], self._start = "", self._expat.CurrentByteIndex
        elif depth == 2 and (member, self._open[-1]) == (TOKEN, "beam") and MARK not in texts[member]:
            texts[member] += MARK
        else:
            raise self._malformed(
                "Name, Value and AuthString once in a setting, and no elements in them but one BEAM,", "more"
            )

    def _hear(self, text: str) -> None:
        if member := self._member():
            self._settings[-1].texts[member] += text

    def _close(self, _name: str) -> None:
        if len(self._open) == len(ROOT) + 1 and (member := self._member()):
            setting = self._settings[-1]
            setting.last = self._behind()
            setting.token = (self._start, setting.last) if member == TOKEN else setting.token
        self._open.pop()

    def _member(self) -> str:
        """The member of a setting that is open."""
        path = tuple(self._open)
        known = path[: len(ROOT)] == ROOT and path[len(ROOT) : len(ROOT) + 1]
        return known[0] if known and known[0] in MEMBERS else ""

    def _behind(self) -> int:
        """The byte behind the element that is being closed. Expat tells where its last tag begins."""
        opened = _TAG.match(self._data, self._start)
        assert opened  # Expat read it.
        if opened[0].endswith(b"/>"):
            return opened.end()
        return self._data.index(b">", self._expat.CurrentByteIndex) + 1

    def _refuse(self, *_declaration: object) -> None:
        raise self._malformed("no document type declaration", "one")

    def _malformed(self, expected: str, came: str) -> MalformedSettingFile:
        line = self._expat.CurrentLineNumber
        return MalformedSettingFile(f"line {line}: {expected} was expected; {came} came")
