"""What happened, as values, for whoever stands at the machine or at one of its doors.

Not to be confused with the event log, which the machine keeps: `Recorded` says that something went there.
"""

from dataclasses import dataclass

from emulator.firmware.boot import Phase
from emulator.firmware.event_log import EventCode


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    phase: Phase


@dataclass(frozen=True, slots=True)
class SettingStored:
    """A setting changed in memory; the authentication mode and its keys act at once, the rest after the next restart."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SettingWaits:
    """A setting will change when physical presence is proved at a restart."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SettingStaged:
    """A setting changed on the screen only."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class KeysAccepted:
    """A Secure Platform Management command was carried out."""

    restart_needed: bool


@dataclass(frozen=True, slots=True)
class ChallengeIssued:
    text: str


@dataclass(frozen=True, slots=True)
class ResponseWrong:
    tries_left: int


@dataclass(frozen=True, slots=True)
class PresenceWrong:
    tries_left: int


@dataclass(frozen=True, slots=True)
class RestartForced:
    """Too many wrong codes: the machine restarted by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry went to the event log."""

    code: EventCode


Event = (
    PhaseEntered
    | SettingStored
    | SettingWaits
    | SettingStaged
    | KeysAccepted
    | ChallengeIssued
    | ResponseWrong
    | PresenceWrong
    | RestartForced
    | Recorded
)
