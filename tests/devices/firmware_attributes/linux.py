"""Somebody at a shell of a PC's Linux, before the class folder of the driver."""

import errno
from collections.abc import Mapping

import pytest

from emulator.devices.firmware_attributes import FirmwareAttributes
from emulator.firmware import commands as c
from emulator.firmware import quirks
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.memory import Memory
from emulator.machine import TargetPC
from emulator.management_door import answer, encoded
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests.firmware.bench import factory_new, start
from tests.machine.images import image_with

TOP = "hp-bioscfg"
ADMINISTRATOR: Mapping[str, object] = {
    "kind": "password",
    "min_length": 4,
    "max_length": 8,
    "encodings": ["utf-16"],
    "role": "administrator password",
}
"""A setup password, as a model has it."""
PENDING = f"{TOP}/attributes/pending_reboot"
SPM = f"{TOP}/authentication/SPM"


class Linux:
    """A PC that runs, and its driver."""

    def __init__(self, pc: TargetPC, quirk: quirks.Quirks) -> None:
        self.pc = pc
        self.asked = 0
        self.driver = FirmwareAttributes(self.ask, quirk)

    def ask(self, request: dict[str, object]) -> dict[str, object]:
        self.asked += 1
        return answer(self.pc, encoded(request))

    def cat(self, path: str) -> str:
        return self.driver.read(path).decode()

    def echo(self, text: str, path: str) -> None:
        """With a newline at the end, as echo writes."""
        self.driver.write(path, text.encode() + b"\n")

    def refused(self, data: bytes, path: str) -> str:
        """The name of the error with which a write ends."""
        with pytest.raises(OSError) as came:  # noqa: PT011 -- its number is what is looked at
            self.driver.write(path, data)
        assert came.value.errno is not None
        return errno.errorcode[came.value.errno]

    def value(self, name: str) -> str:
        """What the firmware has stored."""
        return self.pc.firmware.value(name)

    def folder(self, path: str) -> dict[str, str]:
        """Each file of a folder: its mode, and what is in it if it can be read."""
        told = {}
        for name in self.driver.names(path):
            entry = self.driver.entry(f"{path}/{name}")
            assert entry is not None
            content = self.cat(f"{path}/{name}") if entry.mode & 0o444 else ""
            told[name] = f"{entry.mode & 0o777:o} {content}"
        return told


def linux(memory: Memory | None = None, *, model: Catalogue | None = None, **differing: str) -> Linux:
    chosen = quirks.chosen(differing)
    if model is None:
        pc = TargetPC(image_with(memory or factory_new()), quirks=chosen)
    else:
        pc = TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE), model=model, quirks=chosen)
    start(pc)
    return Linux(pc, chosen)


def restarted(shell: Linux) -> None:
    """Somebody restarts the PC, and types what it shows."""
    shell.pc.execute(c.PowerOff())
    shell.pc.execute(c.PowerOn())
    while (prompt := shell.pc.firmware.session.prompt) is not None:
        shell.pc.execute(c.AnswerPresence(prompt.code))
    shell.pc.execute(c.Continue())


def setting(name: str, file: str = "current_value") -> str:
    return f"{TOP}/attributes/{name.replace('/', '!')}/{file}"


def password_file(name: str, file: str = "current_password") -> str:
    return f"{TOP}/authentication/{name}/{file}"
