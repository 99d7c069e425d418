"""Lists of settings as people bring them: NAME=VALUE words, a JSON file or a CSV file.

A JSON file is an array of objects with `Name` and `Value`, or one such object; a CSV file has columns of these names, or `CURRENT_VALUE`
as the vendor's configuration tool calls the value. Names of columns are compared without case. An `AuthString` beside them is an
authorization that was made before. A list of settings can hold passwords, so what an entry says is never repeated in an error.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from emulator.companions import CompanionError, read_bounded
from emulator.protocol import password, payload
from emulator.protocol.errors import ProtocolError
from emulator.protocol.payload import SettingChange
from emulator.protocol.strict_json import BYTE_ORDER_MARK

LARGEST = 1 << 20
VALUES = ("value", "current_value")


class UnusableList(CompanionError):
    """Words or a file that are no list of settings."""


class SecretArgument(CompanionError):
    """A password among the arguments, which every process can read."""


def from_words(words: Iterable[str]) -> list[SettingChange]:
    """Changes from NAME=VALUE. Raises UnusableList or SecretArgument."""
    changes = []
    for number, word in enumerate(words, 1):
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UnusableList(f"NAME=VALUE was expected as change {number}, something without came")
        if name in password.SETTINGS:
            raise SecretArgument(
                f"{name} is secret and every process can read arguments: put it into a --file"
            )
        changes.append(SettingChange(name, value, ""))
    return changes


def from_file(path: Path) -> list[SettingChange]:
    """Changes from a JSON or CSV file. Raises FileRefused or UnusableList."""
    data = read_bounded(path, most=LARGEST)
    looks_like_json = data.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in {b"[", b"{"}
    try:
        return list(payload.parse_settings(data)) if looks_like_json else _from_csv(data)
    except (ProtocolError, UnusableList) as error:
        raise UnusableList(f"{path} is no list of settings: {error}") from None


def _from_csv(data: bytes) -> list[SettingChange]:
    try:
        # Line breaks are the reader's business: those within quotation marks belong to a value.
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise UnusableList("neither JSON nor CSV in UTF-8") from None
    columns = [column.strip().casefold() for column in rows[0]] if rows else []
    values = [columns.index(each) for each in VALUES if each in columns]
    if "name" not in columns or len(values) != 1:
        raise UnusableList("a CSV file begins with a line that names the columns NAME and VALUE")
    tokens = columns.index("authstring") if "authstring" in columns else None
    changes = []
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        if len(row) != len(columns):
            raise UnusableList(f"row {number} has {len(row)} columns, its first row has {len(columns)}")
        token = "" if tokens is None else row[tokens]
        changes.append(SettingChange(row[columns.index("name")], row[values[0]], token))
    return changes
