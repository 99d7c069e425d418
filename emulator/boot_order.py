"""What the options of `f10 boot --keys` come to, understood before anything is switched on."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emulator.setup import key_script, picture_file
from emulator.setup.key_script import Step
from emulator.setup.look import Look

SMALLEST, LARGEST = (20, 8), (400, 150)
"""Columns and rows of a screen."""
LONGEST_SCRIPT = 1_000_000
"""Characters."""


class Unplayable(Exception):
    """Options that cannot be followed."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the options come to."""

    steps: tuple[Step, ...]
    size: tuple[int, int]
    picture: Path | None
    expect: str
    look: Look


def understood(options: Mapping[str, str], look: Look) -> Order:
    """The options of `boot` that make it play. Raises Unplayable, UnknownKey or NoPicture."""
    picture = Path(options["--screenshot"]) if "--screenshot" in options else None
    if picture is not None:
        picture_file.require_possible(picture)
    steps = key_script.parse(_script(options.get("--keys", "")))
    return Order(steps, _size(options.get("--size", "80x24")), picture, options.get("--expect", ""), look)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,4})x([0-9]{1,4})", text, re.IGNORECASE)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if any(not low <= side <= high for side, low, high in zip(size, SMALLEST, LARGEST, strict=True)):
        raise Unplayable(
            f"--size takes columns and rows like 80x24, from {SMALLEST[0]}x{SMALLEST[1]} to {LARGEST[0]}x{LARGEST[1]}; "
            f"{text!r} came"
        )
    return size


def _script(keys: str) -> str:
    """The script itself: what was given, or what stands in the file, or on standard input."""
    if keys != "-" and (not keys.startswith("@") or keys == "@"):
        return keys
    try:
        if keys == "-":
            text = sys.stdin.read(LONGEST_SCRIPT + 1)
        else:
            with open(keys[1:], encoding="utf-8") as file:
                text = file.read(LONGEST_SCRIPT + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise Unplayable(f"the keys in {keys.removeprefix('@')} cannot be read: {reason}") from None
    if len(text) > LONGEST_SCRIPT:
        raise Unplayable(f"a script of keys has at most {LONGEST_SCRIPT} characters; a longer one came")
    return text
