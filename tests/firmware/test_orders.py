"""Settings that are more than a value: orders for the next boot, changes that act at once, and what is set once and for ever."""

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import SetOnce
from emulator.protocol.status import SettingStatus
from tests.firmware.bench import (
    PRESENCE_INTERFACE,
    Bench,
    each_of,
    factory_new,
    made_by,
    shown_code,
    started,
    with_passwords,
    with_settings,
)

FORCE, CLEAR_TPM = "Force Check on Reboot", "Clear TPM"
ONCE = "Permanent Disable Absolute Persistence Module Set Once"
TAG, HOUR = "Ownership Tag", "BIOS Power-On Hour"


class TestMomentary:
    """An order is carried out at the next boot, and its setting is back at its default then."""

    def test_it_stands_until_the_boot_that_carries_it_out(self) -> None:
        bench = started(factory_new())
        assert bench.execute(c.SetSetting(FORCE, "Enable")) == (e.SettingStored(FORCE, "Enable"),)
        assert bench.firmware.value(FORCE) == "Enable"
        assert bench.firmware.pending() == {FORCE: ("Disable", "Enable")}
        events = bench.execute(c.Restart())
        assert events == (e.OrderCarriedOut(FORCE, "Enable"), e.PhaseEntered(Phase.POST))
        assert bench.firmware.value(FORCE) == "Disable"
        assert bench.firmware.pending() == {}
        assert bench.execute(c.PowerOff())
        assert bench.execute(c.PowerOn()) == (e.PhaseEntered(Phase.POST),)

    def test_it_survives_the_power_that_goes_before_that_boot(self) -> None:
        memory = made_by([c.SetSetting(FORCE, "Enable")], factory_new())
        assert memory.settings[FORCE] == "Enable"
        assert e.OrderCarriedOut(FORCE, "Enable") in Bench(memory).execute(c.PowerOn(attended=False))

    def test_it_is_taken_back_by_its_default(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(FORCE, "Enable"))
        bench.execute(c.SetSetting(FORCE, "Disable"))
        assert bench.execute(c.Restart()) == (e.PhaseEntered(Phase.POST),)

    def test_saved_in_setup_it_is_carried_out_by_the_restart_that_saving_is(self) -> None:
        bench = Bench(factory_new())
        for command in (c.PowerOn(), c.EnterSetup(), c.StageSetting(FORCE, "Enable")):
            bench.execute(command)
        assert e.OrderCarriedOut(FORCE, "Enable") in bench.execute(c.SaveAndExit())

    def test_one_that_needs_presence_is_carried_out_when_presence_is_proved(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(CLEAR_TPM, "On next boot"))
        assert bench.memory.waiting == {CLEAR_TPM: "On next boot"}
        assert bench.firmware.value(CLEAR_TPM) == "No"
        bench.execute(c.Restart())
        events = bench.execute(c.AnswerPresence(shown_code(bench)))
        assert e.SettingStored(CLEAR_TPM, "On next boot") in events
        assert (bench.firmware.value(CLEAR_TPM), bench.memory.waiting) == ("No", {})

    def test_one_that_needs_presence_is_refused_with_it(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(CLEAR_TPM, "On next boot"))
        bench.execute(c.Restart())
        bench.execute(c.RefusePresence())
        assert (bench.firmware.value(CLEAR_TPM), bench.memory.waiting) == ("No", {})

    def test_one_that_needs_presence_needs_none_where_the_prompts_are_off(self) -> None:
        bench = started(with_settings(factory_new(), physical_presence_interface="Disable"))
        bench.execute(c.SetSetting(CLEAR_TPM, "On next boot"))
        assert e.OrderCarriedOut(CLEAR_TPM, "On next boot") in bench.execute(c.Restart())


