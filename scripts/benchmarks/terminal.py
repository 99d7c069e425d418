"""A program in a pseudo-terminal, measured from outside: its first frame, its CPU for a key, its resident memory.

Ours is compared with the least that Textual can do, an application of one text, and with Textual's own list. All are processes of the same
interpreter with the same modules, which were compiled before.
"""

import compileall
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SIZE = (100, 38)
MODEL = "elitebook-810-g1"
LONGEST_PAGE = ("Security", "Device Security")
"""Of all packaged models the longest page has 105 rows."""
ROWS = 105
PATIENCE = 20.0
SETTLED, PAGE_SETTLED = 0.04, 0.2
"""Seconds without output after which a program is taken to be done; Textual paints 60 times a second, but a new screen comes in steps."""

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("Minimal")
Minimal().run()
"""
LIST = f"""
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import OptionList, Static
class Page(Screen):
    BINDINGS = [Binding("escape", "app.pop_screen")]
    def compose(self):
        yield OptionList(*(f"Setting number {{n}} of this page      [ Enable ]" for n in range({ROWS})))
class Menu(App):
    BINDINGS = [Binding("o", "open")]
    def compose(self):
        yield Static("Menu")
    def action_open(self):
        self.push_screen(Page())
Menu().run()
"""
UP, DOWN, RIGHT, ENTER, ESCAPE = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\r", b"\x1b"


class Terminal:
    """One program, its output so far, and its terminal."""

    def __init__(self, command: Sequence[str]) -> None:
        self._ours, theirs = pty.openpty()
        columns, rows = SIZE
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = b""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        more = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self.program = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=kept | more, start_new_session=True
        )
        os.close(theirs)

    def close(self) -> None:
        if self.program.poll() is None:
            self.program.send_signal(signal.SIGKILL)
        self.program.wait()
        os.close(self._ours)

    def until(self, text: bytes) -> None:
        """Read until the output has `text` in it."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.output:
            self._read(0.2)
            if time.monotonic() > deadline or self.program.poll() is not None:
                raise RuntimeError(f"{text!r} did not come; last was {self.output[-300:]!r}")

    def settle(self, silence: float = SETTLED) -> None:
        """Read until nothing comes any more for so many seconds."""
        while self._read(silence):
            pass

    def type(self, keys: bytes, silence: float = SETTLED) -> float:
        """Type one key and let the program paint; seconds of CPU that it took."""
        before = self.cpu()
        os.write(self._ours, keys)
        self._read(1.0)
        self.settle(silence)
        return self.cpu() - before

    def cpu(self) -> float:
        """Seconds of CPU of all of the program's threads so far."""
        threads = Path(f"/proc/{self.program.pid}/task").iterdir()
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9

    def resident(self) -> float:
        """Resident memory in KB."""
        status = Path(f"/proc/{self.program.pid}/status").read_text()
        return float(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def _read(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        try:
            self.output += os.read(self._ours, 1 << 16)
        except OSError:
            return False
        return True


@contextmanager
def running(command: Sequence[str], ready: bytes) -> Iterator[Terminal]:
    """A program that has shown `ready`."""
    terminal = Terminal(command)
    try:
        terminal.until(ready)
        yield terminal
    finally:
        terminal.close()


@contextmanager
def new_pc() -> Iterator[list[str]]:
    """The command that boots a new PC without keys, of the model with the longest page."""
    for package in ("firmware_store", "emulator"):
        compileall.compile_dir(package, quiet=1)
    with tempfile.TemporaryDirectory() as home:
        f10 = [sys.executable, "-m", "emulator", "--home", home]
        subprocess.run([*f10, "new", "--model", MODEL], check=True, capture_output=True)
        yield [*f10, "boot"]


def program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def open_longest_page(terminal: Terminal) -> Callable[[], float]:
    """From POST to the way to the longest page; gives what opens it and goes back, and tells the CPU of the opening."""
    terminal.type(b"s")
    terminal.type(RIGHT)
    for _ in range(PLACE):
        terminal.type(DOWN)

    def opened() -> float:
        cpu = terminal.type(ENTER, PAGE_SETTLED)
        terminal.type(ESCAPE, PAGE_SETTLED)
        return cpu

    return opened


PLACE = 5
"""Moves down from the first row of the menu Security to the way to that page."""
