"""Switching on, off and over: what a boot begins with, and what survives its end.

A boot draws a fresh nonce, opens a new door with all its tries, and takes over the settings that were stored since the last. What is
left of a wait after wrong codes counts powered-on time only, so it is kept when the power goes.
"""

import math
from dataclasses import replace

from emulator.firmware import boot, changes, guard, presence
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase, Step
from emulator.firmware.turn import Session, Turn
from emulator.protocol.challenge import NONCE_SIZE


def power_on(turn: Turn, command: c.PowerOn) -> None:
    boot.require(turn.session.phase, Step.POWER_ON)
    _begin_boot(turn, attended=command.attended)


def power_off(turn: Turn, _command: c.PowerOff) -> None:
    boot.require(turn.session.phase, Step.POWER_OFF)
    keep_wait(turn)
    turn.memory = replace(turn.memory, boot=replace(turn.memory.boot, running=False))
    turn.session = Session()
    turn.events.append(e.PhaseEntered(Phase.OFF))


def restart(turn: Turn, _command: c.Restart) -> None:
    boot.require(turn.session.phase, Step.RESTART)
    reboot(turn)


def go_on(turn: Turn, _command: c.Continue) -> None:
    """To the operating system; a challenge and changes that were not saved are forgotten."""
    boot.require(turn.session.phase, Step.CONTINUE)
    door = replace(turn.session.door, live=None, counted=False)
    turn.session = replace(turn.session, staged={}, door=door)
    turn.enter(Phase.OPERATING_SYSTEM)


def reboot(turn: Turn) -> None:
    keep_wait(turn)
    _begin_boot(turn, attended=turn.session.attended)


def ask_presence(turn: Turn) -> None:
    """The next prompt if somebody is there to answer it, else POST with the settings that now act."""
    prompt = presence.next_prompt(turn.memory, turn.entropy) if turn.session.attended else None
    turn.session = replace(turn.session, prompt=prompt, effective=turn.memory.settings)
    turn.enter(Phase.POST if prompt is None else Phase.PRESENCE)


def keep_wait(turn: Turn) -> None:
    wait = math.ceil(guard.wait_left(turn.session.door, turn.now))
    if wait != turn.memory.guard.wait:
        turn.memory = replace(turn.memory, guard=replace(turn.memory.guard, wait=wait))


def _begin_boot(turn: Turn, *, attended: bool) -> None:
    boots = replace(turn.memory.boot, boots=turn.memory.boot.boots + 1, running=True)
    turn.memory = replace(turn.memory, boot=boots)
    if not changes.prompts_are_on(turn):
        changes.store(turn, turn.memory.waiting)
    door = guard.opened(turn.memory.guard, turn.entropy.octets(NONCE_SIZE), turn.now)
    turn.session = Session(Phase.POST, attended, door)
    ask_presence(turn)
