"""A list of settings with three strings each, such as a payload holds: all of it or nothing.

Signatures and nonces are judged first, in the order of the list. Then entries are carried out: what another entry would turn grey comes
before that one, those whose conditions hold only after others come after those, and entries of one setting keep their order. Switching the
mode on comes first, for whatever waits for presence falls with it.
"""

from collections.abc import Sequence

from emulator.firmware import bios_auth, boot, list_nonces, prerequisites, setting_interface
from emulator.firmware import commands as c
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Role
from emulator.firmware.memory import Counters
from emulator.firmware.refusals import PrerequisiteNotMet, Refused
from emulator.firmware.turn import Turn
from emulator.protocol.authorization import VerifiedChange


def apply(turn: Turn, command: c.ApplyList) -> None:
    """All or none. Nonces are judged in the order of the list, whatever order the entries are carried out in."""
    boot.require(turn.session.phase, Step.MANAGE)
    entries = command.entries
    before = turn.memory.counters
    signed = [_checked(turn, entries, number, before) for number in range(len(entries))]
    left = _in_order(turn, entries)
    while left:
        later, grey = _attempted(turn, entries, signed, left)
        if len(later) == len(left) and grey is not None:
            raise grey
        left = later


def _checked(
    turn: Turn, entries: Sequence[c.SetSetting], number: int, before: Counters
) -> VerifiedChange | None:
    to = list_nonces.receiver(turn, before, turn.memory.counters)
    try:
        return setting_interface.verified(turn, entries[number], to)
    except Refused as refusal:
        raise _of_entry(number, entries, refusal) from None


def _attempted(
    turn: Turn,
    entries: Sequence[c.SetSetting],
    signed: Sequence[VerifiedChange | None],
    numbers: Sequence[int],
) -> tuple[list[int], Refused | None]:
    """Carry these entries out, as far as their conditions hold: what is left for later, and why its first is. Raises what else refuses."""
    later: list[int] = []
    names: set[str] = set()
    why: Refused | None = None
    for number in numbers:
        # Entries of one setting keep their order.
        if entries[number].name in names:
            later.append(number)
            continue
        try:
            setting_interface.carry_out(turn, entries[number], signed[number])
        except PrerequisiteNotMet as refusal:
            later.append(number)
            names.add(entries[number].name)
            why = why or _of_entry(number, entries, refusal)
        except Refused as refusal:
            raise _of_entry(number, entries, refusal) from None
    return later, why


def _of_entry(number: int, entries: Sequence[c.SetSetting], refusal: Refused) -> Refused:
    """A refusal that says which entry of a list it is about."""
    return type(refusal)(f"entry {number + 1} of {len(entries)}: {refusal}; no entry was applied")


def _in_order(turn: Turn, entries: Sequence[c.SetSetting]) -> list[int]:
    """The order in which a list is tried: an entry that switches the mode on comes first, unless another one of the mode stands before."""
    order = prerequisites.deepest_first(turn.catalogue, [each.name for each in entries])
    mode = turn.catalogue.roles.get(Role.AUTHENTICATION_MODE)
    first = next((n for n, each in enumerate(entries) if mode is not None and each.name == mode.name), None)
    if first is None or entries[first].value != bios_auth.MODE_ON:
        return order
    return [first, *(number for number in order if number != first)]
