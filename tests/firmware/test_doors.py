"""The doors of the machine: the power-on prompt, Computer Setup and the boot menu, and who comes in as whom."""

import pytest

from emulator.firmware import commands as c
from emulator.firmware.access import Who
from emulator.firmware.boot import Phase
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import AccessDenied, PasswordNeeded, SignatureNeeded, WrongPhase
from emulator.protocol import challenge
from emulator.protocol.challenge import Purpose
from tests.firmware.bench import (
    BOSS,
    MODE,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    answer,
    factory_new,
    guarded,
    locked,
    made_by,
    mode_on,
    pin,
    signed,
    with_passwords,
    with_settings,
)

LOCAL, LOCAL_USER = Who.ADMINISTRATOR, Who.POWER_ON
PASSWORD, SETUP, POST, LOCKED = Phase.PASSWORD, Phase.SETUP, Phase.POST, Phase.POWER_ON_PASSWORD
F10, F9 = c.EnterSetup(), c.OpenBootMenu()


def on(memory: Memory, *keys: c.Command, attended: bool = True) -> Bench:
    bench = Bench(memory)
    for key in (c.PowerOn(attended=attended), *keys):
        bench.execute(key)
    return bench


def typed(password: str) -> c.TypePassword:
    return c.TypePassword(password)


class TestComputerSetup:
    @pytest.mark.parametrize(
        ("administrator", "power_on", "typed_in", "visitor"),
        [
            ("", "", [], LOCAL),
            ("", USER, [USER], LOCAL),
            (BOSS, "", [BOSS], LOCAL),
            (BOSS, USER, [USER, BOSS], LOCAL),
            (BOSS, USER, [USER, USER], LOCAL_USER),
            (BOSS, USER, [BOSS], LOCAL),
        ],
    )
    def test_each_password_that_is_needed_is_asked_once_and_says_who_comes_in(
        self, administrator: str, power_on: str, typed_in: list[str], visitor: Who
    ) -> None:
        bench = on(with_passwords(administrator, power_on))
        asked = 0
        while bench.phase is not SETUP:
            if bench.phase in (LOCKED, PASSWORD):
                bench.execute(typed(typed_in[asked]))
                asked += 1
            else:
                bench.execute(F10)
        assert asked == len(typed_in)
        assert bench.firmware.session.visitor is visitor

    def test_a_user_may_look_and_change_nothing_that_is_the_administrator_s(self) -> None:
        bench = on(with_passwords(BOSS, USER), typed(USER), F10, typed(USER))
        for name, value in (
            (USB, "Disable"),
            ("Apply Factory Defaults and Exit", "Yes"),
            ("Clear BIOS Event Log", "Clear"),
            ("Password Minimum Length", "4"),
        ):
            assert "administrator" in str(bench.refused(c.StageSetting(name, value), AccessDenied))
        bench.refused(c.SetClock(2_000_000_000), PasswordNeeded)
        assert bench.firmware.may_see(USB)

    def test_an_administrator_who_set_the_password_in_this_visit_stays_the_administrator(self) -> None:
        bench = on(factory_new(), F10, c.ChangePassword(SETUP_PASSWORD, BOSS), c.StageSetting(USB, "Disable"))
        bench.execute(c.SaveAndExit())
        assert bench.firmware.value(USB) == "Disable"
        bench.execute(F10)
        assert bench.phase is PASSWORD

    def test_a_password_typed_at_the_door_is_good_for_the_rest_of_the_boot(self) -> None:
        bench = on(with_settings(with_passwords(BOSS), prompt_on_boot_menu="Enable"), F10, typed(BOSS))
        assert bench.firmware.session.proved
        bench.execute(c.Continue())
        bench.execute(c.Restart())
        bench.execute(F10)
        assert bench.phase is PASSWORD

    def test_escape_at_the_prompt_goes_on_and_opens_nothing(self) -> None:
        bench = on(with_passwords(BOSS), F10)
        for command in (c.StageSetting(USB, "Disable"), c.SaveAndExit(), c.EnterSetup()):
            bench.refused(command, WrongPhase)
        bench.execute(c.Continue())
        assert bench.phase is Phase.OPERATING_SYSTEM

    def test_it_opens_from_the_startup_menu_through_the_same_door(self) -> None:
        assert on(factory_new(), c.OpenStartupMenu(), F10).phase is SETUP
        assert on(with_passwords(BOSS), c.OpenStartupMenu(), F10).phase is PASSWORD
        assert on(guarded(), c.OpenStartupMenu(), F10).phase is Phase.CHALLENGE


