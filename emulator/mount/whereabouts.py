"""Where the PC is while its settings are mounted: this process, or another that is asked over its socket.

Which of the two is decided once. If another process is just switching the PC on or off, it is waited for as other tools do. A PC that
runs elsewhere is never switched on from here, not even after it was switched off: whoever had it on has it.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from emulator import headless, management_socket
from emulator.devices.firmware_attributes.driver import NoFirmware
from emulator.management_socket import Ask, DoorClosed, Reply
from emulator.open_door import OpenDoor
from emulator.pc_folder import AlreadyOn, PCFolder


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A way to the PC, and whether the PC is this process."""

    ask: Ask
    here: bool


@contextmanager
def found(folder: PCFolder, holder: str) -> Iterator[Whereabouts]:
    """Become the PC, or find who is. Raises AlreadyOn, DoorClosed or what image and store raise.

    `holder` tells others who has the PC switched on.
    """
    deadline = time.monotonic() + headless.PATIENCE
    with ExitStack() as held:
        while True:
            try:
                pc = held.enter_context(headless.running(folder, holder))
            except AlreadyOn:
                if _answers(folder) or time.monotonic() > deadline:
                    yield Whereabouts(partial(_asked, folder), here=False)
                    return
                time.sleep(headless.PAUSE)
            else:
                yield Whereabouts(held.enter_context(OpenDoor(pc, folder)).ask, here=True)
                return


def _answers(folder: PCFolder) -> bool:
    try:
        return bool(management_socket.ask(folder, {"verb": "status"})["ok"])
    except DoorClosed:
        return False


def _asked(folder: PCFolder, request: Reply) -> Reply:
    """What the driver asks a PC that runs elsewhere. A PC that is off has no firmware that could answer. Raises NoFirmware."""
    if not folder.is_on:
        raise NoFirmware(f"the PC in {folder.path} is off; switch it on, and start its operating system")
    try:
        return management_socket.ask(folder, request)
    except DoorClosed as closed:
        raise NoFirmware(str(closed)) from None
