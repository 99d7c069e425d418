"""The clock of the host, and the one that stands still."""

import time

from emulator.devices.clock import FixedClock, SystemClock


def test_the_host_s_clock_tells_both_times() -> None:
    before = time.time(), time.monotonic()
    now = SystemClock().now()
    assert before[0] - 60 <= now.unix <= time.time() + 60
    assert before[1] <= now.monotonic <= time.monotonic()


def test_a_fixed_clock_stands_still_until_it_is_told_to_move() -> None:
    clock = FixedClock(100, 7)
    assert clock.now() == clock.now() == (100, 7)
    clock.advance(2.5)
    assert clock.now() == (102.5, 9.5)


def test_setting_a_clock_back_leaves_its_monotonic_side() -> None:
    clock = FixedClock(100, 7)
    clock.set_back(50)
    assert clock.now() == (50, 7)
