"""Attacks that learn from how the machine refuses a code or a signature.

The machine decrypts nothing: it holds no private key, so it is no padding oracle. What it compares is a PIN, and every wrong one is one
event, however near it was. The phone's side, where the items of the group are tested one by one, is in
`tests/companions/authenticator/test_attack_padding_oracle.py`.

* failures indistinguishable in text and code: here for response codes and signatures
* roughly in time: a statistic, and none of this file
* no PKCS#1 v1.5 encryption: here, what the machine writes is OAEP and opens as nothing else
"""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.refusals import MalformedCode, SignatureRefused
from emulator.protocol import authorization, challenge
from tests.firmware.bench import (
    USB,
    answer,
    at_the_door,
    guarded,
    key,
    mode_on,
    pin,
    signed,
    started,
    wrong,
)


def test_every_wrong_code_is_one_event_however_near_it_was() -> None:
    told = set()
    for near in range(9):
        bench = at_the_door()
        right = pin(bench)
        code = right[:near] + wrong(right[near:]) if near < 8 else wrong(right[0]) + right[1:]
        assert code != right
        told.add(answer(bench, code))
        assert bench.memory.guard.misses == 1
    assert told == {(e.ResponseWrong(2),)}


def test_what_is_no_code_is_refused_alike_whether_the_right_one_is_in_it_or_not() -> None:
    told = set()
    for form in ("{}9", "x{}", "{}\n", "\u202e{}"):
        bench = at_the_door()
        for code in (pin(bench), wrong(pin(bench))):
            told.add(str(bench.refused(c.CountResponse(form.format(code)), MalformedCode)))
    assert len(told) == 1


def test_the_machine_s_challenge_opens_as_oaep_with_its_label_and_as_nothing_else() -> None:
    bench = at_the_door()
    live = bench.firmware.session.door.live
    assert live is not None
    asked, secret, holder = live.challenge, pin(bench).encode(), key("local_access")
    label = asked.key_digest + asked.header
    for scheme in (
        padding.OAEP(padding.MGF1(SHA256()), SHA256(), None),
        padding.OAEP(padding.MGF1(SHA1()), SHA256(), label),
        padding.OAEP(padding.MGF1(SHA1()), SHA1(), label),
    ):
        with pytest.raises(ValueError, match="ecryption"):
            holder.decrypt(asked.ciphertext, scheme)
    # OpenSSL answers a failure of this padding with a made-up plaintext, or an error: either is not the PIN.
    try:
        opened = holder.decrypt(asked.ciphertext, padding.PKCS1v15())
    except ValueError:
        opened = b""
    assert opened != secret
    assert challenge.open_challenge(asked, holder).encode() == secret


def test_every_signature_that_is_none_is_refused_in_the_same_words() -> None:
    """In the right form, that is: what is no token at all may be told apart, for anybody can see that."""
    genuine = signed(USB, "Disable").authorization
    block = base64.b64decode(genuine.removeprefix(authorization.PREFIX))
    head, signature = block[:-256], block[-256:]
    other = base64.b64decode(
        signed(USB, "Disable", by="other").authorization.removeprefix(authorization.PREFIX)
    )[-256:]
    told = set()
    for forged in (
        bytes(256),
        b"\xff" * 256,
        signature[::-1],
        bytes([signature[0] ^ 1]) + signature[1:],
        signature[:-1] + bytes([signature[-1] ^ 0x80]),
        other,
    ):
        token = authorization.PREFIX + base64.b64encode(head + forged).decode()
        refusal = started(mode_on()).refused(c.SetSetting(USB, "Disable", token), SignatureRefused)
        told.add((str(refusal), refusal.event))
    assert len(told) == 1


def test_the_machine_holds_no_private_key_that_it_could_decrypt_with() -> None:
    """What it keeps of the keys is their modulus; the factors and the exponent are with the holders."""
    kept = repr(guarded()).encode()
    for name in ("endorsement", "signing", "local_access"):
        numbers = key(name).private_numbers()
        for secret in (numbers.p, numbers.q, numbers.d):
            octets = secret.to_bytes(256, "big").lstrip(b"\0")
            assert octets.hex().encode() not in kept
            assert repr(octets)[2:-1].encode() not in kept
