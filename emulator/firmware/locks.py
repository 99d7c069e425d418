"""Locks that are put on and taken off: the authentication mode, the local access keys, the administrator password.

An order to restore the security settings takes all of them off once presence is proved. Whoever gave it could open what was locked then.
So an order that still waits when another lock is put on falls with it: otherwise it would open, on the next start, what its author
could not. When the mode goes on, or the first administrator password is set, every change that waits falls: from then on each needs
a proof that nobody asked for before.
"""

from emulator.firmware import events as e
from emulator.firmware import passwords, presence
from emulator.firmware.bios_auth import Changed
from emulator.firmware.catalogue import Role
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import PasswordHash
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace

_PUT_ON = frozenset(
    {
        EventCode.LOCAL_ACCESS_KEY_SET,
        EventCode.LOCAL_ACCESS_KEY_CHANGED,
    }
)


def authentication(turn: Turn, changed: Changed) -> None:
    """Take over the mode and its keys, and log what changed."""
    turn.memory = replace(turn.memory, authentication=changed.authentication)
    for code in changed.events:
        turn.record(code)
        if code is EventCode.AUTHENTICATION_MODE_ENABLED:
            _forget_waiting(turn)
        elif code in _PUT_ON:
            forget_restoring(turn)


def password(turn: Turn, role: Role, kept: PasswordHash | None) -> None:
    """Take over a password, or that there is none."""
    asked_nobody = turn.memory.passwords.administrator is None and not turn.memory.authentication.enabled
    turn.memory = replace(turn.memory, passwords=passwords.with_password(turn.memory.passwords, role, kept))
    if role is not Role.ADMINISTRATOR_PASSWORD or kept is None:
        return
    if asked_nobody:
        _forget_waiting(turn)
    else:
        forget_restoring(turn)


def _forget_waiting(turn: Turn) -> None:
    if turn.memory.waiting:
        turn.events.append(e.WaitingForgotten(tuple(turn.memory.waiting)))
        turn.memory = replace(turn.memory, waiting={})


def forget_restoring(turn: Turn) -> None:
    """No restoring of the security settings waits any more."""
    name = presence.restoring(turn.catalogue)
    if name in turn.memory.waiting:
        waiting = {other: value for other, value in turn.memory.waiting.items() if other != name}
        turn.memory = replace(turn.memory, waiting=waiting)
        turn.events.append(e.WaitingForgotten((name,)))
