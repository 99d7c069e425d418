"""What the decision table speaks of, made real: machines in the states that its columns mean, and people with the proofs of its rows.

Nothing here knows what the table says. States that cost a password are made once, and each test gets a twin.
"""

from dataclasses import replace
from functools import cache

from emulator.firmware import access
from emulator.firmware import commands as c
from emulator.firmware.access import Column, Place, Verdict, What, Who
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.memory import Memory
from emulator.models import packaged
from emulator.protocol.password import utf_16
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    MODE,
    NONCE,
    POWER_ON_PASSWORD,
    RESTORE,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    answer,
    guarded,
    local_key_value,
    locked,
    made_by,
    mode_on,
    model,
    pin,
    signed,
    with_settings,
)

Cell = tuple[What, Who, Column]
Passwords = tuple[str, str]
"""The administrator's, and the one to switch on."""

NEW = "Another-333"
TPM = "TPM State"
LEVEL = "Integrated Camera Security Level"
BOTH, ONLY_POWER_ON, NONE = (BOSS, USER), ("", USER), ("", "")
PROOFS: dict[Who, list[Passwords]] = {
    Who.NOBODY: [BOTH],
    Who.POWER_ON: [BOTH],
    Who.ADMINISTRATOR: [BOTH, ONLY_POWER_ON, NONE],
    Who.RESPONSE_CODE: [NONE, BOTH],
    Who.SIGNED: [NONE, BOTH],
    Who.PRESENCE: [NONE],
}
"""On which machines somebody counts as this: a proof that a machine has no use for counts as brought."""


def cells(place: Place) -> list[Cell]:
    """Those of a place that come up."""
    return [
        cell
        for cell, verdict in access.TABLE.items()
        if access.PLACES[cell[0]] is place and verdict is not Verdict.NEVER_COMES_UP
    ]


def named(cell: Cell) -> str:
    what, who, column = cell
    return f"{what.value}, {who.value}, {column.value}"


@cache
def standing(*, on: bool, key: bool) -> Memory:
    """Provisioned, with the mode on or off, and a local access key or none."""
    memory = guarded() if key else mode_on()
    return memory if on else made_by([signed(MODE, "Disable")], memory)


@cache
def with_levels() -> Catalogue:
    """The model with a security level for two of its settings: no packaged one has both levels and keys."""
    settings = dict(model().settings)
    for name in (USB, TPM):
        settings[name] = replace(settings[name], security_level=LEVEL)
    settings[LEVEL] = packaged("elitebook-810-g1").settings[LEVEL]
    return replace(model(), settings=settings)


@cache
def _in_setup(who: Who, *, on: bool, passwords: Passwords, more: tuple[tuple[str, str], ...]) -> Bench:
    # Without the quirk, a key that is left would ask for a code, and nobody would come in by password.
    key = who is Who.RESPONSE_CODE or not on
    quirks = {} if who is Who.RESPONSE_CODE else {"prompt_after_disabling": "goes"}
    memory = locked(standing(on=on, key=key), *passwords)
    memory = replace(memory, settings={**memory.settings, **dict(more)})
    bench = Bench(memory, settings=with_levels(), differing=quirks)
    bench.execute(c.PowerOn())
    typed = BOSS if passwords[0] and who is not Who.POWER_ON else USER
    while bench.phase is not Phase.SETUP:
        if bench.phase is Phase.CHALLENGE:
            answer(bench, pin(bench))
        else:
            bench.execute(c.EnterSetup() if bench.phase is Phase.POST else c.TypePassword(typed))
    assert bench.firmware.session.visitor is who
    return bench


def in_setup(who: Who, *, on: bool, passwords: Passwords, **more: str) -> Bench:
    """In Computer Setup as this visitor; `more` are settings by their roles, as in `with_settings`."""
    changed = with_settings(standing(on=on, key=False), **more).settings
    different = {name: value for name, value in changed.items() if guarded().settings[name] != value}
    return _in_setup(who, on=on, passwords=passwords, more=tuple(different.items())).twin()


def in_setup_by_level(level: str, *, on: bool) -> Bench:
    """The same for a user, where the security level of the settings says this."""
    return _in_setup(Who.POWER_ON, on=on, passwords=BOTH, more=((LEVEL, level),)).twin()


