"""Attacks with challenges that no PC made, or that somebody changed on the way to the phone.

The public key of a local access key is no secret, so anybody can write a challenge that opens. What must hold: nothing that was edited
opens, nothing that opens makes the phone say more than eight digits, and no text in it steers a terminal.

* unknown version, unknown and duplicate members, deep nesting, NaN, invalid UTF-8, byte order mark: here
* wrong alphabet and wrong length of base45 (our challenge has no base64), ciphertext of 255 and 257 bytes: here
* ciphertext at or above the modulus, a flipped bit in every byte, serial number and label edited: here
* key id of another key that is held, key id that is like one in its first or last 8 bytes: here
* plaintext that is not digits, and the phone as a decryption oracle: here, and in `test_attack_padding_oracle.py`
* escape codes in plaintext, serial number, key name, and in every other text that a stranger wrote: here
* HTML injection: cannot apply, the phone has no page; what looks like HTML is printed as it is
* low-order and zero X25519 points: cannot apply, challenges know RSA only
* nonce reuse: here for the phone, in `tests/firmware/test_attack_challenge_forgery.py` for the PC
* what the format itself refuses: `tests/protocol/test_challenge.py`, `test_strict_json.py`, `test_base45.py`
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.companions.authenticator import received
from emulator.companions.authenticator.exceptions import QRCodeDeserialization, meaning
from emulator.protocol import base45, challenge
from emulator.protocol.challenge import Challenge, EditedChallenge, Header, MalformedChallenge, Purpose
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey

from .conftest import MACHINE, Done, Phone

pytestmark = pytest.mark.sampled(4)

Making = Callable[..., str]
NAMES = {
    100: "QRCodeUnknownError",
    101: "QRCodeDeserialization",
    102: "QRCodeInvalidImage",
    103: "QRCodeNoPayload",
    104: "QRCodeInvalid",
    105: "QRCodeInvalidKeyIdHash",
    106: "QRCodeTampered",
}
STEERING = [
    "\x1b[2J",
    "\x1b]0;owned\x07",
    "\x9b2J",
    "\u202eNIP",
    "\u2066x",
    "\r\nPIN: 0000 0000",
    "\x08\x7f",
    "\0",
    "\ud800",
]


def refused(done: Done, code: int) -> None:
    """Refused with this number in one printable line, the number's meaning in another, and nothing was told besides."""
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"Error {code} {NAMES[code]}: ")
    told = done.err.removesuffix(f"\n{meaning(code, 'en')}\n")
    assert told != done.err
    assert told.isprintable()
    assert len(done.err) < 400


def sealed(key: RSAPrivateKey, plaintext: bytes, header: bytes) -> Challenge:
    """What anybody can write for a public key: any plaintext under any header."""
    digest = PublicKey.of(key).digest
    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), digest + header)
    return Challenge(digest, header, key.public_key().encrypt(plaintext, oaep))


def header(serial: str = "DEMO000001", nonce: bytes = bytes(16)) -> bytes:
    return Header(Purpose.SETUP, MACHINE, nonce, int(time.time()), serial).encode()


def with_members(text: str, **members: object) -> str:
    return json.dumps(json.loads(text) | members)


def bits_flipped(octets: bytes) -> Iterator[bytes]:
    """One bit of each byte, another in each."""
    for at, octet in enumerate(octets):
        yield octets[:at] + bytes([octet ^ 1 << at % 8]) + octets[at + 1 :]


# --- The text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "code"), [(0, 104), (2, 104), (-1, 104), ("1", 104), (1.0, 104), (True, 104)]
)
def test_an_unknown_version(phone: Phone, package: Making, ask: Making, version: object, code: int) -> None:
    phone("enroll", package())
    refused(phone("scan", with_members(ask(), f10=version)), code)


