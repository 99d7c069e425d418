"""Knocking at the doors of the machine, answering what they ask for, and going through."""

from collections.abc import Mapping

from emulator.firmware import boot, doors, guard, power, update
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Who
from emulator.firmware.boot import TOOLS, Entry, Phase, Step
from emulator.firmware.event_log import EventCode
from emulator.firmware.refusals import ValueNotAllowed
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace

# What lies behind a door, if it is no tool.
_BEHIND: Mapping[Entry, Phase] = {Entry.SETUP: Phase.SETUP, Entry.BOOT_MENU: Phase.BOOT_MENU}


def enter_setup(turn: Turn, _command: c.EnterSetup) -> None:
    boot.require(turn.session.phase, Step.SETUP_KEY)
    _knock(turn, Entry.SETUP)


def open_boot_menu(turn: Turn, _command: c.OpenBootMenu) -> None:
    boot.require(turn.session.phase, Step.BOOT_KEY)
    _knock(turn, Entry.BOOT_MENU)


def open_tool(turn: Turn, command: c.OpenTool) -> None:
    boot.require(turn.session.phase, Step.TOOL_KEY)
    if command.entry not in TOOLS:
        raise ValueNotAllowed(f"{command.entry.value!r} is no pre-boot tool")
    _knock(turn, command.entry)


def pass_door(turn: Turn) -> None:
    """Go through the door that was knocked at, as whoever was proved by a password."""
    _go_through(turn, doors.best_proof(turn))


def refresh(turn: Turn, _command: c.RefreshChallenge) -> None:
    boot.require(turn.session.phase, Step.ANSWER_CHALLENGE)
    doors.issue(turn)


def count(turn: Turn, command: c.CountResponse) -> None:
    boot.require(turn.session.phase, Step.ANSWER_CHALLENGE)
    door, paid = guard.counted(turn.session.door, turn.memory.guard, command.code, turn.now)
    turn.session = replace(turn.session, door=door)
    turn.memory = replace(turn.memory, guard=paid)


def compare(turn: Turn, command: c.CompareResponse) -> None:
    boot.require(turn.session.phase, Step.ANSWER_CHALLENGE)
    door = turn.session.door
    if guard.compared(door, command.code):
        turn.session = replace(turn.session, door=replace(door, live=None, counted=False))
        doors.clear_misses(turn)
        _go_through(turn, Who.RESPONSE_CODE)
    elif door.tries_left > 0:
        turn.session = replace(turn.session, door=replace(door, counted=False))
        turn.events.append(e.ResponseWrong(door.tries_left))
    else:
        turn.record(EventCode.WRONG_RESPONSE_CODES)
        tries = turn.catalogue.quirks.response_tries
        turn.events.append(e.RestartForced(f"the response code was wrong {tries} times"))
        power.reboot(turn)


def _knock(turn: Turn, entry: Entry) -> None:
    who = doors.asked(turn, entry)
    if who is not None:
        _go_through(turn, who)


def _go_through(turn: Turn, who: Who) -> None:
    entry = turn.session.entry
    if entry is Entry.FIRMWARE_UPDATE:
        update.install(turn)
        power.pass_gates(turn)
        return
    # Where nothing guards, whoever comes counts as the administrator.
    visitor = Who.ADMINISTRATOR if who is Who.LOCAL_USER else who
    turn.enter(_BEHIND.get(entry, Phase.TOOL), visitor=visitor)
