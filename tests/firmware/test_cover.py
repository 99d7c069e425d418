"""The cover of the case: what its sensor notices, what follows at once, and what follows at the next start."""

from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import cover
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.cover import Cover
from emulator.firmware.event_log import EventCode
from emulator.firmware.refusals import NotSupported, PasswordNeeded
from tests.firmware.bench import BOSS, USER, Bench, factory_new
from tests.firmware.doors import desktop

NOTIFY, ADMINISTRATOR = "Notify User", "Administrator Password"
CUT, CLEAR = ("Power Off Upon Cover Removal", "Enable"), ("Clear TPM on boot after cover removal", "Enable")
NOTICE = Phase.COVER_NOTICE


def opened(bench: Bench, *commands: c.Command) -> Bench:
    for command in (c.OpenCover(), *commands):
        bench.execute(command)
    return bench


def switched_on(bench: Bench) -> Bench:
    bench.execute(c.PowerOn())
    if bench.phase is NOTICE:
        bench.execute(c.AcknowledgeCover())
    bench.execute(c.Continue())
    return bench


class TestSensor:
    def test_switched_off_it_notices_nothing(self) -> None:
        bench = desktop("Disable")
        before = bench.memory
        assert bench.execute(c.OpenCover()) == ()
        assert bench.memory == before
        bench.execute(c.PowerOn())
        assert bench.phase is Phase.POST

    def test_switched_on_it_counts_logs_and_tells_with_the_power_off_and_on(self) -> None:
        bench = desktop(NOTIFY)
        assert bench.execute(c.OpenCover()) == (e.Recorded(EventCode.COVER_OPENED),)
        switched_on(bench)
        bench.clock.advance(3600)
        assert bench.execute(c.OpenCover()) == (e.Recorded(EventCode.COVER_OPENED),)
        assert bench.phase is Phase.OPERATING_SYSTEM
        assert bench.memory.cover.count == 2
        assert bench.memory.cover.last == int(bench.clock.now().unix)
        assert bench.firmware.value("Last Cover Removal and Count") == "09/21/2026 15:13:20, 2"

    def test_a_model_without_one_says_so(self) -> None:
        assert "no sensor" in str(Bench(factory_new()).refused(c.OpenCover(), NotSupported))

    def test_a_cover_that_was_never_off_is_told_as_nothing(self) -> None:
        assert cover.told(Cover()) == ""
        assert cover.told(Cover(1, 0)) == "01/01/1970 00:00:00, 1"

    @pytest.mark.parametrize("sensor", [NOTIFY, ADMINISTRATOR])
    def test_the_count_never_falls(self, sensor: str) -> None:
        bench = opened(desktop(sensor), c.ClearCMOS(), c.PowerOn(), c.AcknowledgeCover(), c.Continue())
        bench.execute(c.SetSystemDefaults())
        assert bench.memory.cover.count == 1


class TestNotice:
    def test_the_next_attended_start_shows_it_until_somebody_acknowledges(self) -> None:
        bench = opened(desktop(NOTIFY), c.PowerOn())
        assert bench.phase is NOTICE
        bench.execute(c.Restart())
        assert bench.phase is NOTICE
        events = bench.execute(c.AcknowledgeCover())
        assert events == (e.Recorded(EventCode.COVER_ACKNOWLEDGED), e.PhaseEntered(Phase.POST))
        assert not bench.memory.cover.unacknowledged
        bench.execute(c.Continue())
        bench.execute(c.Restart())
        assert bench.phase is Phase.POST

    def test_a_cover_that_comes_off_while_it_runs_is_shown_at_the_restart(self) -> None:
        bench = opened(switched_on(desktop(NOTIFY)), c.Restart())
        assert bench.phase is NOTICE

    def test_a_start_that_nobody_attends_leaves_it_for_the_next(self) -> None:
        bench = opened(desktop(NOTIFY), c.PowerOn(attended=False))
        assert bench.phase is Phase.POST
        bench.execute(c.PowerOff())
        bench.execute(c.PowerOn())
        assert bench.phase is NOTICE

    def test_it_stands_behind_the_power_on_password_and_before_physical_presence(self) -> None:
        bench = switched_on(desktop(NOTIFY))
        bench.execute(c.SetSetting("TPM State", "Disable"))
        bench.execute(c.SetSetting("Power-On Password", f"<utf-16/>{USER}"))
        opened(bench, c.Restart())
        phases = [bench.phase]
        for command in (c.TypePassword(USER), c.AcknowledgeCover()):
            bench.execute(command)
            phases.append(bench.phase)
        assert phases == [Phase.POWER_ON_PASSWORD, NOTICE, Phase.PRESENCE]

    def test_several_removals_are_acknowledged_at_once(self) -> None:
        bench = opened(desktop(NOTIFY), c.OpenCover(), c.OpenCover(), c.PowerOn(), c.AcknowledgeCover())
        assert bench.phase is Phase.POST
        assert bench.memory.cover.count == 3

    def test_taking_it_off_again_at_the_notice_is_another_removal(self) -> None:
        bench = opened(desktop(NOTIFY), c.PowerOn(), c.OpenCover())
        assert bench.phase is NOTICE
        assert bench.memory.cover.count == 2


