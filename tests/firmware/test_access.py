"""The decision table, every cell: as a table, and as the firmware acts."""

import itertools
from functools import cache

import pytest

from emulator.firmware import access
from emulator.firmware import commands as c
from emulator.firmware.access import Requester, Verdict
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Keeper
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import AccessDenied, PasswordNeeded, PasswordWrong, ReadOnly, Refused
from emulator.protocol import password
from emulator.protocol.status import SettingStatus
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
)

LOCAL, LOCAL_USER, REMOTE, REMOTE_USER, SIGNED = Requester
# keeper: what each requester may, with the mode off and on. "clear" means to clear it and nothing else.
CELLS: dict[Keeper, dict[Requester, tuple[str, str]]] = {
    Keeper.ORDINARY: {
        LOCAL: ("yes", "yes"),
        LOCAL_USER: ("level", "level"),
        REMOTE: ("yes", "signature"),
        REMOTE_USER: ("administrator", "signature"),
        SIGNED: ("yes", "yes"),
    },
    Keeper.READ_ONLY: dict.fromkeys(Requester, ("tells", "tells")),
    Keeper.AUTHENTICATION_MODE: {
        **dict.fromkeys(Requester, ("signature", "signature")),
        SIGNED: ("yes", "yes"),
    },
    Keeper.LOCAL_ACCESS_KEY: {
        LOCAL: ("clear", "signature"),
        LOCAL_USER: ("administrator", "signature"),
        REMOTE: ("clear", "signature"),
        REMOTE_USER: ("administrator", "signature"),
        SIGNED: ("clear", "yes"),
    },
    Keeper.PLATFORM_KEY: dict.fromkeys(Requester, ("own command", "own command")),
    Keeper.PASSWORD: {
        LOCAL: ("yes", "yes"),
        LOCAL_USER: ("policy", "policy"),
        REMOTE: ("yes", "signature"),
        REMOTE_USER: ("policy", "signature"),
        SIGNED: ("yes", "yes"),
    },
    Keeper.RESTORE: {
        LOCAL: ("yes", "yes"),
        LOCAL_USER: ("administrator", "administrator"),
        REMOTE: ("yes", "signature"),
        REMOTE_USER: ("administrator", "signature"),
        SIGNED: ("yes", "yes"),
    },
}
WORDS = {
    "yes": Verdict.ALLOWED,
    "clear": Verdict.CLEAR_ONLY,
    "level": Verdict.BY_SECURITY_LEVEL,
    "policy": Verdict.BY_PASSWORD_POLICY,
    "administrator": Verdict.NEEDS_ADMINISTRATOR,
    "signature": Verdict.NEEDS_SIGNATURE,
    "tells": Verdict.ONLY_TELLS,
    "own command": Verdict.OWN_COMMAND,
}
# What a refusing word raises; the operating system's word with the power-on password is no administrator's word to begin with.
REFUSALS: dict[str, type[Refused]] = {
    "clear": AccessDenied,
    "level": AccessDenied,
    "policy": AccessDenied,
    "administrator": PasswordNeeded,
    "signature": AccessDenied,
    "tells": ReadOnly,
    "own command": AccessDenied,
}
NEW = "Another-333"
# keeper: a setting of it, and a value that changes it.
EXAMPLES = {
    Keeper.ORDINARY: (USB, "Disable"),
    Keeper.READ_ONLY: ("Serial Number", "5CG9999999"),
    Keeper.AUTHENTICATION_MODE: (MODE, "other"),
    Keeper.LOCAL_ACCESS_KEY: (LAK_1, local_key_value("other")),
    Keeper.PLATFORM_KEY: ("Secure Platform Management Signing Key", local_key_value("other")),
    Keeper.PASSWORD: (SETUP_PASSWORD, NEW),
    Keeper.RESTORE: (RESTORE, "Yes"),
}
EVERY_CELL = list(itertools.product(Keeper, Requester, (False, True)))


@cache
def machine(requester: Requester, *, on: bool) -> Memory:
    """A machine with both passwords and all keys, but no local access key where somebody comes in by password."""
    memory = mode_on() if requester is LOCAL_USER else guarded()
    return locked(memory if on else made_by([signed(MODE, "Disable")], memory), BOSS, USER)


def started(requester: Requester, *, on: bool) -> Bench:
    return arrived(requester, on=on).twin()


@cache
def arrived(requester: Requester, *, on: bool) -> Bench:
    """Past the power-on password, and at the door or in the operating system, as the requester would be."""
    bench = Bench(machine(requester, on=on))
    bench.execute(c.PowerOn())
    bench.execute(c.TypePassword(USER))
    if requester not in (LOCAL, LOCAL_USER):
        bench.execute(c.Continue())
        return bench
    bench.execute(c.EnterSetup())
    if requester is LOCAL:
        answer(bench, pin(bench))
    else:
        bench.execute(c.TypePassword(USER))
    assert bench.phase is Phase.SETUP
    assert bench.firmware.session.visitor is requester
    return bench


