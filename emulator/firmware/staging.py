"""What is staged: changes on the screen of Computer Setup that nobody saved yet.

Conditions see staged values as if they were saved, so that a switch and what hangs on it are changed in one visit. A staged change that
turns grey, because a switch went back or the password that it needs was cleared, is dropped: it could not be saved.
"""

from collections.abc import Mapping

from emulator.firmware import events as e
from emulator.firmware import prerequisites
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.memory import Memory
from emulator.firmware.prerequisites import ValueOf
from emulator.firmware.turn import Turn, condition_value_of
from emulator.firmware.values import replace


def on_the_screen(catalogue: Catalogue, memory: Memory, staged: Mapping[str, str]) -> ValueOf:
    """Values as conditions see them in Computer Setup."""
    return lambda name: staged[name] if name in staged else condition_value_of(catalogue, memory, name)


def keep(turn: Turn, staged: Mapping[str, str]) -> None:
    """Let these changes be what is staged, without those that are grey now."""
    kept = dict(staged)
    seen = on_the_screen(turn.catalogue, turn.memory, kept)
    while grey := [name for name in kept if prerequisites.unmet(turn.setting(name), seen)]:
        for name in grey:
            del kept[name]
            turn.events.append(e.SettingStaged(name, turn.value(name)))
    turn.session = replace(turn.session, staged=kept)
