"""Changing settings: on the screen of Computer Setup, where they are staged and then saved, and from the operating system.

From the operating system comes a third string: nothing, a password behind its mark, or an authorization `<BEAM/>...`. A signed
change passes the checks of `bios_auth.verified`, then the decision table, then the setting's own rules, and only then is its nonce
counted. While the mode is on, an unsigned change is refused before any password is looked at.

A list of settings is carried out entry by entry, each with a result of its own, in one turn: this is how the field's tools apply a
file. Such a list never reaches what `defaults` do not reach either.
"""

from dataclasses import replace

from emulator.firmware import (
    access,
    bios_auth,
    boot,
    changes,
    defaults,
    password_prompt,
    power,
    prerequisites,
    secure_platform,
    settings,
    setup_door,
    staging,
)
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Requester
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Keeper, Role, Setting
from emulator.firmware.refusals import AccessDenied, PrerequisiteNotMet, Refused, SetOnce, ValueNotAllowed
from emulator.firmware.turn import FIXED, Turn, is_fixed
from emulator.protocol.authorization import PREFIX as SIGNED_PREFIX


def stage(turn: Turn, command: c.StageSetting) -> None:
    boot.require(turn.session.phase, Step.EDIT)
    setting, value = turn.setting(command.name), command.value
    _require(turn, setting, value, turn.session.visitor)
    if setting.keeper is Keeper.PASSWORD:
        raise AccessDenied(f"{setting.name!r} changes by typing the old and the new password")
    if setting.keeper in (Keeper.ORDINARY, Keeper.RESTORE):
        value = settings.accepted(setting, value)
        if is_fixed(turn.memory, setting):
            raise SetOnce(f"{setting.name!r} {FIXED}")
        seen = staging.on_the_screen(turn.catalogue, turn.memory, turn.session.staged)
        if unmet := prerequisites.unmet(setting, seen):
            raise PrerequisiteNotMet(f"{setting.name!r} cannot be changed now: {unmet.because}")
    staged = {**turn.session.staged, command.name: value}
    # The value in force needs no saving, unless another one waits for presence and is taken back with it.
    if value == turn.value(command.name) and not setting.secret and command.name not in turn.memory.waiting:
        del staged[command.name]
    turn.events.append(e.SettingStaged(command.name, turn.told(setting, value)))
    staging.keep(turn, staged)


def save(turn: Turn, _command: c.SaveAndExit) -> None:
    boot.require(turn.session.phase, Step.EDIT)
    for refusal in changes.carry_out_all(turn, turn.session.staged).values():
        raise refusal
    power.reboot(turn)


def set_setting(turn: Turn, command: c.SetSetting) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    setting = turn.setting(command.name)
    if command.authorization.startswith(SIGNED_PREFIX):
        _set_signed(turn, setting, command)
        return
    requester = _proved(turn, setting, command.value, command.authorization)
    _carry_out(turn, setting, command.value, requester)


def set_settings(turn: Turn, command: c.SetSettings) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    _require_administrator(turn, command.authorization)
    wanted: dict[str, str] = {}
    for name, value in command.settings:
        try:
            if _is_so_already(turn, turn.setting(name), value):
                wanted.pop(name, None)
                turn.events.append(e.SettingUnchanged(name))
                continue
            _require_within_reach(turn.setting(name))
            _require(turn, turn.setting(name), value, Requester.REMOTE)
        except Refused as refusal:
            turn.events.append(e.SettingRefused(name, refusal))
        else:
            wanted[name] = value
    refused = changes.carry_out_all(turn, wanted)
    turn.events += [e.SettingRefused(name, refusal) for name, refusal in refused.items()]


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


def set_defaults(turn: Turn, command: c.SetSystemDefaults) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    if turn.memory.authentication.enabled:
        raise AccessDenied(
            "while Enhanced BIOS Authentication Mode is on, defaults are applied only by a signed command for the setting "
            "'Apply Factory Defaults and Exit'"
        )
    _require_administrator(turn, command.authorization)
    changes.put(turn, defaults.factory(turn))


def _proved(turn: Turn, setting: Setting, value: str, authorization: str) -> Requester:
    """Who the operating system speaks for. While the mode is on that is nobody, and no password is looked at."""
    if turn.memory.authentication.enabled or setting.keeper is Keeper.READ_ONLY:
        _require(turn, setting, value, Requester.REMOTE)
    return password_prompt.remote_requester(turn, setting, authorization)


def _require_administrator(turn: Turn, authorization: str) -> None:
    """For what is more than one setting."""
    if not turn.memory.authentication.enabled:
        password_prompt.require_administrator(turn, authorization)


def _require_within_reach(setting: Setting) -> None:
    """A file of settings guards nothing, so it must not open anything: it reaches what defaults reach."""
    if setting.keeper not in (Keeper.ORDINARY, Keeper.READ_ONLY) or setting.role in _OUT_OF_REACH:
        raise AccessDenied(f"{setting.name!r} is not for a file of settings: change it by itself")


_OUT_OF_REACH = frozenset({Role.PHYSICAL_PRESENCE_INTERFACE, Role.CLEAR_EVENT_LOG})


def _set_signed(turn: Turn, setting: Setting, command: c.SetSetting) -> None:
    change = bios_auth.verified(
        command.name,
        command.value,
        command.authorization,
        secure_platform.verification_key(turn.memory.platform),
        turn.memory.identity.machine.bytes_le,
        turn.memory.counters,
    )
    _carry_out(turn, setting, change.value, Requester.SIGNED)
    turn.memory = replace(turn.memory, counters=bios_auth.counted(turn.memory.counters, change))
    setup_door.clear_misses(turn)


def _carry_out(turn: Turn, setting: Setting, value: str, requester: Requester) -> None:
    if setting.keeper is Keeper.PASSWORD:
        password_prompt.change_marked(turn, setting, value, requester)
        return
    _require(turn, setting, value, requester)
    changes.carry_out(turn, setting, value)


def _require(turn: Turn, setting: Setting, value: str, requester: Requester) -> None:
    level = turn.catalogue.settings.get(setting.security_level)
    access.require(
        setting,
        value,
        requester,
        mode_on=turn.memory.authentication.enabled,
        user_may=level is not None and turn.stored(level) == "Change",
    )
