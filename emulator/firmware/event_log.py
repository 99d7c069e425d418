"""The firmware's event log: 16-byte entries in a ring of 254.

The entry's size, the number of entries and the codes are real (the Linux driver and the vendor's audit-log command); the order
of the 16 fields is very likely the real one. Code = source << 8 | event; severities are 0 information, 1 warning, 2 critical.

Each entry lies in a UEFI variable of its own, `Event000` ... `Event253`, with a running number that orders them: one more
event costs one short record in the flash instead of a rewrite of four kilobytes. That arrangement is ours.
"""

from datetime import UTC, datetime
from enum import IntEnum
from typing import NamedTuple

from emulator.firmware.formats import LOG_ENTRY, LogEntry
from emulator.protocol.frozen import frozen

SLOTS = 254


class EventCode(IntEnum):
    """Codes of the sources 0x84 (Secure Platform Management), 0x85 (Sure Start), 0x88 (Sure Admin) and 0x8A (TamperLock)."""

    PLATFORM_INITIALISED = 0x841E
    COMMAND_REJECTED = 0x841F
    PLATFORM_UNCONFIGURED = 0x8420
    SIGNING_KEY_UPDATED = 0x8421
    SURE_RUN_ACTIVATED = 0x8422
    SURE_RUN_DEACTIVATED = 0x8423
    SECURE_BOOT_KEYS_PROTECTED = 0x851E
    SECURE_BOOT_KEYS_UNPROTECTED = 0x851F
    CONSENT_PROMPTS_OFF = 0x8523
    CONSENT_PROMPTS_ON = 0x8524
    WRONG_RESPONSE_CODES = 0x881E
    INVALID_SETTING_SIGNATURE = 0x881F
    LOCAL_ACCESS_KEY_CHANGED = 0x8820
    LOCAL_ACCESS_KEY_SET = 0x8821
    LOCAL_ACCESS_KEY_CLEARED = 0x8822
    AUTHENTICATION_MODE_ENABLED = 0x8823
    AUTHENTICATION_MODE_DISABLED = 0x8824
    PIN_REMINDER_SET = 0x8825
    PIN_REMINDER_CLEARED = 0x8826
    PIN_REQUESTED = 0x8827
    COVER_OPENED = 0x8A1E
    COVER_ACKNOWLEDGED = 0x8A1F
    COVER_CLEARED_TPM = 0x8A20


# code: (severity, what it means)
MEANING: dict[EventCode, tuple[int, str]] = {
    EventCode.PLATFORM_INITIALISED: (0, "Secure Platform Management was provisioned"),
    EventCode.COMMAND_REJECTED: (1, "a Secure Platform Management command was rejected"),
    EventCode.PLATFORM_UNCONFIGURED: (0, "Secure Platform Management was deprovisioned"),
    EventCode.SIGNING_KEY_UPDATED: (0, "the signing key was replaced"),
    EventCode.SURE_RUN_ACTIVATED: (0, "Sure Run was given a manifest"),
    EventCode.SURE_RUN_DEACTIVATED: (0, "Sure Run was switched off"),
    EventCode.SECURE_BOOT_KEYS_PROTECTED: (0, "the protection of the Secure Boot keys was switched on"),
    EventCode.SECURE_BOOT_KEYS_UNPROTECTED: (0, "the protection of the Secure Boot keys was switched off"),
    EventCode.CONSENT_PROMPTS_OFF: (0, "prompts for physical presence were switched off"),
    EventCode.CONSENT_PROMPTS_ON: (0, "prompts for physical presence were switched on"),
    EventCode.WRONG_RESPONSE_CODES: (2, "several wrong response codes; the machine was restarted"),
    EventCode.INVALID_SETTING_SIGNATURE: (1, "a setting change with an invalid signature was refused"),
    EventCode.LOCAL_ACCESS_KEY_CHANGED: (0, "a local access key was replaced"),
    EventCode.LOCAL_ACCESS_KEY_SET: (0, "a local access key was set"),
    EventCode.LOCAL_ACCESS_KEY_CLEARED: (0, "a local access key was cleared"),
    EventCode.AUTHENTICATION_MODE_ENABLED: (0, "Enhanced BIOS Authentication Mode was switched on"),
    EventCode.AUTHENTICATION_MODE_DISABLED: (0, "Enhanced BIOS Authentication Mode was switched off"),
    EventCode.PIN_REMINDER_SET: (
        0,
        "keys wait for the code of the next start",
    ),
    EventCode.PIN_REMINDER_CLEARED: (0, "keys wait for no code any more"),
    EventCode.PIN_REQUESTED: (0, "the code for keys was asked for"),
    EventCode.COVER_OPENED: (1, "the cover of the case was taken off"),
    EventCode.COVER_ACKNOWLEDGED: (0, "somebody acknowledged that the cover had been taken off"),
    EventCode.COVER_CLEARED_TPM: (0, "the TPM was cleared because the cover had been taken off"),
}


class Logged(NamedTuple):
    """One event: its running number, counted from 1 since the log was cleared last, and its 16 bytes."""

    sequence: int
    entry: LogEntry

    @property
    def code(self) -> int:
        return self.entry.source << 8 | self.entry.event

    @property
    def meaning(self) -> str:
        known = {int(code): text for code, (_, text) in MEANING.items()}
        return known.get(self.code, "unknown event")

    @property
    def time(self) -> str:
        """When, in UTC and ISO 8601."""
        entry = self.entry
        return (
            f"20{entry.year:02}-{entry.month:02}-{entry.day:02}T"
            f"{entry.hour:02}:{entry.minute:02}:{entry.second:02}Z"
        )

    @property
    def slot(self) -> int:
        return self.sequence % SLOTS


@frozen
class EventLog:
    """The newest 254 events, oldest first."""

    events: tuple[Logged, ...] = ()

    @property
    def last(self) -> int:
        return self.events[-1].sequence if self.events else 0

    def cleared(self) -> "EventLog":
        return EventLog()

    def appended(self, code: EventCode, unix_time: float, data: bytes = b"") -> "EventLog":
        moment = datetime.fromtimestamp(unix_time, UTC)
        sequence = self.last + 1
        entry = LogEntry(
            status=0,
            message=sequence & 0xFF,
            second=moment.second,
            minute=moment.minute,
            hour=moment.hour,
            day=moment.day,
            month=moment.month,
            year=moment.year % 100,
            source=code >> 8,
            event=code & 0xFF,
            severity=MEANING[code][0],
            data=data[:5].ljust(5, b"\0"),
        )
        return EventLog((*self.events, Logged(sequence, entry))[-SLOTS:])


def encode_entry(entry: LogEntry) -> bytes:
    return LOG_ENTRY.pack(*entry)


def decode_entry(data: bytes) -> LogEntry:
    return LogEntry._make(LOG_ENTRY.unpack(data))