def test_an_unknown_version_of_the_header_alone(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    refused(phone("scan", sealed(local_access_key, b"12345678", b"\2" + header()[1:]).text), 101)


def test_unknown_and_duplicate_members(phone: Phone, package: Making, ask: Making) -> None:
    phone("enroll", package())
    refused(phone("scan", with_members(ask(), note="harmless")), 101)
    for first in ('{"f10":1,', '{"k":"",', '{"c":"",', '{"h":"",'):
        refused(phone("scan", first + ask()[1:]), 101)
        refused(phone("scan", ask()[:-1] + "," + first[1:-1] + "}"), 101)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"f10":' + "[" * 2000 + "]" * 2000 + "}", 101),
        ('{"f10":' * 500 + "1" + "}" * 500, 104),
        ('{"f10":NaN}', 101),
        ('{"f10":-Infinity}', 101),
        ('{"f10":1e999}', 101),
        ('{"f10":1,"k":NaN,"h":"","c":""}', 101),
    ],
    ids=lambda text: str(text)[:16],
)
def test_deep_nesting_and_numbers_that_are_none(phone: Phone, package: Making, text: str, code: int) -> None:
    phone("enroll", package())
    refused(phone("scan", text), code)


def test_invalid_utf_8_and_a_byte_order_mark(
    phone: Phone, package: Making, ask: Making, tmp_path: Path
) -> None:
    phone("enroll", package())
    path = tmp_path / "text"
    text = ask().encode()
    for wrong in (text[:-1] + b"\xff}", b"\xc0\xaf" + text, text.replace(b'"k":"', b'"k":"\xed\xa0\x80')):
        path.write_bytes(wrong)
        refused(phone("scan", str(path)), 102)
    for odd in (text.decode().encode("utf-16"), b"\xef\xbb\xbf\xef\xbb\xbf" + text):
        path.write_bytes(odd)
        assert phone("scan", str(path)).code in {101, 102}
    # Windows PowerShell writes one, so a single one before the whole is no attack.
    path.write_bytes(b"\xef\xbb\xbf" + text)
    assert "PIN: 1234 5678" in phone("scan", str(path)).out


@pytest.mark.parametrize("member", ["k", "h", "c"])
def test_a_wrong_alphabet_and_a_wrong_length_of_base45(
    phone: Phone, package: Making, ask: Making, member: str
) -> None:
    phone("enroll", package())
    text = json.loads(ask())[member]
    for wrong in (
        text.lower(),
        text + "=",
        text[:-1],
        text + "0" * 3,
        "",
        "::" + text[2:] + ":",
        "Ａ" + text[1:],
        f"\n{text}",
    ):
        refused(phone("scan", with_members(ask(), **{member: wrong})), 101)


@pytest.mark.parametrize("size", [0, 1, 128, 255, 257, 512])
def test_a_ciphertext_of_another_length(phone: Phone, package: Making, ask: Making, size: int) -> None:
    phone("enroll", package())
    octets = (base45.decode(json.loads(ask())["c"]) * 2)[:size]
    refused(phone("scan", with_members(ask(), c=base45.encode(octets))), 101)


# --- What is sealed -----------------------------------------------------------------------------------------------


