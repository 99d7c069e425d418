"""Changing settings on the screen of Computer Setup: staged while somebody looks around, stored when they are saved."""

from emulator.firmware import access, boot, changes, deeds, power, prerequisites, settings, staging
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Keeper
from emulator.firmware.refusals import AccessDenied, PrerequisiteNotMet, SetOnce
from emulator.firmware.turn import FIXED, Turn, is_fixed


def stage(turn: Turn, command: c.StageSetting) -> None:
    boot.require(turn.session.phase, Step.EDIT)
    setting, value = turn.setting(command.name), command.value
    deeds.require(turn, setting, value, turn.session.visitor, access.SCREEN)
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
