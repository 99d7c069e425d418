"""Conditions between settings: what is grey and why, what waits together, and in which order many changes are tried."""

from dataclasses import replace
from functools import cache

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import prerequisites
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.firmware import manufactured
from emulator.firmware.refusals import PrerequisiteNotMet, Refused, ValueNotAllowed
from emulator.protocol.status import SettingStatus
from tests.firmware.bench import (
    IDENTITY,
    PRESENCE_INTERFACE,
    Bench,
    each_of,
    model,
    model_of,
    shown_code,
    start,
)

OFF, ON = "Disable", "Enable"
SWITCH: dict[str, object] = {"kind": "enumeration", "values": [OFF, ON], "default": OFF}


def when(setting: str, *values: str) -> dict[str, object]:
    return {"setting": setting, "is": list(values), "because": f"{setting} is not {' or '.join(values)}."}


@cache
def chain() -> Catalogue:
    """A switch, two settings below it, one on top of another, and one that is grey while the switch is on; presence guards one."""
    return model_of(
        {
            "Switch": SWITCH,
            "Below": {**SWITCH, "requires": [when("Switch", ON)]},
            "Deeper": {**SWITCH, "requires": [when("Switch", ON), when("Below", ON)]},
            "Opposite": {**SWITCH, "requires": [when("Switch", OFF)]},
            "Guarded": {**SWITCH, "physical_presence": True},
            "Behind": {**SWITCH, "requires": [when("Guarded", ON)]},
            "Far behind": {**SWITCH, "requires": [when("Behind", ON)]},
            PRESENCE_INTERFACE: {
                **SWITCH,
                "default": ON,
                "physical_presence": True,
                "role": "physical presence interface",
            },
        }
    )


def bench_of(**stored: str) -> Bench:
    """A machine of that model; words with underscores name its settings."""
    memory = manufactured(chain(), replace(IDENTITY, model="small"))
    names = {name.lower().replace(" ", "_"): name for name in memory.settings}
    return Bench(
        replace(memory, settings={**memory.settings, **{names[key]: value for key, value in stored.items()}}),
        settings=chain(),
    )


def running(**stored: str) -> Bench:
    bench = bench_of(**stored)
    start(bench)
    return bench


def in_setup(**stored: str) -> Bench:
    bench = bench_of(**stored)
    bench.execute(c.PowerOn())
    bench.execute(c.EnterSetup())
    return bench


def listed(bench: Bench, *wanted: tuple[str, str]) -> dict[str, type[Refused]]:
    """Which entries of a list were refused, and why."""
    events = bench.execute(each_of(*wanted))
    return {each.name: type(each.refusal) for each in events if isinstance(each, e.EntryRefused)}


class TestGrey:
    def test_a_grey_setting_says_why_and_refuses(self) -> None:
        bench = running()
        assert bench.firmware.why_grey("Below") == "Switch is not Enable."
        refusal = bench.refused(c.SetSetting("Below", ON), PrerequisiteNotMet)
        assert "Switch is not Enable." in str(refusal)
        assert refusal.setting_status is SettingStatus.ACCESS_DENIED
        in_setup().refused(c.StageSetting("Below", ON), PrerequisiteNotMet)

    def test_a_condition_can_ask_for_either_word(self) -> None:
        bench = running()
        assert bench.firmware.why_grey("Opposite") == ""
        bench.execute(c.SetSetting("Switch", ON))
        assert bench.firmware.why_grey("Opposite") == "Switch is not Disable."
        bench.refused(c.SetSetting("Opposite", ON), PrerequisiteNotMet)
        bench.execute(c.SetSetting("Below", ON))

    def test_the_first_condition_that_does_not_hold_is_told(self) -> None:
        assert running().firmware.why_grey("Deeper") == "Switch is not Enable."
        assert running(switch=ON).firmware.why_grey("Deeper") == "Below is not Enable."

    def test_a_grey_setting_keeps_its_value(self) -> None:
        bench = running(switch=ON, below=ON)
        bench.execute(c.SetSetting("Switch", OFF))
        bench.execute(c.Restart())
        assert bench.firmware.value("Below") == ON

    def test_the_value_that_it_has_is_refused_too(self) -> None:
        running().refused(c.SetSetting("Below", OFF), PrerequisiteNotMet)

    def test_a_value_that_is_not_allowed_is_told_first(self) -> None:
        running().refused(c.SetSetting("Below", "Perhaps"), ValueNotAllowed)

    def test_a_condition_holds_as_soon_as_the_value_is_stored(self) -> None:
        bench = running()
        bench.execute(c.SetSetting("Switch", ON))
        bench.execute(c.SetSetting("Below", ON))
        assert bench.firmware.value("Below") == ON


