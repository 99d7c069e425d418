"""What happened, as values, for whoever stands at the machine or at one of its doors.

Not to be confused with the event log, which the machine keeps: `Recorded` says that something went there.
"""

from emulator.firmware.boot import Phase
from emulator.firmware.event_log import EventCode
from emulator.firmware.refusals import Refused
from emulator.protocol.frozen import frozen
from emulator.protocol.payload import Purpose


@frozen
class PhaseEntered:
    phase: Phase


@frozen
class SettingStored:
    """A setting changed in memory; the authentication mode and its keys act at once, the rest after the next restart."""

    name: str
    value: str


@frozen
class SettingWaits:
    """A setting will change when physical presence is proved at a restart."""

    name: str
    value: str


@frozen
class SettingStaged:
    """A setting changed on the screen only."""

    name: str
    value: str


@frozen
class EntryDone:
    """An entry of a list was carried out; the events since the entry before are what it did. Entries count from 0."""

    name: str
    entry: int = 0


@frozen
class EntryUnchanged:
    """An entry of a list that asked for what is so already."""

    name: str
    entry: int = 0


@frozen
class EntryRefused:
    """An entry of a list that was refused; the others are not touched by that."""

    name: str
    refusal: Refused
    entry: int = 0


@frozen
class OrderCarriedOut:
    """An order for this boot was carried out, and its setting went back to its default."""

    name: str
    value: str


@frozen
class PasswordChanged:
    """A password was set, changed or cleared. It acts at once."""

    name: str
    is_set: bool


@frozen
class PasswordsCleared:
    """The jumper cleared both passwords."""


@frozen
class SecurityRestored:
    """The security settings are back at their factory defaults."""


@frozen
class WaitingForgotten:
    """Changes that waited for physical presence fell, because a lock was put on that their author had not opened."""

    names: tuple[str, ...]


@frozen
class UpdateWaits:
    """A firmware file will be installed at the next start; `asked` if a door stands before it."""

    name: str
    asked: bool


@frozen
class UpdateInstalled:
    name: str


@frozen
class UpdateRefused:
    """The update was not let in, by whoever stood at the machine or by a lock; it is forgotten."""

    name: str


@frozen
class RecoveryConfigured:
    """An order for Sure Recover or Sure Run was accepted."""

    purpose: Purpose


@frozen
class KeysAccepted:
    """A Secure Platform Management command was carried out; `unasked` if the next start lets the keys in without a prompt."""

    restart_needed: bool
    unasked: bool = False


@frozen
class KeysKept:
    """Keys were to be given up, and presence was proved; but a feature began to use them meanwhile, so they stay."""


@frozen
class ChallengeIssued:
    text: str


@frozen
class ResponseWrong:
    tries_left: int


@frozen
class PresenceWrong:
    tries_left: int


@frozen
class RestartForced:
    """Too many wrong codes: the machine restarted by itself."""

    reason: str


@frozen
class Recorded:
    """An entry went to the event log."""

    code: EventCode


Event = (
    PhaseEntered
    | SettingStored
    | SettingWaits
    | SettingStaged
    | EntryDone
    | EntryUnchanged
    | EntryRefused
    | OrderCarriedOut
    | PasswordChanged
    | PasswordsCleared
    | SecurityRestored
    | WaitingForgotten
    | UpdateWaits
    | UpdateInstalled
    | UpdateRefused
    | RecoveryConfigured
    | KeysAccepted
    | KeysKept
    | ChallengeIssued
    | ResponseWrong
    | PresenceWrong
    | RestartForced
    | Recorded
)
