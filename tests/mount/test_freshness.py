"""When the PC is asked anew, and what becomes of credentials when it cannot be asked."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator import management_socket
from emulator.firmware import commands as c
from emulator.mount import stamps
from emulator.mount.freshness import FreshDriver
from emulator.mount.whereabouts import Whereabouts
from emulator.open_door import OpenDoor
from emulator.pc_folder import PCFolder
from tests.mount.conftest import PATIENCE, environment, new_pc, running_here, until
from tests.mount.machines import BOSS, with_password

BOOT = "USB Storage Boot"
VALUE = f"hp-bioscfg/attributes/{BOOT}/current_value"
PASSWORD = "hp-bioscfg/authentication/Setup Password/current_password"
JUST_NOW = stamps.JUST_NOW / 1e9
Reply = dict[str, object]


class Bench:
    """A fresh driver of a PC elsewhere, whose answers can be counted, spoiled and accompanied."""

    def __init__(self, folder: PCFolder) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.told: list[str] = []
        self.fails = False
        self.spoiled: Reply = {}
        self.meanwhile: Callable[[], None] = lambda: None
        self.driver = FreshDriver(Whereabouts(self._ask, here=False), folder, self.told.append)

    def _ask(self, request: Reply) -> Reply:
        self.asked.append(str(request["verb"]))
        if self.fails:
            return {"ok": False, "error": "nobody answers this question"}
        reply = management_socket.ask(self.folder, request)
        self.meanwhile()
        return reply | self.spoiled

    def settled(self) -> None:
        """The image is old enough for its stamp to last, and everything is known."""
        time.sleep(JUST_NOW * 1.5)
        self.driver.read(VALUE)
        self.asked.clear()
        self.driver.read(VALUE)
        assert self.asked == []

    def refused(self, deed: Callable[[], object]) -> str:
        """The name of the error that a call ends with."""
        try:
            deed()
        except OSError as error:
            return errno.errorcode[error.errno or 0]
        pytest.fail("it was not refused")


@pytest.fixture
def door(tmp_path: Path) -> Iterator[OpenDoor]:
    with running_here(new_pc(tmp_path / "home")) as door:
        yield door


@pytest.fixture
def bench(door: OpenDoor) -> Bench:
    return Bench(door._folder)


def change(door: OpenDoor, value: str) -> None:
    with door.turn:
        assert door.pc.wmi.set_bios_setting(BOOT, value).accepted


def test_each_part_of_the_images_stamp_alone_has_the_pc_asked_anew(bench: Bench) -> None:
    image = bench.folder.image_path
    bench.settled()
    before = image.stat()
    os.utime(image, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    bench.driver.read(VALUE)
    assert bench.asked == ["attributes"]
    bench.settled()
    before = image.stat()
    copy = image.with_name("copy")
    shutil.copy2(image, copy)
    os.utime(copy, ns=(before.st_atime_ns, before.st_mtime_ns))
    copy.replace(image)
    after = image.stat()
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)
    bench.driver.read(VALUE)
    assert bench.asked == ["attributes"]


def test_an_image_that_was_written_just_now_is_not_trusted(bench: Bench) -> None:
    image = bench.folder.image_path
    os.utime(image)
    bench.driver.read(VALUE)
    bench.asked.clear()
    bench.driver.read(VALUE)
    assert bench.asked == ["attributes"]
    # A clock that was put back does not make it so for ever.
    later = time.time_ns() + 3600 * 10**9
    os.utime(image, ns=(later, later))
    bench.driver.read(VALUE)
    bench.asked.clear()
    bench.driver.read(VALUE)
    assert bench.asked == []


def test_a_change_while_the_pc_is_asked_is_seen_at_the_next_reading(bench: Bench, door: OpenDoor) -> None:
    bench.settled()
    change(door, "Disable")

    def once() -> None:
        bench.meanwhile = lambda: None
        # The reply has been made, and is on its way.
        change(door, "Enable")

    bench.meanwhile = once
    time.sleep(JUST_NOW * 1.5)
    assert bench.driver.read(VALUE) == b"Disable\n"
    assert bench.driver.read(VALUE) == b"Enable\n"


def test_who_is_away_is_told_of_once_for_each_absence(bench: Bench, door: OpenDoor) -> None:
    for absences in (1, 2):
        with door.turn:
            door.pc.execute(c.Restart())
        for _ in range(3):
            assert bench.refused(lambda: bench.driver.read(VALUE)) == "ENODEV"
        assert sum("'power-on self-test'" in sentence for sentence in bench.told) == absences
        with door.turn:
            door.pc.execute(c.Continue())
        assert bench.driver.read(VALUE) == b"Enable\n"
        assert sum("settings are back" in sentence for sentence in bench.told) == absences
    assert len(bench.told) == 4


def test_damaged_quirks_wait_for_the_next_start_and_are_named(bench: Bench, door: OpenDoor) -> None:
    bench.folder.quirks_path.write_text("{")
    change(door, "Disable")
    assert bench.driver.read(VALUE) == b"Disable\n"
    assert bench.told == []
    with door.turn:
        door.pc.execute(c.Restart())
        door.pc.execute(c.Continue())
    for _ in range(2):
        assert bench.refused(lambda: bench.driver.read(VALUE)) == "EIO"
    (sentence,) = bench.told
    assert str(bench.folder.quirks_path) in sentence
    assert "mend the file, or delete it" in sentence
    bench.folder.quirks_path.unlink()
    assert bench.driver.read(VALUE) == b"Disable\n"


@pytest.fixture
def guarded(tmp_path: Path) -> PCFolder:
    """A PC with an administrator password, off."""
    return PCFolder(with_password(tmp_path / "home") / "pc")


def test_a_password_is_used_up_by_a_write_that_found_nobody(guarded: PCFolder) -> None:
    with running_here(guarded):
        bench = Bench(guarded)
        bench.driver.write(PASSWORD, BOSS.encode())
        bench.driver.write(VALUE, b"Disable")
        assert bench.refused(lambda: bench.driver.write(VALUE, b"Enable")) == "EINVAL"
        bench.driver.write(PASSWORD, BOSS.encode())
        os.utime(guarded.image_path)
        bench.fails = True
        assert bench.refused(lambda: bench.driver.write(VALUE, b"Enable")) == "ENODEV"
        bench.fails = False
        assert bench.refused(lambda: bench.driver.write(VALUE, b"Enable")) == "EINVAL"
        # So it is by a reading that found nobody, and by a write that found another PC.
        bench.driver.write(PASSWORD, BOSS.encode())
        os.utime(guarded.image_path)
        bench.fails = True
        assert bench.refused(lambda: bench.driver.read(VALUE)) == "ENODEV"
        bench.fails = False
        assert bench.refused(lambda: bench.driver.write(VALUE, b"Enable")) == "EINVAL"
        bench.driver.write(PASSWORD, BOSS.encode())
        os.utime(guarded.image_path)
        bench.spoiled = {"machine": "another"}
        assert bench.refused(lambda: bench.driver.write(VALUE, b"Enable")) == "ESTALE"
        bench.spoiled = {}
        assert bench.refused(lambda: bench.driver.write(VALUE, b"Enable")) == "EINVAL"
        # It was the password that was missing.
        bench.driver.write(PASSWORD, BOSS.encode())
        bench.driver.write(VALUE, b"Enable")


@pytest.mark.parametrize("noticed", [True, False], ids=["read while off", "nobody looked"])
def test_a_password_does_not_outlast_its_start_whatever_image_is_put_back(
    guarded: PCFolder, *, noticed: bool
) -> None:
    older = guarded.path / "older"
    shutil.copy2(guarded.image_path, older)
    with running_here(guarded):
        bench = Bench(guarded)
        bench.driver.write(PASSWORD, BOSS.encode())
        boots = management_socket.ask(guarded, {"verb": "attributes"})["boots"]
    if noticed:
        assert bench.refused(lambda: bench.driver.read(VALUE)) == "ENODEV"
    shutil.copy2(older, guarded.image_path)
    with running_here(guarded):
        assert management_socket.ask(guarded, {"verb": "attributes"})["boots"] == boots
        assert bench.refused(lambda: bench.driver.write(VALUE, b"Disable")) == "EINVAL"
        assert bench.driver.read(VALUE) == b"Enable\n"


@pytest.mark.slow
def test_a_pc_whose_process_was_killed_is_no_device(tmp_path: Path) -> None:
    folder = new_pc(tmp_path / "home")
    program = (
        "import sys, pathlib, signal\n"
        "from emulator import headless\n"
        "from emulator.open_door import OpenDoor\n"
        "from emulator.pc_folder import PCFolder\n"
        "folder = PCFolder(pathlib.Path(sys.argv[1]))\n"
        "with headless.running(folder) as pc, OpenDoor(pc, folder):\n"
        "    print('on', flush=True)\n"
        "    signal.pause()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, folder.path],
        env=environment(tmp_path / "home"),
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        bench = Bench(folder)
        bench.settled()
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        until(lambda: not folder.is_on, "the lock is free")
        time.sleep(stamps.SURELY_ON * 2)
        assert bench.refused(lambda: bench.driver.read(VALUE)) == "ENODEV"
        assert bench.refused(lambda: bench.driver.read(VALUE)) == "ENODEV"
        (sentence,) = bench.told
        assert "is off" in sentence
        assert bench.asked == []
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
