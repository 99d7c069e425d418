"""The event log as others read it: rows of plain data, and a table in CSV.

Both tell every field of the sixteen bytes in words or numbers, and the bytes themselves in hexadecimal, newest event first.
"""

import csv

from emulator.firmware.event_log import EventLog, Logged, encode_entry

COLUMNS = ("sequence", "time", "code", "severity", "meaning", "data", "entry")
SEVERITIES = ("information", "warning", "critical")

Row = dict[str, object]


def rows(log: EventLog) -> list[Row]:
    return [_row(logged) for logged in reversed(log.events)]


class _Text:
    """What a CSV writer writes to."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, part: str) -> None:
        self.parts.append(part)


def csv_text(log: EventLog) -> str:
    """RFC 4180, with a line of column names."""
    text = _Text()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows(log))
    return "".join(text.parts)


def _row(logged: Logged) -> Row:
    severity = logged.entry.severity
    return {
        "sequence": logged.sequence,
        "time": logged.time,
        "code": f"0x{logged.code:04X}",
        "severity": SEVERITIES[severity] if severity < len(SEVERITIES) else str(severity),
        "meaning": logged.meaning,
        "data": logged.entry.data.hex(),
        "entry": encode_entry(logged.entry).hex(),
    }
