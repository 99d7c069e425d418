"""The screen as text, and a machine that looks the same on every run."""

import os
import re
import uuid
from pathlib import Path

from emulator import models
from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.machine import TargetPC
from emulator.protocol.keys import PublicKey
from emulator.setup.app import ComputerSetup
from emulator.setup.qr_view import QRView
from firmware_store import FOUR_MEGABYTE, MemoryImage

MACHINE = uuid.UUID("01234567-89ab-4cde-8f01-23456789abcd")
SERIAL = "5CG0000001"
CODE = "░"
CHECK = "░" * 6
GOLDEN = Path(__file__).parent.parent / "golden"


def screen_text(app: ComputerSetup) -> str:
    """What the screen shows, one line a row, without blanks at the ends; the cells of a code are masked."""
    lines = app.characters()
    for view in app.screen.query(QRView):
        area = view.region
        for row in range(area.y, area.bottom):
            lines[row] = lines[row][: area.x] + CODE * area.width + lines[row][area.right :]
    text = "".join(f"{line.rstrip()}\n" for line in lines)
    # The check comes from the code's text, and that from randomness which OAEP draws itself.
    return re.sub(r"(?<=: )[0-9A-F]{6}$", CHECK, text, flags=re.MULTILINE)


def assert_golden(name: str, text: str) -> None:
    """Compare with the committed text; F10_WRITE_GOLDEN=1 writes it instead, to be read in the diff."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("F10_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def golden(name: str, size: tuple[int, int]) -> str:
    """The golden's name for this size of the screen."""
    return f"{name}-{size[0]}x{size[1]}"


def fixed_pc(model: str = models.DEFAULT) -> TargetPC:
    """A machine with a fixed identity, a clock that stands, and random numbers that repeat."""
    return TargetPC.manufacture(
        MemoryImage(FOUR_MEGABYTE),
        model=models.packaged(model),
        serial=SERIAL,
        machine=MACHINE,
        clock=FixedClock(),
        entropy=FixedEntropy("golden"),
    )


def guarded_pc(provisioned: "TargetPC") -> TargetPC:
    """The same machine after its operating system switched it off."""
    provisioned.execute(c.PowerOff())
    return provisioned


def key_id(key: object) -> str:
    return PublicKey.of(key).key_id
