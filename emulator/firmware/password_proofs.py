"""Proving oneself by a password: typed at a prompt, or sent along with a command.

Three wrong ones in a row, wherever they are typed or sent, and no password is looked at before the next restart.
"""

from emulator.firmware import passwords
from emulator.firmware.access import Who
from emulator.firmware.catalogue import Role, Setting
from emulator.firmware.refusals import AccessDenied, PasswordNeeded, PasswordsLocked, PasswordWrong
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace
from emulator.protocol import password
from emulator.protocol.password import MalformedPassword

ADMINISTRATOR, POWER_ON = Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD


def remote(turn: Turn, setting: Setting, authorization: str) -> Who:
    """Who the operating system speaks for, by the password it sends. Without an administrator password that is anybody.

    Only the power-on password itself may be changed by whoever knows it.
    """
    if setting.role is POWER_ON and turn.password_is_set(POWER_ON):
        proved = require_one_of(turn, _sent(turn, authorization), (ADMINISTRATOR, POWER_ON))
        outranked = proved is POWER_ON and turn.password_is_set(ADMINISTRATOR)
        return Who.POWER_ON if outranked else Who.ADMINISTRATOR
    require_administrator(turn, authorization)
    return Who.ADMINISTRATOR


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
