"""The startup menu and the boot menu: what they lead to, and which device the operating system comes from."""

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import ValueNotAllowed
from tests.firmware.bench import Bench, factory_new, small, started, with_settings

DISK, STICK, IPV4, IPV6 = "HDD:M.2:1", "HDD:USB:1", "NETWORK IPV4:EMBEDDED:1", "NETWORK IPV6:EMBEDDED:1"


def booted(memory: Memory, *keys: c.Command) -> Bench:
    bench = Bench(memory)
    for key in (c.PowerOn(), *keys):
        bench.execute(key)
    return bench


class TestStartupMenu:
    def test_escape_during_post_opens_it(self) -> None:
        bench = booted(factory_new())
        assert bench.execute(c.OpenStartupMenu()) == (e.PhaseEntered(Phase.STARTUP_MENU),)

    @pytest.mark.parametrize(
        ("key", "phase"),
        [
            (c.Continue(), Phase.OPERATING_SYSTEM),
            (c.EnterSetup(), Phase.SETUP),
            (c.OpenBootMenu(), Phase.BOOT_MENU),
            (c.Restart(), Phase.POST),
            (c.PowerOff(), Phase.OFF),
        ],
    )
    def test_it_leads_where_its_entries_say(self, key: c.Command, phase: Phase) -> None:
        assert booted(factory_new(), c.OpenStartupMenu(), key).phase is phase


class TestBootMenu:
    def test_it_lists_the_boot_order(self) -> None:
        bench = booted(factory_new(), c.OpenBootMenu())
        assert bench.firmware.devices() == [DISK, STICK, IPV4, IPV6]
        bench = booted(
            with_settings(factory_new(), boot_order=f"{STICK},{IPV6},{DISK},{IPV4}"), c.OpenBootMenu()
        )
        assert bench.firmware.devices() == [STICK, IPV6, DISK, IPV4]

    def test_a_disabled_entry_is_left_out(self) -> None:
        bench = booted(
            with_settings(factory_new(), boot_order=f"{DISK} Disabled,{STICK},{IPV4} Disabled,{IPV6}")
        )
        assert bench.firmware.devices() == [STICK, IPV6]

    @pytest.mark.parametrize("device", [DISK, STICK, IPV4, IPV6])
    def test_a_chosen_device_starts(self, device: str) -> None:
        bench = booted(factory_new(), c.OpenBootMenu())
        assert bench.execute(c.StartFrom(device)) == (e.PhaseEntered(Phase.OPERATING_SYSTEM),)
        assert bench.firmware.session.device == device

    @pytest.mark.parametrize("device", ["", "HDD", DISK.lower(), f"{DISK} Disabled", "\ud800\0" * 10_000])
    def test_a_device_that_is_not_there_starts_nothing(self, device: str) -> None:
        bench = booted(factory_new(), c.OpenBootMenu())
        refusal = bench.refused(c.StartFrom(device), ValueNotAllowed)
        assert DISK in str(refusal)
        assert len(str(refusal)) < 1000

    def test_a_disabled_device_is_not_chosen(self) -> None:
        bench = booted(with_settings(factory_new(), boot_order=f"{DISK},{STICK} Disabled"), c.OpenBootMenu())
        for device in (STICK, f"{STICK} Disabled"):
            bench.refused(c.StartFrom(device), ValueNotAllowed)

    def test_escape_starts_the_first_device(self) -> None:
        bench = booted(
            with_settings(factory_new(), boot_order=f"{IPV4},{DISK}"), c.OpenBootMenu(), c.Continue()
        )
        assert bench.firmware.session.device == IPV4

    def test_a_choice_is_for_this_start_only(self) -> None:
        bench = booted(factory_new(), c.OpenBootMenu(), c.StartFrom(STICK), c.Restart(), c.Continue())
        assert bench.firmware.session.device == DISK


class TestPlainStart:
    def test_it_takes_the_first_device_that_is_enabled(self) -> None:
        assert started(factory_new()).firmware.session.device == DISK
        memory = with_settings(factory_new(), boot_order=f"{DISK} Disabled,{STICK} Disabled,{IPV6},{IPV4}")
        assert started(memory).firmware.session.device == IPV6

    def test_an_order_that_was_changed_acts_after_the_restart(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting("UEFI Boot Order", f"{STICK},{DISK},{IPV4},{IPV6}"))
        assert bench.firmware.devices()[0] == DISK
        bench.execute(c.Restart())
        assert bench.firmware.devices()[0] == STICK
        bench.execute(c.Continue())
        assert bench.firmware.session.device == STICK

    def test_with_every_entry_disabled_it_starts_without_a_device(self) -> None:
        every = ",".join(f"{each} Disabled" for each in (DISK, STICK, IPV4, IPV6))
        bench = booted(with_settings(factory_new(), boot_order=every), c.OpenBootMenu())
        assert "no entry" in str(bench.refused(c.StartFrom(DISK), ValueNotAllowed))
        bench.execute(c.Continue())
        assert (bench.phase, bench.firmware.session.device) == (Phase.OPERATING_SYSTEM, "")

    def test_a_model_without_a_boot_order_starts_without_a_device(self) -> None:
        bench = small()
        bench.execute(c.PowerOn())
        assert bench.firmware.devices() == []
        bench.execute(c.OpenBootMenu())
        bench.refused(c.StartFrom(""), ValueNotAllowed)
        bench.execute(c.Continue())
        assert bench.firmware.session.device == ""

    def test_switching_off_forgets_the_device(self) -> None:
        bench = started(factory_new())
        bench.execute(c.PowerOff())
        assert bench.firmware.session.device == ""
        assert bench.firmware.devices() == [DISK, STICK, IPV4, IPV6]
