"""The event log as rows and as a table: every field told, newest first."""

import csv
import io

from emulator.firmware import log_export
from emulator.firmware.event_log import EventCode, EventLog, Logged, encode_entry
from tests.firmware.bench import guarded
from tests.firmware.held import log_of


def test_a_row_tells_every_field_and_the_bytes_themselves() -> None:
    log = log_of([EventCode.COMMAND_REJECTED, EventCode.WRONG_RESPONSE_CODES])
    newest, oldest = log_export.rows(log)
    assert newest == {
        "sequence": 2,
        "time": "2023-11-14T22:13:21Z",
        "code": "0x881E",
        "severity": "critical",
        "meaning": "several wrong response codes; the machine was restarted",
        "data": "0100000000",
        "entry": encode_entry(log.events[-1].entry).hex(),
    }
    assert (oldest["sequence"], oldest["severity"]) == (1, "warning")
    assert all(tuple(row) == log_export.COLUMNS for row in (newest, oldest))


def test_a_severity_and_a_code_of_a_later_version_are_told_as_numbers() -> None:
    (logged,) = log_of([EventCode.COMMAND_REJECTED]).events
    later = Logged(1, logged.entry._replace(severity=7, event=0xEE))
    (row,) = log_export.rows(EventLog((later,)))
    assert (row["severity"], row["code"], row["meaning"]) == ("7", "0x84EE", "unknown event")


def test_the_table_reads_as_the_rows() -> None:
    log = guarded().log
    text = log_export.csv_text(log)
    assert text.startswith(",".join(log_export.COLUMNS) + "\r\n")
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    assert read == [{name: str(told) for name, told in row.items()} for row in log_export.rows(log)]
    assert len(read) == len(log.events)


def test_an_empty_log_is_a_line_of_names() -> None:
    assert log_export.rows(EventLog()) == []
    assert log_export.csv_text(EventLog()).count("\r\n") == 1
