"""A PC that is turned into another machine of the same make: it has the same keys and settings, but not the same identity.

No machine can be told to do this, so it is written into memory and image from aside.
"""

import secrets
import uuid

from emulator.firmware import variables
from emulator.firmware.boot import Phase
from emulator.firmware.values import replace
from emulator.machine import TargetPC, write


def drawn() -> str:
    """A serial number."""
    return f"5CG{secrets.randbelow(10**7):07}"


def become(pc: TargetPC, serial: str) -> None:
    """Give `pc` this serial number and a new UUID. Raises ValueError, also for one whose screen has told who it is."""
    old = pc.firmware.memory
    if pc.firmware.session.phase is Phase.CHALLENGE:
        raise ValueError(
            "a challenge is on the screen, which names the machine: clone(serial=...) before enter_setup()"
        )
    new = replace(old, identity=replace(old.identity, machine=uuid.uuid4(), serial=serial))
    with pc.image.transaction() as store:
        write(store, variables.changes(old, new))
    pc.firmware.memory = new
