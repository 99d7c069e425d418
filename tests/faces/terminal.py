"""The real program in a pseudo-terminal: its screen as characters and as a picture, and keys typed into it."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from PIL import Image, ImageDraw

CELL = (8, 16)
"""Pixels of a cell in the picture."""
PATIENCE = 30.0
KEYS = {"f10": "\x1b[21~", "enter": "\r", "escape": "\x1b", "down": "\x1b[B", "right": "\x1b[C"}


class Terminal:
    """A terminal of a given size with one program in it."""

    def __init__(self, command: Sequence[str], size: tuple[int, int], environment: Mapping[str, str]) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        # pyte knows no alternate screen, so what follows the program's last screen is looked for here.
        self.output = b""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        clean = {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
        }
        self.program = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=clean | dict(environment),
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.program.poll() is None:
            self.program.kill()
        self.program.wait()
        os.close(self._ours)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def read(self, seconds: float = 0.05) -> None:
        """Take what the program wrote within `seconds`."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self._ours], [], [], left)[0]:
                try:
                    data = os.read(self._ours, 65536)
                except OSError:
                    return
                self.output += data
                self._stream.feed(data)

    def until(self, there: Callable[["Terminal"], bool] | str) -> None:
        """Read until the screen shows a text, or a condition holds."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.read()
            if there in self.text if isinstance(there, str) else there(self):
                return
        raise AssertionError(f"{there!r} did not come; the screen shows:\n{self.text}")

    def type(self, *keys: str) -> None:
        """Keys by name, or text."""
        for key in keys:
            self.press(key)
            self.read(0.15)

    def press(self, key: str) -> None:
        """One key, and nothing is waited for."""
        os.write(self._ours, KEYS.get(key, key).encode())

    def until_it_ends(self) -> int:
        deadline = time.monotonic() + PATIENCE
        while self.program.poll() is None and time.monotonic() < deadline:
            self.read()
        self.read(0.2)
        assert self.program.returncode is not None, "the program did not end"
        return self.program.returncode

    def picture(self) -> Image.Image:
        """The screen painted: backgrounds and half blocks, which is all that a code is made of."""
        width, height = CELL
        picture = Image.new("RGB", (self.screen.columns * width, self.screen.lines * height))
        draw = ImageDraw.Draw(picture)
        for y in range(self.screen.lines):
            for x in range(self.screen.columns):
                cell = self.screen.buffer[y][x]
                left, top, middle = x * width, y * height, y * height + height // 2
                right, bottom = left + width - 1, top + height - 1
                draw.rectangle((left, top, right, bottom), colour(cell.bg, "#000000"))
                if cell.data == "▀":
                    draw.rectangle((left, top, right, middle - 1), colour(cell.fg, "#c0c0c0"))
                elif cell.data == "▄":
                    draw.rectangle((left, middle, right, bottom), colour(cell.fg, "#c0c0c0"))
        return picture


def colour(name: str, default: str) -> str:
    """A colour of pyte as Pillow writes it."""
    if name == "default":
        return default
    return f"#{name}" if len(name) == 6 and all(digit in "0123456789abcdef" for digit in name) else name


def f10(home: Path, *arguments: str) -> list[str]:
    """The command line of this interpreter's f10."""
    return [sys.executable, "-m", "emulator", "--home", str(home), *arguments]
