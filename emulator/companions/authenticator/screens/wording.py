"""Texts that more than one page says: purposes, ages, days, and how a key is described.

A page hands its texts to `words` as they stand in the program, where a test collects them. A text that stands in a table, and whose words
are found later, is marked by `later`, so that it is collected as well.
"""

from collections.abc import Mapping
from datetime import datetime

from emulator.companions.authenticator.phone import HeldKey
from emulator.companions.language import Words
from emulator.protocol.certificate import printable
from emulator.protocol.challenge import Purpose


def later(text: str) -> str:
    """Marks a text whose words are found where it is shown."""
    return text


PURPOSES: Mapping[Purpose, str] = {
    Purpose.SETUP: later("Computer Setup (F10)"),
    Purpose.BOOT_MENU: later("Boot menu"),
    Purpose.OPTION_ROMS: later("Option ROMs"),
    Purpose.RECOVERY: later("Recovery"),
    Purpose.NETWORK_BOOT: later("Network boot"),
    Purpose.FIRMWARE_UPDATE: later("Firmware update"),
}
_PAST = {
    "s": later("{amount} s ago"),
    "min": later("{amount} min ago"),
    "h": later("{amount} h ago"),
    "d": later("{amount} days ago"),
}
_AHEAD = {
    "s": later("{amount} s from now"),
    "min": later("{amount} min from now"),
    "h": later("{amount} h from now"),
    "d": later("{amount} days from now"),
}
_STEPS = ((60, "min"), (60, "h"), (24, "d"))


def age(words: Words, seconds: int) -> str:
    """How long ago, in the largest unit of which there are two."""
    amount, unit = abs(seconds), "s"
    for size, larger in _STEPS:
        if amount < 2 * size:
            break
        amount, unit = amount // size, larger
    return words((_PAST if seconds >= 0 else _AHEAD)[unit], amount=amount)


def moment(at: float) -> str:
    """A time by the clock of whoever holds the phone."""
    try:
        return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        # A stored time that was edited can be beyond every calendar.
        return "????-??-?? ??:??"


def clock_time(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M")


def short(key_id: str) -> str:
    """As much of a key id as a person compares."""
    return printable(key_id[:8])


def name_of(key: HeldKey) -> str:
    return printable(key.name)


def machine_of(key: HeldKey) -> str:
    """For which model and serial number the key was made, or nothing."""
    told = (key.package.model, key.package.serial)
    return ", ".join(printable(text) for text in told if text)


def marks(words: Words, key: HeldKey) -> list[str]:
    """What is special about a key."""
    found = []
    if key.needs_sign_in:
        found.append(words("needs sign-in"))
    if not key.package.needs_passphrase:
        found.append(words("no passphrase"))
    return found
