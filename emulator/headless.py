"""A PC without a screen: switched on to do some work for a tool, and switched off again.

If the PC runs, its management door is asked. If it is off, this process becomes the PC for a moment; nobody stands in front of it,
so a prompt for physical presence stays waiting for the next start that somebody attends.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from emulator.firmware.commands import Continue, PowerOff, PowerOn
from emulator.firmware.firmware import Firmware
from emulator.firmware.report import Report, report
from emulator.machine import TargetPC, catalogue_of, memory_in
from emulator.management_door import DoorClosed, Reply, answer, apply_request, ask, encoded
from emulator.pc_folder import AlreadyOn, PCFolder

PATIENCE = 5.0
"""Seconds to wait for a PC that is just being switched on or off by another process."""


@contextmanager
def running(folder: PCFolder) -> Iterator[TargetPC]:
    """Be the PC in `folder`, unattended, with the operating system running. Raises AlreadyOn."""
    with folder.power():
        pc = TargetPC(folder.image())
        pc.execute(PowerOn(attended=False))
        pc.execute(Continue())
        try:
            yield pc
        finally:
            pc.execute(PowerOff())


def apply(folder: PCFolder, payload: bytes) -> Reply:
    """Hand a payload to the PC's management door, whether it runs or not. Raises DoorClosed."""
    request = apply_request(payload)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with running(folder) as pc:
                return answer(pc, encoded(request))
        except AlreadyOn:
            try:
                return ask(folder, request)
            except DoorClosed:
                if time.monotonic() > deadline:
                    raise
        time.sleep(0.05)


def status(folder: PCFolder) -> Report:
    """The report of a PC, asked from the running one or read from its image. Starts and changes nothing."""
    silent = False
    if folder.is_on:
        try:
            reply = ask(folder, {"verb": "status"})
        except DoorClosed:
            # Just being switched on or off, or stuck: its image tells what it remembers.
            silent = folder.is_on
        else:
            told = reply.get("report")
            return told if isinstance(told, dict) else {}
    memory = memory_in(folder.image().open())
    read = report(Firmware(catalogue_of(memory), memory))
    return {**read, "power": "on", "phase": "does not answer"} if silent else read
