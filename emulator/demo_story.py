"""What `f10 demo` tells: a PC without a password that can be guessed, and a phone that opens it.

Each caption stands for as many seconds as it takes to read it aloud. Nothing in it is put on: the keys are those that a person would press,
and where the window is too small for the code, the story goes the way that the page itself offers.
"""

from typing import Any

from emulator import demo_phone
from emulator.demo_phone import Look, NotAsTold
from emulator.demo_stage import Stage

FAILED = "The demonstration came to an early end: "
ENDING = "That was it: no password was typed, none was stored, and the PIN is worth nothing any more."
TO_THE_SETTING = "right*2 down*2 enter down*2"
"""From the first page of Computer Setup to USB Storage Boot."""


async def told(stage: Stage, look: Look) -> str:
    """The whole story; how it ended."""
    try:
        await _power_on(stage)
        await _answer(stage, await demo_phone.reading(stage, look))
        await _change(stage)
        await _restart(stage)
    except NotAsTold as error:
        return f"{FAILED}{error}"
    return ENDING


async def _power_on(stage: Stage) -> None:
    await stage.tell(
        "This PC has just been switched on. Its firmware knows no password: it obeys keys. An administrator put them there.",
        7,
    )
    await stage.tell("Somebody presses F10 to change a setting.", 3)
    await stage.press("F10", 0)
    _require(stage, "Enter Response Code")
    await stage.tell(
        "Computer Setup is locked. It shows a challenge: a PIN that it drew just now, encrypted for one phone, and what it is for.",
        8,
    )


async def _answer(stage: Stage, reading: dict[str, Any]) -> None:
    pin = str(reading["pin"])
    await stage.tell(
        f"The phone asks for its passphrase, and shows: machine {reading['machine']['serial']}, for {reading['purpose']}, "
        f"PIN {pin[:4]} {pin[4:]}. Is that the PC before us? It is.",
        8,
    )
    await stage.tell(
        "The PIN is typed. It is good once, for ten minutes, on this machine. Three wrong ones restart it.", 3
    )
    await stage.press(" ".join(pin), 0.4)
    await stage.press("enter", 0)
    _require(stage, "System Information")


async def _change(stage: Stage) -> None:
    await stage.tell("Computer Setup is open. The way leads to Advanced, Boot Options.", 4)
    await stage.press(TO_THE_SETTING, 0.6)
    await stage.tell("Nobody shall start this PC from a USB stick. Enter changes the setting.", 3)
    await stage.press("enter", 0)
    _require(stage, "USB Storage Boot")
    await stage.tell(
        "The star in front says: changed, but not saved. Without saving, nothing has happened.", 5
    )
    await stage.press("F10", 0)
    await stage.tell(
        "F10 saves: everything in one transaction, so even a power cut now leaves the old or the new, never half of it.",
        6,
    )


async def _restart(stage: Stage) -> None:
    await stage.press("enter", 0)
    await stage.tell("The PC restarts, and Computer Setup is locked again.", 4)
    await stage.press("enter", 0)
    _require(stage, "Operating System")
    await stage.tell(
        "The operating system runs. From here administrators change settings from afar, with signed commands. The log tells what became of the keys.",
        8,
    )
    await stage.tell(ENDING, 6)


def _require(stage: Stage, words: str) -> None:
    if not stage.shows(words):
        raise NotAsTold(f"the screen should show {words!r} now, and does not")
