"""A PC of a test on disk: the tools of other processes meet it, running or off."""

import gc
import shutil
import subprocess
import sysconfig
import threading
from pathlib import Path
from stat import S_IMODE

import pytest

from emulator import headless
from emulator.firmware.commands import OpenCover
from emulator.management_socket import DoorClosed, ask
from emulator.pc_folder import AlreadyOn, PCFolder
from emulator.testing import PC, Refused
from firmware_store import Image, StoreError


def folder_of(pc: PC) -> PCFolder:
    return PCFolder(pc.home / "pc")


def set_by_a_tool(pc: PC, name: str, value: str) -> None:
    reply = headless.order(folder_of(pc), {"verb": "set", "name": name, "value": value})
    assert reply["ok"], reply


def test_tools_are_found_and_meet_the_running_pc(target_pc: PC) -> None:
    target_pc.set("Fast Boot", "Disable")
    done = subprocess.run(
        ["f10", "wmi", "get", "Fast Boot", "--value"],
        env=target_pc.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "Disable\n"
    assert target_pc.phase == "operating system"


def test_what_a_tool_changes_is_seen_and_the_other_way_round(target_pc: PC) -> None:
    set_by_a_tool(target_pc, "Fast Boot", "Disable")
    assert target_pc.get("Fast Boot") == "Disable"
    target_pc.set("Fast Boot", "Enable")
    reply = ask(folder_of(target_pc), {"verb": "get", "name": "Fast Boot"})
    assert isinstance(reply["instance"], dict)
    assert reply["instance"]["CurrentValue"] == "Enable"


def test_the_session_goes_on_where_it_was(unlocked_pc: PC) -> None:
    unlocked_pc.change("Fast Boot", "Disable")
    assert ask(folder_of(unlocked_pc), {"verb": "status"})["ok"]
    assert unlocked_pc.phase == "Computer Setup"
    unlocked_pc.save()
    assert unlocked_pc.get("Fast Boot") == "Disable"
    assert isinstance(unlocked_pc.image, Image)


def test_while_it_runs_nobody_else_can_be_the_pc(target_pc: PC) -> None:
    with pytest.raises(AlreadyOn), folder_of(target_pc).power():
        pass


def test_one_that_is_off_is_switched_on_by_tools(target_pc: PC) -> None:
    boots = target_pc.clone()
    folder = folder_of(target_pc)
    target_pc.power_off()
    with pytest.raises(DoorClosed):
        ask(folder, {"verb": "status"})
    set_by_a_tool(target_pc, "Fast Boot", "Disable")
    assert (target_pc.phase, target_pc.get("Fast Boot")) == ("off", "Disable")
    target_pc.power_on()
    assert target_pc.get("Fast Boot") == "Disable"
    assert boots.get("Fast Boot") == "Enable"
    assert ask(folder, {"verb": "status"})["ok"]


def test_a_tool_that_is_the_pc_keeps_the_test_out(target_pc: PC) -> None:
    folder = folder_of(target_pc)
    target_pc.power_off()
    with headless.running(folder), pytest.raises(Refused, match="switched on already"):
        target_pc.power_on()
    target_pc.power_on()
    assert target_pc.phase == "operating system"


def test_restart_and_setup_work_on_disk(target_pc: PC) -> None:
    folder = folder_of(target_pc)
    target_pc.restart()
    target_pc.enter_setup()
    assert ask(folder, {"verb": "status"})["report"]["phase"] == "Computer Setup"  # type: ignore[index]


@pytest.mark.target_pc(quirks={"response_tries": "5"})
def test_quirks_come_along(target_pc: PC) -> None:
    assert folder_of(target_pc).quirks().response_tries == "5"
    target_pc.restart()
    assert target_pc.report()["quirks"] == {"response_tries": "5"}


def test_an_own_model_comes_along(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    packaged = Path("emulator/models/elitedesk-800-g2.toml").absolute()
    own.write_text(packaged.read_text("utf-8").replace('id = "elitedesk-800-g2"', 'id = "own-desk"', 1))
    with PC.new(str(own)) as original:
        for pc in (original, original.clone()):
            set_by_a_tool(pc, "Fast Boot", "Disable")
            assert folder_of(pc).model_path.is_file()
            pc.power_off()
            set_by_a_tool(pc, "USB Storage Boot", "Disable")
            pc.power_on()
            assert pc.get("Fast Boot") == pc.get("USB Storage Boot") == "Disable"


def test_the_end_frees_the_lock_and_clears_away() -> None:
    with PC.new() as pc:
        folder = folder_of(pc)
        assert folder.is_on
    assert not folder.is_on
    assert not folder.path.exists()


def test_the_image_of_a_new_pc(nvram_image: Image, tmp_path: Path) -> None:
    assert Path(nvram_image.path) == tmp_path / "nvram.fd"
    assert S_IMODE((tmp_path / "nvram.fd").stat().st_mode) == 0o600
    before = nvram_image.read()
    with nvram_image.transaction() as store:
        name = next(iter(store))
        store.delete(name.guid, name.name)
    assert nvram_image.read() != before


def test_a_start_that_fails_frees_the_pc_for_others(target_pc: PC) -> None:
    folder = folder_of(target_pc)
    target_pc.power_off()
    whole = folder.image_path.read_bytes()
    folder.image_path.write_bytes(bytes(len(whole)))
    with pytest.raises(StoreError):
        target_pc.power_on()
    assert not folder.is_on
    folder.image_path.write_bytes(whole)
    set_by_a_tool(target_pc, "Fast Boot", "Disable")
    target_pc.power_on()
    assert target_pc.get("Fast Boot") == "Disable"


def test_a_first_step_that_fails_frees_the_pc_for_others(
    target_pc: PC, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(target_pc)
    target_pc.power_off()

    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as world:
        world.setattr(Image, "transaction", full)
        with pytest.raises(StoreError, match="disk is full"):
            target_pc.power_on()
    assert not folder.is_on
    target_pc.power_on()
    with pytest.raises(Refused):
        target_pc.power_on()
    assert folder.is_on


def test_whoever_gets_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "pc").write_text("in the way")
    with PC.new(make_folder=lambda: tmp_path) as pc:
        for _ in range(2):
            with pytest.raises(OSError, match="cannot be made"):
                _ = pc.home


def test_two_pcs_never_share_a_folder(tmp_path: Path) -> None:
    with PC.new(make_folder=lambda: tmp_path) as pc:
        assert pc.home == tmp_path
        with pytest.raises(FileExistsError, match="a new folder each time"):
            _ = pc.clone().home
        assert folder_of(pc).is_on


def test_the_end_of_a_pc_ends_its_clones() -> None:
    with PC.new() as pc:
        clone = pc.clone()
        folders = [folder_of(each) for each in (clone, clone.clone(serial="OTHER"), pc)]
        kept = clone.clone()
        folders.append(folder_of(kept))
        assert all(folder.is_on for folder in folders[-2:])
    assert not any(folder.path.exists() for folder in folders)


def test_a_clone_lies_where_the_original_would(tmp_path: Path) -> None:
    numbers = iter("ab")

    def made() -> Path:
        folder = tmp_path / next(numbers)
        folder.mkdir()
        return folder

    with PC.new(make_folder=made) as pc:
        clone = pc.clone()
        assert {clone.home, pc.home} == {tmp_path / "a", tmp_path / "b"}


def test_a_forgotten_pc_goes_from_the_disk() -> None:
    pc = PC.new()
    folder, threads = folder_of(pc), threading.active_count()
    del pc
    gc.collect()
    assert not folder.path.exists()
    assert threading.active_count() == threads - 1


def test_orders_of_the_test_and_of_tools_come_one_after_the_other(target_pc: PC) -> None:
    folder = folder_of(target_pc)
    asked = threading.Thread(target=ask, args=(folder, {"verb": "status"}))
    with target_pc._held.exclusively():
        asked.start()
        asked.join(0.1)
        assert asked.is_alive()
    asked.join(10)
    assert not asked.is_alive()


def test_the_clock_goes_on_through_a_restart(provisioned_pc: PC) -> None:
    assert provisioned_pc.home.is_dir()
    provisioned_pc.wait(86400)
    provisioned_pc.restart()
    provisioned_pc.enter_setup()
    shown = provisioned_pc.challenge
    provisioned_pc.wait(599)
    assert provisioned_pc.challenge == shown
    provisioned_pc.wait(1)
    assert provisioned_pc.challenge != shown


@pytest.mark.target_pc(model="elitedesk-800-g2")
@pytest.mark.parametrize("presence", [True, False])
def test_an_open_cover_is_acknowledged_by_whoever_stands_there(target_pc: PC, presence: bool) -> None:
    target_pc.set("Cover Removal Sensor", "Notify User")
    target_pc.restart()
    target_pc.power_off()
    headless.touch(folder_of(target_pc), OpenCover())
    target_pc.power_on(presence=presence)
    assert target_pc.phase == "operating system"
    assert target_pc.report()["cover"] == {"removals": 1, "unacknowledged": not presence}


def test_our_tools_come_before_others_of_their_name(
    target_pc: PC, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bcu").write_text("#!/bin/sh\n")
    (tmp_path / "bcu").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("bcu", path=target_pc.environment["PATH"]) == f"{sysconfig.get_path('scripts')}/bcu"
    assert str(tmp_path) in target_pc.environment["PATH"]


def test_files_are_private(target_pc: PC) -> None:
    folder = folder_of(target_pc)
    assert S_IMODE(folder.image_path.stat().st_mode) == 0o600
    assert S_IMODE(folder.path.stat().st_mode) == 0o700
