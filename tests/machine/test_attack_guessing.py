"""Attacks on the door that cut the power, kill the process, fill the disk, or lay hands on the image file.

* power cut between count and compare, and in the middle of the count, through the flash itself: here
* process killed and started again: here, with the real program in `tests/faces/test_tour.py`
* two sessions in parallel: here, the power lock; with the real program in `tests/faces/test_tour.py`
* state deleted, truncated, made read-only while a code is asked for: here, no try is compared that was not counted
* state deleted or truncated while the machine is off: here, there is no door then to guess at
* state rolled back: cannot be noticed, for a file does not know that it is old; here is what it gives and what it does not
* waits over restarts and other clocks: here; the rest of the group: `tests/firmware/test_attack_guessing.py`
"""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.firmware import variables
from emulator.firmware.boot import Phase
from emulator.firmware.memory import Guard
from emulator.firmware.refusals import MustWait, NoLiveChallenge
from emulator.headless import running
from emulator.machine import TargetPC, memory_in, write
from emulator.pc_folder import AlreadyOn, NoPC, PCFolder
from firmware_store import (
    FOUR_MEGABYTE,
    FlashImage,
    MemoryImage,
    NORFlash,
    StoreError,
    VariableStore,
)
from firmware_store.errors import PowerCut
from firmware_store.flash import Cut
from tests.firmware.bench import (
    MODE,
    NONCE,
    answer,
    guarded,
    miss,
    pin,
    signed,
    start,
    wait_for_challenge,
    wrong,
)
from tests.machine.images import FailingImage, image_with, pc_in


def at_the_door(image: FlashImage, clock: FixedClock | None = None) -> TargetPC:
    pc = TargetPC(image, clock=clock or FixedClock(), entropy=FixedEntropy())
    pc.execute(c.PowerOn())
    pc.execute(c.EnterSetup())
    return pc


def test_a_power_cut_between_count_and_compare_refunds_nothing() -> None:
    image = image_with(guarded())
    for misses in range(1, 4):
        pc = at_the_door(image)
        pc.execute(c.CountResponse(wrong(pin(pc))))
        assert memory_in(image.open()).guard.misses == misses


def test_a_right_code_that_was_never_compared_opens_nothing_and_is_paid_for() -> None:
    image = image_with(guarded())
    pc = at_the_door(image)
    right = pin(pc)
    pc.execute(c.CountResponse(right))
    again = pc_in(image)
    assert again.firmware.session.phase is Phase.OFF
    assert again.firmware.memory.guard.misses == 1
    again.execute(c.PowerOn())
    again.execute(c.EnterSetup())
    with pytest.raises(NoLiveChallenge):
        again.execute(c.CompareResponse(right))


def test_a_try_that_cannot_be_counted_is_not_compared() -> None:
    image = FailingImage()
    pc = at_the_door(image_with(guarded(), image))
    before = pc.firmware.session
    image.fail()
    for code in (pin(pc), wrong(pin(pc))):
        with pytest.raises(StoreError, match="disk is full"):
            pc.answer(code)
        assert pc.firmware.session == before
        with pytest.raises(NoLiveChallenge):
            pc.execute(c.CompareResponse(code))
    image.heal()
    pc.answer(pin(pc))
    assert pc.firmware.session.phase is Phase.SETUP


def test_a_right_code_whose_success_cannot_be_kept_opens_nothing() -> None:
    image = FailingImage()
    pc = at_the_door(image_with(guarded(), image))
    image.fail(after=1)
    with pytest.raises(StoreError):
        pc.answer(pin(pc))
    assert pc.firmware.session.phase is Phase.CHALLENGE
    assert memory_in(image.open()).guard.misses == pc.firmware.memory.guard.misses == 1


def test_a_lockout_that_cannot_be_logged_is_no_fourth_try() -> None:
    image = FailingImage()
    pc = at_the_door(image_with(guarded(), image))
    miss(pc)
    miss(pc)
    image.fail(after=1)
    with pytest.raises(StoreError):
        pc.answer(wrong(pin(pc)))
    assert pc.firmware.session.door.tries_left == 0
    image.heal()
    pc.execute(c.CompareResponse(wrong(pin(pc))))
    assert pc.firmware.session.phase is Phase.POST
    assert pc.firmware.memory.log.events[-1].code == 0x881E


