"""What is wrong with a model: where, and a sentence for its author.

`where` is the way through the tables of an author's file: ("setting", "Fast Boot", "default"), or ("page", 3, "items", 5).
"""

from typing import NamedTuple

from emulator.firmware.catalogue import Setting

Where = tuple[str | int, ...]


class Fault(NamedTuple):
    where: Where
    sentence: str


def of(setting: Setting, sentence: str, *where: str | int) -> Fault:
    """A fault of one setting, or of what `where` names within it."""
    return Fault(("setting", setting.name, *where), f"the setting {setting.name!r} {sentence}")
