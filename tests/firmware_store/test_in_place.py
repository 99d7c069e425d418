"""The file as the chip: barriers, kills in the middle, and errors of the host."""

import os
import pathlib
import random
import signal
import subprocess
import sys
import time
from uuid import UUID

import pytest

from firmware_store import TINY, Image
from firmware_store.errors import DiskFailure

VENDOR = UUID(int=1)
COUNT_IN_PLACE = """
import sys
from uuid import UUID
from firmware_store import Image
image, vendor = Image(sys.argv[1], durability="none", in_place=True), UUID(int=1)
while True:
    with image.transaction() as store:
        held = store.find(vendor, "Counter")
        number = 1 + (0 if held is None else int.from_bytes(held.data, "little"))
        store.set(vendor, "Counter", number.to_bytes(300, "little"), 7)
        store.set(vendor, "Twin", number.to_bytes(300, "big"), 7)
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    made = tmp_path / "flash.fd"
    Image(made).create(TINY)
    return made


def test_the_file_keeps_its_inode_and_both_modes_read_it(path: pathlib.Path) -> None:
    before = path.stat().st_ino
    with Image(path, in_place=True).transaction() as store:
        store.set(VENDOR, "A", b"one", 7)
    assert path.stat().st_ino == before
    with Image(path).transaction() as store:
        assert store.get(VENDOR, "A").data == b"one"
        store.set(VENDOR, "A", b"two", 7)
    assert Image(path, in_place=True).open().get(VENDOR, "A").data == b"two"


def test_both_modes_leave_the_same_bytes(path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    other = tmp_path / "other.fd"
    Image(other).create(TINY)
    for place, in_place in ((path, True), (other, False)):
        for number in range(40):
            with Image(place, durability="none", in_place=in_place).transaction() as store:
                store.set(VENDOR, "A", bytes([number]) * 200, 7)
                store.set(VENDOR, "B", bytes([number]) * 100, 7)
    assert path.read_bytes() == other.read_bytes()


def test_an_exception_of_the_caller_leaves_the_file_alone(path: pathlib.Path) -> None:
    before = path.read_bytes()

    def fail_after_a_change() -> None:
        with Image(path, in_place=True).transaction() as store:
            store.set(VENDOR, "A", b"one", 7)
            raise KeyError

    with pytest.raises(KeyError):
        fail_after_a_change()
    assert path.read_bytes() == before


def test_every_operation_is_flushed_before_the_next(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    pwrite = os.pwrite

    def written(file: int, data: bytes, offset: int) -> int:
        steps.append("write")
        return pwrite(file, data, offset)

    monkeypatch.setattr("os.pwrite", written)
    monkeypatch.setattr("firmware_store.in_place._flush", lambda file: steps.append("flush"))
    with Image(path, in_place=True).transaction() as store:
        store.set(VENDOR, "A", b"one", 7)
    assert len(steps) >= 8
    assert steps == ["write", "flush"] * (len(steps) // 2)


@pytest.mark.parametrize("failing", range(9))
def test_an_error_of_the_disk_leaves_the_change_made_or_not(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    with Image(path, in_place=True).transaction() as store:
        store.set(VENDOR, "A", b"old", 7)
    pwrite, calls = os.pwrite, iter(range(1000))

    def failing_write(file: int, data: bytes, offset: int) -> int:
        if next(calls) == failing:
            # Half of it still reaches the disk.
            pwrite(file, data[: len(data) // 2], offset)
            raise OSError(5, "Input/output error")
        return pwrite(file, data, offset)

    with monkeypatch.context() as patched:
        patched.setattr("os.pwrite", failing_write)
        try:
            with Image(path, in_place=True).transaction() as store:
                store.set(VENDOR, "A", b"new", 7)
                store.set(VENDOR, "B", b"new", 7)
        except DiskFailure:
            pass
    after = Image(path).open()
    second = after.find(VENDOR, "B")
    assert (after.get(VENDOR, "A").data, second and second.data) in {(b"old", None), (b"new", b"new")}


@pytest.mark.slow
def test_a_writer_that_is_killed_anywhere_loses_no_commit(path: pathlib.Path) -> None:
    chance, told = random.Random(7), 0
    until = time.monotonic() + 6
    while time.monotonic() < until:
        command = [sys.executable, "-c", COUNT_IN_PLACE, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.random() * 0.2)
            writer.send_signal(signal.SIGKILL)
            told = max([told, *(int(line) for line in writer.stdout.read().split())])
        store = Image(path).open()
        counter = int.from_bytes(store.get(VENDOR, "Counter").data, "little")
        assert counter == int.from_bytes(store.get(VENDOR, "Twin").data, "big")
        assert counter >= told
        told = counter
