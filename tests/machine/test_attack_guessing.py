"""Attacks on the door that cut the power, kill the process, or fill the disk."""

import pytest

from emulator.devices.clock import FixedClock
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.memory import Guard
from emulator.firmware.refusals import MustWait, NoLiveChallenge
from emulator.machine import TargetPC, memory_in
from firmware_store import MemoryImage, StoreError
from tests.firmware.bench import MODE, guarded, miss, pin, signed, start, wait_for_challenge, wrong
from tests.machine.images import FailingImage, image_with, pc_in


def at_the_door(image: MemoryImage, clock: FixedClock | None = None) -> TargetPC:
    pc = pc_in(image, clock)
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
    pc.execute(signed(MODE, "Enable"))
    assert memory_in(image.open()).guard == Guard()