class TestAdministrator:
    def test_the_notice_asks_for_the_administrator_s_password(self) -> None:
        bench = opened(desktop(ADMINISTRATOR, administrator=BOSS), c.PowerOn())
        bench.refused(c.AcknowledgeCover(), PasswordNeeded)
        bench.costs_a_try(c.AcknowledgeCover("wrong one"))
        bench.execute(c.AcknowledgeCover(BOSS))
        assert (bench.phase, bench.memory.cover.unacknowledged) == (Phase.POST, False)

    def test_clearing_cmos_does_not_answer_for_him(self) -> None:
        bench = opened(desktop(ADMINISTRATOR, administrator=BOSS), c.ClearCMOS(), c.PowerOn())
        bench.refused(c.AcknowledgeCover(), PasswordNeeded)

    def test_the_power_on_password_is_not_enough(self) -> None:
        bench = opened(desktop(ADMINISTRATOR, administrator=BOSS, power_on=USER), c.PowerOn())
        bench.execute(c.TypePassword(USER))
        assert bench.phase is NOTICE
        bench.costs_a_try(c.AcknowledgeCover(USER))

    def test_where_there_is_no_administrator_enter_is_enough(self) -> None:
        bench = opened(desktop(ADMINISTRATOR), c.PowerOn(), c.AcknowledgeCover())
        assert bench.phase is Phase.POST

    def test_a_sensor_that_only_notifies_asks_for_no_password(self) -> None:
        bench = opened(desktop(NOTIFY, administrator=BOSS), c.PowerOn(), c.AcknowledgeCover())
        assert bench.phase is Phase.POST


class TestWhatFollows:
    def test_the_power_goes_where_the_setting_says_so(self) -> None:
        bench = switched_on(desktop(NOTIFY, CUT))
        events = bench.execute(c.OpenCover())
        assert events == (e.Recorded(EventCode.COVER_OPENED), e.PhaseEntered(Phase.OFF))
        assert (bench.phase, bench.memory.boot.running) == (Phase.OFF, False)
        bench.execute(c.PowerOn())
        assert bench.phase is NOTICE

    @pytest.mark.parametrize("on", [NOTIFY, ADMINISTRATOR])
    def test_the_power_that_is_off_stays_off(self, on: str) -> None:
        assert desktop(on, CUT).execute(c.OpenCover()) == (e.Recorded(EventCode.COVER_OPENED),)

    def test_the_tpm_is_cleared_at_the_next_start_attended_or_not_and_once(self) -> None:
        for attended in (True, False):
            bench = opened(desktop(NOTIFY, CLEAR))
            assert e.Recorded(EventCode.COVER_CLEARED_TPM) in bench.execute(c.PowerOn(attended=attended))
            bench.execute(c.PowerOff())
            assert e.Recorded(EventCode.COVER_CLEARED_TPM) not in bench.execute(c.PowerOn(attended=attended))

    def test_no_second_removal_takes_that_back(self) -> None:
        """Somebody who can switch the setting off and take the cover off again saves no TPM."""
        bench = opened(desktop(NOTIFY, CLEAR))
        stored = {**bench.memory.settings, CLEAR[0]: "Disable"}
        bench.firmware.memory = replace(bench.memory, settings=stored)
        bench.execute(c.OpenCover())
        assert e.Recorded(EventCode.COVER_CLEARED_TPM) in bench.execute(c.PowerOn())

    def test_clearing_cmos_does_not_take_it_back(self) -> None:
        bench = opened(desktop(NOTIFY, CLEAR), c.ClearCMOS(), c.OpenCover())
        assert e.Recorded(EventCode.COVER_CLEARED_TPM) in bench.execute(c.PowerOn())

    def test_where_no_setting_says_so_nothing_follows(self) -> None:
        bench = opened(switched_on(desktop(NOTIFY)))
        assert bench.phase is Phase.OPERATING_SYSTEM
        assert not bench.memory.cover.tpm_to_clear


def test_a_flood_of_removals_keeps_the_log_bounded() -> None:
    bench = opened(desktop(NOTIFY), *[c.OpenCover()] * 300)
    assert len(bench.memory.log.events) == 254
    assert bench.memory.cover.count == 301