def test_killing_the_process_forgets_no_miss_and_no_wait() -> None:
    image, clock = image_with(guarded()), FixedClock()
    for misses in range(1, 8):
        pc = at_the_door(image, clock)
        wait_for_challenge(pc, clock)
        miss(pc)
        assert memory_in(image.open()).guard.misses == misses
    assert memory_in(image.open()).guard.wait == 40
    clock.advance(86_400)
    pc = at_the_door(image, clock)
    with pytest.raises(MustWait, match="40 s more"):
        pc.execute(c.RefreshChallenge())
    clock.advance(39)
    pc = at_the_door(image, clock)
    assert wait_for_challenge(pc, clock) == 40


def test_a_clean_power_off_keeps_what_is_left_of_the_wait() -> None:
    image, clock = image_with(guarded()), FixedClock()
    for _ in range(5):
        pc = at_the_door(image, clock)
        wait_for_challenge(pc, clock)
        miss(pc)
    clock.advance(3)
    pc.execute(c.PowerOff())
    assert memory_in(image.open()).guard == Guard(5, 7)
    clock.advance(3600)
    assert wait_for_challenge(at_the_door(image, clock), clock) == 7


def test_another_process_with_another_monotonic_clock_waits_as_long() -> None:
    image = image_with(guarded())
    for number in range(6):
        clock = FixedClock(monotonic=1e9 / (number + 1))
        pc = at_the_door(image, clock)
        wait_for_challenge(pc, clock)
        miss(pc)
    clock = FixedClock(unix=0, monotonic=0.0)
    assert wait_for_challenge(at_the_door(image, clock), clock) == 20


def test_the_wait_that_was_waited_is_not_waited_again_after_a_kill() -> None:
    image, clock = image_with(guarded()), FixedClock()
    for _ in range(4):
        pc = at_the_door(image, clock)
        wait_for_challenge(pc, clock)
        miss(pc)
    pc = at_the_door(image, clock)
    assert wait_for_challenge(pc, clock) == 5
    assert memory_in(image.open()).guard == Guard(4, 0)
    assert wait_for_challenge(at_the_door(image, clock), clock) == 0


def test_a_signed_command_clears_what_the_image_holds() -> None:
    image, clock = image_with(guarded()), FixedClock()
    for _ in range(4):
        pc = at_the_door(image, clock)
        wait_for_challenge(pc, clock)
        miss(pc)
    pc = pc_in(image, clock)
    start(pc)
    pc.execute(signed(MODE, "Enable", NONCE + 1))
    assert memory_in(image.open()).guard == Guard()


# --- The flash itself, operation by operation ----------------------------------------------------------------------


class CutImage(MemoryImage):
    """A chip whose power is cut in one operation of one transaction; what the chip then holds is the image."""

    def __init__(self, content: bytes) -> None:
        super().__init__(FOUR_MEGABYTE, content)
        self.cut: Cut | None = None
        self.operations = 0

    @contextmanager
    def transaction(self, *, wait: bool = True, secret: bool = False) -> Iterator[VariableStore]:
        flash = NORFlash(self.read(), FOUR_MEGABYTE.block_size)
        store = VariableStore(flash, FOUR_MEGABYTE)
        flash.operations, flash.cut = 0, self.cut
        try:
            with store.transaction(secret=secret):
                yield store
        finally:
            self._content = bytes(flash.content)
            self.operations = flash.operations


def test_a_power_cut_in_any_operation_of_the_count_leaves_it_paid_or_never_compared() -> None:
    before = at_the_door(image_with(guarded()))
    at_rest = before.image.read()
    whole = CutImage(at_rest)
    at_the_door(whole).execute(c.CountResponse("12345678"))
    seen = set()
    assert whole.operations > 3
    for operation in range(whole.operations):
        for done in (0, 1, 7):
            image = CutImage(at_rest)
            pc = at_the_door(image)
            compared: list[object] = []
            image.cut = Cut(operation, done)
            with pytest.raises(PowerCut):
                compared += pc.answer(pin(pc))
            assert not compared
            assert pc.firmware.session.phase is Phase.CHALLENGE
            image.cut = None
            misses = memory_in(image.open()).guard.misses
            again = at_the_door(image)
            assert again.firmware.session.phase is Phase.CHALLENGE
            assert again.firmware.memory.guard.misses == misses
            seen.add(misses)
    assert seen == {0, 1}


# --- The file and the process --------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> PCFolder:
    """A guarded machine in its folder."""
    folder = PCFolder(tmp_path / "pc")
    image = folder.new_image()
    with image.transaction() as store:
        write(store, variables.changes(None, guarded()))
    return folder


