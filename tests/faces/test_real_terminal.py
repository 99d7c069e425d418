"""The whole way by keystrokes in terminals that are not ours, and programs that are killed at any moment."""

import json
import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faces.phone import pin_from
from tests.faces.terminal import Terminal, f10
from tests.faces.tmux import SANE, Window, window
from tests.setup.rendering import assert_golden

SIZES = [(80, 24), (100, 38), (132, 43)]
BOOTED = "Esc menu  Enter start"
SETTING = "NumLock on at boot"
IN_SETUP = "► System Information"
MASKS = [
    (r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", "<uuid>"),
    (r"[A-Za-z0-9+/]{43}=", "<key id>"),
    (r"\[[x ]\](?= NumLock| USB Storage)", "[?]"),
    (r"(?<=Check: )\w{6}", "<check>"),
    (r"(?<=Serial number )\S+|(?<=serial number )\S+|(?<=Machine: )\S+", "<serial>"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?", "<time>"),
    (r"(?<=system in )\d+(?= s)", "<n>"),
    (r"(?<=Good for: )\d+:\d\d", "<left>"),
    (r"(?<=nonce )\d{2,}|(?<=settings )\d+|(?<=actions )\d+", "<counter>"),
]
"""What differs from machine to machine and from start to start."""


def masked(text: str) -> str:
    if any(sign in text for sign in "▀▄█"):
        text = re.sub(r"(?m)^[ ▀▄█]{73,77}|^[ ▀▄█]+$", "░" * 10, text)
    for pattern, instead in MASKS:
        text = re.sub(pattern, instead, text)
    return text


def stored(home: Path, name: str) -> str:
    """What the flash image holds of a setting."""
    image = home / "pc" / "nvram.fd"
    done = subprocess.run(
        f10(home, "image", "get", str(image), name, "--text"), capture_output=True, text=True, check=False
    )
    found = re.search(r"(?:En|Dis)able$", done.stdout.strip())
    return found[0] if found else ""


def search(pc: Window | Terminal) -> None:
    """Look for the setting, and wait for it: what is typed ahead of a question goes nowhere."""
    pc.type("/")
    pc.until("A part of a setting's name")
    pc.type("numlock")
    pc.until("1 found")


def assert_whole(home: Path) -> None:
    done = subprocess.run(
        f10(home, "image", "check", str(home / "pc" / "nvram.fd")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_from_power_on_to_a_stored_change_by_keystrokes(
    enrolled: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    pictures = enrolled / "pc" / "usb"
    before = set(pictures.glob("*.png"))
    screens: dict[str, str] = {}
    with window(tmp_path / "tmux", f10(enrolled, "boot"), size) as pc:
        pc.until(BOOTED)
        pc.type("Escape")
        screens["startup menu"] = pc.until("Startup Menu")
        pc.type("F10")
        screens["challenge"] = pc.until("Good for:")
        pc.type("p")
        pc.until("Saved:")
        (picture,) = set(pictures.glob("*.png")) - before
        for sign in pin_from(enrolled, picture).replace(" ", ""):
            pc.type(sign)
        pc.type("Enter")
        screens["Setup"] = pc.until(IN_SETUP)
        old = _changed(pc, screens)
        pc.type("F10")
        screens["save"] = pc.until("Save the changes and restart?")
        pc.type("Enter")
        pc.until(BOOTED)
        new = stored(enrolled, SETTING)
        assert {old, new} == {"Disable", "Enable"}
        pc.type("Enter")
        screens["operating system"] = pc.until("No changes are pending.")
        pc.type("p")
        assert "The PC is switched off." in pc.until("ended with 0")
        assert pc.state() == SANE
    if size == SIZES[-1]:
        shown = {name: screens[name] for name in ("startup menu", "challenge", "Setup", "Boot Options")}
        text = "".join(f"=== {name}\n{masked(screen)}" for name, screen in shown.items())
        assert_golden(f"tmux-{size[0]}x{size[1]}", text)


def _changed(pc: Window, screens: dict[str, str]) -> str:
    """Change one setting, and tell what it was."""
    pc.type("Right", "Right")
    pc.until("[Advanced]")
    search(pc)
    pc.type("Enter")
    screens["Boot Options"] = pc.until(f"] {SETTING}")
    lines = screens["Boot Options"].splitlines()
    (row,) = (number for number, line in enumerate(lines) if SETTING in line)
    assert lines[row].startswith("»")
    assert pc.cursor()[1] == row
    pc.type("Space")
    pc.until("* Not saved: 1")
    return "Enable" if "[x]" in lines[row] else "Disable"


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PC without keys: its Setup is open."""
    home = tmp_path_factory.mktemp("unguarded") / "f10"
    subprocess.run(f10(home, "new"), check=True, capture_output=True)
    return home


@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_middle_of_a_question_leaves_terminal_and_image_sane(
    unguarded: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with window(tmp_path / "tmux", f10(unguarded, "boot"), SIZES[0]) as pc:
        pc.until(BOOTED)
        pc.type("F10")
        pc.until(IN_SETUP)
        assert pc.state() != SANE
        search(pc)
        os.kill(pc.program, number)
        assert "The PC lost its power." in pc.until("ended with")
        assert pc.state() == SANE
    assert_whole(unguarded)


def test_a_signal_while_the_program_starts_leaves_the_terminal_sane(unguarded: Path) -> None:
    for wait in (0.0, 0.03):
        with Terminal(f10(unguarded, "boot"), SIZES[0], {"HOME": str(unguarded)}) as pc:
            deadline = time.monotonic() + 30
            while b"\x1b[?1049h" not in pc.output and time.monotonic() < deadline:
                pc.read(0.002)
            time.sleep(wait)
            pc.program.send_signal(signal.SIGTERM)
            assert pc.until_it_ends() == 0
            assert pc.output.rindex(b"\x1b[?1049l") > pc.output.rindex(b"\x1b[?1049h")
            assert pc.output.rindex(b"\x1b[?1003l") > pc.output.rindex(b"\x1b[?1003h")
            assert b"\x1b[?25l" not in pc.output or pc.output.rindex(b"\x1b[?25h") > pc.output.rindex(
                b"\x1b[?25l"
            )
    assert_whole(unguarded)


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_image_whole_and_the_next_start_well(unguarded: Path) -> None:
    chance = random.Random(10)
    values = set()
    for _ in range(3):
        with Terminal(f10(unguarded, "boot"), SIZES[0], {"HOME": str(unguarded)}) as pc:
            pc.until(BOOTED)
            pc.type("f10")
            pc.until(IN_SETUP)
            search(pc)
            pc.type("enter", " ")
            pc.until("Not saved: 1")
            pc.type("f10")
            pc.until("Save the changes")
            pc.press("enter")
            time.sleep(chance.uniform(0, 0.06))
            pc.program.kill()
            pc.program.wait()
        assert_whole(unguarded)
        values.add(stored(unguarded, SETTING))
    assert values <= {"", "Enable", "Disable"}
    told = subprocess.run(f10(unguarded, "status", "--json"), capture_output=True, text=True, check=True)
    assert json.loads(told.stdout)["power"] == "off"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("environment", "there", "absent"),
    [
        ({"TERM": "linux", "COLORTERM": ""}, [b"\x1b[37;44m", b"34;47m"], [b"38;2;", b"38;5;"]),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, [b"38;5;"], [b"38;2;"]),
        ({"TERM": "xterm-256color"}, [b"48;2;"], []),
    ],
    ids=["16 colours", "256 colours", "all colours"],
)
def test_a_terminal_gets_the_colours_that_it_has(
    unguarded: Path, environment: dict[str, str], there: list[bytes], absent: list[bytes]
) -> None:
    with Terminal(f10(unguarded, "boot"), SIZES[0], {"HOME": str(unguarded)} | environment) as pc:
        pc.until(BOOTED)
        pc.type("f10")
        pc.until(IN_SETUP)
        assert [code for code in there if code not in pc.output] == []
        assert [code for code in absent if code in pc.output] == []


def test_a_terminal_without_colours_and_with_ascii_alone(unguarded: Path) -> None:
    command = f10(unguarded, "boot", "--ascii", "--mono", "--theme", "vga")
    with Terminal(command, SIZES[0], {"HOME": str(unguarded), "TERM": "vt100", "COLORTERM": ""}) as pc:
        pc.until(BOOTED)
        pc.type("f10")
        pc.until("+ System Information")
        assert pc.text.isascii()
        row = next(line for line in range(24) if "+ System Information" in pc.screen.display[line])
        assert pc.screen.buffer[row][5].reverse
        assert not pc.screen.buffer[row + 1][5].reverse