class TestLocalAccessKey:
    """A local access key guards its doors with a challenge, whatever passwords there are, and whether the mode is on or off."""

    @pytest.mark.parametrize("mode", ["Enable", "Disable"])
    def test_the_challenge_stands_before_setup_though_the_password_was_typed(self, mode: str) -> None:
        memory = locked(made_by([signed(MODE, mode)], guarded()), BOSS, USER)
        bench = on(memory, typed(BOSS), F10)
        assert bench.phase is Phase.CHALLENGE
        bench.refused(typed(BOSS), WrongPhase)
        answer(bench, pin(bench))
        assert (bench.phase, bench.firmware.session.visitor) == (SETUP, Who.RESPONSE_CODE)

    def test_the_boot_menu_asks_for_a_code_of_its_own(self) -> None:
        bench = on(with_settings(guarded(), prompt_on_boot_menu="Enable"), F9)
        live = bench.firmware.session.door.live
        assert live is not None
        read = challenge.parse(live.challenge.text)
        assert challenge.Header.decode(read.header).purpose is Purpose.BOOT_MENU
        answer(bench, pin(bench))
        assert bench.phase is Phase.BOOT_MENU

    def test_the_boot_menu_asks_for_nothing_where_the_policy_is_off(self) -> None:
        assert on(guarded(), F9).phase is Phase.BOOT_MENU

    def test_a_code_for_the_boot_menu_opens_the_boot_menu_and_not_setup(self) -> None:
        bench = on(with_settings(guarded(), prompt_on_boot_menu="Enable"), F9)
        bench.refused(F10, WrongPhase)
        answer(bench, pin(bench))
        for command in (F10, c.StageSetting(USB, "Disable"), c.SaveAndExit()):
            bench.refused(command, WrongPhase)

    def test_wrong_codes_are_counted_over_both_doors(self) -> None:
        bench = on(with_settings(guarded(), prompt_on_boot_menu="Enable"), F9)
        for _ in range(3):
            answer(bench, "00000000")
        assert bench.phase is POST
        assert bench.logged()[-1] == 0x881E

    def test_without_a_key_the_password_opens_setup_though_the_mode_is_on(self) -> None:
        bench = on(locked(mode_on()), F10)
        assert bench.phase is PASSWORD
        bench.execute(typed(BOSS))
        assert bench.firmware.session.visitor is LOCAL
        bench.refused(c.StageSetting(MODE, "Disable"), SignatureNeeded)


class TestBootMenu:
    def test_nothing_guards_it_as_it_leaves_the_factory(self) -> None:
        assert on(with_passwords(BOSS), F9).phase is Phase.BOOT_MENU
        assert on(factory_new(), c.OpenStartupMenu(), F9).phase is Phase.BOOT_MENU

    def test_where_the_policy_asks_only_the_administrator_opens_it(self) -> None:
        memory = with_settings(with_passwords(BOSS, USER), prompt_on_boot_menu="Enable")
        bench = on(memory, typed(USER), F9)
        assert bench.phase is PASSWORD
        bench.costs_a_try(typed(USER))
        bench.execute(typed(BOSS))
        assert bench.phase is Phase.BOOT_MENU

    def test_the_administrator_s_password_at_the_power_on_prompt_opens_it_too(self) -> None:
        memory = with_settings(with_passwords(BOSS, USER), prompt_on_boot_menu="Enable")
        assert on(memory, typed(BOSS), F9).phase is Phase.BOOT_MENU

    def test_a_policy_without_an_administrator_asks_nobody(self) -> None:
        memory = with_settings(with_passwords("", USER), prompt_on_boot_menu="Enable")
        assert on(memory, typed(USER), F9).phase is Phase.BOOT_MENU


class TestPowerOnPrompt:
    def test_it_stands_before_everything_and_lets_nobody_past(self) -> None:
        bench = on(with_passwords("", USER))
        assert bench.phase is LOCKED
        for command in (F10, F9, c.OpenStartupMenu(), c.Continue(), c.SetSetting(USB, "Disable")):
            bench.refused(command, WrongPhase)
        bench.execute(typed(USER))
        assert bench.phase is POST

    def test_the_administrator_s_password_opens_it_where_the_policy_shows_him(self) -> None:
        memory = with_passwords(BOSS, USER)
        assert on(memory, typed(BOSS)).phase is POST
        bench = on(with_settings(memory, administrator_at_power_on="Disable"))
        text = str(bench.costs_a_try(typed(BOSS)))
        assert "administrator" not in text
        bench.execute(typed(USER))
        assert bench.phase is POST

    def test_an_administrator_s_password_alone_stops_no_start(self) -> None:
        assert on(with_passwords(BOSS)).phase is POST

    def test_it_is_asked_at_every_start_and_restart(self) -> None:
        bench = on(with_passwords("", USER), typed(USER), c.Continue(), c.Restart())
        assert bench.phase is LOCKED
        bench.execute(c.PowerOff())
        bench.execute(c.PowerOn())
        assert bench.phase is LOCKED

    def test_three_wrong_ones_still_leave_the_ways_to_switch_off_and_over(self) -> None:
        bench = on(with_passwords("", USER))
        for _ in range(3):
            bench.costs_a_try(typed("wrong one"))
        bench.execute(c.Restart())
        bench.execute(typed(USER))
        assert bench.phase is POST

    @pytest.mark.parametrize(("policy", "phase"), [("Require Password", LOCKED), ("Bypass Password", POST)])
    def test_a_start_that_nobody_attends_stops_unless_the_policy_lets_it_pass(
        self, policy: str, phase: Phase
    ) -> None:
        memory = with_settings(with_passwords("", USER), wake_on_lan_policy=policy)
        assert on(memory, attended=False).phase is phase
        assert on(memory, attended=True).phase is LOCKED

    def test_a_restart_after_an_unattended_start_is_unattended(self) -> None:
        memory = with_settings(with_passwords("", USER), wake_on_lan_policy="Bypass Password")
        assert on(memory, c.Continue(), c.Restart(), attended=False).phase is POST

    def test_the_setup_door_still_asks_after_a_start_that_nobody_attended(self) -> None:
        memory = with_settings(with_passwords("", USER), wake_on_lan_policy="Bypass Password")
        assert on(memory, F10, attended=False).phase is PASSWORD


def test_power_off_forgets_who_was_proved_and_who_was_inside() -> None:
    bench = on(with_passwords(BOSS, USER), typed(USER), F10, typed(USER), c.PowerOff())
    assert bench.firmware.session.proved == frozenset()
    assert bench.firmware.session.visitor is LOCAL
    assert bench.firmware.session.password_tries == 3
