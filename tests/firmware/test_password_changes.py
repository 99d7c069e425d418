"""Passwords set, changed and cleared: in Computer Setup, from the operating system, by signature; and by whom."""

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import (
    AccessDenied,
    PasswordNeeded,
    PasswordPolicyNotMet,
    SignatureNeeded,
    ValueNotAllowed,
)
from emulator.protocol.password import keyboard, utf_16
from tests.firmware.bench import (
    BOSS,
    POWER_ON_PASSWORD,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    guarded,
    locked,
    mode_on,
    provisioned,
    signed,
    started,
)
from tests.firmware.doors import inside, kept, opens, running

NEW = "Another-333"
BOTH = (SETUP_PASSWORD, POWER_ON_PASSWORD)


@pytest.mark.parametrize("name", BOTH)
class TestLocally:
    def test_it_is_set_and_acts_at_once(self, name: str) -> None:
        bench = inside()
        assert bench.execute(c.ChangePassword(name, NEW)) == (e.PasswordChanged(name, is_set=True),)
        assert opens(bench, name, NEW)
        assert bench.phase is Phase.SETUP
        assert bench.memory.waiting == {}

    def test_it_is_changed_with_the_old_one_and_not_without(self, name: str) -> None:
        bench = inside(BOSS, USER, BOSS)
        old = BOSS if name == SETUP_PASSWORD else USER
        bench.refused(c.ChangePassword(name, NEW), PasswordNeeded)
        bench.costs_a_try(c.ChangePassword(name, NEW, "wrong one"))
        bench.execute(c.ChangePassword(name, NEW, old))
        assert opens(bench, name, NEW)
        assert not opens(bench, name, old)

    def test_the_administrator_s_opens_the_change_of_either(self, name: str) -> None:
        bench = inside(BOSS, USER, BOSS)
        bench.execute(c.ChangePassword(name, NEW, BOSS))
        assert opens(bench, name, NEW)

    def test_an_empty_new_one_clears_it(self, name: str) -> None:
        bench = inside(BOSS, USER, BOSS)
        bench.refused(c.ChangePassword(name, ""), PasswordNeeded)
        events = bench.execute(c.ChangePassword(name, "", BOSS))
        assert events == (e.PasswordChanged(name, is_set=False),)
        assert kept(bench, name) is None

    def test_a_policy_refuses_a_new_one_and_the_old_one_stays(self, name: str) -> None:
        bench = inside(BOSS, USER, BOSS)
        text = str(bench.refused(c.ChangePassword(name, "short", BOSS), PasswordPolicyNotMet))
        assert "short" not in text

    def test_it_is_not_staged_like_a_setting(self, name: str) -> None:
        for value in ("", NEW, utf_16(NEW)):
            inside().refused(c.StageSetting(name, value), AccessDenied)
            user = inside(BOSS, USER, USER, "Change or Delete")
            user.refused(
                c.StageSetting(name, value), PasswordNeeded if name == SETUP_PASSWORD else AccessDenied
            )


@pytest.mark.parametrize("name", BOTH)
class TestRemotely:
    def test_it_is_set_without_a_proof_where_none_is_set(self, name: str) -> None:
        bench = running()
        assert bench.execute(c.SetSetting(name, utf_16(NEW))) == (e.PasswordChanged(name, is_set=True),)
        assert opens(bench, name, NEW)

    def test_it_is_changed_and_cleared_with_the_administrator_s(self, name: str) -> None:
        bench = running(BOSS, USER)
        bench.execute(c.SetSetting(name, utf_16(NEW), utf_16(BOSS)))
        assert opens(bench, name, NEW)
        administrator = NEW if name == SETUP_PASSWORD else BOSS
        bench.execute(c.SetSetting(name, utf_16(""), utf_16(administrator)))
        assert kept(bench, name) is None

    def test_it_is_not_changed_without_a_password(self, name: str) -> None:
        for memory in ((BOSS, USER), (BOSS, ""), ("", USER)):
            if memory[BOTH.index(name)]:
                running(*memory).refused(c.SetSetting(name, utf_16(NEW)), PasswordNeeded)

    def test_a_value_without_the_mark_is_no_password_and_sets_none(self, name: str) -> None:
        for value in ("", "Secret-word", keyboard("Secret-word"), "<beam/>Secret-word"):
            refusal = running().refused(c.SetSetting(name, value), ValueNotAllowed)
            assert "Secret-word" not in str(refusal)
            assert repr(name) in str(refusal)

    def test_a_proof_without_the_mark_is_none(self, name: str) -> None:
        for proof in ("Secret-word", BOSS, keyboard(BOSS), " " + utf_16(BOSS)):
            refusal = running(BOSS, USER).refused(c.SetSetting(name, utf_16(NEW), proof), PasswordNeeded)
            assert BOSS not in str(refusal)
            assert "Secret-word" not in str(refusal)

    def test_it_changes_by_signature_without_the_old_one(self, name: str) -> None:
        for memory in (provisioned(), mode_on(), guarded()):
            bench = started(locked(memory, BOSS))
            bench.execute(signed(name, utf_16(NEW)))
            assert opens(bench, name, NEW)

    def test_a_signature_does_not_go_round_the_policies(self, name: str) -> None:
        bench = started(mode_on())
        bench.refused(signed(name, utf_16("short")), PasswordPolicyNotMet)

    def test_with_the_mode_on_no_password_is_even_looked_at(self, name: str) -> None:
        for proof in ("", utf_16(BOSS), utf_16("wrong one"), "no mark"):
            bench = started(locked(mode_on(), BOSS))
            bench.refused(c.SetSetting(name, utf_16(NEW), proof), SignatureNeeded)


