"""Who may change which setting now: one decision table.

A requester is known by the proof it brought.

* `LOCAL`: presence inside Computer Setup, past whatever guards its door for an administrator.
* `LOCAL_USER`: inside Computer Setup with no more than the power-on password, while an administrator password is set.
* `REMOTE`: the operating system's word, with the administrator password if one is set.
* `REMOTE_USER`: the operating system's word with the power-on password, while an administrator password is set.
* `SIGNED`: a signature checked against the provisioned signing key.

The rule behind the table: keys change only by their own commands, the mode changes only by signature, a local access key is set only
by signature while the mode is on; with the mode off it may be cleared, for that is how a machine is taken back. With the mode on, no
password opens from the operating system what a signature must open.
"""

from collections.abc import Mapping
from enum import Enum, auto

from emulator.firmware.catalogue import Keeper, Setting
from emulator.firmware.refusals import AccessDenied, PasswordNeeded, ReadOnly, Refused


class Requester(Enum):
    LOCAL = auto()
    LOCAL_USER = auto()
    REMOTE = auto()
    REMOTE_USER = auto()
    SIGNED = auto()


class Verdict(Enum):
    ALLOWED = auto()
    CLEAR_ONLY = auto()
    BY_SECURITY_LEVEL = auto()
    """Allowed where the setting's security level is `Change`; models without security levels let a user change nothing."""
    BY_PASSWORD_POLICY = auto()
    """The power-on password only, as far as the policy lets a user modify it."""
    NEEDS_ADMINISTRATOR = auto()
    NEEDS_SIGNATURE = auto()
    ONLY_TELLS = auto()
    OWN_COMMAND = auto()


_A, _C, _L, _P = Verdict.ALLOWED, Verdict.CLEAR_ONLY, Verdict.BY_SECURITY_LEVEL, Verdict.BY_PASSWORD_POLICY
_N, _S, _T, _O = (
    Verdict.NEEDS_ADMINISTRATOR,
    Verdict.NEEDS_SIGNATURE,
    Verdict.ONLY_TELLS,
    Verdict.OWN_COMMAND,
)
_LOCAL, _LOCAL_USER, _REMOTE, _REMOTE_USER, _SIGNED = Requester

# keeper of the setting: for each requester, the verdict with the mode off and with it on.
TABLE: Mapping[Keeper, Mapping[Requester, tuple[Verdict, Verdict]]] = {
    Keeper.ORDINARY: {
        _LOCAL: (_A, _A),
        _LOCAL_USER: (_L, _L),
        _REMOTE: (_A, _S),
        _REMOTE_USER: (_N, _S),
        _SIGNED: (_A, _A),
    },
    Keeper.READ_ONLY: {
        _LOCAL: (_T, _T),
        _LOCAL_USER: (_T, _T),
        _REMOTE: (_T, _T),
        _REMOTE_USER: (_T, _T),
        _SIGNED: (_T, _T),
    },
    Keeper.AUTHENTICATION_MODE: {
        _LOCAL: (_S, _S),
        _LOCAL_USER: (_S, _S),
        _REMOTE: (_S, _S),
        _REMOTE_USER: (_S, _S),
        _SIGNED: (_A, _A),
    },
    Keeper.LOCAL_ACCESS_KEY: {
        _LOCAL: (_C, _S),
        _LOCAL_USER: (_N, _S),
        _REMOTE: (_C, _S),
        _REMOTE_USER: (_N, _S),
        _SIGNED: (_C, _A),
    },
    Keeper.PLATFORM_KEY: {
        _LOCAL: (_O, _O),
        _LOCAL_USER: (_O, _O),
        _REMOTE: (_O, _O),
        _REMOTE_USER: (_O, _O),
        _SIGNED: (_O, _O),
    },
    Keeper.PASSWORD: {
        _LOCAL: (_A, _A),
        _LOCAL_USER: (_P, _P),
        _REMOTE: (_A, _S),
        _REMOTE_USER: (_P, _S),
        _SIGNED: (_A, _A),
    },
    Keeper.RESTORE: {
        _LOCAL: (_A, _A),
        _LOCAL_USER: (_N, _N),
        _REMOTE: (_A, _S),
        _REMOTE_USER: (_N, _S),
        _SIGNED: (_A, _A),
    },
}

# What each refusing verdict says.
REFUSALS: Mapping[Verdict, tuple[type[Refused], str]] = {
    Verdict.CLEAR_ONLY: (
        AccessDenied,
        "can only be cleared while Enhanced BIOS Authentication Mode is off: enable the mode first, then set the key",
    ),
    Verdict.BY_SECURITY_LEVEL: (
        AccessDenied,
        "is for the administrator: leave Computer Setup and enter it with the administrator password",
    ),
    Verdict.BY_PASSWORD_POLICY: (
        AccessDenied,
        "may not be modified by a user: ask whoever has the administrator password",
    ),
    Verdict.NEEDS_ADMINISTRATOR: (PasswordNeeded, "changes only with the administrator password"),
    Verdict.NEEDS_SIGNATURE: (AccessDenied, "changes only by a command that the signing key signed"),
    Verdict.ONLY_TELLS: (ReadOnly, "is read-only"),
    Verdict.OWN_COMMAND: (AccessDenied, "changes only by Secure Platform Management commands"),
}


def verdict(setting: Setting, requester: Requester, *, mode_on: bool) -> Verdict:
    return TABLE[setting.keeper][requester][mode_on]


def require(
    setting: Setting, value: str, requester: Requester, *, mode_on: bool, user_may: bool = False
) -> None:
    """Raise the refusal that the table has for this change.

    `user_may` is what the setting's security level or the password policy says of a user who is no administrator.
    """
    decided = verdict(setting, requester, mode_on=mode_on)
    if decided is Verdict.ALLOWED or (decided is Verdict.CLEAR_ONLY and not value):
        return
    if decided in (Verdict.BY_SECURITY_LEVEL, Verdict.BY_PASSWORD_POLICY) and user_may:
        return
    raise refused(setting, decided)


def refused(setting: Setting, decided: Verdict) -> Refused:
    """The refusal behind a verdict, with its sentence."""
    refusal, reason = REFUSALS[decided]
    return refusal(f"{setting.name!r} {reason}")
