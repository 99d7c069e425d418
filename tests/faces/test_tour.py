"""The five-minute tour with the real programs: a PC in a pseudo-terminal, a phone in processes of its own."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.codes import codes_in
from tests.faces.phone import pin_from
from tests.faces.terminal import Terminal, f10

BOOTED = "Esc menu  Enter start"


def booting(home: Path, size: tuple[int, int]) -> Iterator[Terminal]:
    with Terminal(f10(home, "boot"), size, {"F10_COMMAND": "f10", "HOME": str(home)}) as terminal:
        terminal.until(BOOTED)
        yield terminal


@pytest.fixture
def wide(enrolled: Path) -> Iterator[Terminal]:
    yield from booting(enrolled, (100, 38))


@pytest.fixture
def small(enrolled: Path) -> Iterator[Terminal]:
    yield from booting(enrolled, (80, 24))


def test_a_code_on_the_screen_is_read_answered_and_opens_setup(
    wide: Terminal, enrolled: Path, tmp_path: Path
) -> None:
    wide.type("f10")
    wide.until(lambda terminal: len(codes_in(terminal.picture())) == 1)
    screenshot = tmp_path / "screenshot.png"
    wide.picture().save(screenshot)
    wide.type(pin_from(enrolled, screenshot), "enter")
    wide.until("System Information")
    status = subprocess.run(f10(enrolled, "status"), capture_output=True, text=True, check=True)
    assert "on (Computer Setup)" in status.stdout
    wide.type("right", "right", "down", "down", "enter", "down", "down", "enter")
    wide.until("* [ ] USB Storage Boot")
    wide.type("f10")
    wide.until("Save the changes")
    wide.type("enter")
    wide.until(BOOTED)
    wide.type("enter")
    wide.until("No changes are pending.")
    wide.type("p")
    assert wide.until_it_ends() == 0
    assert b"The PC is switched off." in wide.output


@pytest.mark.slow
def test_on_a_small_screen_the_saved_picture_does_the_same(small: Terminal, enrolled: Path) -> None:
    before = set((enrolled / "pc" / "usb").glob("*.png"))
    small.type("s")
    small.until("cannot show the code")
    small.type("p")
    small.until("Saved:")
    (saved,) = set((enrolled / "pc" / "usb").glob("*.png")) - before
    small.type("00000000", "enter")
    small.until("2 tries left")
    small.type(pin_from(enrolled, saved), "enter")
    small.until("System Information")


@pytest.mark.slow
def test_a_killed_pc_can_be_switched_on_again(small: Terminal, enrolled: Path) -> None:
    small.program.kill()
    small.program.wait()
    done = subprocess.run(f10(enrolled, "status", "--json"), capture_output=True, text=True, check=True)
    assert '"power": "off"' in done.stdout
    for terminal in booting(enrolled, (80, 24)):
        terminal.type("enter")
        terminal.until("Operating System")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_sane_and_no_socket(
    small: Terminal, enrolled: Path, number: signal.Signals
) -> None:
    small.type("s")
    small.until("Enter Response Code")
    small.program.send_signal(number)
    small.until_it_ends()
    assert b"The PC lost its power." in small.output
    assert small.output.rindex(b"\x1b[?1049l") > small.output.rindex(b"\x1b[?1049h")
    assert small.output.rindex(b"\x1b[?25h") > small.output.rindex(b"\x1b[?25l")
    assert not (enrolled / "pc" / "management.sock").exists()


def test_one_process_at_most_is_the_pc(small: Terminal, enrolled: Path) -> None:
    small.type("enter")
    small.until("Operating System")
    with Terminal(f10(enrolled, "boot"), (80, 24), {"HOME": os.fspath(enrolled)}) as second:
        assert second.until_it_ends() == 2
        assert b"switched on already" in second.output