def test_a_ciphertext_at_or_above_the_modulus(
    phone: Phone, package: Making, ask: Making, local_access_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    asked = challenge.parse(ask())
    modulus = local_access_key.public_key().public_numbers().n
    # Arithmetic would take c + n for c: it is another text for the same challenge, and must not open either.
    for number in (modulus, modulus + 1, modulus + int.from_bytes(asked.ciphertext, "big"), (1 << 2048) - 1):
        ciphertext = (number % (1 << 2048)).to_bytes(256, "big")
        refused(phone("scan", replace(asked, ciphertext=ciphertext).text), 106)


def test_a_flipped_bit_in_every_byte_of_every_member(ask: Making, local_access_key: RSAPrivateKey) -> None:
    """Each is refused by its form, names a key that is not held, or does not open."""
    asked = received.read_challenge(ask())
    edits = [replace(asked, header=octets) for octets in bits_flipped(asked.header)]
    edits += [replace(asked, ciphertext=octets) for octets in bits_flipped(asked.ciphertext)]
    edits += [replace(asked, key_digest=octets) for octets in bits_flipped(asked.key_digest)]
    refusals = []
    for edited in edits:
        with pytest.raises((QRCodeDeserialization, EditedChallenge)) as refusal:
            challenge.open_challenge(received.read_challenge(edited.text), local_access_key)
        refusals.append(str(refusal.value))
    assert len(edits) == len(asked.header) + 256 + 32
    assert len({text for text in refusals if "does not open" in text}) == 1


def test_a_flipped_bit_in_every_character_of_the_text(ask: Making, local_access_key: RSAPrivateKey) -> None:
    text = ask()
    for at, character in enumerate(text):
        edited = text[:at] + chr(ord(character) ^ 1) + text[at + 1 :]
        try:
            opened = challenge.open_challenge(challenge.parse(edited), local_access_key)
        except ProtocolError:
            continue
        pytest.fail(f"opened as {opened} with another character at {at}")


def test_serial_number_machine_purpose_nonce_and_time_edited(
    phone: Phone, package: Making, ask: Making
) -> None:
    phone("enroll", package())
    asked = challenge.parse(ask())
    true = Header.decode(asked.header)
    for edited in (
        replace(true, serial="DEMO000002"),
        replace(true, serial=""),
        replace(true, machine=true.machine.__class__(int=7)),
        replace(true, purpose=Purpose.BOOT_MENU),
        replace(true, boot_nonce=b"\1" * 16),
        replace(true, issued_at=true.issued_at + 1),
    ):
        refused(phone("scan", replace(asked, header=edited.encode()).text), 106)


def test_the_key_id_of_another_key_that_is_held(
    phone: Phone, package: Making, ask: Making, other_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    phone("enroll", package(key=other_key, name="other"))
    ours, others = json.loads(ask()), json.loads(ask(key=other_key))
    refused(phone("scan", json.dumps(ours | {"k": others["k"]})), 106)
    refused(phone("scan", json.dumps(others | {"k": ours["k"]})), 106)
    refused(phone("scan", json.dumps(ours | {"c": others["c"]})), 106)


def test_a_key_id_like_that_of_a_held_key_in_its_first_or_last_8_bytes(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    true = sealed(local_access_key, b"12345678", header())
    for digest in (
        true.key_digest[:8] + bytes(24),
        bytes(24) + true.key_digest[-8:],
        true.key_digest[:31] + b"\0",
    ):
        refused(phone("scan", replace(true, key_digest=digest).text), 105)


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"1234567",
        b"123456789",
        b"1234 678",
        b"-1234567",
        b"1234567\n",
        b"secret",
        b"\xff" * 8,
        b"a" * 190,
    ],
    ids=repr,
)
def test_a_plaintext_that_is_not_eight_digits(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey, plaintext: bytes
) -> None:
    phone("enroll", package())
    refused(phone("scan", sealed(local_access_key, plaintext, header()).text), 106)


def test_a_secret_that_somebody_else_sealed_for_the_key_is_not_opened(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey
) -> None:
    """A file key, say, sealed without our label: whoever copies it into a challenge learns nothing."""
    phone("enroll", package())
    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
    for secret in (b"12345678", b"\x13" * 32):
        stolen = local_access_key.public_key().encrypt(secret, oaep)
        refused(
            phone("scan", replace(sealed(local_access_key, b"0" * 8, header()), ciphertext=stolen).text), 106
        )


def test_a_nonce_used_again_and_a_challenge_shown_again_are_answered_alike_and_tell_no_more(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey
) -> None:
    """The phone keeps no list: that a PIN is good once is the PC's to see to."""
    phone("enroll", package())
    first, second = (sealed(local_access_key, pin, header()) for pin in (b"11112222", b"33334444"))
    for asked, pin in ((first, "1111 2222"), (second, "3333 4444"), (first, "1111 2222")):
        assert f"PIN: {pin}" in phone("scan", asked.text).out
    refused(phone("scan", replace(first, ciphertext=second.ciphertext, header=header("OTHER")).text), 106)


# --- Texts that steer a terminal ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_escape_codes_in_the_plaintext(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey, text: str
) -> None:
    phone("enroll", package())
    plaintext = text.encode("utf-8", "surrogatepass").ljust(8, b"1")
    refused(phone("scan", sealed(local_access_key, plaintext, header()).text), 106)
    refused(phone("scan", sealed(local_access_key, plaintext[:8], header()).text), 106)


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_escape_codes_in_the_serial_number(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey, text: str
) -> None:
    phone("enroll", package())
    octets = text.encode("utf-8", "surrogatepass")
    head = header("")[:-1] + bytes([len(octets)]) + octets
    refused(phone("scan", sealed(local_access_key, b"12345678", head).text), 101)


