"""Hands on the board: clear CMOS, the password jumper and the clock."""

from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.case import FIRST_DAY, LAST_DAY
from emulator.firmware.catalogue import Role
from emulator.firmware.memory import Memory, Passwords, RealTimeClock
from emulator.firmware.refusals import NotSupported, PasswordNeeded, ValueNotAllowed
from emulator.protocol import challenge
from tests.firmware.bench import (
    BOSS,
    PRESENCE_INTERFACE,
    USB,
    USER,
    Bench,
    at_the_door,
    factory_new,
    guarded,
    locked,
    locked_out,
    missed,
    model,
    shown_code,
    start,
    with_passwords,
    with_settings,
)
from tests.firmware.doors import desktop, inside

HOUR, SECURE_BOOT = "BIOS Power-On Hour", "Secure Boot"
JUMPER = "Clear password jumper"


def after(command: c.Command, memory: Memory) -> Bench:
    bench = Bench(memory)
    bench.execute(command)
    return bench


class TestClearCMOS:
    def test_settings_go_to_their_factory_defaults_and_the_clock_to_its_first_day(self) -> None:
        memory = replace(factory_new(), settings={**factory_new().settings, USB: "Disable", HOUR: "7"})
        bench = after(c.ClearCMOS(), memory)
        assert bench.memory.settings == factory_new().settings
        assert bench.clock.now().unix + bench.memory.clock.offset == FIRST_DAY
        assert bench.phase is Phase.OFF

    def test_it_reaches_nothing_else(self) -> None:
        memory = locked(missed(at_the_door(), 5).memory, BOSS, USER)
        memory = replace(
            memory, custom={HOUR: "7"}, settings={**memory.settings, PRESENCE_INTERFACE: "Disable"}
        )
        bench = after(c.ClearCMOS(), memory)
        assert replace(bench.memory, clock=memory.clock) == memory
        assert bench.memory.guard.wait > 0

    def test_what_needs_presence_waits_for_it(self) -> None:
        memory = replace(factory_new(), settings={**factory_new().settings, SECURE_BOOT: "Disable"})
        bench = after(c.ClearCMOS(), memory)
        assert bench.memory.waiting == {SECURE_BOOT: "Enable"}
        bench.execute(c.PowerOn())
        assert bench.phase is Phase.PRESENCE
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.firmware.value(SECURE_BOOT) == "Enable"

    def test_custom_defaults_survive_it(self) -> None:
        bench = after(c.ClearCMOS(), replace(factory_new(), custom={HOUR: "7"}))
        start(bench)
        bench.execute(c.SetSetting("Apply Custom Defaults and Exit", "Yes"))
        assert bench.firmware.value(HOUR) == "7"

    def test_doing_it_twice_changes_nothing_more(self) -> None:
        bench = after(c.ClearCMOS(), factory_new())
        before = bench.memory
        bench.execute(c.ClearCMOS())
        assert bench.memory == before


class TestPasswordJumper:
    def test_it_clears_both_passwords_and_nothing_else(self) -> None:
        bench = desktop("Disable", administrator=BOSS, power_on=USER)
        before = bench.memory
        assert bench.execute(c.SetPasswordJumper()) == (e.PasswordsCleared(),)
        assert bench.memory == replace(before, passwords=Passwords())

    def test_without_passwords_it_clears_nothing(self) -> None:
        bench = desktop("Disable")
        assert bench.execute(c.SetPasswordJumper()) == ()

    def test_its_setting_can_say_ignore(self) -> None:
        bench = self.ignoring()
        assert bench.execute(c.SetPasswordJumper()) == ()
        assert bench.memory.passwords == with_passwords(BOSS, USER).passwords

    def test_clearing_cmos_first_does_not_make_it_heard(self) -> None:
        bench = self.ignoring()
        bench.execute(c.ClearCMOS())
        assert bench.firmware.value(JUMPER) == "Ignore"
        assert bench.execute(c.SetPasswordJumper()) == ()

    def test_nor_does_it_take_the_cover_s_guards_away(self) -> None:
        guards = (
            "Cover Removal Sensor",
            "Power Off Upon Cover Removal",
            "Clear TPM on boot after cover removal",
        )
        bench = desktop("Administrator Password", (guards[1], "Enable"), (guards[2], "Enable"))
        bench.execute(c.ClearCMOS())
        assert [bench.firmware.value(name) for name in guards] == [
            "Administrator Password",
            "Enable",
            "Enable",
        ]

    def test_a_board_without_one_says_so(self) -> None:
        bench = Bench(with_passwords(BOSS))
        assert "no jumper" in str(bench.refused(c.SetPasswordJumper(), NotSupported))

    def ignoring(self) -> Bench:
        bench = desktop("Disable", administrator=BOSS, power_on=USER)
        bench.firmware.memory = replace(bench.memory, settings={**bench.memory.settings, JUMPER: "Ignore"})
        return bench


