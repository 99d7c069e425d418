"""A terminal that is not ours: a program in a window of tmux, as characters and with what tmux knows of the terminal's state."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faces.terminal import PATIENCE

SETTINGS = """
set -g status off
set -g default-terminal tmux-256color
set -sg escape-time 0
set -g history-limit 0
"""
SANE = {"cursor_flag": "1", "alternate_on": "0", "mouse_any_flag": "0"}
"""A cursor is seen, the first screen is shown, and the mouse is the terminal's own again."""


class Window:
    """One program, and a shell behind it that keeps the window open when it ends."""

    def __init__(self, folder: Path, command: Sequence[str], size: tuple[int, int]) -> None:
        # A socket's path may have 107 bytes, so it is named from within its folder.
        self._folder = folder
        self._number = folder / "pid"
        settings = folder / "tmux.conf"
        settings.write_text(SETTINGS)
        started = f"echo $$ > {shlex.quote(str(self._number))}; exec {shlex.join(command)}"
        line = f"sh -c {shlex.quote(started)}; echo ended with $?; exec cat"
        columns, rows = map(str, size)
        self._tmux("-f", str(settings), "new-session", "-d", "-x", columns, "-y", rows, line)

    @property
    def text(self) -> str:
        """The screen, without blanks at the ends of lines."""
        return self._tmux("capture-pane", "-p")

    @property
    def program(self) -> int:
        """The number of the program's process."""
        return int(self._number.read_text())

    def state(self) -> dict[str, str]:
        """What tmux knows of the terminal, of that which a program may change."""
        told = self._tmux("display-message", "-p", "\t".join(f"#{{{name}}}" for name in SANE))
        return dict(zip(SANE, told.strip("\n").split("\t"), strict=True))

    def cursor(self) -> tuple[int, int]:
        told = self._tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        return int(told[0]), int(told[1])

    def type(self, *keys: str) -> None:
        """Keys by tmux's names for them, or single signs."""
        self._tmux("send-keys", *keys)

    def until(self, there: str) -> str:
        """Wait until the screen shows a text, and for a picture that stands; gives the screen."""
        deadline, before = time.monotonic() + PATIENCE, ""
        while time.monotonic() < deadline:
            text = self.text
            if there in text and text == before:
                return text
            before = text
            time.sleep(0.05)
        raise AssertionError(f"{there!r} did not come; the screen shows:\n{before}")

    def close(self) -> None:
        self._tmux("kill-server", check=False)

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self._folder),
            "SHELL": "/bin/sh",
            "TERM": "xterm-256color",
        }
        done = subprocess.run(
            ["tmux", "-S", "socket", *arguments],
            cwd=self._folder,
            env=environment,
            capture_output=True,
            text=True,
            check=check,
        )
        return done.stdout


@contextmanager
def window(folder: Path, command: Sequence[str], size: tuple[int, int]) -> Iterator[Window]:
    """A window with a program; the test is skipped where there is no tmux."""
    if shutil.which("tmux") is None:
        pytest.skip("The program tmux is missing (Debian: tmux); it would be a terminal that is not ours.")
    folder.mkdir()
    opened = Window(folder, command, size)
    try:
        yield opened
    finally:
        opened.close()
