"""Settings as a table of comma-separated values, as the vendor's scripts export and sign them.

The first line names the columns: NAME and CURRENT_VALUE, or VALUE; AUTHSTRING and TYPE may stand beside them, and others, which are not
read. Names of columns are compared without case. A table can hold passwords, so no error repeats a field. A signature is put into a
table that stays as it was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from emulator.protocol import setting_files_table
from emulator.protocol.setting_files_entry import (
    FileEntry,
    Instance,
    MalformedSettingFile,
    authorization_of,
    kind_of,
    spliced,
)
from emulator.protocol.setting_files_table import Row

NAME, TOKEN, TYPE = "name", "authstring", "type"
VALUES = ("current_value", "value")
COLUMNS = ("NAME", "CURRENT_VALUE", "READONLY", "TYPE", "PHYSICAL_PRESENCE_REQUIRED", "MIN", "MAX")
"""What an export has."""

# The properties of WMI that are bounds, by class.
_BOUNDS = (("MinLength", "MaxLength"), ("LowerBound", "UpperBound"))


class Places(NamedTuple):
    """In which columns what stands."""

    name: int
    value: int
    token: int | None
    kind: int | None


def begins(text: str) -> bool:
    """Whether the first line is the head of a table."""
    head = text.partition("\n")[0]
    return "," in head and NAME in [column.strip(' "\r\t').casefold() for column in head.split(",")]


def entries(text: str) -> tuple[FileEntry, ...]:
    """Raises MalformedSettingFile or TooManyEntries."""
    head, rows = setting_files_table.read(text)
    places = _places(head)
    return tuple(_entry(row, places) for row in rows)


def signed(text: str, tokens: Mapping[int, str]) -> str:
    """The same table with these authorizations, by index of entry; without the column, it gets one at the end."""
    head, rows = setting_files_table.read(text)
    token = _places(head).token
    changes = _new_column(head, rows, tokens) if token is None else _filled(rows, token, tokens)
    return spliced(text, changes)


def dump(instances: Iterable[Instance]) -> str:
    """The table of an export. An enumeration has its current value."""
    rows = [COLUMNS, *map(_exported, instances)]
    return "".join(",".join(map(setting_files_table.quoted, row)) + "\r\n" for row in rows)


def _entry(row: Row, places: Places) -> FileEntry:
    texts = row.texts
    authorization = "" if places.token is None else authorization_of(texts[places.token])
    kind = "" if places.kind is None else kind_of(texts[places.kind])
    return FileEntry(texts[places.name], (texts[places.value],), True, authorization, row.line, kind)


def _exported(instance: Instance) -> Sequence[str]:
    low, high = next((pair for pair in _BOUNDS if pair[0] in instance), ("", ""))
    cells = (
        instance["Name"],
        instance.get("CurrentValue", instance["Value"]),
        instance["IsReadOnly"],
        str(instance["Class"]).removeprefix("HPBIOS_BIOS"),
        instance["RequiresPhysicalPresence"],
        instance.get(low, ""),
        instance.get(high, ""),
    )
    return [str(cell) for cell in cells]


def _filled(rows: Iterable[Row], column: int, tokens: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    for index, row in enumerate(rows):
        if index in tokens:
            field = row.fields[column]
            yield field.start, field.end, setting_files_table.quoted(tokens[index])


def _new_column(head: Row, rows: Iterable[Row], tokens: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    yield head.fields[-1].end, head.fields[-1].end, ",AUTHSTRING"
    for index, row in enumerate(rows):
        end = row.fields[-1].end
        yield end, end, f",{setting_files_table.quoted(tokens.get(index, ''))}"


def _places(head: Row) -> Places:
    columns = [text.strip().casefold() for text in head.texts]
    values = [column for column in columns if column in VALUES]
    if columns.count(NAME) != 1 or len(values) != 1 or columns.count(TOKEN) > 1:
        raise MalformedSettingFile(
            "line 1: the columns NAME and VALUE, or NAME and CURRENT_VALUE, were expected once each, and AUTHSTRING at most once"
        )
    return Places(
        columns.index(NAME),
        columns.index(values[0]),
        columns.index(TOKEN) if TOKEN in columns else None,
        columns.index(TYPE) if TYPE in columns else None,
    )