class TestOnTheScreen:
    def test_staged_values_count(self) -> None:
        bench = in_setup()
        bench.execute(c.StageSetting("Switch", ON))
        assert bench.firmware.why_grey("Below") == ""
        bench.execute(c.StageSetting("Below", ON))
        bench.execute(c.StageSetting("Deeper", ON))
        bench.execute(c.SaveAndExit())
        assert [bench.firmware.value(name) for name in ("Switch", "Below", "Deeper")] == [ON, ON, ON]

    def test_a_staged_change_that_turns_grey_goes_with_all_that_hangs_on_it(self) -> None:
        bench = in_setup()
        for name in ("Switch", "Below", "Deeper"):
            bench.execute(c.StageSetting(name, ON))
        events = bench.execute(c.StageSetting("Switch", OFF))
        assert events[0] == e.SettingStaged("Switch", OFF)
        assert {(each.name, each.value) for each in events[1:] if isinstance(each, e.SettingStaged)} == {
            ("Below", OFF),
            ("Deeper", OFF),
        }
        assert bench.firmware.session.staged == {}

    def test_a_switch_and_what_it_greys_the_other_way_round(self) -> None:
        bench = in_setup()
        bench.execute(c.StageSetting("Opposite", ON))
        bench.execute(c.StageSetting("Switch", ON))
        assert bench.firmware.session.staged == {"Switch": ON}

    def test_what_was_changed_below_a_switch_is_dropped_with_it_and_the_rest_is_saved(self) -> None:
        bench = in_setup(switch=ON)
        bench.execute(c.StageSetting("Below", ON))
        bench.execute(c.StageSetting("Guarded", ON))
        bench.execute(c.StageSetting("Switch", OFF))
        bench.execute(c.SaveAndExit())
        assert (bench.firmware.value("Below"), bench.firmware.value("Switch")) == (OFF, OFF)
        assert bench.memory.waiting == {"Guarded": ON}


class TestWaiting:
    """A condition that only physical presence can make true."""

    def test_what_hangs_on_a_change_that_waits_waits_with_it(self) -> None:
        bench = running()
        bench.execute(c.SetSetting("Guarded", ON))
        assert bench.execute(c.SetSetting("Behind", ON)) == (e.SettingWaits("Behind", ON),)
        bench.execute(c.SetSetting("Far behind", ON))
        assert bench.firmware.value("Behind") == OFF
        bench.execute(c.Restart())
        prompt = bench.firmware.session.prompt
        assert prompt is not None
        assert prompt.lines == (
            "Guarded: Disable → Enable",
            "Behind: Disable → Enable",
            "Far behind: Disable → Enable",
        )
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert [bench.firmware.value(name) for name in ("Guarded", "Behind", "Far behind")] == [ON, ON, ON]
        assert (bench.phase, bench.memory.waiting) == (Phase.POST, {})

    def test_refusing_presence_refuses_all_of_it(self) -> None:
        bench = running()
        for name in ("Guarded", "Behind"):
            bench.execute(c.SetSetting(name, ON))
        bench.execute(c.Restart())
        bench.execute(c.RefusePresence())
        assert (bench.firmware.value("Guarded"), bench.firmware.value("Behind")) == (OFF, OFF)

    def test_what_hangs_on_a_change_that_was_taken_back_is_forgotten_when_it_is_asked(self) -> None:
        bench = running()
        for name, value in (("Guarded", ON), ("Behind", ON), ("Guarded", OFF)):
            bench.execute(c.SetSetting(name, value))
        bench.execute(c.Restart())
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.firmware.value("Behind") == OFF
        assert (bench.phase, bench.memory.waiting) == (Phase.POST, {})

    def test_what_will_be_grey_once_confirmed_is_refused(self) -> None:
        bench = running(guarded=ON)
        bench.execute(c.SetSetting("Guarded", OFF))
        bench.refused(c.SetSetting("Behind", ON), PrerequisiteNotMet)

    def test_with_the_prompts_off_nothing_waits(self) -> None:
        bench = running(physical_presence_interface=OFF)
        for name in ("Guarded", "Behind", "Far behind"):
            bench.execute(c.SetSetting(name, ON))
        assert bench.memory.waiting == {}
        assert bench.firmware.value("Far behind") == ON

    def test_a_staged_chain_behind_presence_waits_as_one(self) -> None:
        bench = in_setup()
        for name in ("Guarded", "Behind", "Far behind"):
            bench.execute(c.StageSetting(name, ON))
        bench.execute(c.SaveAndExit())
        assert bench.memory.waiting == {"Guarded": ON, "Behind": ON, "Far behind": ON}