class TestClock:
    NEW_YEAR = 1_893_456_000  # 2030-01-01 00:00

    def test_the_administrator_sets_it_in_setup_and_it_runs_on(self) -> None:
        bench = inside()
        bench.execute(c.SetClock(self.NEW_YEAR))
        bench.clock.advance(60)
        assert bench.clock.now().unix + bench.memory.clock.offset == self.NEW_YEAR + 60

    def test_setting_it_twice_is_setting_it_once(self) -> None:
        bench = inside()
        for unix in (FIRST_DAY, self.NEW_YEAR, LAST_DAY - 1, self.NEW_YEAR):
            bench.execute(c.SetClock(unix))
            assert bench.clock.now().unix + bench.memory.clock.offset == unix

    def test_it_survives_the_power(self) -> None:
        bench = inside()
        bench.execute(c.SetClock(self.NEW_YEAR))
        offset = bench.memory.clock
        for command in (c.PowerOff(), c.PowerOn(), c.Continue(), c.Restart()):
            bench.execute(command)
        assert bench.memory.clock == offset

    @pytest.mark.parametrize("unix", [FIRST_DAY - 1, LAST_DAY, 0, -1, 2**63, -(2**63)])
    def test_it_shows_no_day_that_it_has_not(self, unix: int) -> None:
        assert "2020-01-01 to 2099-12-31" in str(inside().refused(c.SetClock(unix), ValueNotAllowed))

    def test_a_user_does_not_set_it(self) -> None:
        inside(BOSS, USER, USER).refused(c.SetClock(self.NEW_YEAR), PasswordNeeded)
        inside(BOSS, USER, BOSS).execute(c.SetClock(self.NEW_YEAR))

    def test_the_event_log_and_the_challenge_go_by_it(self) -> None:
        memory = replace(guarded(), clock=RealTimeClock(self.NEW_YEAR - int(Bench().clock.now().unix)))
        bench = at_the_door(memory)
        live = bench.firmware.session.door.live
        assert live is not None
        assert challenge.Header.decode(challenge.parse(live.challenge.text).header).issued_at == self.NEW_YEAR
        out = locked_out(memory)
        assert out.memory.log.events[-1].time == "2030-01-01T00:00:00Z"

    def test_no_wait_and_no_challenge_goes_by_it(self) -> None:
        bench = missed(at_the_door(), 5)
        wait = bench.memory.guard.wait
        bench.execute(c.PowerOff())
        bench.execute(c.ClearCMOS())
        bench.clock.advance(10 * 86_400)
        bench.execute(c.PowerOn())
        assert bench.memory.guard.wait == wait

    def test_a_host_whose_clock_begins_in_1970_breaks_nothing(self) -> None:
        offset = FIRST_DAY - int(Bench().clock.now().unix)
        bench = Bench(replace(guarded(), clock=RealTimeClock(offset)))
        bench.clock.set_back(bench.clock.now().unix)
        for command in (c.PowerOn(), c.EnterSetup()):
            bench.execute(command)
        assert bench.firmware.session.door.live is not None
        for _ in range(3):
            bench.execute(c.CountResponse("00000000"))
            bench.execute(c.CompareResponse("00000000"))
        assert bench.logged()[-1] == 0x881E


def test_a_model_keeps_the_jumper_s_setting_in_its_security_menu() -> None:
    assert JUMPER not in model().stored
    assert desktop("Disable").firmware.catalogue.stored[JUMPER].page[:1] == ("Security",)


def test_clearing_cmos_takes_no_door_away() -> None:
    policies = dict.fromkeys(
        (
            "prompt_on_boot_menu",
            "prompt_on_recovery",
            "prompt_on_network_boot",
            "prompt_on_capsule_update",
            "lock_bios_version",
        ),
        "Enable",
    )
    bench = Bench(with_settings(guarded(), **policies))
    before = bench.memory.settings
    bench.execute(c.ClearCMOS())
    roles = bench.firmware.catalogue.roles
    for policy in policies:
        name = roles[Role[policy.upper()]].name
        assert bench.memory.settings[name] == before[name] == "Enable"
    bench.execute(c.PowerOn())
    bench.execute(c.OpenBootMenu())
    assert bench.phase is Phase.CHALLENGE
