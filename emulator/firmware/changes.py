"""Carrying out a change of a setting that was allowed: at once, or when physical presence is proved.

An ordinary setting is stored at once and acts after the next restart. One that needs physical presence waits, unless the Physical
Presence Interface is off. The authentication mode and the local access keys are no values of their own: they act at once.
"""

from collections.abc import Mapping
from dataclasses import replace

from emulator.firmware import bios_auth, presence, settings
from emulator.firmware import events as e
from emulator.firmware.catalogue import Keeper, Setting
from emulator.firmware.event_log import EventCode
from emulator.firmware.turn import Turn


def carry_out(turn: Turn, setting: Setting, value: str) -> None:
    """Change `setting`. Raises ValueNotAllowed."""
    if setting.keeper is Keeper.AUTHENTICATION_MODE:
        value = settings.accepted(setting, value)
        _authentication(turn, bios_auth.switched(turn.memory.authentication, value))
    elif setting.keeper is Keeper.LOCAL_ACCESS_KEY:
        number = int(setting.name.removeprefix(bios_auth.LOCAL_ACCESS_KEY))
        _authentication(turn, bios_auth.with_key(turn.memory.authentication, number, value))
    elif setting.physical_presence and prompts_are_on(turn):
        _wait_for_presence(turn, setting.name, settings.accepted(setting, value))
        return
    else:
        store(turn, {setting.name: settings.accepted(setting, value)})
        return
    turn.events.append(e.SettingStored(setting.name, value))


def store(turn: Turn, values: Mapping[str, str]) -> None:
    """Store values that were accepted before, and log it if they switch the prompts for physical presence."""
    if not values:
        return
    before = prompts_are_on(turn)
    waiting = {name: value for name, value in turn.memory.waiting.items() if name not in values}
    turn.memory = replace(turn.memory, settings={**turn.memory.settings, **values}, waiting=waiting)
    turn.events += [e.SettingStored(name, value) for name, value in values.items()]
    if prompts_are_on(turn) is not before:
        turn.record(EventCode.CONSENT_PROMPTS_OFF if before else EventCode.CONSENT_PROMPTS_ON)


def prompts_are_on(turn: Turn) -> bool:
    return turn.value(presence.INTERFACE) != "Disable"


def _wait_for_presence(turn: Turn, name: str, value: str) -> None:
    """Let a change wait; changing back to the value in force takes the waiting one back."""
    waiting = {**turn.memory.waiting, name: value}
    if value == turn.value(name):
        del waiting[name]
    turn.memory = replace(turn.memory, waiting=waiting)
    turn.events.append(e.SettingWaits(name, value))


def _authentication(turn: Turn, changed: bios_auth.Changed) -> None:
    turn.memory = replace(turn.memory, authentication=changed.authentication)
    for code in changed.events:
        turn.record(code)