class TestEventLog:
    def test_it_is_cleared_when_the_order_is_given(self) -> None:
        bench = started(with_settings(factory_new(), physical_presence_interface="Disable"))
        bench.execute(c.SetSetting(PRESENCE_INTERFACE, "Enable"))
        assert bench.logged() == [0x8524]
        bench.execute(c.SetSetting("Clear BIOS Event Log", "Don't Clear"))
        assert bench.logged() == [0x8524]
        bench.execute(c.SetSetting("Clear BIOS Event Log", "Clear"))
        assert bench.logged() == []
        assert bench.firmware.value("Clear BIOS Event Log") == "Don't Clear"

    def test_events_count_from_one_again(self) -> None:
        bench = started(with_settings(factory_new(), physical_presence_interface="Disable"))
        bench.execute(c.SetSetting("Clear BIOS Event Log", "Clear"))
        bench.execute(c.SetSetting(PRESENCE_INTERFACE, "Enable"))
        assert [logged.sequence for logged in bench.memory.log.events] == [1]


class TestAtOnce:
    def test_a_change_that_acts_at_once_is_not_pending_and_the_others_are(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(TAG, "mine"))
        bench.execute(c.SetSetting(HOUR, "7"))
        assert bench.firmware.session.effective[TAG] == "mine"
        assert bench.firmware.session.effective[HOUR] == "0"
        assert bench.firmware.pending() == {HOUR: ("0", "7")}

    def test_both_act_after_the_restart(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(HOUR, "7"))
        bench.execute(c.Restart())
        assert bench.firmware.session.effective[HOUR] == "7"

    def test_password_policies_act_at_once(self) -> None:
        bench = started(with_passwords("Administrator-1"))
        bench.execute(c.SetSetting("Password Minimum Length", "12", "<utf-16/>Administrator-1"))
        assert bench.firmware.pending() == {}


class TestSetOnce:
    def test_once_it_left_its_default_nothing_changes_it(self) -> None:
        bench = started(factory_new())
        assert bench.firmware.why_grey(ONCE) == ""
        bench.execute(c.SetSetting(ONCE, "Yes"))
        refusal = bench.refused(c.SetSetting(ONCE, "No"), SetOnce)
        assert "once and for ever" in str(refusal)
        assert refusal.setting_status is SettingStatus.ACCESS_DENIED
        assert "once and for ever" in bench.firmware.why_grey(ONCE)
        bench.execute(c.SetSystemDefaults())
        assert bench.firmware.value(ONCE) == "Yes"

    def test_the_value_that_it_has_is_no_change(self) -> None:
        bench = started(factory_new())
        for _ in range(2):
            bench.execute(c.SetSetting(ONCE, "Yes"))
        assert e.EntryUnchanged(ONCE) in bench.execute(each_of((ONCE, "Yes")))

    @pytest.mark.parametrize("value", ["Yes", "No"])
    def test_the_screen_refuses_any_change(self, value: str) -> None:
        bench = Bench(made_by([c.SetSetting(ONCE, "Yes")], factory_new()))
        bench.execute(c.PowerOn())
        bench.execute(c.EnterSetup())
        bench.refused(c.StageSetting(ONCE, value), SetOnce)

    def test_a_list_is_refused_for_that_entry_alone(self) -> None:
        bench = started(made_by([c.SetSetting(ONCE, "Yes")], factory_new()))
        events = bench.execute(each_of((ONCE, "No"), (HOUR, "7")))
        assert [type(each.refusal) for each in events if isinstance(each, e.EntryRefused)] == [SetOnce]
        assert bench.firmware.value(HOUR) == "7"

    def test_it_can_be_staged_and_taken_back_before_it_is_saved(self) -> None:
        bench = Bench(factory_new())
        for command in (
            c.PowerOn(),
            c.EnterSetup(),
            c.StageSetting(ONCE, "Yes"),
            c.StageSetting(ONCE, "No"),
            c.SaveAndExit(),
        ):
            bench.execute(command)
        assert bench.firmware.value(ONCE) == "No"
