"""Attacks with what a terminal can send into the field for the response code: pastes, and keys that repeat.

* bracketed paste: here; 10 MB pasted: here
* a key that repeats: here, digits, letters and Enter, on an empty field and on a full one
* signs that steer a terminal: here
* every text that is no code: `tests/firmware/test_attack_input.py`, for the field hands over what it holds
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from emulator.firmware.boot import Phase
from emulator.machine import TargetPC
from emulator.setup.app import ComputerSetup
from emulator.setup.challenge_screen import CodeField
from tests.setup.person import ADMINISTRATOR, phase, pin, play, press, read, with_passwords

Pasting = Callable[[str], Awaitable[str]]


def at_the_field(pc: TargetPC, usb: Path, script: Callable[[Pilot[str], Pasting], Awaitable[None]]) -> None:
    """Somebody stands before the field, and can paste; what it holds then is told."""

    async def session(pilot: Pilot[str]) -> None:
        await press(pilot, "s")
        field = pilot.app.screen.query_one(CodeField)

        async def paste(text: str) -> str:
            field.clear()
            field.post_message(events.Paste(text))
            await pilot.pause()
            return field.value

        await script(pilot, paste)

    play(pc, usb, session)


def tries_left(pc: TargetPC) -> int:
    return pc.firmware.session.door.tries_left


def test_a_pasted_code_waits_for_enter_and_then_opens(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str], paste: Pasting) -> None:
        right = pin(guarded)
        assert await paste(f"{right[:4]} {right[4:]}") == f"{right[:4]} {right[4:]}"
        assert phase(guarded) is Phase.CHALLENGE
        await press(pilot, "enter")
        assert phase(guarded) is Phase.SETUP

    at_the_field(guarded, usb, script)


def test_of_pasted_lines_the_first_is_taken_and_none_is_entered(guarded: TargetPC, usb: Path) -> None:
    """A paste is text: a line break in it presses no key, so a long paste tries no list of codes."""

    async def script(pilot: Pilot[str], paste: Pasting) -> None:
        codes = [f"{number:08}" for number in range(1000)]
        for line_break in ("\n", "\r", "\r\n", "\x0b", "\u2028"):
            assert await paste(line_break.join(codes)) == codes[0]
            assert tries_left(guarded) == 3
        assert guarded.firmware.memory.guard.misses == 0

    at_the_field(guarded, usb, script)


@pytest.mark.slow
def test_ten_megabytes_pasted_are_cut_and_cost_no_try(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str], paste: Pasting) -> None:
        for text in ("1" * 10_000_000, "\n" * 10_000_000, f"{pin(guarded)} " * 1_000_000):
            assert len(await paste(text)) <= 64
            await press(pilot, "enter")
            assert tries_left(guarded) == 3
        assert phase(guarded) is Phase.CHALLENGE

    at_the_field(guarded, usb, script)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\0",
        "٠١٢٣٤٥٦٧",
        "\x1b[201~12345678",
        "1234567",
        "1e7",
        "[red]1[/red]",
    ],
    ids=ascii,
)
def test_what_is_no_code_is_said_so_and_costs_nothing(guarded: TargetPC, usb: Path, text: str) -> None:
    async def script(pilot: Pilot[str], paste: Pasting) -> None:
        await paste(text)
        await press(pilot, "enter")
        assert "no try is lost" in read(pilot)
        assert tries_left(guarded) == 3

    at_the_field(guarded, usb, script)


def test_a_digit_that_repeats_fills_the_field_and_costs_nothing(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str], paste: Pasting) -> None:
        await press(pilot, *"7" * 200)
        assert pilot.app.screen.query_one(CodeField).value == "7" * 64
        await press(pilot, "enter")
        assert tries_left(guarded) == 3

    at_the_field(guarded, usb, script)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("key", ["enter", "r", "l", "t", "backspace", "left"])
def test_a_key_that_repeats_wins_and_costs_no_try(guarded: TargetPC, usb: Path, key: str) -> None:
    async def script(pilot: Pilot[str], paste: Pasting) -> None:
        for _ in range(40):
            pilot.app.simulate_key(key)
        await pilot.pause()
        assert tries_left(guarded) == 3
        assert phase(guarded) is Phase.CHALLENGE
        assert guarded.firmware.memory.guard.misses == 0

    at_the_field(guarded, usb, script)


@pytest.mark.parametrize("text", ["{}\0", "\u202e{}", "\x1b{}"], ids=ascii)
def test_signs_that_do_not_print_are_dropped_and_the_code_opens(
    guarded: TargetPC, usb: Path, text: str
) -> None:
    async def script(pilot: Pilot[str], paste: Pasting) -> None:
        right = pin(guarded)
        assert await paste(text.format(right)) == right
        await press(pilot, "enter")
        assert phase(guarded) is Phase.SETUP

    at_the_field(guarded, usb, script)


def burst(pilot: Pilot[str], *keys: str) -> None:
    """Keys that come faster than the screen follows."""
    for key in keys:
        pilot.app.simulate_key(key)


def test_enter_that_repeats_enters_a_code_once(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "s")
        wrong = "00000000" if pin(guarded) != "00000000" else "00000001"
        burst(pilot, *wrong, *["enter"] * 10)
        await pilot.pause()
        assert guarded.firmware.memory.guard.misses == 1
        assert tries_left(guarded) == 2

    play(guarded, usb, script)


def test_enter_that_repeats_enters_a_password_once(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "s")
        burst(pilot, *"wrong", *["enter"] * 10)
        await pilot.pause()
        assert pc.firmware.session.password_tries == 2

    play(pc, usb, script)


@pytest.mark.parametrize("text", ["\x1b[2J1", "\x9b2J1", "\u202e1", "\x001"])
def test_what_is_pasted_steers_no_terminal(guarded: TargetPC, usb: Path, text: str) -> None:
    async def script(pilot: Pilot[str], paste: Pasting) -> None:
        assert (await paste(text)).isprintable()
        assert isinstance(pilot.app, ComputerSetup)
        assert "".join(pilot.app.characters()).isprintable()

    at_the_field(guarded, usb, script)
