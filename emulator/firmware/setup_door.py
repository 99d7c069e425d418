"""The doors of Computer Setup and of the boot menu.

A local access key guards a door with a challenge, whatever passwords there are. Without one, passwords guard: the administrator's, if
one is set; else the power-on password opens Computer Setup. A password that was typed right in this boot need not be typed again. The
boot menu has a door only where the administrator's policy asks for one.

A right code, or a command that the signing key signed, clears the misses and the wait that they cost.
"""

from collections.abc import Mapping
from dataclasses import replace

from emulator.firmware import bios_auth, boot, guard, power
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Requester
from emulator.firmware.boot import Phase, Step
from emulator.firmware.catalogue import Role
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Guard
from emulator.firmware.turn import Entry, Turn
from emulator.protocol.challenge import Purpose

ADMINISTRATOR, POWER_ON = Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD
PURPOSES: Mapping[Entry, Purpose] = {Entry.SETUP: Purpose.SETUP, Entry.BOOT_MENU: Purpose.BOOT_MENU}
BEHIND: Mapping[Entry, Phase] = {Entry.SETUP: Phase.SETUP, Entry.BOOT_MENU: Phase.BOOT_MENU}


def enter(turn: Turn, _command: c.EnterSetup) -> None:
    boot.require(turn.session.phase, Step.SETUP_KEY)
    _knock(turn, Entry.SETUP)


def open_boot_menu(turn: Turn, _command: c.OpenBootMenu) -> None:
    boot.require(turn.session.phase, Step.BOOT_KEY)
    _knock(turn, Entry.BOOT_MENU)


def pass_door(turn: Turn) -> None:
    """Go through the door that was knocked at, as whoever was proved."""
    user = turn.password_is_set(ADMINISTRATOR) and ADMINISTRATOR not in turn.session.proved
    turn.session = replace(turn.session, visitor=Requester.LOCAL_USER if user else Requester.LOCAL)
    turn.enter(BEHIND[turn.session.entry])


def refresh(turn: Turn, _command: c.RefreshChallenge) -> None:
    boot.require(turn.session.phase, Step.ANSWER_CHALLENGE)
    _issue(turn)


def count(turn: Turn, command: c.CountResponse) -> None:
    boot.require(turn.session.phase, Step.ANSWER_CHALLENGE)
    door, paid = guard.counted(turn.session.door, turn.memory.guard, command.code, turn.now)
    turn.session = replace(turn.session, door=door)
    turn.memory = replace(turn.memory, guard=paid)


def compare(turn: Turn, command: c.CompareResponse) -> None:
    boot.require(turn.session.phase, Step.ANSWER_CHALLENGE)
    door = turn.session.door
    if guard.compared(door, command.code):
        opened = replace(door, live=None, counted=False)
        turn.session = replace(turn.session, door=opened, visitor=Requester.LOCAL)
        clear_misses(turn)
        turn.enter(BEHIND[turn.session.entry])
    elif door.tries_left > 0:
        turn.session = replace(turn.session, door=replace(door, counted=False))
        turn.events.append(e.ResponseWrong(door.tries_left))
    else:
        turn.record(EventCode.WRONG_RESPONSE_CODES)
        turn.events.append(e.RestartForced("the response code was wrong three times"))
        power.reboot(turn)


def clear_misses(turn: Turn) -> None:
    if turn.memory.guard.misses or turn.memory.guard.wait:
        turn.memory = replace(turn.memory, guard=Guard(tail=turn.memory.guard.tail))
    turn.session = replace(turn.session, door=replace(turn.session.door, may_issue=0.0))


def _knock(turn: Turn, entry: Entry) -> None:
    turn.session = replace(turn.session, entry=entry)
    asks = entry is Entry.SETUP or turn.is_on(Role.PROMPT_ON_BOOT_MENU)
    if asks and bios_auth.local_access_key(turn.memory.authentication) is not None:
        turn.enter(Phase.CHALLENGE)
        if guard.wait_left(turn.session.door, turn.now) == 0:
            _issue(turn)
    elif asks and _needs_password(turn):
        turn.enter(Phase.PASSWORD)
    else:
        pass_door(turn)


def _needs_password(turn: Turn) -> bool:
    needed = ADMINISTRATOR if turn.password_is_set(ADMINISTRATOR) else POWER_ON
    if turn.session.entry is Entry.BOOT_MENU and needed is POWER_ON:
        return False
    return turn.password_is_set(needed) and needed not in turn.session.proved


def _issue(turn: Turn) -> None:
    key = bios_auth.local_access_key(turn.memory.authentication)
    assert key is not None  # the phase exists only with a key
    identity, door = turn.memory.identity, turn.session.door
    door = guard.issued(door, key, identity, PURPOSES[turn.session.entry], turn.now, turn.entropy)
    turn.session = replace(turn.session, door=door)
    power.keep_wait(turn)
    assert door.live is not None  # just issued
    turn.events.append(e.ChallengeIssued(door.live.challenge.text))
