"""The lines of a page: what each row of the navigator looks like in a given width.

Pure. A line knows the row that it belongs to and which look it has; the widget gives looks their colours. No colour alone tells anything:
the selected row has a sign before it, a changed one a star, the way to another page an arrow, a box its cross, information a colon, and
what is grey has the reason under it. Nothing is cut: what is too long goes on in the next line.
"""

from collections.abc import Callable, Iterator, Sequence

from emulator.firmware.catalogue import Kind, Line, Setting
from emulator.firmware.settings import tokens
from emulator.setup.columns import columns, cut, padded, wrapped
from emulator.setup.language import Language
from emulator.setup.look import Glyphs
from emulator.setup.navigator import ORDER_ROLES, Row
from emulator.setup.standing import Standing
from emulator.setup.wording import entry, shown

INDENT = 2
VALUE_INDENT = 8
MESSAGE_INDENT = 5
VALUE_COLUMN, LAST_VALUE_COLUMN = 0.42, 0.66
"""Where values begin, as a part of the width: as on photographs of the real screen, or further right where names are longer."""
NARROWEST_NAMES = 20

LINE_LOOKS = {"heading": "heading", "text": "dim", "action": "link", "page": "link"}
ASIDE = frozenset({"message", "note", "reason"})
"""Looks of lines that stand under a row, outside the bar that is the cursor."""
SECTIONS = {"heading": "headings", "text": "texts", "action": "actions", "page": "pages"}


class PageLine:
    """One line: the row it belongs to (None for the title), its look, what stands before its text, and the text."""

    __slots__ = ("look", "prefix", "row", "text")

    def __init__(self, row: int | None, look: str, text: str, prefix: str = " ") -> None:
        self.row, self.look, self.text, self.prefix = row, look, text, prefix


class Typesetter:
    """Makes the lines of rows. `columns` is the width for text, after the column of the cursor's sign."""

    def __init__(self, columns: int, glyphs: Glyphs, language: Language) -> None:
        self._columns, self._glyphs, self._language = columns, glyphs, language
        self._column = NARROWEST_NAMES

    def page(
        self, title: str, rows: Sequence[Row], standing: Callable[[Setting], Standing]
    ) -> list[PageLine]:
        """The lines of a whole page; `title` is empty for a menu."""
        self._column = self._column_for(rows)
        lines = []
        if title:
            back = f"{self._glyphs.back} {self._language.word('pages', title)}"
            lines = [PageLine(None, "heading", back), PageLine(None, "plain", "")]
        for index, row in enumerate(rows):
            lines += self.row(index, row, standing)
        return lines

    def _column_for(self, rows: Sequence[Row]) -> int:
        """One column for all values of a page."""
        word = self._language.word
        names = [
            INDENT + columns(word("settings", row.name))
            for row in rows
            if isinstance(row, Setting) and not _has_the_line(row)
        ]
        last = int(self._columns * LAST_VALUE_COLUMN)
        fitting = max((length for length in names if length <= last), default=0)
        return max(int(self._columns * VALUE_COLUMN), NARROWEST_NAMES, fitting)

    def row(self, index: int, row: Row, standing: Callable[[Setting], Standing]) -> Iterator[PageLine]:
        """A row, and the reason under it if it is grey."""
        if isinstance(row, Line):
            yield from self._line(index, row)
            return
        now = standing(row)
        look = "dim" if row.read_only or now.grey or now.locked else "plain"
        yield from self._setting(index, row, now, look)
        if now.grey:
            yield from self.aside(index, self._language.word("reasons", now.grey), "reason")

    def aside(self, index: int, text: str, look: str) -> Iterator[PageLine]:
        """A sentence under a row."""
        prefix = f"{'!' if look == 'message' else ' ':>{MESSAGE_INDENT - 1}} "
        for line in wrapped(text, self._columns - MESSAGE_INDENT):
            yield PageLine(index, look, line, prefix)
            prefix = " " * MESSAGE_INDENT

    def _line(self, index: int, line: Line) -> Iterator[PageLine]:
        text = self._language.word(SECTIONS[line.kind], line.text)
        look = LINE_LOOKS[line.kind]
        if look == "link":
            yield from self._named(index, look, text, f"  {self._glyphs.link} ")
        else:
            indent = " " * (1 if look == "heading" else INDENT + 1)
            for part in wrapped(text, self._columns - INDENT):
                yield PageLine(index, look, part, indent)

    def _setting(self, index: int, setting: Setting, now: Standing, look: str) -> Iterator[PageLine]:
        mark = "*" if now.staged else " "
        name = self._language.word("settings", setting.name)
        if _is_order(setting):
            link = "link" if look == "plain" else look
            yield from self._named(index, link, name, f"{mark} {self._glyphs.link} ")
        elif setting.check_box and not setting.read_only:
            cross = "x" if now.value == setting.values[1] else " "
            yield from self._named(index, look, name, f"{mark} [{cross}] ")
        elif setting.kind is Kind.ORDERED_LIST and not setting.read_only:
            yield from self._list(index, look, name, mark, now.value)
        else:
            yield from self._valued(index, look, name, mark, self._value(setting, now.value))

    def _named(self, index: int, look: str, name: str, prefix: str) -> Iterator[PageLine]:
        """A name that has all of the width behind its prefix."""
        for part in wrapped(name, self._columns - len(prefix)):
            yield PageLine(index, look, part, prefix)
            prefix = " " * len(prefix)

    def _valued(self, index: int, look: str, name: str, mark: str, value: str) -> Iterator[PageLine]:
        """Name and value in one line, or below each other where that is too narrow."""
        prefix = f"{mark} "
        room = self._columns - INDENT - 1 - columns(value)
        if columns(name) <= room:
            yield PageLine(index, look, f"{padded(name, min(self._column - INDENT, room))} {value}", prefix)
            return
        yield from self._named(index, look, name, prefix)
        for part in cut(value, self._columns - VALUE_INDENT):
            yield PageLine(index, look, part, " " * VALUE_INDENT)

    def _value(self, setting: Setting, value: str) -> str:
        if setting.kind is Kind.ENUMERATION:
            value = self._language.word("values", value)
            return f": {value}" if setting.read_only else f"[ {value} {self._glyphs.opens}]"
        text = shown(setting, value, self._language)
        return f": {text}" if setting.read_only else f"[ {text} ]"

    def _list(self, index: int, look: str, name: str, mark: str, value: str) -> Iterator[PageLine]:
        """An ordered list: a block between dashed lines, as a whole one row."""
        dashes = f"{self._glyphs.rule} " * ((self._columns - INDENT) // 2)
        yield from self._named(index, look, name, f"{mark} {self._glyphs.link} ")
        yield PageLine(index, look, dashes, "  ")
        for token in tokens(value) or [self._language.say("(no entries)")]:
            for line in wrapped(entry(token, self._language), self._columns - VALUE_INDENT):
                yield PageLine(index, look, line, " " * VALUE_INDENT)
        yield PageLine(index, look, dashes, "  ")


def _is_order(setting: Setting) -> bool:
    return setting.role in ORDER_ROLES and not setting.read_only


def _has_the_line(setting: Setting) -> bool:
    """Whether a setting's name stands alone in its line."""
    alone = setting.check_box or setting.kind is Kind.ORDERED_LIST or _is_order(setting)
    return alone and not setting.read_only