def attempt(bench: Bench, requester: Requester, name: str, value: str) -> Refused | None:
    """Change a setting as this requester can."""
    of_password = model().every[name].keeper is Keeper.PASSWORD
    marked = password.utf_16(value) if of_password else value
    try:
        if requester not in (LOCAL, LOCAL_USER):
            proof = password.utf_16({REMOTE: BOSS, REMOTE_USER: USER, SIGNED: ""}[requester])
            bench.execute(
                signed(name, marked, NONCE + 1) if requester is SIGNED else c.SetSetting(name, marked, proof)
            )
        elif of_password:
            bench.execute(c.ChangePassword(name, value, BOSS if requester is LOCAL else USER))
        else:
            bench.execute(c.StageSetting(name, value))
            bench.execute(c.SaveAndExit())
    except Refused as refusal:
        return refusal
    return None


def happened(bench: Bench, name: str, value: str) -> bool:
    """Whether the setting has the value, or its change waits for presence, or the password is set and no longer the old one."""
    if name == SETUP_PASSWORD:
        return bench.memory.passwords != machine(SIGNED, on=False).passwords
    return value in (bench.firmware.value(name), bench.memory.waiting.get(name))


@pytest.mark.parametrize(("keeper", "requester", "mode_on"), EVERY_CELL)
def test_the_table_says_what_is_written_here(keeper: Keeper, requester: Requester, mode_on: bool) -> None:
    setting = (
        model().settings[EXAMPLES[keeper][0]] if keeper is not Keeper.RESTORE else model().every[RESTORE]
    )
    assert setting.keeper is keeper
    assert access.verdict(setting, requester, mode_on=mode_on) is WORDS[CELLS[keeper][requester][mode_on]]


@pytest.mark.parametrize(("keeper", "requester", "mode_on"), EVERY_CELL)
def test_the_firmware_acts_as_the_table_says(keeper: Keeper, requester: Requester, mode_on: bool) -> None:
    name, value = EXAMPLES[keeper]
    if keeper is Keeper.AUTHENTICATION_MODE:
        value = "Disable" if mode_on else "Enable"
    word = CELLS[keeper][requester][mode_on]
    bench = started(requester, on=mode_on)
    before = bench.memory
    refusal = attempt(bench, requester, name, value)
    if word == "yes":
        assert refusal is None
        assert happened(bench, name, value)
        return
    expected = REFUSALS[word]
    if requester is REMOTE_USER and not mode_on and keeper is not Keeper.READ_ONLY:
        # The password that was sent is not the administrator's, so nothing else about the command is looked at.
        expected = PasswordWrong
    assert type(refusal) is expected
    assert refusal.setting_status is SettingStatus.ACCESS_DENIED
    assert expected is PasswordWrong or repr(name) in str(refusal)
    assert bench.memory == before


@pytest.mark.parametrize(("requester", "mode_on"), list(itertools.product(Requester, (False, True))))
def test_a_key_is_cleared_by_whoever_may_clear_it(requester: Requester, mode_on: bool) -> None:
    bench = started(requester, on=mode_on)
    keys = bench.memory.authentication.keys
    refusal = attempt(bench, requester, LAK_1, "")
    may = CELLS[Keeper.LOCAL_ACCESS_KEY][requester][mode_on] in {"yes", "clear"}
    assert (refusal is None) is may
    assert (bench.memory.authentication.keys == keys) is not may


@pytest.mark.parametrize(("requester", "mode_on"), list(itertools.product(Requester, (False, True))))
def test_the_power_on_password_is_changed_by_whoever_may_change_it(
    requester: Requester, mode_on: bool
) -> None:
    """As it leaves the factory, the policy lets a user change and delete the power-on password."""
    bench = started(requester, on=mode_on)
    before = bench.memory.passwords
    refusal = attempt(bench, requester, POWER_ON_PASSWORD, NEW)
    may = CELLS[Keeper.PASSWORD][requester][mode_on] in {"yes", "policy"}
    assert (refusal is None) is may
    assert (bench.memory.passwords.power_on == before.power_on) is not may
    assert bench.memory.passwords.administrator == before.administrator


def test_every_verdict_that_refuses_has_its_refusal() -> None:
    assert set(access.REFUSALS) == set(Verdict) - {Verdict.ALLOWED}
    assert set(access.TABLE) == set(Keeper)
    assert all(set(row) == set(Requester) for row in access.TABLE.values())
