"""Machines of before 2015: each setting has a security level, which says what a user who is no administrator may do with it."""

from dataclasses import replace
from functools import cache

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Who
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import SECURITY_LEVELS, Catalogue
from emulator.firmware.firmware import manufactured
from emulator.firmware.refusals import AccessDenied, PasswordNeeded, UnknownSetting
from emulator.models import packaged
from tests.firmware.bench import BOSS, IDENTITY, USB, USER, Bench, each_of, factory_new, locked, start

CHANGE, VIEW, HIDE = SECURITY_LEVELS
CAMERA, LEVEL = "Integrated Camera", "Integrated Camera Security Level"
ALL = "Set All Security Levels"


def old() -> Catalogue:
    return packaged("elitebook-810-g1")


def machine(**settings: str) -> Bench:
    """A machine with both passwords that is off; words with underscores name settings that differ."""
    memory = manufactured(old(), replace(IDENTITY, model=old().model))
    changed = {name.replace("_", " "): value for name, value in settings.items()}
    memory = replace(memory, settings={**memory.settings, **changed})
    return Bench(locked(memory, BOSS, USER), settings=old())


@cache
def _inside(password: str, level: str) -> Bench:
    bench = machine(**{LEVEL: level})
    for command in (c.PowerOn(), c.TypePassword(USER), c.EnterSetup(), c.TypePassword(password)):
        bench.execute(command)
    assert bench.phase is Phase.SETUP
    return bench


def inside(password: str, level: str) -> Bench:
    return _inside(password, level).twin()


class TestUser:
    def test_change_lets_a_user_change(self) -> None:
        bench = inside(USER, CHANGE)
        assert bench.firmware.session.visitor is Who.POWER_ON
        for command in (c.StageSetting(CAMERA, "Disable"), c.SaveAndExit()):
            bench.execute(command)
        assert bench.firmware.value(CAMERA) == "Disable"

    @pytest.mark.parametrize("level", [VIEW, HIDE])
    def test_view_and_hide_do_not(self, level: str) -> None:
        bench = inside(USER, level)
        assert "administrator" in str(bench.refused(c.StageSetting(CAMERA, "Disable"), AccessDenied))

    @pytest.mark.parametrize(("level", "seen"), [(CHANGE, True), (VIEW, True), (HIDE, False)])
    def test_hide_hides_it_from_a_user_and_from_nobody_else(self, level: str, seen: bool) -> None:
        assert inside(USER, level).firmware.may_see(CAMERA) is seen
        assert inside(BOSS, level).firmware.may_see(CAMERA)

    def test_no_level_and_no_order_is_for_a_user(self) -> None:
        bench = inside(USER, CHANGE)
        for name, value in (
            (LEVEL, HIDE),
            (ALL, CHANGE),
            ("Restore Defaults", "Yes"),
            ("Password Minimum Length", "4"),
        ):
            bench.refused(c.StageSetting(name, value), AccessDenied)
        bench.refused(c.StageSetting("Reset BIOS security to factory default", "Yes"), PasswordNeeded)

    def test_the_reason_is_told_before_anything_is_tried(self) -> None:
        assert inside(USER, CHANGE).firmware.why_locked(CAMERA) == ""
        for level in (VIEW, HIDE):
            bench = inside(USER, level)
            told = bench.firmware.why_locked(CAMERA)
            assert told == str(bench.refused(c.StageSetting(CAMERA, "Disable"), AccessDenied))
            assert inside(BOSS, level).firmware.why_locked(CAMERA) == ""

    def test_the_reason_is_told_of_what_has_no_level_and_of_no_password(self) -> None:
        firmware = inside(USER, CHANGE).firmware
        assert "administrator" in firmware.why_locked("Password Minimum Length")
        assert "administrator password" in firmware.why_locked("Reset BIOS security to factory default")
        assert "read-only" in firmware.why_locked("Serial Number")
        assert firmware.why_locked("Setup Password") == firmware.why_locked("Power-On Password") == ""

    def test_a_level_binds_no_administrator(self) -> None:
        for level in SECURITY_LEVELS:
            bench = inside(BOSS, level)
            bench.execute(c.StageSetting(CAMERA, "Disable"))
            bench.execute(c.SaveAndExit())
            assert bench.firmware.value(CAMERA) == "Disable"

    def test_a_level_opens_no_password(self) -> None:
        bench = inside(USER, CHANGE)
        bench.refused(c.ChangePassword("Setup Password", "Another-333", USER), PasswordNeeded)


class TestSetAll:
    def running(self) -> Bench:
        memory = manufactured(old(), replace(IDENTITY, model=old().model))
        bench = Bench(memory, settings=old())
        start(bench)
        return bench

    def levels(self, bench: Bench) -> dict[str, str]:
        """Every level, also those of features that are no settings, such as *Secure Erase Security Level*."""
        levels = {name for name, each in old().stored.items() if set(each.values) == set(SECURITY_LEVELS)}
        assert levels > {each.security_level for each in old().every.values()} - {""}
        return {name: bench.firmware.value(name) for name in sorted(levels)}

    @pytest.mark.parametrize("level", SECURITY_LEVELS)
    def test_it_puts_every_level_on_one_word_and_nothing_else(self, level: str) -> None:
        bench = self.running()
        before = dict(bench.memory.settings)
        bench.execute(c.SetSetting(ALL, level))
        levels = self.levels(bench)
        assert len(levels) > 50
        assert set(levels.values()) == {level}
        assert {name: value for name, value in bench.memory.settings.items() if name not in levels} == {
            name: value for name, value in before.items() if name not in levels
        }
        assert bench.firmware.value(ALL) == "Default"

    def test_its_first_word_puts_each_on_its_own_default_when_it_is_changed_back(self) -> None:
        bench = self.running()
        defaults = self.levels(bench)
        assert len(set(defaults.values())) == 3
        bench.execute(c.SetSetting(ALL, HIDE))
        bench.execute(c.SetSetting(ALL, "Default"))
        assert self.levels(bench) == defaults

    def test_levels_that_are_changed_in_the_same_turn_come_on_top(self) -> None:
        bench = self.running()
        bench.execute(each_of((LEVEL, CHANGE), (ALL, HIDE)))
        levels = self.levels(bench)
        assert levels.pop(LEVEL) == CHANGE
        assert set(levels.values()) == {HIDE}

    def test_an_order_that_was_carried_out_is_told_with_all_that_it_changed(self) -> None:
        events = self.running().execute(c.SetSetting(ALL, HIDE))
        told = [event.name for event in events if isinstance(event, e.SettingStored)]
        assert LEVEL in told
        assert ALL in told


def test_a_model_without_levels_hides_nothing_but_what_no_page_shows() -> None:
    bench = Bench(factory_new())
    assert bench.firmware.may_see(USB)
    assert not bench.firmware.may_see("Modern Standby")
    with pytest.raises(UnknownSetting):
        bench.firmware.may_see(LEVEL)
