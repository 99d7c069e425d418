"""A list of settings entry by entry, each with a result of its own, in one turn: how the field's tools apply a file.

What is so already is skipped before anything about it is judged. The others are judged in their order, then carried out in one that
suits them. A password that is missing refuses the entries that need one; a wrong one costs a try and refuses the whole list, or, where
the list itself put the password on, the entries that brought it.

A refused entry changes nothing, counts no nonce in the image, and leaves nothing but its event in the log. Within the list the nonce of
an entry that was judged good counts for those behind it, whatever becomes of the entry: nothing is carried out yet when they are judged.
"""

from emulator.firmware import boot, entries_carried_out, settings
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Keeper
from emulator.firmware.entries_judged import Judge, Judged
from emulator.firmware.refusals import PasswordWrong, Refused, ValueNotAllowed
from emulator.firmware.turn import Turn


def apply(turn: Turn, command: c.SetSettings) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    counters = turn.memory.counters
    judge = Judge(turn, command.authorization, counters, counters)
    wanted: list[Judged] = []
    names: set[str] = set()
    for number, entry in enumerate(command.entries):
        try:
            if entry.name not in names and _is_so_already(turn, entry):
                turn.events.append(e.EntryUnchanged(entry.name, number))
                continue
            wanted.append(judge.judged(number, entry))
        except PasswordWrong:
            raise
        except Refused as refusal:
            entries_carried_out.refuse(turn, number, entry, refusal)
        else:
            names.add(entry.name)
    entries_carried_out.carry_out_all(turn, wanted)


def _is_so_already(turn: Turn, entry: c.SetSetting) -> bool:
    """Whether a change would change nothing.

    Secrets come out of a dump empty, so an empty one is no change: whoever signs a whole dump means to clear none. One that shall be
    cleared is changed by itself. Whether another one is right is nothing to be told.
    """
    setting, value = turn.setting(entry.name), entry.value
    if setting.secret:
        return not value
    if setting.keeper is Keeper.PASSWORD or setting.name in turn.memory.waiting:
        return False
    if value == turn.value(setting.name):
        return True
    try:
        return setting.keeper is Keeper.ORDINARY and settings.accepted(setting, value) == turn.stored(setting)
    except ValueNotAllowed:
        return False
