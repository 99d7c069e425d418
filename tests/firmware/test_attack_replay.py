"""Attacks with what was good once: PINs and signed commands."""

from dataclasses import replace

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import (
    CommandNonceTooOld,
    NoLiveChallenge,
    NonceTooOld,
    SignatureRefused,
    WrongPhase,
)
from tests.firmware.bench import (
    IDENTITY,
    MODE,
    NONCE,
    USB,
    answer,
    at_the_door,
    guarded,
    mode_on,
    pin,
    provisioned,
    signed,
    signing,
    started,
)


def test_the_same_pin_twice() -> None:
    bench = at_the_door()
    right = pin(bench)
    answer(bench, right)
    bench.refused(c.CountResponse(right), WrongPhase)
    bench.execute(c.Restart())
    bench.execute(c.EnterSetup())
    assert answer(bench, right) == (e.ResponseWrong(2),)


def test_the_pin_of_the_challenge_before() -> None:
    bench = at_the_door()
    old = pin(bench)
    bench.execute(c.RefreshChallenge())
    assert answer(bench, old) == (e.ResponseWrong(2),)
    answer(bench, pin(bench))
    assert bench.phase is Phase.SETUP


def test_a_pin_after_a_reboot() -> None:
    for way in ((c.PowerOff(), c.PowerOn()), (c.Continue(), c.Restart())):
        bench = at_the_door()
        old = pin(bench)
        for command in (*way, c.EnterSetup()):
            bench.execute(command)
        assert answer(bench, old) == (e.ResponseWrong(2),)


def test_a_pin_on_another_machine_with_the_same_key() -> None:
    first = at_the_door()
    second = at_the_door(replace(guarded(), identity=replace(IDENTITY, serial="5CG0000002")))
    second.execute(c.RefreshChallenge())
    assert answer(second, pin(first)) == (e.ResponseWrong(2),)


def test_a_pin_that_was_left_on_the_screen() -> None:
    bench = at_the_door()
    old = pin(bench)
    bench.execute(c.Continue())
    bench.refused(c.CountResponse(old), WrongPhase)
    assert bench.firmware.session.door.live is None


def test_a_pin_whose_challenge_expired() -> None:
    bench = at_the_door()
    bench.clock.advance(601)
    bench.refused(c.CountResponse(pin(bench)), NoLiveChallenge)


def test_a_single_use_command_sent_again() -> None:
    bench = started(mode_on())
    command = signed(USB, "Disable", single_use=True)
    bench.execute(command)
    bench.execute(signed(USB, "Enable"))
    bench.refused(command, NonceTooOld)
    bench.execute(c.Restart())
    bench.execute(c.Continue())
    bench.refused(command, NonceTooOld)


def test_an_old_command_after_a_newer_one() -> None:
    bench = started(provisioned())
    disable = signed(MODE, "Disable", NONCE)
    bench.execute(disable)
    bench.execute(signed(MODE, "Enable", NONCE + 1))
    bench.refused(disable, NonceTooOld)


def test_an_old_signing_key_after_it_was_replaced() -> None:
    bench = started(provisioned())
    bench.execute(signing(NONCE + 1, "other"))
    bench.refused(signing(NONCE, "signing"), CommandNonceTooOld)


def test_a_command_of_the_signing_key_that_was_replaced() -> None:
    bench = started(mode_on())
    bench.execute(signing(NONCE + 1, "other"))
    refusal = bench.refused(signed(MODE, "Disable", NONCE + 2), SignatureRefused)
    assert refusal.event == 0x881F
