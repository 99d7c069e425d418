"""Who may change which setting now: one decision table.

A requester is known by the proof it brought: nothing but the operating system's word (`REMOTE`), a signature checked against the
provisioned signing key (`SIGNED`), or presence inside Computer Setup, past whatever guards its door (`LOCAL`).

The rule behind the table: keys change only by their own commands, the mode changes only by signature, a local access key is set only
by signature while the mode is on; with the mode off it may be cleared, for that is how a machine is taken back.
"""

from collections.abc import Mapping
from enum import Enum, auto

from emulator.firmware.catalogue import Keeper, Setting
from emulator.firmware.refusals import AccessDenied, ReadOnly, Refused


class Requester(Enum):
    LOCAL = auto()
    REMOTE = auto()
    SIGNED = auto()


class Verdict(Enum):
    ALLOWED = auto()
    CLEAR_ONLY = auto()
    NEEDS_SIGNATURE = auto()
    ONLY_TELLS = auto()
    OWN_COMMAND = auto()


_A, _C, _N = Verdict.ALLOWED, Verdict.CLEAR_ONLY, Verdict.NEEDS_SIGNATURE
_T, _O = Verdict.ONLY_TELLS, Verdict.OWN_COMMAND

# keeper of the setting: for each requester, the verdict with the mode off and with it on.
TABLE: Mapping[Keeper, Mapping[Requester, tuple[Verdict, Verdict]]] = {
    Keeper.ORDINARY: {Requester.LOCAL: (_A, _A), Requester.REMOTE: (_A, _N), Requester.SIGNED: (_A, _A)},
    Keeper.READ_ONLY: {Requester.LOCAL: (_T, _T), Requester.REMOTE: (_T, _T), Requester.SIGNED: (_T, _T)},
    Keeper.AUTHENTICATION_MODE: {
        Requester.LOCAL: (_N, _N),
        Requester.REMOTE: (_N, _N),
        Requester.SIGNED: (_A, _A),
    },
    Keeper.LOCAL_ACCESS_KEY: {
        Requester.LOCAL: (_C, _N),
        Requester.REMOTE: (_C, _N),
        Requester.SIGNED: (_C, _A),
    },
    Keeper.PLATFORM_KEY: {Requester.LOCAL: (_O, _O), Requester.REMOTE: (_O, _O), Requester.SIGNED: (_O, _O)},
}

# What each verdict but ALLOWED says.
REFUSALS: Mapping[Verdict, tuple[type[Refused], str]] = {
    Verdict.CLEAR_ONLY: (
        AccessDenied,
        "can only be cleared while Enhanced BIOS Authentication Mode is off: enable the mode first, then set the key",
    ),
    Verdict.NEEDS_SIGNATURE: (AccessDenied, "changes only by a command that the signing key signed"),
    Verdict.ONLY_TELLS: (ReadOnly, "is read-only"),
    Verdict.OWN_COMMAND: (AccessDenied, "changes only by Secure Platform Management commands"),
}


def verdict(setting: Setting, requester: Requester, *, mode_on: bool) -> Verdict:
    return TABLE[setting.keeper][requester][mode_on]


def require(setting: Setting, value: str, requester: Requester, *, mode_on: bool) -> None:
    """Raise the refusal that the table has for this change."""
    decided = verdict(setting, requester, mode_on=mode_on)
    if decided is Verdict.ALLOWED or (decided is Verdict.CLEAR_ONLY and not value):
        return
    refusal, reason = REFUSALS[decided]
    raise refusal(f"{setting.name!r} {reason}")
