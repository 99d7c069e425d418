"""*Restore Security Settings to Factory Defaults*: how a machine is taken back by whoever can enter Computer Setup and stands before it.

It is ordered on the screen, past the door that a response code or a password guards, or from the operating system by whoever may change
settings there: with the mode on, only by a signed command. It happens when the code of the next start was typed, whatever the Physical
Presence Interface says. It turns Enhanced BIOS Authentication Mode off, clears the local access keys and both passwords, and puts the
settings of the Security menu to their factory defaults. Endorsement key, signing key, counters, the Physical Presence Interface and what
was set for ever stay. What a real machine keeps is not public beyond that.
"""

from emulator.firmware import bios_auth, changes, defaults, locks, provisioning, secure_platform
from emulator.firmware import events as e
from emulator.firmware.memory import LOCAL_ACCESS_KEYS, Passwords
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace


def carry_out(turn: Turn) -> None:
    """Restore, now that presence was proved."""
    locks.forget_restoring(turn)
    turn.memory = replace(turn.memory, passwords=Passwords())
    locks.authentication(turn, bios_auth.switched(turn.memory.authentication, bios_auth.MODE_OFF))
    for number in range(1, LOCAL_ACCESS_KEYS + 1):
        locks.authentication(turn, bios_auth.with_key(turn.memory.authentication, number, ""))
    if turn.catalogue.quirks.restoring_keeps == "nothing":
        turn.memory = replace(turn.memory, recovery={})
        provisioning.take(turn, secure_platform.given_up(turn.memory.platform))
    changes.store(turn, defaults.security(turn))
    turn.events.append(e.SecurityRestored())
