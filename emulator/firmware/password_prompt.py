"""Passwords at work: typed at a prompt, sent along with a command, and changed.

Three wrong ones in a row, wherever they are typed or sent, and no password is looked at before the next restart.
"""

from dataclasses import replace

from emulator.firmware import access, boot, locks, passwords, power, setup_door, staging
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Requester
from emulator.firmware.boot import Phase, Step
from emulator.firmware.catalogue import Keeper, Role, Setting
from emulator.firmware.refusals import (
    AccessDenied,
    PasswordNeeded,
    PasswordsLocked,
    PasswordWrong,
    ValueNotAllowed,
)
from emulator.firmware.turn import Entry, Turn
from emulator.protocol import password
from emulator.protocol.password import MalformedPassword

ADMINISTRATOR, POWER_ON = Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD


def type_password(turn: Turn, command: c.TypePassword) -> None:
    """At a prompt: the power-on password before POST, or the one that opens the door somebody stands at."""
    boot.require(turn.session.phase, Step.TYPE_PASSWORD)
    proved = require_one_of(turn, command.password, _accepted_here(turn))
    turn.session = replace(turn.session, proved=turn.session.proved | {proved})
    if turn.session.phase is Phase.POWER_ON_PASSWORD:
        power.pass_gates(turn)
    else:
        setup_door.pass_door(turn)


def _accepted_here(turn: Turn) -> tuple[Role, ...]:
    if turn.session.phase is Phase.POWER_ON_PASSWORD:
        both = turn.is_on(Role.ADMINISTRATOR_AT_POWER_ON, absent=True)
        return (POWER_ON, ADMINISTRATOR) if both else (POWER_ON,)
    # Whoever knows only the power-on password may look around in Computer Setup, and start from nothing else.
    return (ADMINISTRATOR, POWER_ON) if turn.session.entry is Entry.SETUP else (ADMINISTRATOR,)


def change_password(turn: Turn, command: c.ChangePassword) -> None:
    """In Computer Setup: the old one, or the administrator's, opens the change; an empty new one means none."""
    boot.require(turn.session.phase, Step.EDIT)
    setting = turn.setting(command.name)
    if setting.keeper is not Keeper.PASSWORD or setting.role is None:
        raise ValueNotAllowed(f"{setting.name!r} is no password")
    _require_change(turn, setting, command.new, turn.session.visitor)
    if turn.password_is_set(setting.role):
        require_one_of(turn, command.current, (setting.role, ADMINISTRATOR))
    _change(turn, setting, command.new)
    staging.keep(turn, turn.session.staged)


def change_marked(turn: Turn, setting: Setting, value: str, requester: Requester) -> None:
    """From the operating system, whose password was looked at before: the new one behind its mark."""
    _require_change(turn, setting, value, requester)
    try:
        new = password.parse(value, setting.encodings)
    except MalformedPassword as error:
        raise ValueNotAllowed(f"{setting.name!r}: {error}") from None
    _require_change(turn, setting, new, requester)
    _change(turn, setting, new)


def remote_requester(turn: Turn, setting: Setting, authorization: str) -> Requester:
    """Who the operating system speaks for, by the password it sends. Without an administrator password that is anybody.

    Only the power-on password itself may be changed by whoever knows it.
    """
    if setting.role is POWER_ON and turn.password_is_set(POWER_ON):
        proved = require_one_of(turn, _sent(turn, authorization), (ADMINISTRATOR, POWER_ON))
        outranked = proved is POWER_ON and turn.password_is_set(ADMINISTRATOR)
        return Requester.REMOTE_USER if outranked else Requester.REMOTE
    require_administrator(turn, authorization)
    return Requester.REMOTE


def require_administrator(turn: Turn, authorization: str) -> None:
    """Raise unless the administrator password came with a command, where one is set."""
    sent = _sent(turn, authorization)
    if turn.password_is_set(ADMINISTRATOR):
        require_one_of(turn, sent, (ADMINISTRATOR,))
    elif sent:
        raise AccessDenied("a password came, but no setup password is set on this machine; send none")


def require_one_of(turn: Turn, typed: str, roles: tuple[Role, ...]) -> Role:
    """Which of these passwords was typed. Raises PasswordsLocked, PasswordNeeded or PasswordWrong."""
    if turn.session.password_tries == 0:
        raise PasswordsLocked(
            "several passwords were wrong: none is looked at before the next restart; restart the machine"
        )
    names = " or the ".join(
        passwords.NAMES[role] for role in dict.fromkeys(roles) if turn.password_is_set(role)
    )
    if not typed:
        raise PasswordNeeded(f"this needs the {names}")
    for role in dict.fromkeys(roles):
        if passwords.matches(passwords.of(turn.memory.passwords, role), typed):
            _forgive(turn, role)
            return role
    left = turn.session.password_tries - 1
    tries = "try" if left == 1 else "tries"
    raise PasswordWrong(
        f"this is not the {names}; {left} {tries} left"
        if left
        else f"this is not the {names}; restart to try again"
    )


def _forgive(turn: Turn, proved: Role) -> None:
    """Wrong tries before the right one no more count, but whoever knows the lesser password buys no tries at the greater."""
    if proved is ADMINISTRATOR or not turn.password_is_set(ADMINISTRATOR):
        turn.session = replace(turn.session, password_tries=passwords.TRIES)


def _sent(turn: Turn, authorization: str) -> str:
    setting = turn.catalogue.roles.get(ADMINISTRATOR)
    if not authorization or setting is None:
        return authorization
    try:
        return password.parse(authorization, setting.encodings)
    except MalformedPassword as error:
        raise PasswordNeeded(f"the third string is no password: {error}") from None


def _require_change(turn: Turn, setting: Setting, new: str, requester: Requester) -> None:
    policy = turn.catalogue.roles.get(Role.USER_CHANGES_POWER_ON)
    allowed = "Change Only" if policy is None else turn.stored(policy)
    user_may = setting.role is POWER_ON and (
        allowed == "Change or Delete" or (allowed == "Change Only" and bool(new))
    )
    access.require(setting, new, requester, mode_on=turn.memory.authentication.enabled, user_may=user_may)


def _change(turn: Turn, setting: Setting, new: str) -> None:
    assert setting.role is not None  # a password has one of two
    kept = None
    if new:
        passwords.require_policy(setting, new, turn.catalogue, turn.memory)
        kept = passwords.hashed(new, turn.entropy.octets(passwords.SALT_SIZE))
    locks.password(turn, setting.role, kept)
    turn.events.append(e.PasswordChanged(setting.name, is_set=bool(new)))
