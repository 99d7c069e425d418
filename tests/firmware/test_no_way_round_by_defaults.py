"""What guards the machine is reached by no default, no file of settings, no battery and no password.

Secure Platform Management, Enhanced BIOS Authentication Mode, local access keys, passwords, counters, Physical Presence Interface and
event log: each test tries one way round, on a machine where all of them hold something.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from emulator.devices import settings_file
from emulator.firmware import commands as c
from emulator.firmware import passwords
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Keeper
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import (
    MalformedCode,
    NotSupported,
    Refused,
    SignatureNeeded,
    WrongPhase,
)
from emulator.protocol.repset import Dialect
from tests.firmware.bench import (
    LAK_1,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    USB,
    Bench,
    answer,
    at_the_door,
    each_of,
    guarded,
    local_key_value,
    made_by,
    model,
    pin,
    shown_code,
    signed,
    started,
    wrong,
)

PASSWORD = "Correct-Horse-1"
PROOF = f"<utf-16/>{PASSWORD}"
RESTORE = "Restore Security Settings to Factory Defaults"
FACTORY, CUSTOM, SAVE_CUSTOM = (
    ("Apply Factory Defaults and Exit", "Yes"),
    ("Apply Custom Defaults and Exit", "Yes"),
    ("Save Custom Defaults", "Save"),
)


@cache
def all_of_it() -> Memory:
    """Keys, mode, local access key, both passwords, counters, prompts switched off, and events."""
    memory = made_by([signed(USB, "Disable", NONCE + 1)], guarded())
    kept = passwords.hashed(PASSWORD, bytes(16))
    both = replace(memory.passwords, administrator=kept, power_on=kept)
    settings = {**memory.settings, PRESENCE_INTERFACE: "Disable"}
    return replace(memory, passwords=both, settings=settings)


def guards(memory: Memory) -> tuple[object, ...]:
    """All that may not be touched."""
    return (
        memory.platform,
        memory.authentication,
        memory.passwords,
        memory.counters,
        memory.settings[PRESENCE_INTERFACE],
        memory.log.events[: len(all_of_it().log.events)],
    )


def in_system(memory: Memory | None = None) -> Bench:
    bench = Bench(memory or all_of_it())
    bench.execute(c.PowerOn())
    if bench.phase is Phase.POWER_ON_PASSWORD:
        bench.execute(c.TypePassword(PASSWORD))
    bench.execute(c.Continue())
    return bench


def in_setup(memory: Memory | None = None) -> Bench:
    bench = in_system(memory)
    bench.execute(c.Restart())
    bench.execute(c.TypePassword(PASSWORD))
    bench.execute(c.EnterSetup())
    answer(bench, pin(bench))
    return bench


def test_factory_defaults_on_the_screen_reach_nothing_that_guards() -> None:
    bench = in_setup()
    bench.execute(c.StageSetting(*FACTORY))
    bench.execute(c.SaveAndExit())
    assert bench.memory.settings[USB] == "Enable"
    assert guards(bench.memory) == guards(all_of_it())


def test_signed_factory_defaults_reach_nothing_that_guards_but_their_own_counter() -> None:
    bench = in_system()
    bench.execute(signed(*FACTORY, NONCE + 1))
    assert bench.memory.settings[USB] == "Enable"
    assert guards(bench.memory) == guards(all_of_it())


def test_custom_defaults_carry_nothing_that_guards() -> None:
    """Saved while nothing guarded and the prompts were on, applied when all of it does."""
    free = in_system(Bench().memory)
    free.execute(c.SetSetting(USB, "Disable"))
    free.execute(c.SetSetting(*SAVE_CUSTOM))
    custom = free.memory.custom
    assert set(custom) == {USB}
    memory = replace(all_of_it(), custom={**custom, PRESENCE_INTERFACE: "Enable", MODE: "Disable", LAK_1: ""})
    bench = in_setup(memory)
    bench.execute(c.StageSetting(*CUSTOM))
    bench.execute(c.SaveAndExit())
    assert guards(bench.memory) == guards(memory)


def test_the_method_for_defaults_does_nothing_while_the_mode_is_on() -> None:
    for proof in ("", PROOF):
        in_system().refused(c.SetSystemDefaults(proof), SignatureNeeded)


def test_the_method_for_defaults_reaches_nothing_that_guards() -> None:
    off = made_by([signed(MODE, "Disable", NONCE + 1)], guarded())
    memory = replace(off, passwords=all_of_it().passwords, settings=all_of_it().settings)
    bench = in_system(memory)
    before = guards(bench.memory)
    bench.execute(c.SetSystemDefaults(PROOF))
    assert bench.memory.settings[USB] == "Enable"
    assert guards(bench.memory) == before


def test_a_file_of_settings_reaches_nothing_that_guards() -> None:
    """A file with every setting there is, from a machine where nothing guards; with the mode on, and off."""
    free = Bench()
    entries = [(name, free.firmware.value(name)) for name in model().every]
    entries += [
        (LAK_1, local_key_value("other")),
        ("Setup Password", "<utf-16/>"),
        ("Clear BIOS Event Log", "Clear"),
    ]
    off = made_by([signed(MODE, "Disable", NONCE + 1)], guarded())
    with_passwords = replace(off, passwords=all_of_it().passwords, settings=all_of_it().settings)
    for memory, proof in ((all_of_it(), ""), (with_passwords, PROOF)):
        bench = in_system(memory)
        before = guards(bench.memory)
        bench.execute(each_of(*entries, proof=proof))
        assert guards(bench.memory) == before
        assert bench.memory.waiting == {}


def test_a_dump_holds_no_password_and_no_secret() -> None:
    bench = in_system()
    dump = settings_file.dumped(bench.firmware, Dialect.BCU).render()
    for kept in (bench.memory.passwords.administrator, bench.memory.passwords.power_on):
        assert kept is not None
        assert kept.digest not in dump
        assert kept.digest.hex().encode() not in dump.lower()
    names = {entry.name for entry in settings_file.dumped(bench.firmware).entries}
    assert not names & {name for name, each in model().every.items() if each.keeper is Keeper.PASSWORD}


def test_clearing_cmos_reaches_nothing_that_guards() -> None:
    bench = in_system()
    bench.execute(c.PowerOff())
    bench.execute(c.ClearCMOS())
    assert bench.memory.settings[USB] == "Enable"
    assert guards(bench.memory) == guards(all_of_it())


def test_a_clock_without_battery_makes_no_old_payload_good_and_shortens_no_wait() -> None:
    memory = replace(all_of_it(), guard=replace(all_of_it().guard, misses=9, wait=300))
    bench = Bench(memory)
    bench.execute(c.ClearCMOS())
    assert bench.memory.guard == memory.guard
    assert bench.memory.counters == memory.counters


def test_a_board_without_the_jumper_clears_no_password() -> None:
    Bench(all_of_it()).refused(c.SetPasswordJumper(), NotSupported)


def test_no_password_opens_from_the_operating_system_what_a_signature_must_open() -> None:
    for name, value in (
        (USB, "Enable"),
        (LAK_1, ""),
        (MODE, "Disable"),
        (RESTORE, "Yes"),
        ("Setup Password", "<utf-16/>"),
    ):
        in_system().refused(c.SetSetting(name, value, PROOF), SignatureNeeded)


def test_no_password_opens_computer_setup_past_the_challenge() -> None:
    bench = in_system()
    bench.execute(c.Restart())
    bench.execute(c.TypePassword(PASSWORD))
    bench.execute(c.EnterSetup())
    assert bench.phase is Phase.CHALLENGE
    bench.refused(c.TypePassword(PASSWORD), WrongPhase)
    bench.refused(c.CountResponse(PASSWORD), MalformedCode)


def test_without_a_local_access_key_the_password_opens_computer_setup_but_not_the_mode() -> None:
    memory = replace(all_of_it(), authentication=replace(all_of_it().authentication, keys=(None, None, None)))
    bench = in_system(memory)
    bench.execute(c.Restart())
    bench.execute(c.TypePassword(PASSWORD))
    bench.execute(c.EnterSetup())
    bench.execute(c.TypePassword(PASSWORD))
    assert bench.phase is Phase.SETUP
    for name, value in ((MODE, "Disable"), (LAK_1, local_key_value("other"))):
        bench.refused(c.StageSetting(name, value), SignatureNeeded)


def ordered_on_the_screen() -> Bench:
    bench = in_setup()
    bench.execute(c.StageSetting(RESTORE, "Yes"))
    bench.execute(c.SaveAndExit())
    bench.execute(c.TypePassword(PASSWORD))
    return bench


def ordered_by_signature() -> Bench:
    bench = in_system()
    bench.execute(signed(RESTORE, "Yes", NONCE + 1))
    bench.execute(c.Restart())
    bench.execute(c.TypePassword(PASSWORD))
    return bench


@pytest.mark.parametrize("ordered", [ordered_on_the_screen, ordered_by_signature])
def test_restoring_security_asks_for_presence_though_the_prompts_are_off(
    ordered: Callable[[], Bench],
) -> None:
    bench = ordered()
    assert bench.phase is Phase.PRESENCE
    assert guards(bench.memory) == guards(all_of_it())


def test_restoring_security_happens_only_when_the_code_was_typed() -> None:
    for refuse in (True, False):
        bench = ordered_on_the_screen()
        if refuse:
            bench.execute(c.RefusePresence())
        else:
            for _ in range(3):
                bench.execute(c.AnswerPresence(wrong(shown_code(bench))))
        assert guards(bench.memory) == guards(all_of_it())
    bench = ordered_on_the_screen()
    bench.execute(c.AnswerPresence(shown_code(bench)))
    memory = bench.memory
    assert not memory.authentication.enabled
    assert memory.authentication.keys == (None, None, None)
    assert (memory.passwords.administrator, memory.passwords.power_on) == (None, None)
    assert (memory.platform, memory.counters) == (all_of_it().platform, all_of_it().counters)
    assert memory.settings[PRESENCE_INTERFACE] == "Disable"


def test_restoring_security_makes_no_old_payload_good() -> None:
    bench = ordered_on_the_screen()
    bench.execute(c.AnswerPresence(shown_code(bench)))
    bench.execute(c.Continue())
    bench.refused(signed(MODE, "Enable", NONCE), Refused, exact=False)


def test_an_unattended_start_restores_nothing() -> None:
    bench = in_system(replace(all_of_it(), passwords=guarded().passwords))
    bench.execute(signed(RESTORE, "Yes", NONCE + 1))
    bench.execute(c.PowerOff())
    bench.execute(c.PowerOn(attended=False))
    bench.execute(c.Continue())
    assert bench.memory.authentication == all_of_it().authentication
    assert bench.memory.waiting == {RESTORE: "Yes"}


def test_pulling_the_plug_refunds_no_try_and_keeps_every_guard() -> None:
    bench = at_the_door(replace(all_of_it(), passwords=guarded().passwords))
    bench.execute(c.CountResponse(wrong(pin(bench))))
    cut = started(bench.memory)
    assert cut.memory.guard.misses == 1
    assert guards(cut.memory)[:2] == guards(all_of_it())[:2]


def test_with_the_mode_off_a_local_access_key_is_cleared_only_under_the_setup_password() -> None:
    off = made_by([signed(MODE, "Disable", NONCE + 1)], guarded())
    memory = replace(off, passwords=all_of_it().passwords)
    for proof in ("", "<utf-16/>", "<utf-16/>Another-Word-2"):
        bench = in_system(memory)
        with pytest.raises(Refused):
            bench.execute(c.SetSetting(LAK_1, "", proof))
        assert bench.memory.authentication == off.authentication
    bench = in_system(memory)
    bench.execute(c.SetSetting(LAK_1, "", PROOF))
    assert bench.memory.authentication.keys == (None, None, None)
