"""A PC that a tool switches on: nobody is there to type a password, to acknowledge a cover or to prove presence."""

from pathlib import Path

import pytest

from emulator import headless
from emulator.firmware import commands as c
from emulator.firmware import variables
from emulator.firmware.memory import Memory
from emulator.machine import memory_in, write
from emulator.management_door import DoorClosed, Reply, apply_request
from emulator.pc_folder import PCFolder
from emulator.protocol import payload, spm
from emulator.protocol.payload import Envelope, Purpose, SettingChange
from tests.firmware.bench import (
    BOSS,
    MODE,
    PRESENCE_INTERFACE,
    USER,
    endorsement,
    factory_new,
    guarded,
    locked,
    provisioned,
    signed,
    with_passwords,
    with_settings,
)
from tests.firmware.doors import desktop


def folder_with(memory: Memory, path: Path) -> PCFolder:
    folder = PCFolder(path / "pc")
    with folder.new_image().transaction() as store:
        write(store, variables.changes(None, memory))
    return folder


def order(command: c.SetSetting) -> bytes:
    change = SettingChange(command.name, command.value, command.authorization)
    return payload.encode(Envelope(Purpose.SETTING, payload.encode_setting(change)))


def applied(folder: PCFolder, raw: bytes) -> Reply:
    return headless.order(folder, apply_request(raw))


ENABLE = order(signed(MODE, "Enable"))


def test_a_power_on_password_keeps_the_tools_out_and_says_what_to_do(tmp_path: Path) -> None:
    folder = folder_with(locked(provisioned(), "", USER), tmp_path)
    with pytest.raises(DoorClosed) as refused:
        applied(folder, ENABLE)
    assert "asks for its power-on password" in str(refused.value)
    assert "switch it on with boot" in str(refused.value)
    memory = memory_in(folder.image().open())
    assert not memory.authentication.enabled
    assert not memory.boot.running
    assert memory.counters.settings == 0


def test_a_policy_for_starts_over_the_network_lets_them_in(tmp_path: Path) -> None:
    memory = with_settings(locked(provisioned(), "", USER), wake_on_lan_policy="Bypass Password")
    folder = folder_with(memory, tmp_path)
    assert applied(folder, ENABLE)["ok"] is True
    after = memory_in(folder.image().open())
    assert after.authentication.enabled
    assert after.passwords == memory.passwords


def test_an_administrator_s_password_stops_no_start_but_an_unsigned_change(tmp_path: Path) -> None:
    folder = folder_with(with_passwords(BOSS), tmp_path)
    reply = applied(folder, order(c.SetSetting("Fast Boot", "Disable")))
    assert (reply["ok"], reply["status_name"]) == (False, "ACCESS_DENIED")
    assert "administrator password" in str(reply["sentence"])
    assert applied(folder, order(c.SetSetting("Fast Boot", "Disable", f"<utf-16/>{BOSS}")))["ok"] is True


def test_what_needs_presence_waits_on(tmp_path: Path) -> None:
    folder = folder_with(factory_new(), tmp_path)
    reply = applied(folder, order(c.SetSetting(PRESENCE_INTERFACE, "Disable")))
    assert (reply["ok"], reply["presence_needed"]) == (True, True)
    keys = payload.encode(Envelope(Purpose.ENDORSEMENT_KEY, spm.endorsement_data(endorsement().data[64:])))
    applied(folder, keys)
    assert memory_in(folder.image().open()).waiting == {PRESENCE_INTERFACE: "Disable"}


def test_status_reads_a_locked_pc_and_starts_nothing(tmp_path: Path) -> None:
    folder = folder_with(locked(guarded(), BOSS, USER), tmp_path)
    before = folder.image_path.read_bytes()
    told = headless.status(folder)
    assert (told["power"], told["passwords"]) == ("off", {"administrator": True, "power_on": True})
    assert folder.image_path.read_bytes() == before


def test_a_notice_of_the_cover_waits_for_somebody_who_attends(tmp_path: Path) -> None:
    bench = desktop("Notify User")
    bench.execute(c.OpenCover())
    folder = folder_with(bench.memory, tmp_path)
    assert applied(folder, order(c.SetSetting("Fast Boot", "Disable")))["ok"] is True
    assert memory_in(folder.image().open()).cover.unacknowledged
