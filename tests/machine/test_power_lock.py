"""The lock that makes one process at most the PC, and those who only look."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator import pc_folder
from emulator.pc_folder import AlreadyOn, PCFolder


@pytest.fixture
def folder(tmp_path: Path) -> PCFolder:
    made = PCFolder(tmp_path / "pc")
    made.make()
    return made


@contextmanager
def watched(folder: PCFolder) -> Iterator[list[bool]]:
    """Somebody looks all the while whether the PC is on."""
    seen: list[bool] = []
    ending = threading.Event()

    def look() -> None:
        while not ending.is_set():
            seen.append(folder.is_on)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        ending.set()
        watcher.join()


def test_who_only_looks_keeps_nobody_from_switching_it_on(folder: PCFolder) -> None:
    with folder.power():
        pass
    with watched(folder) as seen:
        for _ in range(300):
            with folder.power():
                assert folder.is_on
    assert seen


def test_who_is_the_pc_is_told_until_he_is_not(folder: PCFolder) -> None:
    with folder.power("the first"):
        with pytest.raises(AlreadyOn, match="switched on already, by the first"), folder.power("the second"):
            pass
        # Who was refused took nothing away.
        with pytest.raises(AlreadyOn, match="by the first"), folder.power():
            pass
    assert (folder.path / "power.lock").read_bytes() == b""


def test_whoever_looks_for_too_long_is_not_taken_for_somebody_who_is_gone(folder: PCFolder) -> None:
    with folder.power("somebody who is gone"):
        pass
    with (folder.path / "power.lock").open("rb") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        with pytest.raises(AlreadyOn, match="by another process"), folder.power():
            pass


def test_a_pc_that_is_off_is_switched_on_without_a_pause(
    folder: PCFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_pause(_: float) -> None:
        raise AssertionError("nobody holds the lock")

    monkeypatch.setattr(time, "sleep", no_pause)
    with folder.power():
        assert folder.is_on
    assert not folder.is_on


def test_a_pc_that_is_on_is_refused_soon(folder: PCFolder) -> None:
    with folder.power():
        began = time.monotonic()
        with pytest.raises(AlreadyOn), folder.power():
            pass
        assert pc_folder.LOOKING <= time.monotonic() - began < 1
