"""A clone is the same machine in the same moment, and from then on another."""

from pathlib import Path

import pytest

from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.machine import TargetPC
from firmware_store import FOUR_MEGABYTE, Image, MemoryImage
from tests.provisioning import start


@pytest.fixture
def running() -> TargetPC:
    pc = TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE))
    start(pc)
    return pc


def test_a_clone_is_in_the_same_moment(running: TargetPC) -> None:
    running.execute(c.SetSetting("Fast Boot", "Disable"))
    twin = running.clone(MemoryImage(FOUR_MEGABYTE, running.image.read()))
    assert twin.report() == running.report()
    assert "Fast Boot" in twin.firmware.pending()


@pytest.mark.parametrize("changed", [0, 1])
def test_neither_learns_of_what_becomes_of_the_other(running: TargetPC, changed: int) -> None:
    twin = running.clone(MemoryImage(FOUR_MEGABYTE, running.image.read()))
    machines = [running, twin]
    one, other = machines[changed], machines[1 - changed]
    report, image = other.report(), other.image.read()
    assert one.wmi.set_bios_setting("Fast Boot", "Disable").accepted
    one.execute(c.PowerOff())
    assert (other.report(), other.image.read()) == (report, image)
    assert other.firmware.session.phase is Phase.OPERATING_SYSTEM
    assert one.report() != report


def test_a_clone_commits_to_its_own_image(running: TargetPC, tmp_path: Path) -> None:
    path = tmp_path / "nvram.fd"
    path.write_bytes(running.image.read())
    twin = running.clone(Image(path, durability="none"))
    assert twin.wmi.set_bios_setting("Fast Boot", "Disable").accepted
    twin.lose_power()
    assert twin.firmware.value("Fast Boot") == "Disable"
    running.lose_power()
    assert running.firmware.value("Fast Boot") == "Enable"


def test_clock_and_chance_come_along_or_are_given() -> None:
    clock, entropy = FixedClock(), FixedEntropy()
    pc = TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE), clock=clock, entropy=entropy)
    twin = pc.clone(MemoryImage(FOUR_MEGABYTE, pc.image.read()))
    assert (twin.clock, twin.entropy) == (clock, entropy)
    later = FixedClock(5.0, 5.0)
    assert pc.clone(MemoryImage(FOUR_MEGABYTE, pc.image.read()), clock=later).clock is later
