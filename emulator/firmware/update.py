"""Firmware updates: a file that the operating system hands over, installed at the next start.

It is ordered in `update_order`; here is what becomes of it then. The file stays where it is; the firmware looks at nothing of it but its
SHA-256. A file that the signing key allowed by that hash is installed without a question. Any other waits, as a capsule does on a real
machine, and where the administrator's policy asks for it, or the mode is on, somebody at the machine must let it in: by response code,
or by password where no key guards. Esc refuses it. *Lock BIOS Version* keeps out both kinds, when they are ordered and when they would
be installed.

What the file would do to the firmware it does not do here: the emulator stays what it is, and remembers which file was installed.
"""

from emulator.firmware import events as e
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace


def install(turn: Turn) -> None:
    """The file that waits is let in."""
    update = turn.memory.update
    assert update.waiting is not None  # nobody comes here without one
    turn.memory = replace(
        turn.memory, update=replace(update, waiting=None, authorized=False, installed=update.waiting)
    )
    turn.events.append(e.UpdateInstalled(update.waiting.name))


def refuse(turn: Turn) -> None:
    """The file that waits is kept out, and forgotten."""
    update = turn.memory.update
    assert update.waiting is not None  # nobody comes here without one
    turn.memory = replace(turn.memory, update=replace(update, waiting=None, authorized=False))
    turn.events.append(e.UpdateRefused(update.waiting.name))
