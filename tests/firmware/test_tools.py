"""What F2, F3, F11 and F12 lead to: pages of other makers, behind doors that keys, passwords and policies make."""

import pytest

from emulator.firmware import commands as c
from emulator.firmware.access import Who
from emulator.firmware.boot import TOOLS, Entry, Phase
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import ValueNotAllowed, WrongPhase
from emulator.protocol import challenge
from emulator.protocol.challenge import Purpose
from tests.firmware.bench import (
    BOSS,
    USB,
    USER,
    Bench,
    answer,
    factory_new,
    guarded,
    locked,
    locked_out,
    miss,
    pin,
    with_passwords,
    with_settings,
)

POLICIES = {
    Entry.RECOVERY: "prompt_on_recovery",
    Entry.NETWORK_BOOT: "prompt_on_network_boot",
}
PURPOSES = {
    Entry.OPTION_ROMS: Purpose.OPTION_ROMS,
    Entry.RECOVERY: Purpose.RECOVERY,
    Entry.NETWORK_BOOT: Purpose.NETWORK_BOOT,
}
GUARDED = list(PURPOSES)
ALL_TOOLS = [entry for entry in Entry if entry in TOOLS]
NO_TOOLS = [entry for entry in Entry if entry not in TOOLS]


def policy(memory: Memory, entry: Entry, value: str = "Enable") -> Memory:
    return with_settings(memory, **{POLICIES[entry]: value}) if entry in POLICIES else memory


def knocked(memory: Memory, entry: Entry, *before: c.Command) -> Bench:
    bench = Bench(memory)
    for command in (c.PowerOn(), *before, c.OpenTool(entry)):
        bench.execute(command)
    return bench


class TestDoors:
    @pytest.mark.parametrize("entry", ALL_TOOLS)
    def test_where_nothing_guards_each_opens_and_escape_leads_to_the_operating_system(
        self, entry: Entry
    ) -> None:
        bench = knocked(policy(factory_new(), entry), entry)
        assert (bench.phase, bench.firmware.session.entry) == (Phase.TOOL, entry)
        bench.execute(c.Continue())
        assert bench.phase is Phase.OPERATING_SYSTEM

    @pytest.mark.parametrize("entry", ALL_TOOLS)
    def test_each_opens_from_the_startup_menu_too(self, entry: Entry) -> None:
        assert knocked(factory_new(), entry, c.OpenStartupMenu()).phase is Phase.TOOL

    @pytest.mark.parametrize("entry", GUARDED)
    def test_a_key_asks_for_a_code_whose_challenge_says_what_for(self, entry: Entry) -> None:
        bench = knocked(policy(locked(guarded(), BOSS), entry), entry)
        live = bench.firmware.session.door.live
        assert live is not None
        header = challenge.Header.decode(challenge.parse(live.challenge.text).header)
        assert header.purpose is PURPOSES[entry]
        answer(bench, pin(bench))
        assert (bench.phase, bench.firmware.session.visitor) == (Phase.TOOL, Who.RESPONSE_CODE)

    @pytest.mark.parametrize("entry", GUARDED)
    def test_the_administrator_s_password_opens_and_the_other_does_not(self, entry: Entry) -> None:
        bench = knocked(policy(with_passwords(BOSS, USER), entry), entry, c.TypePassword(USER))
        assert bench.phase is Phase.PASSWORD
        bench.costs_a_try(c.TypePassword(USER))
        bench.execute(c.TypePassword(BOSS))
        assert bench.firmware.session.phase is Phase.TOOL

    @pytest.mark.parametrize("entry", GUARDED)
    def test_a_power_on_password_alone_guards_none(self, entry: Entry) -> None:
        assert (
            knocked(policy(with_passwords("", USER), entry), entry, c.TypePassword(USER)).phase is Phase.TOOL
        )

    @pytest.mark.parametrize("entry", POLICIES)
    def test_without_its_policy_there_is_no_door(self, entry: Entry) -> None:
        for memory in (guarded(), with_passwords(BOSS)):
            assert knocked(policy(memory, entry, "Disable"), entry).phase is Phase.TOOL
            other = next(each for each in POLICIES if each is not entry)
            assert knocked(policy(memory, other), entry).phase is Phase.TOOL

    def test_option_roms_have_a_door_whatever_the_policies_say(self) -> None:
        assert knocked(guarded(), Entry.OPTION_ROMS).phase is Phase.CHALLENGE
        assert knocked(with_passwords(BOSS), Entry.OPTION_ROMS).phase is Phase.PASSWORD

    def test_diagnostics_have_none(self) -> None:
        assert knocked(locked(guarded(), BOSS), Entry.DIAGNOSTICS).phase is Phase.TOOL


class TestInside:
    def test_nothing_is_changed_from_a_tool(self) -> None:
        bench = knocked(factory_new(), Entry.RECOVERY)
        for command in (c.StageSetting(USB, "Disable"), c.SaveAndExit(), c.EnterSetup(), c.SetClock(1)):
            bench.refused(command, WrongPhase)

    def test_a_restart_leads_out_and_asks_again(self) -> None:
        bench = knocked(guarded(), Entry.OPTION_ROMS)
        answer(bench, pin(bench))
        bench.execute(c.Restart())
        bench.execute(c.OpenTool(Entry.OPTION_ROMS))
        assert bench.phase is Phase.CHALLENGE

    def test_escape_at_a_door_opens_nothing(self) -> None:
        for memory in (guarded(), with_passwords(BOSS)):
            bench = knocked(memory, Entry.OPTION_ROMS)
            bench.execute(c.Continue())
            assert bench.phase is Phase.OPERATING_SYSTEM

    @pytest.mark.parametrize("entry", NO_TOOLS)
    def test_what_is_no_tool_is_not_opened_as_one(self, entry: Entry) -> None:
        bench = Bench(guarded())
        bench.execute(c.PowerOn())
        assert entry.value in str(bench.refused(c.OpenTool(entry), ValueNotAllowed))


class TestTries:
    def test_wrong_codes_are_counted_over_all_doors(self) -> None:
        bench = knocked(guarded(), Entry.OPTION_ROMS)
        for _ in range(3):
            miss(bench)
        assert (bench.phase, bench.logged()[-1]) == (Phase.POST, 0x881E)
        assert bench.memory.guard.misses == 3

    def test_a_wait_holds_at_every_door(self) -> None:
        bench = locked_out()
        bench.execute(c.EnterSetup())
        miss(bench)
        bench.execute(c.PowerOff())
        for command in (c.PowerOn(), c.OpenTool(Entry.OPTION_ROMS)):
            bench.execute(command)
        assert (bench.phase, bench.firmware.session.door.live) == (Phase.CHALLENGE, None)

    def test_a_code_for_a_tool_clears_the_misses_as_any_does(self) -> None:
        bench = knocked(guarded(), Entry.OPTION_ROMS)
        miss(bench)
        answer(bench, pin(bench))
        assert bench.memory.guard.misses == 0
