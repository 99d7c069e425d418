"""Replicated Setup: the settings of one machine carried to another on the USB stick, and files that nobody should have written."""

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from emulator import models
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.machine import TargetPC
from emulator.protocol import repset
from emulator.protocol.repset import Dialect
from emulator.setup import replicated_setup
from emulator.setup.dialogs import ConfirmDialog
from emulator.setup.replicated_setup import FILE, LARGEST, Restored
from emulator.setup.setup_screen import SetupScreen
from emulator.setup.viewer import Viewer
from tests.setup.person import ADMINISTRATOR, POWER_ON, in_setup, phase, play, read, with_passwords
from tests.setup.rendering import fixed_pc
from tests.setup.walking import step, to_page, to_row

PAGE = ("Main", "Replicated Setup")
SAVE, RESTORE = "Save to Removable Media", "Restore from Removable Media"
SECRET = "Remote HP PC Hardware Diagnostics Upload Server Password"
CHANGES = {
    "USB Storage Boot": "Disable",
    "BIOS Power-On Hour": "7",
    "Ownership Tag": "Ours, all of it",
    "UEFI Boot Order": "HDD:USB:1,HDD:M.2:1 Disabled,NETWORK IPV4:EMBEDDED:1,NETWORK IPV6:EMBEDDED:1",
    "Startup Delay (sec.)": "10",
}


def entered(pc: TargetPC) -> TargetPC:
    """In Computer Setup."""
    pc.execute(c.PowerOn())
    pc.execute(c.EnterSetup())
    return pc


def restored(pc: TargetPC, *entries: tuple[str, list[str]]) -> Restored:
    def stage(name: str, value: str) -> None:
        pc.execute(c.StageSetting(name, value))

    return replicated_setup.restore(pc.firmware, repset.make(entries, Dialect.FIRMWARE).render(), stage)


async def choose(pilot: Pilot[str], row: str) -> None:
    await to_page(pilot, *PAGE)
    await to_row(pilot, row)
    await step(pilot, "enter")


