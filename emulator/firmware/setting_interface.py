"""Changing settings from the operating system, one by one or as a file.

With each comes a third string: nothing, a password behind its mark, or an authorization `<BEAM/>...`. A signed change passes the
checks of `bios_auth.verified`, then the decision table, then the setting's own rules; its nonce counts only if all of them let it. While
the mode is on, an unsigned change is refused before any password is looked at.

A file of settings is carried out entry by entry, each with a result of its own, in one turn: this is how the field's tools apply one.
It guards nothing, so it reaches only what `defaults` reach.
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
    settings,
)
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import What, Who
from emulator.firmware.bios_auth import Receiver
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Keeper, Role, Setting
from emulator.firmware.refusals import AccessDenied, Refused, ValueNotAllowed
from emulator.firmware.turn import Turn
from emulator.protocol.authorization import PREFIX as SIGNED_PREFIX
from emulator.protocol.authorization import VerifiedChange

DEFAULTS = "SetSystemDefaults"
"""The name that a signed command for factory defaults has; its value is empty."""


def set_setting(turn: Turn, command: c.SetSetting) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    carry_out(turn, command, verified(turn, command))


def set_settings(turn: Turn, command: c.SetSettings) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    if not turn.memory.authentication.enabled:
        password_proofs.require_administrator(turn, command.authorization)
    wanted: dict[str, str] = {}
    for name, value in command.settings:
        try:
            if _is_so_already(turn, turn.setting(name), value):
                wanted.pop(name, None)
                turn.events.append(e.SettingUnchanged(name))
                continue
            _require_within_reach(turn.setting(name))
            deeds.require(turn, turn.setting(name), value, Who.ADMINISTRATOR, access.SYSTEM)
        except Refused as refusal:
            turn.events.append(e.SettingRefused(name, refusal))
        else:
            wanted[name] = value
    refused = changes.carry_out_all(turn, wanted)
    turn.events += [e.SettingRefused(name, refusal) for name, refusal in refused.items()]


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


def _is_so_already(turn: Turn, setting: Setting, value: str) -> bool:
    """Whether a change would change nothing; such entries of a file are skipped before anything about them is judged.

    Secrets come out of a dump empty, so an empty one is no change; whether another one is right is nothing to be told.
    """
    if setting.secret:
        return not value
    if setting.keeper is Keeper.PASSWORD or setting.name in turn.memory.waiting:
        return False
    if value == turn.value(setting.name):
        return True
    try:
        return setting.keeper is Keeper.ORDINARY and settings.accepted(setting, value) == turn.stored(setting)
    except ValueNotAllowed:
        return False


def _proved(turn: Turn, setting: Setting, value: str, authorization: str) -> Who:
    """Who the operating system speaks for. Where no password could help, none is looked at."""
    deeds.require(turn, setting, value, Who.ADMINISTRATOR, access.SYSTEM)
    return password_proofs.remote(turn, setting, authorization)


def _require_within_reach(setting: Setting) -> None:
    """A file of settings guards nothing, so it must not open anything: it reaches what defaults reach."""
    if setting.keeper not in (Keeper.ORDINARY, Keeper.READ_ONLY) or setting.role in _OUT_OF_REACH:
        raise AccessDenied(f"{setting.name!r} is not for a file of settings: change it by itself")


_OUT_OF_REACH = frozenset({Role.PHYSICAL_PRESENCE_INTERFACE, Role.CLEAR_EVENT_LOG})


def verified(turn: Turn, entry: c.SetSetting, to: Receiver | None = None) -> VerifiedChange | None:
    """What an entry's signature proves, and counted; None for an entry without one."""
    turn.setting(entry.name)
    if not entry.authorization.startswith(SIGNED_PREFIX):
        return None
    return _counted(turn, entry.name, entry.value, entry.authorization, to)


def _counted(turn: Turn, name: str, value: str, token: str, to: Receiver | None = None) -> VerifiedChange:
    """What a signature orders. The command counts from now on; if it is refused later, nothing of it remains."""
    key = secure_platform.verification_key(turn.memory.platform)
    to = to or bios_auth.receiver(turn.memory, turn.catalogue)
    change = bios_auth.verified(name, value, token, key, to)
    doors.count(turn, bios_auth.counted(turn.memory.counters, change))
    return change


def carry_out(turn: Turn, entry: c.SetSetting, signed: VerifiedChange | None) -> None:
    setting = turn.setting(entry.name)
    who = Who.SIGNED if signed else _proved(turn, setting, entry.value, entry.authorization)
    if setting.keeper is Keeper.PASSWORD:
        password_prompt.change_marked(turn, setting, entry.value, who)
        return
    deeds.require(turn, setting, entry.value, who, access.SYSTEM)
    changes.carry_out(turn, setting, entry.value)
