"""The history for others to read: JSON for programs, CSV for spreadsheets. It holds what the history holds, so never a PIN."""

import csv
import io
import json
from collections.abc import Iterable

from emulator.companions.authenticator.history import Event
from emulator.protocol.certificate import printable

COLUMNS = ("at", "event", "result", "code", "purpose", "serial", "machine", "key_name", "key_id")
_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula; names come from strangers."""


def as_json(events: Iterable[Event]) -> str:
    return json.dumps([_row(event) for event in events], indent=2) + "\n"


def as_csv(events: Iterable[Event]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in _row(event).items()} for event in events)
    return file.getvalue()


def _row(event: Event) -> dict[str, object]:
    return {name: getattr(event, name) for name in COLUMNS}


def _cell(value: object) -> object:
    """Text that no spreadsheet calculates and no terminal obeys."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
