"""Changing a setting from the operating system.

With it comes a third string: nothing, a password behind its mark, or an authorization `<BEAM/>...`. A signed change passes the
checks of `bios_auth.verified`, then the decision table, then the setting's own rules; its nonce counts only if all of them let it. While
the mode is on, an unsigned change is refused before any password is looked at.
"""

from emulator.firmware import (
    access,
    bios_auth,
    boot,
    changes,
    deeds,
    defaults,
    doors,
    password_prompt,
    password_proofs,
    secure_platform,
)
from emulator.firmware import commands as c
from emulator.firmware.access import What, Who
from emulator.firmware.bios_auth import Receiver
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Keeper, Setting
from emulator.firmware.turn import Turn
from emulator.protocol.authorization import PREFIX as SIGNED_PREFIX
from emulator.protocol.authorization import VerifiedChange

DEFAULTS = "SetSystemDefaults"
"""The name that a signed command for factory defaults has; its value is empty."""


def set_setting(turn: Turn, command: c.SetSetting) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    carry_out(turn, command, verified(turn, command))


def set_defaults(turn: Turn, command: c.SetSystemDefaults) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    column = access.mode(on=turn.memory.authentication.enabled)
    if command.authorization.startswith(SIGNED_PREFIX):
        _counted(turn, DEFAULTS, "", command.authorization)
        access.require(DEFAULTS, What.ORDER_DEFAULTS, Who.SIGNED, column)
        changes.put(turn, defaults.factory(turn))
        return
    access.require(DEFAULTS, What.ORDER_DEFAULTS, Who.ADMINISTRATOR, column)
    password_proofs.require_administrator(turn, command.authorization)
    changes.put(turn, defaults.factory(turn))


def _proved(turn: Turn, setting: Setting, value: str, authorization: str) -> Who:
    """Who the operating system speaks for. Where no password could help, none is looked at."""
    deeds.require(turn, setting, value, Who.ADMINISTRATOR, access.SYSTEM)
    return password_proofs.remote(turn, setting, authorization)


def verified(turn: Turn, entry: c.SetSetting, to: Receiver | None = None) -> VerifiedChange | None:
    """What an entry's signature proves, and counted; None for an entry without one."""
    turn.setting(entry.name)
    if not entry.authorization.startswith(SIGNED_PREFIX):
        return None
    return _counted(turn, entry.name, entry.value, entry.authorization, to)


def _counted(turn: Turn, name: str, value: str, token: str, to: Receiver | None = None) -> VerifiedChange:
    """What a signature orders. The command counts from now on; if it is refused later, nothing of it remains."""
    change = checked(turn, name, value, token, to or bios_auth.receiver(turn.memory, turn.catalogue))
    doors.count(turn, bios_auth.counted(turn.memory.counters, change))
    return change


def checked(turn: Turn, name: str, value: str, token: str, to: Receiver) -> VerifiedChange:
    """What a signature orders, judged by the provisioned key; nothing is counted."""
    return bios_auth.verified(name, value, token, secure_platform.verification_key(turn.memory.platform), to)


def carry_out(turn: Turn, entry: c.SetSetting, signed: VerifiedChange | None) -> None:
    setting = turn.setting(entry.name)
    who = Who.SIGNED if signed else _proved(turn, setting, entry.value, entry.authorization)
    if setting.keeper is Keeper.PASSWORD:
        password_prompt.change_marked(turn, setting, entry.value, who)
        return
    deeds.require(turn, setting, entry.value, who, access.SYSTEM)
    changes.carry_out(turn, setting, entry.value)