class TestLists:
    """Many changes in one turn, in an order that lets as many as possible succeed, whatever the order of the file."""

    @pytest.mark.parametrize("turned", [False, True])
    def test_a_chain_is_switched_on_whatever_its_order(self, turned: bool) -> None:
        wanted = [("Switch", ON), ("Below", ON), ("Deeper", ON)]
        bench = running()
        assert listed(bench, *(reversed(wanted) if turned else wanted)) == {}
        assert [bench.firmware.value(name) for name, _ in wanted] == [ON, ON, ON]

    @pytest.mark.parametrize("turned", [False, True])
    def test_what_hangs_on_a_switch_is_changed_before_the_switch_goes_off(self, turned: bool) -> None:
        wanted = [("Switch", OFF), ("Below", OFF), ("Deeper", OFF), ("Opposite", ON)]
        bench = running(switch=ON, below=ON, deeper=ON)
        assert listed(bench, *(reversed(wanted) if turned else wanted)) == {}
        assert [bench.firmware.value(name) for name, _ in wanted] == [OFF, OFF, OFF, ON]

    def test_what_stays_grey_is_refused_and_the_rest_is_not(self) -> None:
        bench = running()
        assert listed(bench, ("Below", ON), ("Guarded", ON), ("Deeper", ON)) == {
            "Below": PrerequisiteNotMet,
            "Deeper": PrerequisiteNotMet,
        }
        assert bench.memory.waiting == {"Guarded": ON}

    def test_a_wrong_value_greys_what_hangs_on_it(self) -> None:
        bench = running()
        refused = listed(bench, ("Below", ON), ("Switch", "Perhaps"), ("Opposite", ON))
        assert refused == {"Below": PrerequisiteNotMet, "Switch": ValueNotAllowed}
        assert bench.firmware.value("Opposite") == ON

    def test_a_wrong_value_does_not_keep_a_chain_from_being_tried_again(self) -> None:
        bench = running()
        refused = listed(bench, ("Opposite", "Perhaps"), ("Deeper", ON), ("Below", ON), ("Switch", ON))
        assert refused == {"Opposite": ValueNotAllowed}
        assert bench.firmware.value("Deeper") == ON


def test_orders_for_defaults_come_first_and_orders_to_keep_or_forget_last() -> None:
    names = [
        "Clear BIOS Event Log",
        "Save Custom Defaults",
        "Proxy Address",
        "Use Proxy",
        "Apply Custom Defaults and Exit",
        "Apply Factory Defaults and Exit",
    ]
    assert prerequisites.in_order(model(), names) == [
        "Apply Factory Defaults and Exit",
        "Apply Custom Defaults and Exit",
        "Proxy Address",
        "Use Proxy",
        "Save Custom Defaults",
        "Clear BIOS Event Log",
    ]