class TestPowerOnPasswordOfAUser:
    """What the policy lets whoever knows only the power-on password do with it."""

    @pytest.mark.parametrize(
        ("policy", "change", "clear"),
        [("No", False, False), ("Change Only", True, False), ("Change or Delete", True, True)],
    )
    def test_the_policy_decides_on_the_screen_and_from_the_operating_system(
        self, policy: str, change: bool, clear: bool
    ) -> None:
        for new, allowed in ((NEW, change), ("", clear)):
            local = inside(BOSS, USER, USER, policy)
            remote = running(BOSS, USER, policy)
            tried: list[tuple[Bench, c.Command]] = [
                (local, c.ChangePassword(POWER_ON_PASSWORD, new, USER)),
                (remote, c.SetSetting(POWER_ON_PASSWORD, utf_16(new), utf_16(USER))),
            ]
            for bench, command in tried:
                if allowed:
                    bench.execute(command)
                    assert opens(bench, POWER_ON_PASSWORD, new) is bool(new)
                else:
                    bench.refused(command, AccessDenied)

    @pytest.mark.parametrize("policy", ["No", "Change Only", "Change or Delete"])
    def test_no_policy_gives_away_the_administrator_s(self, policy: str) -> None:
        for new in (NEW, ""):
            bench = inside(BOSS, USER, USER, policy)
            bench.refused(c.ChangePassword(SETUP_PASSWORD, new, USER), PasswordNeeded)
            bench.refused(c.ChangePassword(SETUP_PASSWORD, new, BOSS), PasswordNeeded)
            running(BOSS, USER, policy).costs_a_try(c.SetSetting(SETUP_PASSWORD, utf_16(new), utf_16(USER)))

    def test_no_policy_binds_the_administrator(self) -> None:
        for new in (NEW, ""):
            inside(BOSS, USER, BOSS, "No").execute(c.ChangePassword(POWER_ON_PASSWORD, new, USER))
            running(BOSS, USER, "No").execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(new), utf_16(BOSS)))

    def test_an_administrator_who_uses_one_password_for_both_is_the_administrator(self) -> None:
        bench = running(BOSS, BOSS, "No")
        bench.execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(NEW), utf_16(BOSS)))
        assert opens(bench, POWER_ON_PASSWORD, NEW)

    def test_where_there_is_no_administrator_no_policy_asks_for_one(self) -> None:
        inside("", USER, USER, "No").execute(c.ChangePassword(POWER_ON_PASSWORD, "", USER))
        running("", USER, "No").execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(""), utf_16(USER)))

    def test_the_power_on_password_changes_nothing_else_where_there_is_an_administrator(self) -> None:
        bench = running(BOSS, USER)
        bench.costs_a_try(c.SetSetting(USB, "Disable", utf_16(USER)))
        bench.costs_a_try(c.SetSystemDefaults(utf_16(USER)))
        bench = inside(BOSS, USER, USER)
        bench.refused(c.StageSetting(USB, "Disable"), AccessDenied)
        bench.refused(c.SetClock(2_000_000_000), PasswordNeeded)
