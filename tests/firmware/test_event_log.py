"""The ring of 254 events, and the 16 bytes of each."""

import pytest

from emulator.firmware.event_log import (
    MEANING,
    SLOTS,
    EventCode,
    EventLog,
    Logged,
    decode_entry,
    encode_entry,
)
from emulator.firmware.refusals import NotProvisioned
from tests.firmware.bench import factory_new, signing, started

# 2026-03-04 05:06:07 UTC
MOMENT = 1_772_600_767


def filled(events: int) -> EventLog:
    log = EventLog()
    for number in range(events):
        log = log.appended(EventCode.COMMAND_REJECTED, MOMENT + number)
    return log


def test_an_entry_is_the_sixteen_fields_of_the_real_log() -> None:
    (logged,) = (
        EventLog().appended(EventCode.WRONG_RESPONSE_CODES, MOMENT, b"\x01\x02\x03\x04\x05\x06").events
    )
    octets = encode_entry(logged.entry)
    assert octets == bytes([0, 1, 7, 6, 5, 4, 3, 26, 0x88, 0x1E, 2, 1, 2, 3, 4, 5])
    assert decode_entry(octets) == logged.entry


def test_an_entry_tells_its_time_code_and_meaning() -> None:
    (logged,) = EventLog().appended(EventCode.AUTHENTICATION_MODE_ENABLED, MOMENT).events
    assert logged.time == "2026-03-04T05:06:07Z"
    assert logged.code == 0x8823
    assert logged.meaning == "Enhanced BIOS Authentication Mode was switched on"
    assert logged.entry.data == bytes(5)


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    (logged,) = EventLog().appended(EventCode.AUTHENTICATION_MODE_ENABLED, MOMENT).events
    assert Logged(1, logged.entry._replace(event=0xFF)).meaning == "unknown event"


@pytest.mark.parametrize("code", EventCode)
def test_every_code_has_its_source_severity_and_meaning(code: EventCode) -> None:
    (logged,) = EventLog().appended(code, MOMENT).events
    assert logged.code == code
    assert code >> 8 in {0x84, 0x85, 0x88, 0x8A}
    assert logged.entry.severity in {0, 1, 2}
    assert logged.meaning == MEANING[code][1]


def test_severities_are_those_of_the_vendor() -> None:
    assert {code for code, (severity, _) in MEANING.items() if severity == 2} == {
        EventCode.WRONG_RESPONSE_CODES
    }
    assert {code for code, (severity, _) in MEANING.items() if severity == 1} == {
        EventCode.COMMAND_REJECTED,
        EventCode.INVALID_SETTING_SIGNATURE,
        EventCode.COVER_OPENED,
    }


@pytest.mark.parametrize("events", [0, 1, 253, 254, 255, 600])
def test_the_newest_254_events_are_kept_in_order(events: int) -> None:
    log = filled(events)
    assert log.last == events
    assert [each.sequence for each in log.events] == list(range(max(0, events - SLOTS) + 1, events + 1))
    assert len({each.slot for each in log.events}) == len(log.events)


def test_a_message_number_wraps_and_a_sequence_does_not() -> None:
    newest = filled(300).events[-1]
    assert (newest.sequence, newest.entry.message) == (300, 300 & 0xFF)


def test_a_flood_of_refused_commands_keeps_the_log_bounded() -> None:
    bench = started(factory_new())
    for _ in range(SLOTS + 20):
        bench.clock.advance(1)
        bench.refused(signing(), NotProvisioned)
    assert len(bench.memory.log.events) == SLOTS
