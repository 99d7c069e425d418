"""Attacks with what was good once: PINs and signed commands.

* the same PIN twice; the PIN of challenge A on challenge B; after a restart; on another machine with the same key: here
* an old picture of a code: here, and the phone's warning in `tests/companions/authenticator/test_phone_commands.py`
* a challenge of the boot menu used for Computer Setup, and the other way round: here; edited so that it says the other door, it does not
  open, `test_attack_challenge_forgery.py`
* signed commands and keys that were good once: here; made good again by taking the keys back: `test_no_way_round_the_keys.py`
* an old image put back: cannot be noticed by anybody, so whoever can write the image file owns the machine; what it gives him is in
  `tests/machine/test_attack_guessing.py`
"""

import base64
import uuid
from dataclasses import replace

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import (
    AnotherMachine,
    CommandNonceTooOld,
    NoLiveChallenge,
    NonceTooOld,
    SignatureRefused,
    WrongPhase,
)
from emulator.protocol import authorization, challenge
from emulator.protocol.challenge import Header, Purpose
from tests.firmware.bench import (
    IDENTITY,
    MACHINE,
    MODE,
    NONCE,
    USB,
    Bench,
    answer,
    at_the_door,
    guarded,
    key,
    mode_on,
    pin,
    provisioned,
    signed,
    signing,
    started,
    with_settings,
    wrong,
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


def at_the_boot_menu() -> Bench:
    """A guarded machine that asks for a code at its boot menu too."""
    bench = Bench(with_settings(guarded(), prompt_on_boot_menu="Enable"))
    bench.execute(c.PowerOn())
    bench.execute(c.OpenBootMenu())
    assert bench.phase is Phase.CHALLENGE
    return bench


def purpose(bench: Bench) -> Purpose:
    live = bench.firmware.session.door.live
    assert live is not None
    return Header.decode(live.challenge.header).purpose


def test_the_pin_of_the_boot_menu_does_not_open_computer_setup() -> None:
    bench = at_the_boot_menu()
    assert purpose(bench) is Purpose.BOOT_MENU
    old = pin(bench)
    bench.refused(c.EnterSetup(), WrongPhase)
    answer(bench, old)
    assert bench.phase is Phase.BOOT_MENU
    bench.refused(c.EnterSetup(), WrongPhase)
    bench.refused(c.StageSetting(USB, "Disable"), WrongPhase)
    bench.execute(c.Restart())
    bench.execute(c.EnterSetup())
    assert purpose(bench) is Purpose.SETUP
    assert answer(bench, old) == (e.ResponseWrong(2),)


def test_the_pin_of_computer_setup_does_not_open_the_boot_menu() -> None:
    bench = at_the_door(with_settings(guarded(), prompt_on_boot_menu="Enable"))
    old = pin(bench)
    bench.refused(c.OpenBootMenu(), WrongPhase)
    bench.execute(c.PowerOff())
    bench.execute(c.PowerOn())
    bench.execute(c.OpenBootMenu())
    assert purpose(bench) is Purpose.BOOT_MENU
    assert answer(bench, old) == (e.ResponseWrong(2),)
    assert bench.phase is Phase.CHALLENGE


def test_a_visit_to_one_door_opens_the_other_in_no_later_boot() -> None:
    bench = at_the_boot_menu()
    answer(bench, pin(bench))
    for command in (c.Continue(), c.Restart(), c.EnterSetup()):
        bench.execute(command)
    assert bench.phase is Phase.CHALLENGE


def test_an_old_picture_of_a_code_opens_for_the_phone_and_not_for_the_machine() -> None:
    """The picture of an earlier boot, of an earlier day: the holder's key opens it for ever, the machine has forgotten it."""
    bench = at_the_door()
    live = bench.firmware.session.door.live
    assert live is not None
    picture = live.challenge.text
    bench.execute(c.PowerOff())
    bench.clock.advance(86_400)
    bench.execute(c.PowerOn())
    bench.execute(c.EnterSetup())
    old = challenge.open_challenge(challenge.parse(picture), key("local_access"))
    assert answer(bench, old) == (e.ResponseWrong(2),)


def test_a_pin_typed_twice_within_a_boot_after_it_was_wrong_stays_wrong_and_is_paid_for_twice() -> None:
    bench = at_the_door()
    code = wrong(pin(bench))
    assert answer(bench, code) == (e.ResponseWrong(2),)
    assert answer(bench, code) == (e.ResponseWrong(1),)
    assert bench.memory.guard.misses == 2


def test_a_command_for_another_machine() -> None:
    bench = started(mode_on())
    for target in (uuid.UUID(int=1), uuid.UUID(bytes=MACHINE.bytes_le)):
        bench.refused(signed(USB, "Disable", target=target), AnotherMachine)
    bench.execute(signed(USB, "Disable", target=MACHINE))


def test_a_single_use_command_is_no_ordinary_one_and_an_ordinary_one_no_single_use_one() -> None:
    """The two counters stand apart, and the mark that chooses between them is signed."""
    bench = started(mode_on())
    ordinary = signed(USB, "Disable", NONCE + 5)
    block = bytearray(base64.b64decode(ordinary.authorization.removeprefix(authorization.PREFIX)))
    once = authorization.parse(signed(USB, "Disable", NONCE + 5, single_use=True).authorization)
    head = len(once.header_bytes)
    block[:head] = once.header_bytes
    token = authorization.PREFIX + base64.b64encode(bytes(block)).decode()
    bench.refused(replace(ordinary, authorization=token), SignatureRefused)


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
