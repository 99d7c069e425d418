"""How a setting stands on the screen now: its value, whether that was staged, and why it is grey.

Computer Setup shows what was staged as if it were stored, and conditions see it so. Of passwords and secrets the screen knows no more
than whether there is one.
"""

from dataclasses import dataclass

from emulator.firmware.catalogue import IS_NOT_SET, IS_SET, Keeper, Setting
from emulator.firmware.firmware import Firmware
from emulator.firmware.turn import condition_value_of


@dataclass(frozen=True, slots=True)
class Standing:
    """What a row has to tell.

    `grey` is the sentence that says why the setting cannot be changed now, `locked` why this visitor may never change it.
    """

    value: str
    staged: bool = False
    grey: str = ""
    locked: str = ""


def standing(firmware: Firmware, setting: Setting) -> Standing:
    """How `setting` stands for whoever is in Computer Setup."""
    # What only tells has nothing to explain: nobody would change it.
    grey = "" if setting.read_only else firmware.why_grey(setting.name)
    locked = "" if setting.read_only else firmware.why_locked(setting.name)
    return Standing(_value(firmware, setting), setting.name in firmware.session.staged, grey, locked)


def _value(firmware: Firmware, setting: Setting) -> str:
    staged = firmware.session.staged.get(setting.name)
    if setting.keeper is Keeper.PASSWORD:
        return condition_value_of(firmware.catalogue, firmware.memory, setting.name)
    if setting.secret:
        kept = firmware.memory.settings.get(setting.name, setting.default) if staged is None else staged
        return IS_SET if kept else IS_NOT_SET
    return firmware.value(setting.name) if staged is None else staged
