"""Attacks on the door: winning back tries or time.

* brute force over the budget; refresh, Esc, page change, restart: here
* clock set back and forward, expired PIN, overflow of the count: here
* process killed, power cut between count and compare, state deleted, truncated, rolled back, made read-only, two sessions in parallel:
  `tests/machine/test_attack_guessing.py`, through the image
* two processes that both want to be the PC: `tests/faces/test_tour.py`
* what every wrong code costs when nobody attacks: `test_guard.py`; passwords have tries of their own: `test_password_tries.py`
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import variables
from emulator.firmware.boot import Phase
from emulator.firmware.memory import Guard
from emulator.firmware.refusals import MustWait, NoLiveChallenge, Refused, WrongPhase
from tests.firmware.bench import (
    Bench,
    answer,
    at_the_door,
    guarded,
    locked_out,
    miss,
    missed,
    pin,
    wait_for_challenge,
    wrong,
)


def test_refreshing_wins_back_no_try() -> None:
    bench = at_the_door()
    for left in (2, 1):
        assert miss(bench)[-1] == e.ResponseWrong(left)
        bench.execute(c.RefreshChallenge())
    assert isinstance(miss(bench)[1], e.RestartForced)


def test_leaving_the_page_wins_back_no_try() -> None:
    bench = at_the_door()
    miss(bench)
    bench.execute(c.Continue())
    assert bench.firmware.session.door.tries_left == 2
    bench.refused(c.EnterSetup(), WrongPhase)
    assert bench.memory.guard.misses == 1


def test_leaving_the_page_between_count_and_compare_wins_back_nothing() -> None:
    bench = at_the_door()
    bench.execute(c.CountResponse("12345678"))
    bench.execute(c.Continue())
    bench.refused(c.CompareResponse("12345678"), WrongPhase)
    assert bench.memory.guard.misses == 1


@pytest.mark.parametrize("way", [(c.PowerOff(), c.PowerOn()), (c.Continue(), c.Restart())])
def test_a_new_boot_gives_three_tries_and_forgets_no_miss(way: tuple[c.Command, ...]) -> None:
    bench = at_the_door()
    for misses in range(1, 13):
        miss(bench)
        assert bench.memory.guard.misses == misses
        if bench.phase is Phase.CHALLENGE:
            for command in way:
                bench.execute(command)
        bench.execute(c.EnterSetup())
        wait_for_challenge(bench, bench.clock)


def test_brute_force_costs_a_quarter_of_an_hour_for_each_three_tries() -> None:
    bench = missed(at_the_door(replace(guarded(), guard=Guard(misses=30))), 31)
    began = bench.clock.now().monotonic
    missed(bench, 31 + 12)
    assert bench.clock.now().monotonic - began >= 4 * 900


def test_a_clock_set_back_or_forward_shortens_no_wait_and_lengthens_no_life() -> None:
    bench = at_the_door(replace(guarded(), guard=Guard(8, 80)))
    for seconds in (86_400, -172_800):
        bench.clock.set_back(seconds)
        bench.refused(c.RefreshChallenge(), MustWait)
    bench.clock.advance(80)
    bench.execute(c.RefreshChallenge())
    bench.clock.advance(600)
    bench.clock.set_back(600)
    bench.refused(c.CountResponse(pin(bench)), NoLiveChallenge)


def test_counting_without_comparing_wins_nothing() -> None:
    bench = at_the_door()
    for misses in range(1, 4):
        bench.execute(c.CountResponse("12345678"))
        assert bench.memory.guard.misses == misses
    bench.refused(c.CountResponse("12345678"), NoLiveChallenge)
    assert isinstance(bench.execute(c.CompareResponse("12345678"))[1], e.RestartForced)


def test_misses_at_the_end_of_their_count_are_still_misses() -> None:
    bench = at_the_door(replace(guarded(), guard=Guard(misses=0xFFFFFFFF)))
    miss(bench)
    assert bench.memory.guard == Guard(0xFFFFFFFF, 900)


def test_after_a_forced_restart_the_old_pin_is_worth_nothing() -> None:
    bench = at_the_door()
    right = pin(bench)
    for _ in range(3):
        miss(bench)
    bench.refused(c.CountResponse(right), WrongPhase)
    bench.execute(c.EnterSetup())
    bench.execute(c.CountResponse(right))
    assert bench.execute(c.CompareResponse(right)) == (e.ResponseWrong(2),)


def test_the_log_tells_of_every_lockout() -> None:
    bench = locked_out()
    assert bench.logged().count(0x881E) == 1
    missed(bench, 9)
    assert bench.logged().count(0x881E) == 3


def test_an_expired_pin_is_refused_right_or_wrong_and_tells_nothing() -> None:
    told = set()
    for right in (True, False):
        bench = at_the_door()
        code = pin(bench) if right else wrong(pin(bench))
        bench.clock.advance(600)
        told.add(str(bench.refused(c.CountResponse(code), NoLiveChallenge)))
    assert len(told) == 1


def test_a_try_that_was_paid_for_in_time_is_compared_and_no_second_one() -> None:
    """Between count and compare the clock may pass the end; what was paid for is compared once, and only once."""
    bench = at_the_door()
    code = wrong(pin(bench))
    bench.clock.advance(599.9)
    bench.execute(c.CountResponse(code))
    bench.clock.advance(1)
    assert bench.execute(c.CompareResponse(code)) == (e.ResponseWrong(2),)
    bench.refused(c.CompareResponse(pin(bench)), NoLiveChallenge)
    bench.refused(c.CountResponse(pin(bench)), NoLiveChallenge)


def test_a_monotonic_clock_that_jumps_far_ahead_opens_nothing() -> None:
    """A host that slept: the wait is over and the challenge has expired, and that is all."""
    bench = missed(at_the_door(), 5)
    bench.clock.advance(1e12)
    bench.refused(c.CountResponse(pin(bench)), NoLiveChallenge)
    bench.execute(c.RefreshChallenge())
    assert bench.memory.guard.misses == 5
    assert bench.phase is Phase.CHALLENGE


def test_brute_force_with_every_code_in_turn_is_stopped_by_the_third_of_each_boot() -> None:
    bench = at_the_door()
    compared = 0
    for number in range(30):
        code = f"{number:08}"
        assert code != pin(bench)
        try:
            answer(bench, code)
        except Refused:
            continue
        compared += 1
        if bench.phase is Phase.POST:
            bench.execute(c.EnterSetup())
            if bench.firmware.session.door.live is None:
                break
    # Three of the first boot; in the second the wait begins with the first of its three and stands before the third boot.
    assert compared == 6
    assert bench.memory.guard.misses == 6


@pytest.mark.parametrize("misses", [0xFFFFFFFE, 0xFFFFFFFF])
def test_a_count_at_the_end_of_its_32_bits_goes_neither_over_nor_back(misses: int) -> None:
    bench = at_the_door(replace(guarded(), guard=Guard(misses=misses)))
    for _ in range(2):
        miss(bench)
        assert bench.memory.guard == Guard(0xFFFFFFFF, 900)
    kept = dict(variables.changes(None, bench.memory))
    again = variables.load((name.guid, name.name, data) for name, data in kept.items() if data is not None)
    assert again is not None
    assert again.guard == Guard(0xFFFFFFFF, 900)


MOVES = st.sampled_from(["answer", "count", "refresh", "leave", "off", "restart", "wait"])


@settings(max_examples=60)
@given(st.lists(MOVES, max_size=25))
def test_no_order_of_moves_gives_more_than_three_comparisons_a_boot_or_forgets_a_miss(
    moves: list[str],
) -> None:
    bench: Bench = at_the_door()
    compared, boot, misses = 0, bench.memory.boot.boots, 0
    commands: dict[str, list[c.Command]] = {
        "answer": [c.CountResponse("12345678"), c.CompareResponse("12345678")],
        "count": [c.CountResponse("12345678")],
        "refresh": [c.RefreshChallenge()],
        "leave": [c.Continue()],
        "off": [c.PowerOff(), c.PowerOn(), c.EnterSetup()],
        "restart": [c.Restart(), c.EnterSetup()],
        "wait": [],
    }
    for move in moves:
        bench.clock.advance(5 if move == "wait" else 0)
        for command in commands[move]:
            try:
                bench.execute(command)
            except Refused:
                break
            compared += isinstance(command, c.CompareResponse)
            if bench.memory.boot.boots != boot:
                compared, boot = 0, bench.memory.boot.boots
            assert compared <= 3
            assert bench.memory.guard.misses >= misses
            misses = bench.memory.guard.misses
            assert bench.phase is not Phase.SETUP
