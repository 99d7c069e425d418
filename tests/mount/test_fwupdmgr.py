"""fwupdmgr and its daemon on a bus of their own change a mounted PC.

The daemon reads the tree when it starts and from then on believes what it remembers: a change that comes from elsewhere it does not see,
and a word that it wrote and that the tree refused, it does not remember.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from emulator import models
from emulator.firmware import commands as c
from emulator.firmware import variables
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue, Condition, Keeper, Kind, Setting
from emulator.firmware.firmware import Firmware
from emulator.firmware.memory import Memory
from emulator.firmware.settings import accepted
from emulator.machine import write
from emulator.open_door import OpenDoor
from tests.firmware.bench import MODE, local_key_value
from tests.machine.legal_values import PASSWORD, changeable, legal
from tests.mount import machines
from tests.mount.conftest import Mounted, Mounting, new_pc, running_here
from tests.mount.fwupd import Exit, daemon, mapped

PAGE = 4096
LARGEST = (1 << 31) - 1
BOOT = "USB Storage Boot"


@pytest.mark.slow
def test_what_the_daemon_reads_changes_and_remembers(mounted: Mounted, tmp_path: Path) -> None:
    with daemon(mounted.tree, tmp_path) as client:
        assert client.settings("Secure Boot")["Secure Boot"]["BiosSettingCurrentValue"] == "Enable"
        assert client.set(BOOT, "Disable").code == Exit.DONE
        assert machines.value(mounted.home, BOOT) == "Disable"
        assert client.set(BOOT, "Disable").code == Exit.NOTHING_TO_DO
        bad = client.set(BOOT, "Sometimes")
        assert (bad.code, "doesn't map" in bad.errors) == (Exit.ERROR, True)
        unknown = client.set("No Such Setting", "Enable")
        assert (unknown.code, "attribute not found" in unknown.errors) == (Exit.NOT_FOUND, True)
        order = client.set("UEFI Boot Order", "HDD:USB:1")
        assert (order.code, "unknown attribute type" in order.errors) == (Exit.ERROR, True), order

        (mounted.attributes / BOOT / "current_value").write_text("Enable\n")
        assert client.settings(BOOT)[BOOT]["BiosSettingCurrentValue"] == "Disable"
        assert client.set(BOOT, "Disable").code == Exit.NOTHING_TO_DO
        assert machines.value(mounted.home, BOOT) == "Enable"
    with daemon(mounted.tree, tmp_path) as client:
        assert client.settings(BOOT)[BOOT]["BiosSettingCurrentValue"] == "Enable"
        # Whether there is something to do it sees by the word that came, before it makes a value of it.
        assert [client.set(BOOT, "off").code for _ in range(2)] == [Exit.DONE, Exit.DONE]
        assert client.settings(BOOT)[BOOT]["BiosSettingCurrentValue"] == "Disable"
        assert machines.value(mounted.home, BOOT) == "Disable"


@pytest.mark.slow
def test_a_value_behind_another_of_the_same_polarity_cannot_be_reached(
    mounting: Mounting, tmp_path: Path
) -> None:
    """It takes the first value in which the same is on or off, also where another is called exactly as was asked for."""
    name, first = "Configure Legacy Support and Secure Boot", "Legacy Support Enable and Secure Boot Disable"
    folder = new_pc(tmp_path / "home", "elitedesk-800-g2")
    with running_here(folder) as door, daemon(mounting(tmp_path / "home").tree, tmp_path) as client:
        told = client.set(name, "Legacy Support Disable and Secure Boot Disable")
        assert (told.code, door.pc.firmware.memory.waiting) == (Exit.DONE, {name: first})


@pytest.mark.slow
def test_several_settings_in_one_call(mounted: Mounted, tmp_path: Path) -> None:
    wanted = {BOOT: "Disable", "Ownership Tag": "Ours, really", "Fast Boot": "Disable"}
    with daemon(mounted.tree, tmp_path) as client:
        assert client.set_together(wanted, tmp_path).code == Exit.DONE
    assert {name: machines.value(mounted.home, name) for name in wanted} == wanted


@pytest.mark.slow
def test_a_password(mounting: Mounting, tmp_path: Path) -> None:
    mounted = mounting(machines.with_password(tmp_path / "home"))
    password = mounted.authentication / "Setup Password" / "current_password"
    with daemon(mounted.tree, tmp_path) as client:
        without = client.set(BOOT, "Disable")
        assert (without.code, os.strerror(22) in without.errors) == (Exit.ERROR, True), without
        password.write_text("Not-The-Boss-1")
        wrong = client.set(BOOT, "Disable")
        assert (wrong.code, os.strerror(22) in wrong.errors) == (Exit.ERROR, True), wrong
        assert machines.value(mounted.home, BOOT) == "Enable"
        password.write_text(machines.BOSS)
        assert client.set(BOOT, "Disable").code == Exit.DONE
        assert machines.value(mounted.home, BOOT) == "Disable"
        assert client.set(BOOT, "Enable").code == Exit.ERROR


@pytest.mark.slow
def test_a_token(mounting: Mounting, tmp_path: Path) -> None:
    mounted = mounting(machines.with_mode_on(tmp_path / "home"))
    token = mounted.authentication / "SPM" / "auth_token"
    with daemon(mounted.tree, tmp_path) as client:
        assert client.set(BOOT, "Disable").code == Exit.ERROR
        token.write_text(machines.token(BOOT, "Disable", by="other"))
        assert client.set(BOOT, "Disable").code == Exit.ERROR
        assert machines.value(mounted.home, BOOT) == "Enable"
        token.write_text(machines.token(BOOT, "Disable"))
        assert client.set(BOOT, "Disable").code == Exit.DONE
        assert machines.value(mounted.home, BOOT) == "Disable"
        for name, value in ((f"{MODE} Local Access Key 1", local_key_value("other")), (MODE, "Disable")):
            token.write_text(machines.token(name, value))
            assert client.set(name, value).code == Exit.DONE
            assert machines.value(mounted.home, name) == value
        assert client.set(BOOT, "Enable").code == Exit.DONE


def written_by_fwupd(model: Catalogue) -> list[Setting]:
    """What fwupd has a kind for and the machine's rules leave to everybody."""
    kinds = {Kind.ENUMERATION, Kind.INTEGER, Kind.STRING}
    return [each for each in model.settings.values() if each.kind in kinds and each.keeper is Keeper.ORDINARY]


