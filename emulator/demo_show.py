"""`f10 demo`: the whole way from power-on to a changed setting, played by itself, for whoever wants to see or to show it.

It happens in a world of its own: a temporary folder with a PC, its administrator and a phone, made as any demo world and removed
afterwards.
"""

import socket
import tempfile
import time
from pathlib import Path

from emulator import demo, demo_story, demo_world
from emulator.demo_phone import Phone
from emulator.demo_stage import Stage
from emulator.devices.clock import FixedClock
from emulator.firmware import log_export
from emulator.firmware.commands import PowerOn
from emulator.machine import TargetPC
from emulator.management_door import listening_socket
from emulator.pc_folder import PCFolder
from emulator.setup.app import POWER_LOST
from emulator.setup.look import Look

NEXT = "Now you: f10 boot switches on a PC of your own, and says how to enrol and use its phone."
LAST_EVENTS = 8


def run(speed: float, look: Look) -> int:
    """Play the demonstration in this terminal. Raises what making a world raises."""
    with tempfile.TemporaryDirectory(prefix="f10-demo-") as folder:
        print("Making a PC, its keys and a phone for this demonstration ...", flush=True)
        world = Path(folder) / "world"
        make(world)
        ending, log = play(world, speed, look)
    print(*log, ending, NEXT, sep="\n")
    return int(ending.startswith(demo_story.FAILED))


def make(world: Path) -> None:
    """A demo world whose phone holds the key."""
    demo_world.make(world)
    Phone(world).enroll(world / "admin" / demo.PICTURE).check_returncode()


def play(world: Path, speed: float, look: Look) -> tuple[str, list[str]]:
    """The story in this terminal; how it ended, and what the event log holds."""
    folder = PCFolder(world / "pc")
    with folder.power(), listening_socket(folder) as door:
        stage = stage_of(world, speed, look, door)
        return stage.run() or POWER_LOST, log_of(stage.pc)


def stage_of(world: Path, speed: float, look: Look | None = None, door: socket.socket | None = None) -> Stage:
    """The PC of a world, switched on, and the story that is to be played on it."""
    folder, clock = PCFolder(world / "pc"), FixedClock(time.time(), time.monotonic())
    pc = TargetPC(folder.image(), model=folder.model(), quirks=folder.quirks(), clock=clock)
    pc.execute(PowerOn())
    stage = Stage(pc, usb=folder.usb, door=door, look=look)
    stage.perform(lambda stage: demo_story.told(stage, Phone(world).look), speed)
    return stage


def log_of(pc: TargetPC) -> list[str]:
    """The last entries of the event log, the newest first, as `f10 log` has them."""
    newest = log_export.rows(pc.firmware.memory.log)[:LAST_EVENTS]
    return ["The event log:", *(f"  {each['time']}  {each['code']}  {each['meaning']}" for each in newest)]
