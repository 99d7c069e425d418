"""Switching the PC on in this terminal: take the power lock, open the management door, show the screen until power-off."""

import os
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING

from emulator.pc_folder import PCFolder
from emulator.setup.app import ENDINGS, POWER_LOST, ComputerSetup
from emulator.setup.look import Look

if TYPE_CHECKING:
    from emulator.setup.running import Powered


class ScreenFailed(Exception):
    """The program itself failed; its traceback is on standard error."""


def launch(folder: PCFolder, look: Look | None = None, *, quit_allowed: bool = True) -> str:
    """Be the PC in `folder` until it is switched off; returns a sentence for the shell.

    Raises PCFolderError, NotAMachine, DamagedVariable, StoreError or ScreenFailed, with nothing left on the screen.
    """
    # Whoever has the lock has the socket: it goes before the lock does, or it could be the next PC's.
    with folder.power(), ExitStack() as held:

        def switched_on() -> "Powered":
            return _switched_on(folder, held)

        app = ComputerSetup(switched_on, quit_allowed=quit_allowed, look=look)
        done = _run(app)
    if app.failure is not None:
        raise app.failure
    if app.return_code:
        raise ScreenFailed("the PC lost its power, for this program failed; what was saved is in its image")
    return done or POWER_LOST


def _run(app: ComputerSetup) -> str | None:
    """Run, with signals held back until the application handles them: before that they would leave the terminal raw."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        return app.run()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)


def _switched_on(folder: PCFolder, held: ExitStack) -> "Powered":
    """The machine, switched on. What is needed to read it is imported now, behind the first frame."""
    from emulator.firmware.commands import PowerOn
    from emulator.machine import TargetPC
    from emulator.management_door import listening_socket
    from emulator.setup.running import Powered

    pc = TargetPC(folder.image(), model=folder.model(), quirks=folder.quirks())
    held.callback((folder.path / folder.socket_name).unlink, missing_ok=True)
    door = held.enter_context(listening_socket(folder))
    # Before its first page: an image that cannot be written is a sentence for the shell.
    pc.execute(PowerOn())
    return Powered(pc, folder.usb, door)


def in_a_terminal() -> bool:
    """Whether there is a terminal to draw on, which is standard error's, and keys to read."""
    return all(os.isatty(number) for number in (0, 1, 2))
