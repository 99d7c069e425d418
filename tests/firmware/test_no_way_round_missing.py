"""Ways round the keys that `test_no_way_round_the_keys.py` and `test_no_way_round_by_defaults.py` leave open to the imagination.

Those two try most ways on a machine whose mode is on. Here are the same rules with the mode off, on a machine that is not provisioned, and
for whoever knows no more than the power-on password.
"""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.devices import settings_file
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Keeper
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import AccessDenied, Refused, SignatureNeeded
from emulator.firmware.report import report
from emulator.protocol import setting_files
from emulator.protocol.password import utf_16
from emulator.protocol.repset import Dialect
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    LAK_2,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    RESTORE,
    USB,
    USER,
    Bench,
    answer,
    deprovisioning,
    each_of,
    endorsement,
    factory_new,
    guarded,
    local_key_value,
    locked,
    made_by,
    mode_on,
    model,
    pin,
    provisioned,
    shown_code,
    signed,
    signing,
    started,
)

PLATFORM_KEYS = [name for name, each in model().settings.items() if each.keeper is Keeper.PLATFORM_KEY]


def mode_off_key_left() -> Memory:
    return made_by([signed(MODE, "Disable")], guarded())


def in_setup(memory: Memory, *typed: str) -> Bench:
    """In Computer Setup, past whatever stands before it."""
    bench = Bench(memory)
    bench.execute(c.PowerOn())
    passwords = list(typed)
    while bench.phase is not Phase.SETUP:
        if bench.phase is Phase.CHALLENGE:
            answer(bench, pin(bench))
        elif bench.phase is Phase.POST:
            bench.execute(c.EnterSetup())
        else:
            bench.execute(c.TypePassword(passwords.pop(0)))
    return bench


@pytest.mark.parametrize("name", PLATFORM_KEYS)
@pytest.mark.parametrize("memory", [factory_new, provisioned, mode_off_key_left])
def test_platform_keys_change_by_no_setting_with_the_mode_off_nor_before_there_are_any(
    name: str, memory: Callable[[], Memory]
) -> None:
    for value in ("", local_key_value("other")):
        started(memory()).refused(c.SetSetting(name, value), AccessDenied, exact=False)
        in_setup(memory()).refused(c.StageSetting(name, value), AccessDenied, exact=False)
        bench = started(memory())
        events = bench.execute(each_of((name, value)))
        assert isinstance(events[-1], e.EntryRefused | e.EntryUnchanged)
        assert bench.memory.platform == memory().platform


def test_the_mode_changes_from_no_page_of_setup_when_it_is_off() -> None:
    for memory in (factory_new(), provisioned(), mode_off_key_left(), locked(provisioned())):
        bench = in_setup(memory, BOSS)
        for value in ("Enable", "Disable"):
            bench.refused(c.StageSetting(MODE, value), SignatureNeeded)


def test_a_local_access_key_is_set_from_no_page_of_setup_when_the_mode_is_off() -> None:
    bench = in_setup(mode_off_key_left())
    for name in (LAK_1, LAK_2):
        bench.refused(c.StageSetting(name, local_key_value("other")), AccessDenied, exact=False)


def test_the_power_on_password_clears_no_local_access_key() -> None:
    """With the mode off a key may be cleared under the setup password; the other password is none."""
    memory = locked(mode_off_key_left(), BOSS, USER)
    bench = Bench(memory)
    bench.execute(c.PowerOn())
    bench.execute(c.TypePassword(USER))
    bench.execute(c.Continue())
    for proof in ("", utf_16(USER)):
        with pytest.raises(Refused):
            bench.execute(c.SetSetting(LAK_1, "", proof))
    assert bench.memory.authentication == memory.authentication


def test_a_key_that_is_left_asks_for_its_code_before_the_security_settings_can_be_restored_on_the_screen() -> (
    None
):
    for memory in (guarded(), mode_off_key_left(), locked(guarded(), BOSS, USER)):
        bench = Bench(memory)
        bench.execute(c.PowerOn())
        if bench.phase is Phase.POWER_ON_PASSWORD:
            bench.execute(c.TypePassword(BOSS))
        bench.execute(c.EnterSetup())
        assert bench.phase is Phase.CHALLENGE
        with pytest.raises(Refused):
            bench.execute(c.StageSetting(RESTORE, "Yes"))
        answer(bench, pin(bench))
        bench.execute(c.StageSetting(RESTORE, "Yes"))
        bench.execute(c.SaveAndExit())
        assert bench.memory.authentication == memory.authentication


def test_a_file_of_settings_of_the_tools_reaches_nothing_that_guards() -> None:
    """The file itself, as a tool reads it: dumped where nothing guards, applied where a key is left and the mode is off."""
    free, bench = Bench(), started(mode_off_key_left())
    for dialect in Dialect:
        before = bench.memory
        dumped = settings_file.dumped(free.firmware, dialect).render()
        settings_file.applied(bench.execute, bench.firmware, setting_files.parse(dumped))
        after = bench.memory
        assert (after.platform, after.authentication, after.passwords) == (
            before.platform,
            before.authentication,
            before.passwords,
        )
        assert (after.counters, after.log, after.waiting) == (before.counters, before.log, before.waiting)
        assert after.settings[PRESENCE_INTERFACE] == before.settings[PRESENCE_INTERFACE]


def test_not_configured_reports_nonce_0_and_takes_no_older_nonce() -> None:
    bench = started(provisioned())
    bench.execute(deprovisioning(NONCE + 9))
    told = report(bench.firmware)["secure_platform"]
    assert isinstance(told, dict)
    assert told["nonce"] == 0
    assert bench.memory.platform.counter == NONCE + 9
    bench.execute(endorsement())
    with pytest.raises(Refused):
        bench.execute(signing(NONCE + 8))
    bench.execute(signing(NONCE + 9))


ROADS: list[c.Command] = [
    signed(USB, "Disable", NONCE + 3),
    signed(USB, "Enable", NONCE + 1, single_use=True),
    signed(USB, "Enable", NONCE + 8, single_use=True),
    signed(MODE, "Disable", NONCE + 3),
    signed(MODE, "Enable", NONCE + 4),
    signed(LAK_1, local_key_value(), NONCE + 4),
    signed(LAK_1, "", NONCE + 4),
    signed(RESTORE, "Yes", NONCE + 5),
    signed("Apply Factory Defaults and Exit", "Yes", NONCE + 5),
    c.SetSystemDefaults(),
    signing(NONCE + 2, "other"),
    signing(NONCE + 6),
    deprovisioning(NONCE + 3),
    deprovisioning(NONCE + 7),
    endorsement(),
    endorsement("other"),
    signing(NONCE + 1, "signing", "other"),
    c.ClearCMOS(),
    c.PowerOff(),
    c.PowerOn(),
    c.Continue(),
    c.Restart(),
    c.RefusePresence(),
]


@settings(max_examples=80)
@given(st.lists(st.sampled_from([*ROADS, None, None]), max_size=40))
def test_no_order_of_an_administrator_s_own_commands_lowers_a_counter(moves: list[c.Command | None]) -> None:
    """None stands for the code that the machine shows being typed."""
    bench = started(mode_on())
    for move in moves:
        platform, counters = bench.memory.platform.counter, bench.memory.counters
        command = move
        if command is None:
            if bench.phase is not Phase.PRESENCE:
                continue
            command = c.AnswerPresence(shown_code(bench))
        try:
            bench.execute(command)
        except Refused:
            continue
        assert bench.memory.platform.counter >= platform
        assert bench.memory.counters.settings >= counters.settings
        assert bench.memory.counters.actions >= counters.actions
