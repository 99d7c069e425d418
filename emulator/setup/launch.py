"""Switching the PC on in this terminal: take the power lock, open the management door, show the screen until power-off."""

import os

from emulator.firmware.commands import PowerOn
from emulator.machine import TargetPC
from emulator.management_door import listening_socket
from emulator.pc_folder import PCFolder
from emulator.setup.app import POWER_LOST, ComputerSetup


def launch(folder: PCFolder) -> str:
    """Be the PC in `folder` until it is switched off; returns a sentence for the shell.

    Raises PCFolderError, NotAMachine, DamagedVariable or StoreError before anything is on the screen.
    """
    pc = TargetPC(folder.image(), model=folder.model(), quirks=folder.quirks())
    with folder.power(), listening_socket(folder) as door:
        try:
            # Before the screen: an image that cannot be written is a sentence for the shell.
            pc.execute(PowerOn())
            done = ComputerSetup(pc, usb=folder.usb, door=door).run()
        finally:
            (folder.path / folder.socket_name).unlink(missing_ok=True)
    return done or POWER_LOST


def in_a_terminal() -> bool:
    """Whether there is a terminal to draw on and keys to read."""
    return os.isatty(0) and os.isatty(1)