def test_a_second_machine_takes_what_the_first_one_saved(pc: TargetPC, usb: Path) -> None:
    in_setup(pc, *(c.StageSetting(name, value) for name, value in CHANGES.items()))

    async def save(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await choose(pilot, SAVE)
        assert "Saved:" in read(pilot)
        first = (usb / FILE).read_bytes()
        await step(pilot, "enter")
        assert isinstance(pilot.app.screen, ConfirmDialog)
        await step(pilot, "n", "enter", "y")
        assert (usb / FILE).read_bytes() == first

    play(pc, usb, save)
    other = fixed_pc()

    async def restore(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await choose(pilot, RESTORE)
        assert other.firmware.session.staged == CHANGES
        assert f"Changed: {len(CHANGES)}, already so:" in read(pilot)
        assert "not taken: 0. Save the changes to store them." in read(pilot)
        assert {name: other.firmware.value(name) for name in CHANGES} != CHANGES
        await step(pilot, "f10", "y")

    play(other, usb, restore)
    assert {name: other.firmware.value(name) for name in CHANGES} == CHANGES
    assert (usb / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("model", models.names())
def test_a_machine_takes_its_own_file_and_nothing_changes(model: str) -> None:
    pc = entered(fixed_pc(model))
    data = replicated_setup.text(pc.firmware)
    assert len(data) * 10 < LARGEST
    result = replicated_setup.restore(pc.firmware, data, lambda name, value: pytest.fail(name))
    assert (result.staged, result.refused) == (0, [])
    assert result.same > 100


def test_what_a_machine_does_not_take_is_listed(pc: TargetPC, usb: Path) -> None:
    usb.mkdir()
    entries = [
        ("No such setting", ["1"]),
        ("BIOS Power-On Hour", ["77"]),
        ("Serial Number", ["another"]),
        ("Fast Boot", ["Disable", "Enable"]),
        ("USB Storage Boot", ["*Disable", "Enable"]),
        ("USB Storage Boot", ["Disable", "*Enable"]),
        ("Setup Password", ["secret"]),
        ("Enhanced BIOS Authentication Mode", ["Disable", "*Enable"]),
    ]
    (usb / FILE).write_bytes(repset.make(entries, Dialect.FIRMWARE).render())

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await choose(pilot, RESTORE)
        assert isinstance(pilot.app.screen, Viewer)
        told = read(pilot)
        assert "Not taken from HPSETUP.TXT" in told
        for name in ("'No such setting'", "'BIOS Power-On Hour'", "'Fast Boot' needs one value"):
            assert name in told
        assert "'Serial Number'" in told
        assert "'Enhanced BIOS Authentication Mode'" in told
        assert "secret" not in told
        await step(pilot, "escape")
        assert isinstance(pilot.app.screen, SetupScreen)
        assert pc.firmware.session.staged == {"USB Storage Boot": "Disable"}
        assert "Changed: 1, already so: 0, not taken: 6" in read(pilot)

    play(pc, usb, script)


def test_what_is_grey_is_taken_after_what_makes_it_so(pc: TargetPC) -> None:
    entered(pc)
    proxy = ("Use Proxy", ["Disable", "*Enable"])
    address = ("Proxy Address", ["proxy.example:3128"])
    alone = restored(pc, address)
    assert (alone.staged, len(alone.refused)) == (0, 1)
    assert alone.refused[0].endswith("cannot be changed now: Switch the use of a proxy on first.")
    both = restored(pc, address, proxy)
    assert (both.staged, both.refused) == (2, [])
    assert set(pc.firmware.session.staged) == {"Use Proxy", "Proxy Address"}


def test_the_file_holds_no_secrets(pc: TargetPC, usb: Path) -> None:
    in_setup(pc, c.StageSetting(SECRET, "hush-hush"))
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, *POWER_ON, "enter", "f10", *ADMINISTRATOR, "enter")
        await choose(pilot, SAVE)

    play(pc, usb, script)
    told = (usb / FILE).read_bytes().decode("utf-16")
    assert "USB Storage Boot" in told
    for secret in ("hush-hush", ADMINISTRATOR, POWER_ON):
        assert secret not in told
    # Nor does an empty line of the file clear a secret of the machine that reads it.
    other = fixed_pc()
    in_setup(other, c.StageSetting(SECRET, "hush-hush"))
    assert restored(entered(other), (SECRET, [""])) == Restored(0, 1, [])


def test_who_may_only_look_changes_nothing_with_a_file(pc: TargetPC, usb: Path) -> None:
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)
    usb.mkdir()
    entries = [(name, ["*Disable", "Enable"]) for name in ("USB Storage Boot", "Fast Boot")]
    (usb / FILE).write_bytes(repset.make(entries, Dialect.FIRMWARE).render())

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, *POWER_ON, "enter", "f10", *POWER_ON, "enter")
        await choose(pilot, RESTORE)
        assert "Line 1:" in read(pilot)
        await step(pilot, "escape")
        assert "Changed: 0, already so: 0, not taken: 2" in read(pilot)
        assert (phase(pc), pc.firmware.session.staged) == (Phase.SETUP, {})

    play(pc, usb, script)


def test_a_file_that_is_none_is_a_sentence_and_changes_nothing(pc: TargetPC, usb: Path) -> None:
    file = usb / FILE
    noise = bytes(range(256)) * 9
    usb.mkdir()

    async def script(pilot: Pilot[str]) -> None:
        async def refused(*words: str) -> None:
            await step(pilot, "enter")
            if isinstance(pilot.app.screen, Viewer):
                await step(pilot, "escape")
            told = read(pilot)
            assert "! " in told or "Changed: 0" in told, told
            assert all(word in told for word in words), told
            assert pc.firmware.session.staged == {}
            await step(pilot, "up", "down")

        await step(pilot, "f10")
        await choose(pilot, RESTORE)
        await refused("There is no HPSETUP.TXT on the USB stick")
        for data in (
            noise,
            b"\xff\xfe" + noise,
            b"\xff\xfea",
            b"\x00" * 500,
            "Fast Boot\n\tno".encode("utf-16"),
        ):
            file.write_bytes(data)
            await refused()
        file.write_bytes(b"\xff\xfe" + b"a\x00" * LARGEST)
        await refused("is too long")
        file.unlink()
        file.symlink_to("/etc/hostname")
        await refused("cannot be read")
        file.unlink()
        file.mkdir()
        await refused("cannot be read")
        file.rmdir()
        os.mkfifo(file)
        await refused()

    play(pc, usb, script)
