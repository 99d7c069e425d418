"""A PC without a screen: switched on to do some work for a tool, and switched off again.

If the PC runs, its management door is asked. If it is off, this process becomes the PC for a moment; nobody stands in front of it,
so a prompt for physical presence stays waiting for the next start that somebody attends.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from emulator.management_socket import Ask, DoorClosed, Reply, ask, encoded
from emulator.pc_folder import AlreadyOn, PCFolder

if TYPE_CHECKING:
    from emulator.firmware.commands import Command
    from emulator.firmware.report import Report
    from emulator.machine import TargetPC


class NotDone(Exception):
    """What somebody wanted to do to a PC's case cannot be done."""


PATIENCE = 5.0
"""Seconds to wait for a PC that is just being switched on or off by another process."""
PAUSE = 0.05


@contextmanager
def running(folder: PCFolder, holder: str = "") -> Iterator["TargetPC"]:
    """Be the PC in `folder`, unattended, with the operating system running; `holder` tells others who is. Raises AlreadyOn."""
    with folder.power(holder):
        from emulator.firmware.commands import PowerOff, PowerOn
        from emulator.machine import TargetPC

        pc = TargetPC(folder.image(), model=folder.model(), quirks=folder.quirks())
        pc.execute(PowerOn(attended=False))
        try:
            _go_on(pc, folder)
            yield pc
        finally:
            pc.execute(PowerOff())


def _go_on(pc: "TargetPC", folder: PCFolder) -> None:
    """To the operating system, unless a password stands before it."""
    from emulator.firmware.commands import Continue
    from emulator.firmware.refusals import WrongPhase

    try:
        pc.execute(Continue())
    except WrongPhase:
        raise DoorClosed(
            f"the PC in {folder.path} asks for its power-on password, and nobody is there to type it: switch it on with boot"
        ) from None


@contextmanager
def operating(folder: PCFolder) -> Iterator[Ask]:
    """A way to ask the PC: a PC that is off is switched on once, at the first question, and off at the end of the block.

    One that is on is asked over its socket, question by question. Asking raises DoorClosed, PCFolderError, or what image and store raise.
    """
    with ExitStack() as block:
        inside: list[Ask] = []

        def asked(request: Reply) -> Reply:
            return inside[0](request) if inside else _first(folder, request, block, inside)

        yield asked


def _first(folder: PCFolder, request: Reply, block: ExitStack, inside: list[Ask]) -> Reply:
    """Ask a PC that this process is not: become it, if nobody is. Whoever switches it on or off just now is waited for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            pc = block.enter_context(running(folder))
        except AlreadyOn:
            try:
                return ask(folder, request)
            except DoorClosed:
                if time.monotonic() > deadline:
                    raise
        else:
            inside.append(_answering(pc))
            return inside[0](request)
        time.sleep(PAUSE)


def _answering(pc: "TargetPC") -> Callable[[Reply], Reply]:
    from emulator.management_door import answer

    return lambda request: answer(pc, encoded(request))


def order(folder: PCFolder, request: Reply) -> Reply:
    """Hand a request to the PC's management door, whether it runs or not. Raises DoorClosed."""
    with operating(folder) as asked:
        return asked(request)


def touch(folder: PCFolder, command: "Command") -> None:
    """Do something to the board or the case of a PC that is off; a cover comes off a running one too.

    Raises NotDone, AlreadyOn or what the PC's folder and image raise.
    """
    from emulator.firmware.commands import OpenCover
    from emulator.firmware.refusals import Refused
    from emulator.machine import TargetPC

    image = folder.image()
    try:
        with folder.power():
            TargetPC(image, model=folder.model(), quirks=folder.quirks()).execute(command)
    except Refused as refusal:
        raise NotDone(str(refusal)) from None
    except AlreadyOn:
        if not isinstance(command, OpenCover):
            raise NotDone(f"the PC in {folder.path} is on: switch it off first") from None
        reply = ask(folder, {"verb": "open-cover"})
        if not reply["ok"]:
            raise NotDone(str(reply["error"])) from None


def status(folder: PCFolder) -> "Report":
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
    from emulator.firmware.firmware import Firmware
    from emulator.firmware.report import report
    from emulator.machine import catalogue_of, memory_in

    memory = memory_in(folder.image().open())
    catalogue = catalogue_of(memory, folder.model()).with_quirks(folder.quirks())
    read = report(Firmware(catalogue, memory))
    return {**read, "power": "on", "phase": "does not answer"} if silent else read
