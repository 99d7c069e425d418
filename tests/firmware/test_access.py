"""The decision table, every cell: as a table, and as the firmware acts."""

import itertools

import pytest

from emulator.firmware import access
from emulator.firmware import commands as c
from emulator.firmware.access import Requester, Verdict
from emulator.firmware.catalogue import Keeper
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import AccessDenied, ReadOnly, Refused
from emulator.protocol.status import SettingStatus
from tests.firmware.bench import (
    LAK_1,
    MODE,
    NONCE,
    USB,
    Bench,
    answer,
    at_the_door,
    guarded,
    local_key_value,
    made_by,
    model,
    pin,
    signed,
    started,
)

# keeper: what each requester may, with the mode off and on. "clear" means to clear it and nothing else.
CELLS: dict[Keeper, dict[Requester, tuple[str, str]]] = {
    Keeper.ORDINARY: {
        Requester.LOCAL: ("yes", "yes"),
        Requester.REMOTE: ("yes", "signature"),
        Requester.SIGNED: ("yes", "yes"),
    },
    Keeper.READ_ONLY: dict.fromkeys(Requester, ("tells", "tells")),
    Keeper.AUTHENTICATION_MODE: {
        Requester.LOCAL: ("signature", "signature"),
        Requester.REMOTE: ("signature", "signature"),
        Requester.SIGNED: ("yes", "yes"),
    },
    Keeper.LOCAL_ACCESS_KEY: {
        Requester.LOCAL: ("clear", "signature"),
        Requester.REMOTE: ("clear", "signature"),
        Requester.SIGNED: ("clear", "yes"),
    },
    Keeper.PLATFORM_KEY: dict.fromkeys(Requester, ("own command", "own command")),
}
WORDS = {
    "yes": Verdict.ALLOWED,
    "clear": Verdict.CLEAR_ONLY,
    "signature": Verdict.NEEDS_SIGNATURE,
    "tells": Verdict.ONLY_TELLS,
    "own command": Verdict.OWN_COMMAND,
}
# keeper: a setting of it, and a value that changes it.
EXAMPLES = {
    Keeper.ORDINARY: (USB, "Disable"),
    Keeper.READ_ONLY: ("Serial Number", "5CG9999999"),
    Keeper.AUTHENTICATION_MODE: (MODE, "other"),
    Keeper.LOCAL_ACCESS_KEY: (LAK_1, local_key_value("other")),
    Keeper.PLATFORM_KEY: ("Secure Platform Management Signing Key", local_key_value("other")),
}
EVERY_CELL = list(itertools.product(Keeper, Requester, (False, True)))


def machine(*, mode_on: bool) -> Memory:
    """A guarded machine; with the mode off, its local access key is left."""
    return guarded() if mode_on else made_by([signed(MODE, "Disable")], guarded())


def attempt(requester: Requester, name: str, value: str, *, mode_on: bool) -> tuple[Bench, Refused | None]:
    memory = machine(mode_on=mode_on)
    bench = at_the_door(memory) if requester is Requester.LOCAL else started(memory)
    try:
        if requester is Requester.LOCAL:
            answer(bench, pin(bench))
            bench.execute(c.StageSetting(name, value))
            bench.execute(c.SaveAndExit())
        elif requester is Requester.REMOTE:
            bench.execute(c.SetSetting(name, value))
        else:
            bench.execute(signed(name, value, NONCE + 1))
    except Refused as refusal:
        return bench, refusal
    return bench, None


@pytest.mark.parametrize(("keeper", "requester", "mode_on"), EVERY_CELL)
def test_the_table_says_what_is_written_here(keeper: Keeper, requester: Requester, mode_on: bool) -> None:
    setting = model().settings[EXAMPLES[keeper][0]]
    assert setting.keeper is keeper
    assert access.verdict(setting, requester, mode_on=mode_on) is WORDS[CELLS[keeper][requester][mode_on]]


@pytest.mark.parametrize(("keeper", "requester", "mode_on"), EVERY_CELL)
def test_the_firmware_acts_as_the_table_says(keeper: Keeper, requester: Requester, mode_on: bool) -> None:
    name, value = EXAMPLES[keeper]
    if keeper is Keeper.AUTHENTICATION_MODE:
        value = "Disable" if mode_on else "Enable"
    word = CELLS[keeper][requester][mode_on]
    bench, refusal = attempt(requester, name, value, mode_on=mode_on)
    if word == "yes":
        assert refusal is None
        assert bench.firmware.value(name) == value
    else:
        assert type(refusal) is (ReadOnly if word == "tells" else AccessDenied)
        assert refusal.setting_status is SettingStatus.ACCESS_DENIED
        assert repr(name) in str(refusal)
        assert bench.firmware.value(name) == Bench(machine(mode_on=mode_on)).firmware.value(name)


@pytest.mark.parametrize(("requester", "mode_on"), list(itertools.product(Requester, (False, True))))
def test_a_key_is_cleared_by_whoever_may_clear_it(requester: Requester, mode_on: bool) -> None:
    bench, refusal = attempt(requester, LAK_1, "", mode_on=mode_on)
    may = CELLS[Keeper.LOCAL_ACCESS_KEY][requester][mode_on] in {"yes", "clear"}
    assert (refusal is None) is may
    assert (bench.firmware.value(LAK_1) == "") is may


def test_every_verdict_that_refuses_has_its_refusal() -> None:
    assert set(access.REFUSALS) == set(Verdict) - {Verdict.ALLOWED}
    assert set(access.TABLE) == set(Keeper)
