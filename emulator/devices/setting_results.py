"""What became of the entries of a file: for each an outcome, the code of the setting interface, and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from emulator.devices import setting_codes
from emulator.firmware import refusals as r
from emulator.firmware.firmware import Firmware
from emulator.firmware.refusals import Refused
from emulator.protocol.status import SettingStatus


class Outcome(StrEnum):
    SET = "set"
    WAITS = "waits"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"
    READ_ONLY = "read-only"
    INVALID = "invalid"
    NEEDS_PASSWORD = "needs password"  # noqa: S105 -- an outcome
    NEEDS_SIGNATURE = "needs signature"
    REFUSED = "refused"

    @property
    def taken(self) -> bool:
        """Whether it is no refusal."""
        return self in _TAKEN


_TAKEN = frozenset({Outcome.SET, Outcome.WAITS, Outcome.UNCHANGED})
_OF_REFUSALS: Mapping[type[Refused], Outcome] = {
    r.UnknownSetting: Outcome.UNKNOWN,
    r.ReadOnly: Outcome.READ_ONLY,
    r.ValueNotAllowed: Outcome.INVALID,
    r.PasswordPolicyNotMet: Outcome.INVALID,
    r.PasswordNeeded: Outcome.NEEDS_PASSWORD,
    r.PasswordWrong: Outcome.NEEDS_PASSWORD,
    r.PasswordsLocked: Outcome.NEEDS_PASSWORD,
    r.SignatureNeeded: Outcome.NEEDS_SIGNATURE,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one entry; a refusal with its code and its sentence.

    `old` is the value before, `new` the one that was stored or asked for. Of passwords, secrets and settings that nobody knows neither
    is told. A setting that is `read_only` may be unchanged all the same; tools differ in which of both they tell.
    """

    name: str
    line: int
    outcome: Outcome
    status: SettingStatus = SettingStatus.SUCCESS
    sentence: str = ""
    old: str = field(default="", repr=False)
    new: str = field(default="", repr=False)
    restart_needed: bool = False
    read_only: bool = False

    @property
    def presence_needed(self) -> bool:
        return self.outcome is Outcome.WAITS


def refused(firmware: Firmware, refusal: Refused) -> tuple[Outcome, SettingStatus, str]:
    """Outcome, code and sentence of a refusal. What the real interface says yes to, although it drops it, is told as set."""
    status, sentence = setting_codes.told(firmware, refusal)
    if status.succeeded:
        return Outcome.SET, status, sentence
    return _OF_REFUSALS.get(type(refusal), Outcome.REFUSED), status, sentence
