"""Played keys: each finds a screen that has settled, the clock moves when it is told to, and the end is what is seen."""

from pathlib import Path

import pytest

from emulator.devices.clock import FixedClock
from emulator.firmware.boot import Phase
from emulator.machine import TargetPC
from emulator.setup import key_script, playing
from emulator.setup.app import ComputerSetup
from emulator.setup.playing import Played
from tests.setup.person import phase, pin


def played(pc: TargetPC, usb: Path, script: str, size: tuple[int, int] = (80, 24)) -> Played:
    assert isinstance(pc.clock, FixedClock)
    return playing.play(ComputerSetup(pc, usb=usb), pc.clock, key_script.parse(script), size)


def test_without_keys_the_first_screen_is_seen(pc: TargetPC, usb: Path) -> None:
    seen = played(pc, usb, "")
    assert seen.shows("Starting the operating system in 5 s ...")
    assert (seen.ended, seen.left, len(seen.rows)) == (None, 0, 24)
    assert seen.text.count("\n") == 24


@pytest.mark.parametrize("size", [(80, 24), (132, 43)])
def test_the_first_key_reaches_setup_and_the_others_what_it_opened(
    pc: TargetPC, usb: Path, size: tuple[int, int]
) -> None:
    seen = played(pc, usb, "F10 right*2 down*2 enter down*2 enter", size)
    assert seen.shows("* [ ] USB Storage Boot")
    assert {len(row) for row in seen.rows} == {size[0]}
    assert ">USB Storage Boot<" in seen.picture or "[ ] USB Storage Boot<" in seen.picture


@pytest.mark.slow
def test_what_was_not_saved_is_gone_and_what_was_saved_stays(pc: TargetPC, usb: Path) -> None:
    change = "F10 right*2 down*2 enter down*2 enter"
    played(pc, usb, change)
    pc.lose_power()
    assert not played(pc, usb, "F10 right*2 down*2 enter").shows("[ ] USB Storage Boot")
    pc.lose_power()
    assert played(pc, usb, f"{change} F10 enter").shows("Starting the operating system")
    pc.lose_power()
    assert played(pc, usb, "F10 right*2 down*2 enter").shows("[ ] USB Storage Boot")


@pytest.mark.slow
def test_time_passes_only_when_the_script_says_so(pc: TargetPC, usb: Path) -> None:
    assert played(pc, usb, "wait:3").shows("Starting the operating system in 2 s")
    pc.lose_power()
    seen = played(pc, usb, "wait:6")
    assert phase(pc) is Phase.OPERATING_SYSTEM
    assert seen.shows("Operating System")


@pytest.mark.slow
def test_a_challenge_grows_old_while_the_script_waits(guarded: TargetPC, usb: Path) -> None:
    assert played(guarded, usb, "F10 wait:61").shows("Good for: 8:59")


def test_text_is_typed_with_its_blanks(pc: TargetPC, usb: Path) -> None:
    seen = played(pc, usb, 'F10 end*2 ctrl+s "Hello  world"')
    assert seen.left == 0


def test_digits_are_typed_into_the_field(guarded: TargetPC, usb: Path) -> None:
    assert played(guarded, usb, "F10 0*8 enter").shows("The code is wrong; 2 tries left.")
    assert pin(guarded)


@pytest.mark.parametrize("script", ["ctrl+q", "enter p"])
def test_a_machine_that_was_switched_off_shows_nothing(pc: TargetPC, usb: Path, script: str) -> None:
    seen = played(pc, usb, script)
    assert (seen.text, seen.ended, seen.left) == ("", "The PC is switched off.", 0)
    assert "<text" not in seen.picture


def test_keys_for_a_machine_that_is_off_are_counted(pc: TargetPC, usb: Path) -> None:
    assert played(pc, usb, "ctrl+q down*3 enter").left == 4


def test_words_are_found_over_the_ends_of_lines(guarded: TargetPC, usb: Path) -> None:
    seen = played(guarded, usb, "F10")
    assert seen.shows("Scan the code with the phone that holds this key")
    assert seen.shows("")
    assert not seen.shows("System Information")


def test_the_same_keys_lead_to_the_same_picture(pc: TargetPC, usb: Path) -> None:
    first = played(pc, usb, "F10 down*2")
    pc.lose_power()
    assert played(pc, usb, "F10 down*2").picture == first.picture
