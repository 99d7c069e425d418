"""The guard at the door: challenge, PIN, tries, waits. The attacks have files of their own."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import guard
from emulator.firmware.boot import Phase
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Guard
from emulator.firmware.refusals import MustWait, NoLiveChallenge, Refused
from emulator.protocol import challenge
from emulator.protocol.challenge import Purpose
from tests.firmware.bench import (
    LAK_1,
    LAK_2,
    MACHINE,
    MODE,
    NONCE,
    Bench,
    answer,
    at_the_door,
    guarded,
    local_key_value,
    made_by,
    miss,
    missed,
    pin,
    public,
    signed,
    wait_for_challenge,
)


def issued(events: tuple[e.Event, ...]) -> list[str]:
    return [event.text for event in events if isinstance(event, e.ChallengeIssued)]


class TestChallenge:
    def test_f10_shows_one_when_a_key_guards_the_door(self) -> None:
        bench = Bench(guarded())
        bench.execute(c.PowerOn())
        entered, *rest = bench.execute(c.EnterSetup())
        assert entered == e.PhaseEntered(Phase.CHALLENGE)
        assert len(issued(tuple(rest))) == 1

    def test_it_says_what_asks_which_machine_and_when(self) -> None:
        bench = at_the_door()
        live = bench.firmware.session.door.live
        assert live is not None
        read = challenge.parse(live.challenge.text)
        header = challenge.Header.decode(read.header)
        assert read.key_digest == public("local_access").digest
        assert (header.purpose, header.machine, header.serial) == (Purpose.SETUP, MACHINE, "5CG0000001")
        assert header.issued_at == int(bench.clock.now().unix)
        assert header.boot_nonce == bench.firmware.session.door.boot_nonce

    def test_it_is_made_for_the_first_key_that_is_set(self) -> None:
        memory = made_by([signed(LAK_2, local_key_value("other"))], guarded())
        assert pin(at_the_door(memory))
        bench = at_the_door(made_by([signed(LAK_1, "")], memory))
        answer(bench, pin(bench, "other"))
        assert bench.phase is Phase.SETUP

    def test_without_a_key_the_door_is_open(self) -> None:
        bench = Bench()
        bench.execute(c.PowerOn())
        assert bench.execute(c.EnterSetup()) == (e.PhaseEntered(Phase.SETUP),)

    def test_the_boot_nonce_is_one_for_a_boot_and_new_at_the_next(self) -> None:
        bench = at_the_door()
        first = bench.firmware.session.door.boot_nonce
        bench.execute(c.RefreshChallenge())
        assert bench.firmware.session.door.boot_nonce == first
        bench.execute(c.PowerOff())
        bench.execute(c.PowerOn())
        assert bench.firmware.session.door.boot_nonce != first

    def test_the_digits_of_pins_are_spread(self) -> None:
        bench = at_the_door()
        pins = []
        for _ in range(60):
            bench.execute(c.RefreshChallenge())
            live = bench.firmware.session.door.live
            assert live is not None
            pins.append(live.pin)
        assert len(set(pins)) == 60
        assert all(len(each) == 8 and each.isdigit() for each in pins)
        assert set("".join(pins)) == set("0123456789")


class TestRightCode:
    def test_it_opens_setup_and_clears_the_misses(self) -> None:
        bench = at_the_door()
        miss(bench)
        assert bench.memory.guard.misses == 1
        assert answer(bench, pin(bench)) == (e.PhaseEntered(Phase.SETUP),)
        assert bench.memory.guard == Guard()
        assert bench.firmware.session.door.live is None

    def test_bytes_of_a_later_version_stay_when_misses_are_cleared(self) -> None:
        bench = at_the_door(replace(guarded(), guard=Guard(tail=b"later")))
        miss(bench)
        answer(bench, pin(bench))
        assert bench.memory.guard == Guard(tail=b"later")


class TestMisses:
    def test_each_is_told_with_what_is_left(self) -> None:
        bench = at_the_door()
        assert miss(bench) == (e.ResponseWrong(2),)
        assert miss(bench) == (e.ResponseWrong(1),)

    def test_the_third_is_logged_and_restarts(self) -> None:
        bench = at_the_door()
        miss(bench)
        miss(bench)
        recorded, forced, entered = miss(bench)
        assert recorded == e.Recorded(EventCode.WRONG_RESPONSE_CODES)
        assert isinstance(forced, e.RestartForced)
        assert entered == e.PhaseEntered(Phase.POST)
        assert bench.logged()[-1] == 0x881E
        assert bench.memory.boot.boots == Bench(guarded()).memory.boot.boots + 2
        assert bench.firmware.session.door.live is None

    def test_they_are_counted_before_anything_is_compared(self) -> None:
        bench = at_the_door()
        assert bench.execute(c.CountResponse(pin(bench))) == ()
        assert bench.memory.guard.misses == 1
        assert bench.firmware.session.door.tries_left == 2

    def test_the_next_three_are_free_of_waits_again_after_a_right_code(self) -> None:
        bench = missed(at_the_door(), 4)
        answer(bench, pin(bench))
        bench.execute(c.Restart())
        missed(bench, 0)
        bench.execute(c.EnterSetup())
        assert wait_for_challenge(bench, bench.clock) == 0
        missed(bench, 3)
        bench.execute(c.EnterSetup())
        assert bench.firmware.session.door.live is not None


class TestWaits:
    @pytest.mark.parametrize(
        ("misses", "seconds"),
        [
            (3, 0),
            (4, 5),
            (5, 10),
            (6, 20),
            (7, 40),
            (8, 80),
            (9, 160),
            (10, 320),
            (11, 640),
            (12, 900),
            (13, 900),
        ],
    )
    def test_from_the_fourth_miss_on_a_new_challenge_waits_twice_as_long_up_to_a_quarter_of_an_hour(
        self, misses: int, seconds: int
    ) -> None:
        bench = missed(at_the_door(replace(guarded(), guard=Guard(misses=misses - 1))), misses)
        assert bench.memory.guard == Guard(misses, seconds)
        assert wait_for_challenge(bench, bench.clock) == seconds
        assert bench.memory.guard == Guard(misses, 0)

    def test_the_challenge_on_the_screen_stays_good(self) -> None:
        bench = missed(at_the_door(), 4)
        bench.refused(c.RefreshChallenge(), MustWait)
        answer(bench, pin(bench))
        assert bench.phase is Phase.SETUP

    def test_f10_shows_no_challenge_before_the_wait_is_over(self) -> None:
        bench = at_the_door(replace(guarded(), guard=Guard(5, 10)))
        assert bench.phase is Phase.CHALLENGE
        assert bench.firmware.session.door.live is None
        bench.refused(c.CountResponse("12345678"), NoLiveChallenge)
        assert "10 s more" in str(bench.refused(c.RefreshChallenge(), MustWait))
        bench.clock.advance(10)
        assert len(issued(bench.execute(c.RefreshChallenge()))) == 1

    def test_a_new_one_is_due_when_none_is_good_any_more_and_no_wait_is_left(self) -> None:
        bench = at_the_door()

        def due() -> bool:
            return guard.is_due(bench.firmware.session.door, bench.clock.now())

        life = int(bench.firmware.catalogue.quirks.response_life)
        assert not due()
        bench.clock.advance(life - 1)
        assert not due()
        bench.clock.advance(1)
        assert due()
        bench = at_the_door(replace(guarded(), guard=Guard(5, 10)))
        assert not due()
        bench.clock.advance(10)
        assert due()

    def test_what_is_left_survives_restart_and_power_off_and_passes_only_while_it_is_on(self) -> None:
        bench = at_the_door(replace(guarded(), guard=Guard(7, 40)))
        bench.clock.advance(15)
        bench.execute(c.PowerOff())
        assert bench.memory.guard == Guard(7, 25)
        bench.clock.advance(86_400)
        bench.execute(c.PowerOn())
        bench.execute(c.Continue())
        bench.clock.advance(4.5)
        bench.execute(c.Restart())
        assert bench.memory.guard == Guard(7, 21)
        bench.execute(c.EnterSetup())
        assert wait_for_challenge(bench, bench.clock) == 21

    def test_a_verified_signed_command_clears_it(self) -> None:
        bench = at_the_door(replace(guarded(), guard=Guard(12, 900)))
        bench.execute(c.Continue())
        bench.execute(signed(MODE, "Enable", NONCE + 1))
        assert bench.memory.guard == Guard()
        bench.execute(c.Restart())
        bench.execute(c.EnterSetup())
        assert bench.firmware.session.door.live is not None

    def test_a_signed_command_that_is_sent_again_clears_nothing(self) -> None:
        bench = at_the_door(replace(guarded(), guard=Guard(12, 900)))
        bench.execute(c.Continue())
        bench.execute(signed(MODE, "Enable"))
        assert bench.memory.guard == Guard(12, 900)

    def test_an_unsigned_or_refused_command_clears_nothing(self) -> None:
        memory = replace(made_by([signed(MODE, "Disable")], guarded()), guard=Guard(12, 900))
        bench = at_the_door(memory)
        bench.execute(c.Continue())
        bench.execute(c.SetSetting("Fast Boot", "Disable"))
        for command in (signed(MODE, "Perhaps"), signed(MODE, "Enable", by="other")):
            bench.refused(command, Refused, exact=False)
        assert bench.memory.guard == Guard(12, 900)

    @given(st.integers(0, 0xFFFFFFFF))
    def test_no_number_of_misses_locks_for_ever_or_overflows(self, misses: int) -> None:
        bench = at_the_door(replace(guarded(), guard=Guard(misses=misses)))
        miss(bench)
        counted = bench.memory.guard
        assert counted.misses == min(misses + 1, 0xFFFFFFFF)
        assert 0 <= counted.wait <= guard.LONGEST_WAIT


class TestLife:
    def test_a_pin_is_good_for_ten_minutes(self) -> None:
        bench = at_the_door()
        bench.clock.advance(599.9)
        answer(bench, pin(bench))
        assert bench.phase is Phase.SETUP

    def test_and_not_longer_and_then_costs_nothing(self) -> None:
        bench = at_the_door()
        bench.clock.advance(600)
        bench.refused(c.CountResponse(pin(bench)), NoLiveChallenge)
        bench.execute(c.RefreshChallenge())
        answer(bench, pin(bench))
        assert bench.phase is Phase.SETUP
