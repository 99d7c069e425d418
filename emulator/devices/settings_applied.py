"""A file of settings applied to a machine: entry by entry, each with a result, in one turn of the firmware and so in one commit.

What the file says of an entry is read by the kind that the machine gives it. Of two entries of one name the first is looked at that asks
for one value. A file that came with a wrong password changes nothing, and is told of entry by entry all the same: what is unknown,
read-only or so already can be said without a password.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from emulator.devices import setting_results, told_entries
from emulator.devices.asked_values import asked
from emulator.devices.setting_results import Outcome, Result
from emulator.devices.told_entries import Told
from emulator.firmware import bios_auth
from emulator.firmware import events as e
from emulator.firmware.catalogue import Catalogue, Keeper, Setting
from emulator.firmware.commands import Command, SetSetting, SetSettings
from emulator.firmware.events import Event
from emulator.firmware.firmware import Firmware
from emulator.firmware.refusals import PasswordWrong, ReadOnly, Refused, ValueNotAllowed
from emulator.firmware.values import replace
from emulator.protocol.setting_files import MOST_ENTRIES, FileEntry, SettingFile, TooManyEntries

Execute = Callable[[Command], tuple[Event, ...]]
Meant = Callable[[str, Iterable[str]], str]
"""Which of the known names may be meant by a strange one, as the end of a sentence."""

MOST_HINTS = 100
"""Strange names of a file that are compared with all known ones; it may have thousands of them."""
_NEED_NO_PASSWORD = frozenset({Outcome.UNKNOWN, Outcome.READ_ONLY, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an entry asks of this machine; or why that cannot be told."""

    entry: FileEntry
    value: str
    old: str
    new: str
    why_not: Refused | None
    read_only: bool

    @property
    def order(self) -> SetSetting:
        return SetSetting(self.entry.name, self.value, self.entry.authorization)


def applied(
    execute: Execute,
    firmware: Firmware,
    file: SettingFile,
    authorization: str = "",
    meant: Meant = lambda _name, _known: "",
) -> list[Result]:
    """Apply a file, and tell of every entry what became of it, in the order of the file.

    `authorization` is for the entries that are not signed. Raises TooManyEntries, or WrongPhase for a machine that is not in its
    operating system.
    """
    if len(file.entries) > MOST_ENTRIES:
        raise TooManyEntries
    wanted = list(_wanted(firmware, file.entries))
    sent = [each.order for each in wanted if each.why_not is None]
    wrong: PasswordWrong | None = None
    try:
        events = execute(SetSettings(tuple(sent), authorization))
    except PasswordWrong as refusal:
        # A password is set, so without any proof nothing changes; and all is told that needs none.
        wrong = refusal
        events = execute(SetSettings(tuple(replace(each, authorization="") for each in sent)))
    told = iter(told_entries.of(events))
    results = [_result(firmware, each, None if each.why_not else next(told)) for each in wanted]
    if wrong is not None:
        results = [_without_password(firmware, each, wrong) for each in results]
    return list(_with_hints(results, firmware.catalogue, meant))


def _wanted(firmware: Firmware, entries: Iterable[FileEntry]) -> Iterator[_Asked]:
    names: set[str] = set()
    for entry in entries:
        setting = firmware.catalogue.every.get(entry.name)
        if setting is None:
            value, old, new = asked(None, entry), "", ""
        else:
            value, old = asked(setting.kind, entry, setting.values), firmware.value(entry.name)
            new = "" if _is_secret(setting) else value or ""
        why_not = _why_not(setting, entry, value, twice=entry.name in names)
        if why_not is None:
            names.add(entry.name)
        read_only = setting is not None and setting.keeper is Keeper.READ_ONLY
        yield _Asked(entry, value or "", old, new, why_not, read_only)


def _why_not(setting: Setting | None, entry: FileEntry, value: str | None, *, twice: bool) -> Refused | None:
    """Why an entry asks for nothing that the firmware could be handed."""
    if twice:
        return ValueNotAllowed(
            f"{entry.name[:80]!r} stands in the file twice; an earlier entry was looked at, this one was not"
        )
    if value is not None:
        return None
    if setting is not None and setting.keeper is Keeper.READ_ONLY:
        return ReadOnly(f"{entry.name!r} is read-only")
    return ValueNotAllowed(
        f"{entry.name!r} needs one value: an enumeration one with a star, a text or a number one line"
    )


def _is_secret(setting: Setting) -> bool:
    return setting.secret or setting.keeper is Keeper.PASSWORD


def _result(firmware: Firmware, each: _Asked, told: Told | None) -> Result:
    name, line = each.entry.name, each.entry.line
    word, events = told or (None, ())
    refusal = word.refusal if isinstance(word, e.EntryRefused) else each.why_not
    if refusal is not None:
        outcome, status, sentence = setting_results.refused(firmware, refusal)
        return Result(name, line, outcome, status, sentence, each.old, each.new, read_only=each.read_only)
    if isinstance(word, e.EntryUnchanged):
        return Result(name, line, Outcome.UNCHANGED, old=each.old, new=each.old, read_only=each.read_only)
    return _changed(Result(name, line, Outcome.SET, old=each.old, new=each.new), events)


def _changed(result: Result, events: Iterable[Event]) -> Result:
    """An entry that was carried out, by what happened to its setting last."""
    for event in events:
        if isinstance(event, (e.SettingStored, e.SettingWaits)) and event.name == result.name:
            outcome = Outcome.WAITS if isinstance(event, e.SettingWaits) else Outcome.SET
            restart = not event.name.startswith(bios_auth.MODE)
            result = replace(result, outcome=outcome, new=event.value, restart_needed=restart)
    return result


def _without_password(firmware: Firmware, result: Result, wrong: PasswordWrong) -> Result:
    if result.outcome in _NEED_NO_PASSWORD:
        return result
    outcome, status, sentence = setting_results.refused(firmware, wrong)
    return replace(result, outcome=outcome, status=status, sentence=sentence)


def _with_hints(results: Iterable[Result], catalogue: Catalogue, meant: Meant) -> Iterator[Result]:
    """Results that say of a strange name which one may be meant."""
    otherwise = {alias: name for name, each in catalogue.every.items() for alias in each.aliases}
    left = MOST_HINTS
    for each in results:
        hint = ""
        if each.outcome is Outcome.UNKNOWN and each.name in otherwise:
            hint = f"; here it is called {otherwise[each.name]!r}"
        elif each.outcome is Outcome.UNKNOWN and left:
            hint, left = meant(each.name, catalogue.every), left - 1
        yield replace(each, sentence=each.sentence + hint) if hint else each
