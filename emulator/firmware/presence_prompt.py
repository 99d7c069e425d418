"""Answering the physical-presence prompt: the code lets the change happen, Esc forgets it, three wrong codes restart."""

from emulator.firmware import boot, changes, locks, power, presence, provisioning, restore
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Step
from emulator.firmware.presence import Prompt, Subject
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace

_KEYS = (Subject.KEYS, Subject.KEYS_LEAVING)


def answer(turn: Turn, command: c.AnswerPresence) -> None:
    prompt = _prompt(turn)
    if presence.matches(prompt, command.code):
        _grant(turn, prompt.subject)
        power.pass_gates(turn)
    elif prompt.tries_left > 1:
        turn.session = replace(turn.session, prompt=replace(prompt, tries_left=prompt.tries_left - 1))
        turn.events.append(e.PresenceWrong(prompt.tries_left - 1))
    else:
        turn.events.append(e.RestartForced("the code was wrong several times; the change still waits"))
        power.reboot(turn)


def refuse(turn: Turn, _command: c.RefusePresence) -> None:
    subject = _prompt(turn).subject
    if subject in _KEYS:
        provisioning.refuse(turn)
    elif subject is Subject.SECURITY:
        locks.forget_restoring(turn)
    else:
        turn.memory = replace(turn.memory, waiting={})
    power.pass_gates(turn)


def _prompt(turn: Turn) -> Prompt:
    boot.require(turn.session.phase, Step.ANSWER_PRESENCE)
    assert turn.session.prompt is not None  # the phase exists only with a prompt
    return turn.session.prompt


def _grant(turn: Turn, subject: Subject) -> None:
    if subject in _KEYS:
        provisioning.confirm(turn)
    elif subject is Subject.SECURITY:
        restore.carry_out(turn)
    else:
        changes.settle(turn)
