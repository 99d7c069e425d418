"""`f10 boot --keys`: the PC switched on without a terminal, its keys out of a script, its last screen on standard output.

It is the same PC as in a terminal: the folder below --home with its power lock and its management door. A first start makes the demo world
here as well, and all that it says goes to standard error, for standard output is the screen and nothing else.

Exit codes:

    0  every key was played, and the words of --expect, if any, stand on the last screen
    1  the machine was off before the last key, or its last screen lacks those words
    2  nothing was played: the keys, the size or the picture are of no use, or the PC cannot be switched on

What the machine itself refuses stands on its screen, and whether that is what was wanted only --expect can tell.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from emulator import boot_order, demo
from emulator.boot_order import Order, Unplayable
from emulator.devices.clock import FixedClock
from emulator.firmware.commands import PowerOn
from emulator.machine import TargetPC
from emulator.management_door import listening_socket
from emulator.model_files import Model
from emulator.pc_folder import PCFolder, PCFolderError
from emulator.setup import picture_file, playing
from emulator.setup.app import POWER_LOST, ComputerSetup
from emulator.setup.key_script import UnknownKey
from emulator.setup.look import Look
from emulator.setup.picture_file import NoPicture
from emulator.setup.playing import Played

SUCCEEDED, DISAPPOINTED, UNUSABLE = 0, 1, 2


def run(options: Mapping[str, str], home: Path, model: Model | None, look: Look) -> int:
    """Play what the options say. Raises what a PC's folder and image raise."""
    try:
        order = boot_order.understood(options, look)
        folder = _pc_folder(home, model)
        played = play(folder, order)
        print(played.text, end="", flush=True)
        if order.picture is not None:
            picture_file.save(played.picture, order.picture)
    except (Unplayable, UnknownKey, NoPicture) as error:
        print(f"f10: {error}", file=sys.stderr)
        return UNUSABLE
    return _judged(played, order)


def play(folder: PCFolder, order: Order) -> Played:
    """Be the PC in `folder` for as long as the script takes."""
    clock = FixedClock(time.time(), time.monotonic())
    # Read under the lock: until then another process may be this PC.
    with folder.power(), listening_socket(folder) as door:
        pc = TargetPC(folder.image(), model=folder.model(), quirks=folder.quirks(), clock=clock)
        try:
            pc.execute(PowerOn())
            app = ComputerSetup(pc, usb=folder.usb, door=door, look=order.look)
            return playing.play(app, clock, order.steps, order.size)
        finally:
            (folder.path / folder.socket_name).unlink(missing_ok=True)


def _pc_folder(home: Path, model: Model | None) -> PCFolder:
    first = not PCFolder(home / "pc").holds_a_pc
    if model is not None and not first:
        raise PCFolderError(
            f"there is a PC in {home / 'pc'} already: boot it without --model, or name another --home"
        )
    folder = demo.pc_folder(home, model)
    if first:
        print(demo.told(home), file=sys.stderr, flush=True)
    return folder


def _judged(played: Played, order: Order) -> int:
    """The exit code, and why it is not 0."""
    if played.ended is not None:
        print(played.ended or POWER_LOST, file=sys.stderr)
    if played.left:
        print(f"f10: the PC was off before all keys were pressed; left over: {played.left}", file=sys.stderr)
        return DISAPPOINTED
    if not played.shows(order.expect):
        print(f"f10: the last screen does not show {order.expect!r}, which --expect names", file=sys.stderr)
        return DISAPPOINTED
    return SUCCEEDED
