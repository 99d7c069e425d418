"""Attacks with challenges that somebody else wrote, seen from the machine that never wrote them.

The machine reads no challenge: it writes them, and takes eight digits. So whatever is forged, only the PIN that the machine drew itself
opens it. What the phone makes of forged texts is in `tests/companions/authenticator/test_attack_challenge_forgery.py`, where every item
of the group has its test; here is what only the machine can show.

* label and serial number edited, challenge of a stranger, challenge without a key: here
* nonce reuse: here
* plaintext or serial number with escape codes: a serial number that steers a terminal is no identity, here
* keys that are none (another size, even, exponent): `tests/firmware/test_bios_auth.py`, `tests/protocol/test_keys.py`
"""

from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.memory import Identity
from emulator.protocol import challenge
from emulator.protocol.challenge import Challenge, EditedChallenge, Header, Purpose
from tests.firmware.bench import (
    IDENTITY,
    MACHINE,
    Bench,
    answer,
    at_the_door,
    guarded,
    key,
    pin,
    public,
)


def shown(bench: Bench) -> Challenge:
    """What is on the screen, as it travels."""
    live = bench.firmware.session.door.live
    assert live is not None
    return challenge.parse(live.challenge.text)


def test_a_challenge_that_a_stranger_sealed_for_the_key_opens_and_its_pin_is_worth_nothing() -> None:
    """The public key is no secret. The holder is shown a PIN that the stranger chose; the machine has drawn another."""
    bench = at_the_door()
    chosen = "11111111"
    forged = challenge.seal(chosen, public("local_access"), Header.decode(shown(bench).header))
    assert challenge.open_challenge(challenge.parse(forged.text), key("local_access")) == chosen
    assert answer(bench, chosen) == (e.ResponseWrong(2),)
    assert bench.phase is Phase.CHALLENGE


def test_a_challenge_on_the_screen_that_was_edited_on_its_way_does_not_open() -> None:
    """Somebody who wants a PIN for this machine cannot show it to the holder as that of another, nor for another door."""
    asked = shown(at_the_door())
    true = Header.decode(asked.header)
    for edited in (
        replace(true, serial="5CG0000002"),
        replace(true, purpose=Purpose.BOOT_MENU),
        replace(true, issued_at=true.issued_at + 60),
        replace(true, boot_nonce=bytes(16)),
    ):
        with pytest.raises(EditedChallenge):
            challenge.open_challenge(replace(asked, header=edited.encode()), key("local_access"))


def test_the_ciphertext_under_another_machine_s_header_does_not_open() -> None:
    first, second = (
        at_the_door(),
        at_the_door(replace(guarded(), identity=replace(IDENTITY, serial="5CG0000002"))),
    )
    for one, other in ((first, second), (second, first)):
        mixed = replace(shown(one), header=shown(other).header)
        with pytest.raises(EditedChallenge):
            challenge.open_challenge(mixed, key("local_access"))


def test_a_nonce_used_again_makes_no_old_pin_good() -> None:
    """Within a boot all challenges share the nonce; it names the boot, and the PIN is what is drawn each time."""
    bench = at_the_door()
    first, old = shown(bench), pin(bench)
    bench.execute(c.RefreshChallenge())
    second = shown(bench)
    assert Header.decode(first.header).boot_nonce == Header.decode(second.header).boot_nonce
    assert first.ciphertext != second.ciphertext
    assert answer(bench, old) == (e.ResponseWrong(2),)


def test_of_a_challenge_everything_but_the_pin_can_be_read_and_none_of_it_tells_the_pin() -> None:
    bench = at_the_door()
    header = Header.decode(shown(bench).header)
    assert (header.machine, header.serial, header.purpose) == (MACHINE, IDENTITY.serial, Purpose.SETUP)
    secret = pin(bench)
    live = bench.firmware.session.door.live
    assert live is not None
    assert secret not in live.challenge.text
    assert secret.encode() not in header.encode() + shown(bench).ciphertext


@pytest.mark.parametrize("serial", ["\x1b[2J", "\x9b2J", "\u202e1", "5CG\n1", "5CG\x001", "Ä"], ids=ascii)
def test_no_machine_has_a_serial_number_that_steers_the_phone_s_terminal(serial: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        Identity(MACHINE, serial, IDENTITY.model)
