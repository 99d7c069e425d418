"""Carrying out the entries of a list that were judged good: each wholly or not at all, in an order that lets as many as possible succeed.

Locks that are put on come first, for whatever waits for presence falls with them; locks that are taken off come last, for local access keys
and policies hang on them. In between comes first what other entries would turn grey. Only what is grey is tried again, behind the others.
Entries of one setting stand together, so they are grey together, and keep their order.

An entry that brought no signature is asked again for what the machine wants by now: a signature if the list switched the mode on, and the
password that the list set where there was none. The one that came is looked at then; a wrong one costs a try, and refuses only who
brought it.
"""

import dataclasses
from collections.abc import Iterable

from emulator.firmware import access, bios_auth, changes, deeds, doors, prerequisites, setting_interface
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Who
from emulator.firmware.catalogue import Keeper, Setting
from emulator.firmware.entries_judged import Judged
from emulator.firmware.list_passwords import ListPasswords
from emulator.firmware.refusals import PrerequisiteNotMet, Refused
from emulator.firmware.turn import Turn
from emulator.protocol import password

_FIRST, _KEYS, _BETWEEN, _LAST = range(4)


def carry_out_all(turn: Turn, wanted: Iterable[Judged]) -> None:
    """What stays grey in the end is refused."""
    # The password that is set changes no more when the first of these is looked at, for locks come first.
    left, passwords = _in_order(turn, wanted), ListPasswords()
    while left:
        grey = _tried(turn, left, passwords)
        if len(grey) == len(left):
            for each, refusal in grey:
                refuse(turn, each.number, each.entry, refusal)
            return
        left = [each for each, _ in grey]


def refuse(turn: Turn, number: int, entry: c.SetSetting, refusal: Refused) -> None:
    if refusal.event is not None:
        turn.record(refusal.event)
    turn.events.append(e.EntryRefused(entry.name, refusal, number))


def _in_order(turn: Turn, wanted: Iterable[Judged]) -> list[Judged]:
    by_name: dict[str, list[Judged]] = {}
    for each in wanted:
        by_name.setdefault(each.entry.name, []).append(each)
    names = prerequisites.in_order(turn.catalogue, by_name)
    names.sort(key=lambda name: _place(turn.setting(name), by_name[name]))
    return [each for name in names for each in by_name[name]]


def _place(setting: Setting, wanted: Iterable[Judged]) -> int:
    """Locks that are put on come first, even if only for a while; those that are only taken off come last."""
    if setting.keeper is Keeper.AUTHENTICATION_MODE:
        return _FIRST if any(each.entry.value == bios_auth.MODE_ON for each in wanted) else _LAST
    if setting.keeper is Keeper.PASSWORD:
        # Behind its mark stands nothing.
        cleared = password.ENCODINGS.values()
        return _FIRST if any(each.entry.value not in cleared for each in wanted) else _LAST
    if setting.keeper is Keeper.LOCAL_ACCESS_KEY:
        # A key is a lock too, but cannot be set before the mode is on.
        return _KEYS
    return _BETWEEN


def _tried(
    turn: Turn, wanted: Iterable[Judged], passwords: ListPasswords
) -> list[tuple[Judged, PrerequisiteNotMet]]:
    """Carry these out as far as their conditions hold: which are grey, and why. What else is refused is refused for good."""
    grey: list[tuple[Judged, PrerequisiteNotMet]] = []
    for each in wanted:
        try:
            _require_proof(turn, each, passwords)
            _carry_out(turn, each)
        except PrerequisiteNotMet as refusal:
            grey.append((each, refusal))
        except Refused as refusal:
            refuse(turn, each.number, each.entry, refusal)
    return grey


def _require_proof(turn: Turn, each: Judged, passwords: ListPasswords) -> None:
    if each.signed is not None:
        return
    setting = turn.setting(each.entry.name)
    deeds.require(turn, setting, each.entry.value, Who.ADMINISTRATOR, access.SYSTEM)
    if each.unproved is not None:
        passwords.require(turn, each.unproved)


def _carry_out(turn: Turn, each: Judged) -> None:
    """In a turn of its own, which is left behind if the entry is refused."""
    own = dataclasses.replace(turn, events=[])
    if each.signed is not None:
        doors.count(own, bios_auth.counted(own.memory.counters, each.signed))
        setting_interface.carry_out(own, each.entry, each.signed)
    else:
        changes.carry_out(own, own.setting(each.entry.name), each.entry.value)
    turn.memory, turn.session = own.memory, own.session
    turn.events += [*own.events, e.EntryDone(each.entry.name, each.number)]