def misses_in(folder: PCFolder) -> int:
    return memory_in(folder.image().open()).guard.misses


DIES = """
import os, signal, sys
from pathlib import Path
from emulator.firmware import commands as c
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder

folder = PCFolder(Path(sys.argv[1]))
with folder.power():
    pc = TargetPC(folder.image())
    pc.execute(c.PowerOn())
    pc.execute(c.EnterSetup())
    pc.execute(c.CountResponse("12345678"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_between_count_and_compare_has_paid(folder: PCFolder) -> None:
    for misses in (1, 2):
        done = subprocess.run([sys.executable, "-c", DIES, folder.path], check=False)
        assert done.returncode == -signal.SIGKILL
        assert not folder.is_on
        assert misses_in(folder) == misses


def test_two_sessions_in_parallel_are_not_to_be_had(folder: PCFolder, tmp_path: Path) -> None:
    other_way = tmp_path / "another name"
    other_way.symlink_to(folder.path)
    with folder.power():
        pc = at_the_door(folder.image())
        before = folder.image().read()
        for second in (folder, PCFolder(folder.path), PCFolder(other_way)):
            with pytest.raises(AlreadyOn), running(second):
                pytest.fail("a second machine was switched on over the same image")
        assert folder.image().read() == before
        pc.answer(wrong(pin(pc)))
    assert misses_in(folder) == 1


def deleted(path: Path) -> None:
    path.unlink()


def truncated(path: Path) -> None:
    os.truncate(path, 100_000)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def moved_away(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def overwritten(path: Path) -> None:
    path.write_bytes(b"\xff" * 540_672)


DAMAGES = [deleted, truncated, emptied, moved_away, overwritten]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_state_that_is_deleted_or_truncated_at_the_door_gives_no_free_try(
    folder: PCFolder, damage: Callable[[Path], None]
) -> None:
    with folder.power():
        pc = at_the_door(folder.image())
        damage(folder.image_path)
        for code in (wrong(pin(pc)), pin(pc)):
            with pytest.raises(StoreError):
                pc.answer(code)
            with pytest.raises(NoLiveChallenge):
                pc.execute(c.CompareResponse(code))
        assert pc.firmware.session.phase is Phase.CHALLENGE
        assert pc.firmware.session.door.tries_left == 3


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_state_that_was_deleted_or_truncated_is_no_machine_any_more(
    folder: PCFolder, damage: Callable[[Path], None]
) -> None:
    damage(folder.image_path)
    with pytest.raises((StoreError, NoPC)):
        TargetPC(folder.image())


def test_a_state_made_read_only_gives_no_free_try(folder: PCFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refuse(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return opened(path, flags, mode, dir_fd=dir_fd)

    pc = at_the_door(folder.image())
    right = pin(pc)
    monkeypatch.setattr(os, "open", refuse)
    for code in (wrong(right), right) * 3:
        with pytest.raises(StoreError):
            pc.answer(code)
        assert pc.firmware.session.phase is Phase.CHALLENGE
    with pytest.raises(StoreError):
        at_the_door(folder.image())
    monkeypatch.undo()
    assert misses_in(folder) == 0
    pc.answer(right)
    assert pc.firmware.session.phase is Phase.SETUP


def test_a_state_rolled_back_brings_the_tries_back_and_no_pin() -> None:
    """Nobody could notice: the whole memory of the machine is the file. Who may write it owns the machine, and needs no PIN."""
    image, clock = image_with(guarded()), FixedClock()
    old = image.read()
    pc = at_the_door(image, clock)
    first = pin(pc)
    for _ in range(2):
        miss(pc)
    assert memory_in(image.open()).guard.misses == 2
    again = pc_in(MemoryImage(FOUR_MEGABYTE, old), clock, seed="another boot draws other numbers")
    again.execute(c.PowerOn())
    again.execute(c.EnterSetup())
    assert again.firmware.memory.guard.misses == 0
    answer(again, first)
    assert again.firmware.session.phase is Phase.CHALLENGE


def test_a_state_put_back_under_a_running_machine_is_not_taken_for_its_own(folder: PCFolder) -> None:
    """The misses that it counts on are those in its memory, so an old file under it gives none back."""
    old = folder.image_path.read_bytes()
    with folder.power():
        pc = at_the_door(folder.image())
        pc.answer(wrong(pin(pc)))
        folder.image_path.write_bytes(old)
        pc.answer(wrong(pin(pc)))
    assert misses_in(folder) == 2