@pytest.mark.parametrize("serial", ["<script>alert(1)</script>", "%s%n{0}", "$(reboot)", "' or 1=1 --", " "])
def test_a_serial_number_that_would_steer_something_else_is_printed_as_it_is(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey, serial: str
) -> None:
    phone("enroll", package())
    text = sealed(local_access_key, b"12345678", header(serial)).text
    assert f"serial number {serial}, UUID {MACHINE}" in phone("scan", text).out
    assert phone("scan", text, "--json").json["machine"]["serial"] == serial


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_escape_codes_in_key_name_model_and_serial_number_of_a_package(
    phone: Phone, package: Making, ask: Making, tmp_path: Path, text: str
) -> None:
    """Written as JSON spells them, so that even half a surrogate pair arrives."""
    made = package(name=f"key{text}", model=f"model{text}", serial=f"serial{text}")
    path = tmp_path / "package"
    path.write_bytes(made.encode("utf-8", "surrogatepass"))
    enrolled = phone("enroll", str(path))
    if "\ud800" in text:
        assert enrolled.code == 102
        return
    assert enrolled.code == 0
    for done in (
        enrolled,
        phone("list"),
        phone("list", "--json"),
        phone("scan", ask()),
        phone("enroll", str(path)),
    ):
        assert done.code == 0
        assert (done.out + done.err).replace("\n", "").isprintable()
        assert "\nPIN: 0000 0000" not in done.out


@pytest.mark.parametrize("verb", ["scan", "enroll"])
@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b2J", "\u202eNIP", "\r\nPIN: 0000 0000"], ids=ascii)
def test_escape_codes_in_texts_that_are_refused(
    phone: Phone, package: Making, ask: Making, tmp_path: Path, verb: str, hostile: str
) -> None:
    path = tmp_path / "text"
    for whole in (json.loads(ask()), json.loads(package())):
        for name in [*whole, hostile]:
            edited = json.dumps(whole | {name: hostile}, ensure_ascii=False)
            path.write_text(edited.replace("\0", "\\u0000"), "utf-8", newline="")
            done = phone(verb, str(path))
            assert done.code
            line = done.err.removesuffix(f"{meaning(done.code, 'en')}\n").removesuffix("\n")
            assert line.isprintable()
            assert hostile not in done.err


@pytest.mark.parametrize("verb", ["scan", "enroll"])
@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\x1b]0;owned\x07", "\u202egnp.egnellahc", "a\nError 100: call me"]
)
def test_escape_codes_in_the_name_of_a_file(phone: Phone, tmp_path: Path, verb: str, hostile: str) -> None:
    """Pictures come with names that strangers gave them."""
    missing = tmp_path / f"{hostile}.png"
    refused(phone(verb, str(missing)), 102)
    missing.mkdir()
    refused(phone(verb, str(missing)), 102)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80), st.binary(min_size=30, max_size=34), st.binary(min_size=254, max_size=258))
def test_a_challenge_of_noise_is_refused(
    local_access_key: RSAPrivateKey, head: bytes, digest: bytes, ciphertext: bytes
) -> None:
    text = Challenge(digest, head, ciphertext).text
    with pytest.raises((QRCodeDeserialization, EditedChallenge)):
        challenge.open_challenge(received.read_challenge(text), local_access_key)


def test_a_header_longer_than_its_serial_number_hides_nothing(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    for head in (header() + b"X", header()[:-1], header()[:43], b""):
        refused(phone("scan", sealed(local_access_key, b"12345678", head).text), 101)
        with pytest.raises(MalformedChallenge):
            Header.decode(head)
