"""Changing settings: on the screen of Computer Setup, where they are staged and then saved, and from the operating system.

From the operating system comes a third string: nothing, a password behind `<utf-16/>`, or an authorization `<BEAM/>...`. A signed
change passes the checks of `bios_auth.verified`, then the decision table, then the setting's own rules, and only then is its nonce counted.
"""

from dataclasses import replace

from emulator.firmware import access, bios_auth, boot, changes, power, secure_platform, settings, setup_door
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Requester
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Keeper, Setting
from emulator.firmware.refusals import AccessDenied
from emulator.firmware.turn import Turn
from emulator.protocol.authorization import PREFIX as SIGNED_PREFIX

PASSWORD_PREFIX = "<utf-16/>"  # noqa: S105 -- the marker of a password, not one


def stage(turn: Turn, command: c.StageSetting) -> None:
    boot.require(turn.session.phase, Step.EDIT)
    setting, value = turn.setting(command.name), command.value
    _require(turn, setting, value, Requester.LOCAL)
    if setting.keeper is Keeper.ORDINARY:
        value = settings.accepted(setting, value)
    staged = {**turn.session.staged, command.name: value}
    # The value in force needs no saving, unless another one waits for presence and is taken back with it.
    if value == turn.value(command.name) and command.name not in turn.memory.waiting:
        del staged[command.name]
    turn.session = replace(turn.session, staged=staged)
    turn.events.append(e.SettingStaged(command.name, value))


def save(turn: Turn, _command: c.SaveAndExit) -> None:
    boot.require(turn.session.phase, Step.EDIT)
    for name, value in turn.session.staged.items():
        changes.carry_out(turn, turn.setting(name), value)
    power.reboot(turn)


def set_setting(turn: Turn, command: c.SetSetting) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    setting = turn.setting(command.name)
    if command.authorization.startswith(SIGNED_PREFIX):
        _set_signed(turn, setting, command)
    else:
        _require_no_password(command.authorization)
        _require(turn, setting, command.value, Requester.REMOTE)
        changes.carry_out(turn, setting, command.value)


def _set_signed(turn: Turn, setting: Setting, command: c.SetSetting) -> None:
    change = bios_auth.verified(
        command.name,
        command.value,
        command.authorization,
        secure_platform.verification_key(turn.memory.platform),
        turn.memory.identity.machine.bytes_le,
        turn.memory.counters,
    )
    _require(turn, setting, change.value, Requester.SIGNED)
    changes.carry_out(turn, setting, change.value)
    turn.memory = replace(turn.memory, counters=bios_auth.counted(turn.memory.counters, change))
    setup_door.clear_misses(turn)


def _require_no_password(authorization: str) -> None:
    """No setup password can be set yet, so nothing but an empty one, in either spelling, is a proof of nothing."""
    if authorization.removeprefix(PASSWORD_PREFIX):
        raise AccessDenied("a password came, but no setup password is set on this machine; send none")


def _require(turn: Turn, setting: Setting, value: str, requester: Requester) -> None:
    access.require(setting, value, requester, mode_on=turn.memory.authentication.enabled)
