"""The door of Computer Setup: open while no local access key is set, else behind a challenge.

A right code, or a command that the signing key signed, clears the misses and the wait that they cost.
"""

from dataclasses import replace

from emulator.firmware import bios_auth, boot, guard, power
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase, Step
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Guard
from emulator.firmware.turn import Turn
from emulator.protocol.challenge import Purpose


def enter(turn: Turn, _command: c.EnterSetup) -> None:
    boot.require(turn.session.phase, Step.SETUP_KEY)
    guarded = bios_auth.local_access_key(turn.memory.authentication) is not None
    turn.enter(Phase.CHALLENGE if guarded else Phase.SETUP)
    if guarded and guard.wait_left(turn.session.door, turn.now) == 0:
        _issue(turn)


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
        turn.session = replace(turn.session, door=replace(door, live=None, counted=False))
        clear_misses(turn)
        turn.enter(Phase.SETUP)
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


def _issue(turn: Turn) -> None:
    key = bios_auth.local_access_key(turn.memory.authentication)
    assert key is not None  # the phase exists only with a key
    identity, door = turn.memory.identity, turn.session.door
    door = guard.issued(door, key, identity, Purpose.SETUP, turn.now, turn.entropy)
    turn.session = replace(turn.session, door=door)
    power.keep_wait(turn)
    assert door.live is not None  # just issued
    turn.events.append(e.ChallengeIssued(door.live.challenge.text))