def wanted_for(setting: Setting) -> str:
    """A legal value that is not the default, and that gets through fwupd and the driver."""
    wanted = (each for each in reversed(legal(setting)) if each not in {"", setting.default})
    return next(each for each in wanted if can_be_said(setting, each))


def can_be_said(setting: Setting, value: str) -> bool:
    """What fwupd makes of the word is that value; the driver takes a page, and numbers of 31 bits."""
    if setting.kind is Kind.ENUMERATION:
        return mapped(value, setting.values) == value
    return len(value) < PAGE and (setting.kind is not Kind.INTEGER or int(value) <= LARGEST)


def put_into(door: OpenDoor, memory: Memory) -> None:
    """Make the machine another one of the same identity, with its operating system running."""
    with door.turn:
        door.pc.execute(c.PowerOff())
        with door.pc.image.transaction() as store:
            write(store, variables.changes(door.pc.firmware.memory, memory))
        door.pc.firmware = Firmware(door.pc.firmware.catalogue, memory)
        door.pc.execute(c.PowerOn())
        if door.pc.firmware.session.phase is Phase.POWER_ON_PASSWORD:
            door.pc.execute(c.TypePassword(PASSWORD))
        door.pc.execute(c.Continue())


def groups(settings: Iterable[Setting]) -> Iterator[tuple[tuple[Condition, ...], list[Setting]]]:
    """Those that depend on the same, together; what is carried out at once and may change others, alone."""
    for requires, depending in groupby(
        sorted(settings, key=lambda each: repr(each.requires)), lambda each: each.requires
    ):
        alike = list(depending)
        if lasting := [each for each in alike if not each.momentary]:
            yield requires, lasting
        yield from ((requires, [each]) for each in alike if each.momentary)


@pytest.mark.slow
@pytest.mark.parametrize("model", models.names())
def test_every_setting_of_a_kind_that_fwupd_writes_is_written_by_it(
    mounting: Mounting, tmp_path: Path, model: str
) -> None:
    """One daemon; what depends on others is set on a machine where it can be, a change that the daemon does not notice.

    Where nobody asks for a password many settings go in one call, else each after a password.
    """
    folder, catalogue = new_pc(tmp_path / "home", model), models.packaged(model)
    values = {each: wanted_for(each) for each in written_by_fwupd(catalogue)}
    assert len(values) > 100
    with running_here(folder) as door:
        mounted = mounting(tmp_path / "home")
        identity = door.pc.firmware.memory.identity
        password = mounted.authentication / "Setup Password" / "current_password"
        with daemon(mounted.tree, tmp_path) as client:
            for requires, alike in groups(values):
                if requires:
                    put_into(door, replace(changeable(catalogue, alike[0]), identity=identity))
                wanted = {each.name.replace("/", "!"): values[each] for each in alike}
                if door.pc.firmware.memory.passwords.administrator is None:
                    told = client.set_together(wanted, tmp_path)
                    assert told.code == Exit.DONE, (wanted, told)
                else:
                    for name, value in wanted.items():
                        password.write_text(PASSWORD)
                        told = client.set(name, value)
                        assert told.code == Exit.DONE, (name, value, told)
                kept = {**door.pc.firmware.memory.settings, **door.pc.firmware.memory.waiting}
                for each in alike:
                    # What is carried out at once is back at its default.
                    assert each.momentary or kept[each.name] == accepted(each, values[each])
