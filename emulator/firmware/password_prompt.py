"""Passwords at work: typed at a prompt, and changed."""

from emulator.firmware import (
    access,
    boot,
    deeds,
    doors,
    entering,
    locks,
    password_proofs,
    passwords,
    power,
    staging,
)
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Column, Verdict, What, Who
from emulator.firmware.boot import Phase, Step
from emulator.firmware.catalogue import Keeper, Role, Setting
from emulator.firmware.refusals import ValueNotAllowed
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace
from emulator.protocol import password
from emulator.protocol.password import MalformedPassword

ADMINISTRATOR, POWER_ON = Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD


def type_password(turn: Turn, command: c.TypePassword) -> None:
    """At a prompt: the power-on password before POST, or the one that opens the door somebody stands at."""
    boot.require(turn.session.phase, Step.TYPE_PASSWORD)
    proved = password_proofs.require_one_of(turn, command.password, _accepted_here(turn))
    turn.session = replace(turn.session, proved=turn.session.proved | {proved})
    if turn.session.phase is Phase.POWER_ON_PASSWORD:
        power.pass_gates(turn)
    else:
        entering.pass_door(turn)


def _accepted_here(turn: Turn) -> tuple[Role, ...]:
    if turn.session.phase is Phase.PASSWORD:
        return doors.accepted(turn.session.entry)
    both = turn.is_on(Role.ADMINISTRATOR_AT_POWER_ON, absent=True)
    column = Column.PASSWORD if both else Column.POLICY_OFF
    proofs = {POWER_ON: Who.POWER_ON, ADMINISTRATOR: Who.ADMINISTRATOR}
    return tuple(
        role for role, who in proofs.items() if access.verdict(What.START, who, column) is Verdict.ALLOWED
    )


def change_password(turn: Turn, command: c.ChangePassword) -> None:
    """In Computer Setup: the old one, or the administrator's, opens the change; an empty new one means none."""
    boot.require(turn.session.phase, Step.EDIT)
    setting = turn.setting(command.name)
    if setting.keeper is not Keeper.PASSWORD or setting.role is None:
        raise ValueNotAllowed(f"{setting.name!r} is no password")
    deeds.require(turn, setting, command.new, turn.session.visitor, access.SCREEN)
    if turn.password_is_set(setting.role):
        password_proofs.require_one_of(turn, command.current, (setting.role, ADMINISTRATOR))
    _change(turn, setting, command.new)
    staging.keep(turn, turn.session.staged)


def change_marked(turn: Turn, setting: Setting, value: str, who: Who) -> None:
    """From the operating system, whose password was looked at before: the new one behind its mark."""
    deeds.require(turn, setting, value, who, access.SYSTEM)
    try:
        new = password.parse(value, setting.encodings)
    except MalformedPassword as error:
        raise ValueNotAllowed(f"{setting.name!r}: {error}") from None
    deeds.require(turn, setting, new, who, access.SYSTEM)
    _change(turn, setting, new)


def _change(turn: Turn, setting: Setting, new: str) -> None:
    assert setting.role is not None  # a password has one of two
    kept = None
    if new:
        passwords.require_policy(setting, new, turn.catalogue, turn.memory)
        kept = passwords.hashed(new, turn.entropy.octets(passwords.SALT_SIZE))
    locks.password(turn, setting.role, kept)
    turn.events.append(e.PasswordChanged(setting.name, is_set=bool(new)))
