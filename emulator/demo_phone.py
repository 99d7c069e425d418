"""The phone of `f10 demo`: a process of its own, which meets the PC as a phone does.

It gets pictures of the screen and knows no more of the PC. Where the window is too small for the code, it gets the ways that the page itself
offers: the parts in turn, or a picture that the page saves.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from emulator import demo
from emulator.demo_stage import Stage
from emulator.protocol.challenge_parts import USUAL
from emulator.setup import picture_file

Look = Callable[[Sequence[bytes]], subprocess.CompletedProcess[str]]
"""The phone looks at pictures, and answers in JSON."""


class NotAsTold(Exception):
    """The PC or the phone did not do what the story says."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody's phone: a process for each thing that it does."""

    world: Path

    def enroll(self, picture: Path) -> subprocess.CompletedProcess[str]:
        return self._do("enroll", picture)

    def look(self, pictures: Sequence[bytes]) -> subprocess.CompletedProcess[str]:
        """Take pictures, and answer the challenge in them."""
        photographs = [self.world / f"photograph-{number}.png" for number in range(len(pictures))]
        for photograph, picture in zip(photographs, pictures, strict=True):
            photograph.write_bytes(picture)
        return self._do("scan", *photographs)

    def _do(self, verb: str, *pictures: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "emulator", "--home", str(self.world), "phone", verb]
        with (self.world / "admin" / demo.PASSPHRASE_FILE).open() as passphrase:
            number = passphrase.fileno()
            return subprocess.run(  # noqa: S603 -- this interpreter and this program
                [*command, *map(str, pictures), "--passphrase-fd", str(number), "--json"],
                pass_fds=[number],
                capture_output=True,
                text=True,
                check=False,
            )


async def reading(stage: Stage, look: Look) -> dict[str, Any]:
    """What the phone read in pictures of the screen, or else in one that the page saved."""
    await stage.tell(
        "The phone that holds the key takes a picture of this screen. That is all that it gets to know.", 5
    )
    done = await stage.aside(partial(look, [await _picture(stage)]))
    if done.returncode:
        done = await stage.aside(partial(look, await _parts(stage)))
    if done.returncode:
        await stage.tell("P saves the code as a picture on a USB stick, for the phone.", 5)
        await stage.press("p", 0)
        done = await stage.aside(lambda: look([_newest(stage.usb)]))
    if done.returncode:
        raise NotAsTold(f"the phone could not read the challenge: {done.stdout or done.stderr}")
    read: dict[str, Any] = json.loads(done.stdout)
    return read


async def _parts(stage: Stage) -> list[bytes]:
    """Pictures of the parts of the code, one after the other."""
    await stage.tell(
        f"This window is too small for the whole code. M shows it in {USUAL} parts, and the phone looks at each.",
        5,
    )
    pictures = []
    for _ in range(USUAL):
        await stage.press("m", 1.5)
        pictures.append(await _picture(stage))
    return pictures


async def _picture(stage: Stage) -> bytes:
    return picture_file.png(await stage.photograph(), system_fonts=False)


def _newest(usb: Path) -> bytes:
    """The picture that was saved last."""
    saved = sorted(usb.glob("*.png"), key=lambda path: path.stat().st_mtime_ns)
    return saved[-1].read_bytes() if saved else b""
