"""A machine's settings as a REPSET file, and such a file applied to a machine.

A dump lists what the field's tools list: settings by Sequence, without passwords and without what the screen does not show; secrets come
out empty. Applying goes entry by entry, each with a result, in one turn of the firmware and so in one commit. What the file says
of an entry is read by the kind that the machine gives it: an enumeration needs exactly one starred value, an ordered list is its
lines from the top.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from emulator.firmware import events as e
from emulator.firmware.catalogue import Catalogue, Kind, Setting
from emulator.firmware.commands import Command, SetSettings
from emulator.firmware.events import Event
from emulator.firmware.firmware import Firmware
from emulator.firmware.settings import tokens
from emulator.protocol import repset
from emulator.protocol.repset import Dialect, Entry, Newline, Repset
from emulator.protocol.status import SettingStatus

Execute = Callable[[Command], tuple[Event, ...]]


class Outcome(Enum):
    SET = "set"
    WAITS = "waits for physical presence"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one entry; a refusal with its code and its sentence."""

    name: str
    line: int
    outcome: Outcome
    status: SettingStatus = SettingStatus.SUCCESS
    sentence: str = ""


def dumped(
    firmware: Firmware,
    dialect: Dialect = Dialect.BCU,
    *,
    comments: Iterable[str] = (),
    newline: Newline = "\r\n",
) -> Repset:
    """All settings that tools list, with their stored values."""
    entries = [
        (name, lines(each, firmware.value(name)))
        for name, each in firmware.catalogue.settings.items()
        if dumpable(each)
    ]
    return repset.make(entries, dialect, comments, newline=newline)


def dumpable(setting: Setting) -> bool:
    """Whether a dump lists this setting."""
    return setting.shown and setting.kind is not Kind.PASSWORD


def lines(setting: Setting, value: str) -> list[str]:
    """A value as it stands in a file, below the name."""
    if setting.kind is Kind.ENUMERATION and setting.values:
        return [f"*{each}" if each == value else each for each in setting.values]
    if setting.kind is Kind.ORDERED_LIST:
        return list(tokens(value)) or [""]
    return [value]


def applied(execute: Execute, catalogue: Catalogue, file: Repset, authorization: str = "") -> list[Result]:
    """Apply a file, and tell of every entry what became of it, in the order of the file.

    Raises what the firmware raises for the file as a whole: a wrong password, or a machine that is not in its operating system.
    """
    wanted: dict[str, str] = {}
    results: dict[int, Result] = {}
    for entry in file.entries:
        value = asked(catalogue.every.get(entry.name), entry)
        if entry.name in wanted or value is None:
            results[entry.line] = _unusable(entry, twice=entry.name in wanted)
        else:
            wanted[entry.name] = value
    told = _told(execute(SetSettings(tuple(wanted.items()), authorization)))
    return [results.get(entry.line) or _result(entry, told.get(entry.name)) for entry in file.entries]


def asked(setting: Setting | None, entry: Entry) -> str | None:
    """The value that an entry asks for; None if it asks for none, or for several."""
    raw = [value.raw for value in entry.values]
    if setting is None:
        return "\n".join(raw)
    if setting.kind is Kind.ENUMERATION:
        chosen = [value.text for value in entry.values if value.chosen]
        return chosen[0] if len(chosen) == 1 else None
    if setting.kind is Kind.ORDERED_LIST:
        return ",".join(token for token in raw if token) if raw else None
    return raw[0] if len(raw) == 1 else None


def _unusable(entry: Entry, *, twice: bool) -> Result:
    sentence = (
        f"{entry.name!r} stands in the file twice; the first entry counts"
        if twice
        else f"{entry.name!r} needs one value: an enumeration one with a star, a text or a number one line"
    )
    return Result(entry.name, entry.line, Outcome.REFUSED, SettingStatus.INVALID_PARAMETER, sentence)


def _told(events: Iterable[Event]) -> dict[str, e.SettingRefused | e.SettingWaits | e.SettingUnchanged]:
    """What the firmware said of single entries; silence means that the entry was set."""
    return {
        event.name: event
        for event in events
        if isinstance(event, e.SettingRefused | e.SettingWaits | e.SettingUnchanged)
    }


def _result(entry: Entry, event: e.SettingRefused | e.SettingWaits | e.SettingUnchanged | None) -> Result:
    if isinstance(event, e.SettingRefused):
        refusal = event.refusal
        return Result(entry.name, entry.line, Outcome.REFUSED, refusal.setting_status, str(refusal))
    if isinstance(event, e.SettingWaits):
        return Result(entry.name, entry.line, Outcome.WAITS)
    return Result(entry.name, entry.line, Outcome.SET if event is None else Outcome.UNCHANGED)