def running(*, on: bool, passwords: Passwords, **more: str) -> Bench:
    """In the operating system of a machine that started by itself."""
    memory = locked(standing(on=on, key=True), *passwords)
    bench = Bench(with_settings(memory, wake_on_lan_policy="Bypass Password", **more))
    bench.execute(c.PowerOn(attended=False))
    bench.execute(c.Continue())
    return bench


# What each deed does to which setting; the mode goes to what it is not.
_CHANGES: dict[What, tuple[str, str]] = {
    What.STAGE_SETTING: (USB, "Disable"),
    What.STAGE_GUARDED_SETTING: (TPM, "Disable"),
    What.STAGE_READ_ONLY: ("Serial Number", "5CG9999999"),
    What.STAGE_MODE: (MODE, ""),
    What.STAGE_KEY: (LAK_1, local_key_value("other")),
    What.STAGE_NO_KEY: (LAK_1, ""),
    What.STAGE_PLATFORM_KEY: ("Secure Platform Management Signing Key", local_key_value("other")),
    What.STAGE_RESTORE: (RESTORE, "Yes"),
    What.TYPE_ADMINISTRATOR: (SETUP_PASSWORD, NEW),
    What.TYPE_POWER_ON: (POWER_ON_PASSWORD, NEW),
}
_ORDERED: dict[What, What] = {
    What.ORDER_SETTING: What.STAGE_SETTING,
    What.ORDER_GUARDED_SETTING: What.STAGE_GUARDED_SETTING,
    What.ORDER_READ_ONLY: What.STAGE_READ_ONLY,
    What.ORDER_MODE: What.STAGE_MODE,
    What.ORDER_KEY: What.STAGE_KEY,
    What.ORDER_NO_KEY: What.STAGE_NO_KEY,
    What.ORDER_PLATFORM_KEY: What.STAGE_PLATFORM_KEY,
    What.ORDER_RESTORE: What.STAGE_RESTORE,
    What.ORDER_ADMINISTRATOR: What.TYPE_ADMINISTRATOR,
    What.ORDER_POWER_ON: What.TYPE_POWER_ON,
}


def change(what: What, *, on: bool) -> tuple[str, str]:
    """The setting that a deed changes, and to what."""
    name, value = _CHANGES[_ORDERED.get(what, what)]
    return (name, "Disable" if on else "Enable") if name == MODE else (name, value)


def on_the_screen(what: What, *, on: bool, current: str = "", new: str = NEW) -> c.Command:
    """The deed as whoever is in Computer Setup does it."""
    if what is What.SET_CLOCK:
        return c.SetClock(2_000_000_000)
    name, value = change(what, on=on)
    if what in (What.TYPE_ADMINISTRATOR, What.TYPE_POWER_ON):
        return c.ChangePassword(name, new, current)
    return c.StageSetting(name, value)


def from_the_system(what: What, proof: str, *, on: bool, new: str = NEW) -> c.Command:
    """The deed with a password, or with nothing."""
    if what is What.ORDER_DEFAULTS:
        return c.SetSystemDefaults(proof)
    return c.SetSetting(*_marked(what, on=on, new=new), proof)


def by_signature(what: What, *, on: bool) -> c.Command:
    if what is What.ORDER_DEFAULTS:
        return c.SetSystemDefaults(signed("SetSystemDefaults", "", NONCE + 1).authorization)
    return signed(*_marked(what, on=on, new=NEW), NONCE + 1)


def _marked(what: What, *, on: bool, new: str) -> tuple[str, str]:
    name, value = change(what, on=on)
    return (name, utf_16(new)) if name in (SETUP_PASSWORD, POWER_ON_PASSWORD) else (name, value)


def proof(who: Who, passwords: Passwords, what: What) -> str:
    """What the operating system sends along for somebody."""
    administrator, power_on = passwords
    if who is Who.POWER_ON:
        return utf_16(power_on)
    if who is Who.ADMINISTRATOR and administrator:
        return utf_16(administrator)
    # Without an administrator, only the power-on password itself asks for a password.
    needed = who is Who.ADMINISTRATOR and what is What.ORDER_POWER_ON and power_on
    return utf_16(power_on) if needed else ""
