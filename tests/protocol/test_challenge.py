"""The challenge: whatever is edited, it does not open, and every failure looks the same."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import qrcode
import qrcode.constants
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.protocol import base45, challenge, strict_json
from emulator.protocol.base45 import NotBase45
from emulator.protocol.challenge import (
    Challenge,
    EditedChallenge,
    Header,
    MalformedChallenge,
    Purpose,
    UnknownKind,
)
from emulator.protocol.keys import PublicKey

OpenSSL = Callable[..., bytes]
VECTORS = Path(__file__).parent.parent / "vectors"
PIN = "04711000"
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
HEADER = Header(Purpose.SETUP, MACHINE, bytes(range(16)), 1674912404, "DEMO000001")
DOES_NOT_OPEN = "^the challenge does not open with this key: it was edited or damaged$"

headers = st.builds(
    Header,
    st.sampled_from(Purpose),
    st.uuids(),
    st.binary(min_size=16, max_size=16),
    st.integers(0, (1 << 64) - 1),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=32),
)


@pytest.fixture(scope="module")
def sealed(local_access_key: RSAPrivateKey) -> Challenge:
    return challenge.seal(PIN, PublicKey.of(local_access_key), HEADER)


def encrypted(
    key: RSAPrivateKey, plaintext: bytes, label: bytes, algorithm: HashAlgorithm | None = None
) -> bytes:
    """What anybody can write, for the public key is no secret."""
    used = algorithm or SHA256()
    return key.public_key().encrypt(plaintext, padding.OAEP(padding.MGF1(used), used, label))


def mgf1(seed: bytes, size: int) -> bytes:
    blocks = (hashlib.sha256(seed + count.to_bytes(4, "big")).digest() for count in range(-(-size // 32)))
    return b"".join(blocks)[:size]


def exclusive_or(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def opened_by_arithmetic(ciphertext: bytes, key: RSAPrivateKey, label: bytes) -> bytes:
    """RFC 8017, 7.1.2, with nothing but integers and a hash."""
    numbers = key.private_numbers()
    block = pow(int.from_bytes(ciphertext, "big"), numbers.d, numbers.p * numbers.q).to_bytes(256, "big")
    masked_seed, masked_data = block[1:33], block[33:]
    seed = exclusive_or(masked_seed, mgf1(masked_data, 32))
    data = exclusive_or(masked_data, mgf1(seed, 223))
    assert block[0] == 0
    assert data[:32] == hashlib.sha256(label).digest()
    filling, mark, message = data[32:].partition(b"\1")
    assert not any(filling)
    assert mark
    return message


def in_json(sealed: Challenge, **changes: object) -> str:
    return json.dumps(json.loads(sealed.text) | changes)


@settings(max_examples=20)
@given(pin=st.from_regex(r"[0-9]{8}", fullmatch=True), header=headers)
def test_the_holder_of_the_key_reads_the_pin_and_the_header(
    local_access_key: RSAPrivateKey, pin: str, header: Header
) -> None:
    text = challenge.seal(pin, PublicKey.of(local_access_key), header).text
    parsed = challenge.parse(text)
    assert parsed.text == text
    assert challenge.open_challenge(parsed, local_access_key) == pin
    assert Header.decode(parsed.header) == header
    assert parsed.key_digest == PublicKey.of(local_access_key).digest


@given(headers)
def test_a_header_is_read_as_it_was_written(header: Header) -> None:
    assert Header.decode(header.encode()) == header


def test_a_header_lies_in_the_bytes_in_smbios_order() -> None:
    assert HEADER.encode().hex(" ") == (
        "01 01 33 22 11 00 55 44 77 66 88 99 aa bb cc dd ee ff "
        "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 94 22 d5 63 00 00 00 00 0a 44 45 4d 4f 30 30 30 30 30 31"
    )


def test_a_challenge_is_one_line_of_json_with_four_members_in_base45(sealed: Challenge) -> None:
    members = json.loads(sealed.text)
    assert list(members) == ["f10", "k", "h", "c"]
    assert members["f10"] == 1
    assert base45.decode(members["k"]) == sealed.key_digest
    assert base45.decode(members["h"]) == HEADER.encode()
    assert len(base45.decode(members["c"])) == 256
    assert sealed.text.isascii()
    assert sealed.text.isprintable()


def test_a_challenge_of_a_usual_serial_number_makes_a_qr_code_of_version_13(
    local_access_key: RSAPrivateKey,
) -> None:
    for _ in range(10):
        text = challenge.seal(PIN, PublicKey.of(local_access_key), HEADER).text
        assert 530 <= len(text) <= 550
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L)
        code.add_data(text)
        code.make(fit=True)
        assert code.version == 13


def test_the_same_challenge_is_never_made_twice(local_access_key: RSAPrivateKey) -> None:
    key = PublicKey.of(local_access_key)
    assert challenge.seal(PIN, key, HEADER).ciphertext != challenge.seal(PIN, key, HEADER).ciphertext


def test_plain_arithmetic_opens_our_challenge(sealed: Challenge, local_access_key: RSAPrivateKey) -> None:
    label = PublicKey.of(local_access_key).digest + HEADER.encode()
    assert opened_by_arithmetic(sealed.ciphertext, local_access_key, label) == PIN.encode()


OAEP_OF_OPENSSL = (
    *("-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256"),
    *("-pkeyopt", "rsa_mgf1_md:sha256", "-pkeyopt"),
)


def test_openssl_opens_our_challenge(openssl: OpenSSL, sealed: Challenge) -> None:
    label = f"rsa_oaep_label:{(sealed.key_digest + sealed.header).hex()}"
    key = VECTORS / "test_key_local_access.pem"
    opened = openssl("pkeyutl", "-decrypt", "-inkey", key, *OAEP_OF_OPENSSL, label, stdin=sealed.ciphertext)
    assert opened == PIN.encode()


def test_we_open_the_challenge_of_openssl(
    openssl: OpenSSL, sealed: Challenge, local_access_key: RSAPrivateKey, tmp_path: Path
) -> None:
    public = tmp_path / "public.pem"
    public.write_bytes(
        local_access_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    label = f"rsa_oaep_label:{(sealed.key_digest + sealed.header).hex()}"
    ciphertext = openssl(
        "pkeyutl", "-encrypt", "-pubin", "-inkey", public, *OAEP_OF_OPENSSL, label, stdin=b"12345678"
    )
    assert challenge.open_challenge(replace(sealed, ciphertext=ciphertext), local_access_key) == "12345678"


@pytest.mark.parametrize("part", ["key_digest", "header", "ciphertext"])
def test_a_flipped_bit_in_any_byte_does_not_open(
    sealed: Challenge, local_access_key: RSAPrivateKey, part: str
) -> None:
    octets: bytes = getattr(sealed, part)
    for at in range(len(octets)):
        flipped = octets[:at] + bytes([octets[at] ^ 1 << at % 8]) + octets[at + 1 :]
        edited = (
            Challenge(flipped, sealed.header, sealed.ciphertext)
            if part == "key_digest"
            else Challenge(sealed.key_digest, flipped, sealed.ciphertext)
            if part == "header"
            else Challenge(sealed.key_digest, sealed.header, flipped)
        )
        with pytest.raises(EditedChallenge, match=DOES_NOT_OPEN):
            challenge.open_challenge(edited, local_access_key)


def test_a_header_edited_so_that_it_still_parses_does_not_open(
    sealed: Challenge, local_access_key: RSAPrivateKey
) -> None:
    for edited in (
        replace(HEADER, serial="DEMO000002"),
        replace(HEADER, serial=""),
        replace(HEADER, purpose=Purpose.BOOT_MENU),
        replace(HEADER, issued_at=HEADER.issued_at + 1),
        replace(HEADER, machine=uuid.UUID(int=0)),
        replace(HEADER, boot_nonce=bytes(16)),
    ):
        parsed = challenge.parse(in_json(sealed, h=base45.encode(edited.encode())))
        with pytest.raises(EditedChallenge, match=DOES_NOT_OPEN):
            challenge.open_challenge(parsed, local_access_key)


def test_a_challenge_for_another_key_does_not_open(
    sealed: Challenge, local_access_key: RSAPrivateKey, other_key: RSAPrivateKey
) -> None:
    renamed = replace(sealed, key_digest=PublicKey.of(other_key).digest)
    for edited, key in ((sealed, other_key), (renamed, other_key), (renamed, local_access_key)):
        with pytest.raises(EditedChallenge, match=DOES_NOT_OPEN):
            challenge.open_challenge(challenge.parse(edited.text), key)


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"1234567",
        b"123456789",
        b"1234 678",
        b"1234567\n",
        b"-1234567",
        b"0x123456",
        b"\x1b[2J1234",
        b"<script>",
        b"\xff" * 8,
        "１２３４５６７８".encode(),
        "١٢٣٤".encode(),
        b"12345678" * 20,
        b"\0" * 8,
    ],
    ids=repr,
)
def test_the_phone_decrypts_nothing_but_eight_digits(
    sealed: Challenge, local_access_key: RSAPrivateKey, plaintext: bytes
) -> None:
    label = sealed.key_digest + sealed.header
    chosen = replace(sealed, ciphertext=encrypted(local_access_key, plaintext, label))
    with pytest.raises(EditedChallenge, match=DOES_NOT_OPEN):
        challenge.open_challenge(chosen, local_access_key)


def test_the_label_is_the_key_id_followed_by_the_header_and_the_hash_is_sha_256(
    sealed: Challenge, local_access_key: RSAPrivateKey
) -> None:
    key, right = local_access_key, sealed.key_digest + sealed.header
    good = replace(sealed, ciphertext=encrypted(key, b"12345678", right))
    assert challenge.open_challenge(good, key) == "12345678"
    for ciphertext in (
        encrypted(key, b"12345678", b""),
        encrypted(key, b"12345678", sealed.header),
        encrypted(key, b"12345678", sealed.header + sealed.key_digest),
        encrypted(key, b"12345678", right + b"\0"),
        encrypted(key, b"12345678", right, SHA1()),
        key.public_key().encrypt(b"12345678", padding.PKCS1v15()),
    ):
        with pytest.raises(EditedChallenge, match=DOES_NOT_OPEN):
            challenge.open_challenge(replace(sealed, ciphertext=ciphertext), key)


@pytest.mark.parametrize("size", [0, 1, 255, 257, 512])
def test_a_ciphertext_of_another_size_is_refused_by_form_and_by_opening(
    sealed: Challenge, local_access_key: RSAPrivateKey, size: int
) -> None:
    ciphertext = (sealed.ciphertext * 2)[:size]
    with pytest.raises(MalformedChallenge, match=f"ciphertext of 256 bytes; 32 and {size} came"):
        challenge.parse(in_json(sealed, c=base45.encode(ciphertext)))
    with pytest.raises(EditedChallenge, match=DOES_NOT_OPEN):
        challenge.open_challenge(replace(sealed, ciphertext=ciphertext), local_access_key)


@pytest.mark.parametrize("number", [0, 1])
def test_a_ciphertext_with_a_known_plaintext_or_above_the_modulus_does_not_open(
    sealed: Challenge, local_access_key: RSAPrivateKey, number: int
) -> None:
    modulus = local_access_key.public_key().public_numbers().n
    for value in (number, modulus - number, modulus + number, (1 << 2048) - 1):
        edited = replace(sealed, ciphertext=value.to_bytes(256, "big"))
        with pytest.raises(EditedChallenge, match=DOES_NOT_OPEN):
            challenge.open_challenge(edited, local_access_key)


@pytest.mark.parametrize("name", ["rsa_1024", "rsa_3072", "rsa_2048_exponent_3"])
def test_a_key_of_another_kind_opens_nothing(
    sealed: Challenge, unusable_keys: dict[str, RSAPrivateKey], name: str
) -> None:
    with pytest.raises(EditedChallenge, match=DOES_NOT_OPEN):
        challenge.open_challenge(sealed, unusable_keys[name])


@pytest.mark.parametrize("digest_size", [0, 31, 33])
def test_a_key_id_of_another_size_is_refused(sealed: Challenge, digest_size: int) -> None:
    with pytest.raises(MalformedChallenge, match=f"key id of 32 .* {digest_size} and 256 came"):
        challenge.parse(in_json(sealed, k=base45.encode(bytes(digest_size))))


@pytest.mark.parametrize("mark", [None, "1", True, 1.0, [1], {}])
def test_an_object_without_our_mark_is_of_an_unknown_kind(sealed: Challenge, mark: object) -> None:
    with pytest.raises(UnknownKind, match="this object has none"):
        challenge.parse(in_json(sealed, f10=mark))
    with pytest.raises(UnknownKind, match="this object has none"):
        challenge.parse("{}")


@pytest.mark.parametrize("version", [0, 2, -1])
def test_an_unknown_version_is_of_an_unknown_kind(sealed: Challenge, version: int) -> None:
    with pytest.raises(UnknownKind, match=f"of version {version}; only 1 is known"):
        challenge.parse(in_json(sealed, f10=version))


def test_a_version_of_a_thousand_digits_does_not_flood_the_screen() -> None:
    with pytest.raises(UnknownKind) as refusal:
        challenge.parse('{"f10":' + "9" * 4000 + "}")
    assert len(str(refusal.value)) < 100


def test_unknown_and_missing_members_are_refused(sealed: Challenge) -> None:
    with pytest.raises(MalformedChallenge, match="and no others"):
        challenge.parse(in_json(sealed, note="harmless"))
    for name in ("k", "h", "c"):
        members = json.loads(sealed.text)
        del members[name]
        with pytest.raises(MalformedChallenge, match="and no others"):
            challenge.parse(json.dumps(members))


def test_a_member_given_twice_is_refused(sealed: Challenge) -> None:
    for doubled in ('{"f10":1,', '{"k":"",'):
        with pytest.raises(strict_json.NotJSON, match="twice"):
            challenge.parse(doubled + sealed.text[1:])


@pytest.mark.parametrize("name", ["k", "h", "c"])
def test_a_member_that_is_no_base45_text_is_refused(sealed: Challenge, name: str) -> None:
    text = json.loads(sealed.text)[name]
    for wrong in (
        text.lower(),
        text + "=",
        text[:-2] + "::",
        text + "A" * (-len(text) % 3 + 1),
        "ＡＢ" + text[2:],
    ):
        with pytest.raises(NotBase45):
            challenge.parse(in_json(sealed, **{name: wrong}))
    no_texts: tuple[object, ...] = (None, 1, [text], {})
    for no_text in no_texts:
        with pytest.raises(MalformedChallenge, match=f"'{name}' of a challenge must be text"):
            challenge.parse(in_json(sealed, **{name: no_text}))


@pytest.mark.parametrize(
    "text", ["", "WIFI:S:x;;", "https://example.com", "[" * 4000, '{"f10":NaN}', "\ufeff{}", "{" * 5000]
)
def test_other_text_is_no_json(text: str) -> None:
    with pytest.raises(strict_json.NotJSON):
        challenge.parse(text)


@pytest.mark.parametrize("text", ["[]", "14711000", '"f10"', "null"])
def test_other_json_is_no_object(text: str) -> None:
    with pytest.raises(strict_json.NotAnObject):
        challenge.parse(text)


def test_a_challenge_above_the_bound_is_refused(sealed: Challenge) -> None:
    fits = sealed.text + " " * (challenge.LARGEST - len(sealed.text))
    assert challenge.parse(fits) == sealed
    with pytest.raises(strict_json.NotJSON, match="at most 4096"):
        challenge.parse(fits + " ")


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "at least 43 bytes; 0 came"),
        (HEADER.encode()[:42], "at least 43 bytes; 42 came"),
        (b"\2" + HEADER.encode()[1:], "header of version 2; only 1"),
        (HEADER.encode()[:-1], "10 bytes was announced, 9 came"),
        (HEADER.encode() + b"X", "10 bytes was announced, 11 came"),
        (HEADER.encode()[:42] + b"\x21" + b"S" * 33, "33 bytes was announced, 33 came"),
        (HEADER.encode()[:42] + b"\4\x1b[2J", "no printable ASCII"),
        (HEADER.encode()[:42] + b"\1\x7f", "no printable ASCII"),
        (HEADER.encode()[:42] + b"\1\n", "no printable ASCII"),
        (HEADER.encode()[:42] + b"\2\xc3\x84", "no printable ASCII"),
        (b"\1\0" + HEADER.encode()[2:], "unknown purpose 0"),
        (b"\1\7" + HEADER.encode()[2:], "unknown purpose 7"),
    ],
)
def test_a_header_of_the_wrong_form_is_refused_wherever_it_comes_from(
    sealed: Challenge, octets: bytes, reason: str
) -> None:
    with pytest.raises(MalformedChallenge, match=reason):
        Header.decode(octets)
    with pytest.raises(MalformedChallenge, match=reason):
        challenge.parse(in_json(sealed, h=base45.encode(octets)))


@given(st.binary(max_size=80))
def test_noise_is_a_header_only_if_it_is_the_bytes_of_that_header(noise: bytes) -> None:
    try:
        header = Header.decode(noise)
    except MalformedChallenge:
        return
    assert header.encode() == noise


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (replace(HEADER, serial="S" * 33), "33 and 16 came"),
        (replace(HEADER, boot_nonce=bytes(15)), "10 and 15 came"),
        (replace(HEADER, serial="Ä"), "no printable ASCII"),
        (replace(HEADER, serial="\x1b[2J"), "no printable ASCII"),
    ],
)
def test_a_header_that_no_phone_would_take_is_not_written(header: Header, reason: str) -> None:
    with pytest.raises(MalformedChallenge, match=reason):
        header.encode()


@pytest.mark.parametrize(
    "pin", ["", "1234567", "123456789", "1234567x", "１２３４５６７８", "1234 5678", "-1234567"]
)
def test_what_is_no_pin_is_not_sealed_and_not_repeated(local_access_key: RSAPrivateKey, pin: str) -> None:
    assert not challenge.is_pin(pin)
    with pytest.raises(MalformedChallenge, match=r"^a PIN has 8 digits$"):
        challenge.seal(pin, PublicKey.of(local_access_key), HEADER)


def test_the_vectors_of_headers_hold(vectors: Callable[[str], list[dict[str, Any]]]) -> None:
    for vector in vectors("challenge_headers"):
        header = Header(
            Purpose(vector["purpose"]),
            uuid.UUID(vector["machine"]),
            bytes.fromhex(vector["boot_nonce"]),
            vector["issued_at"],
            vector["serial"],
        )
        assert header.encode().hex() == vector["octets"]
        assert Header.decode(bytes.fromhex(vector["octets"])) == header


def test_the_vectors_of_challenges_open(
    vectors: Callable[[str], list[dict[str, Any]]], local_access_key: RSAPrivateKey
) -> None:
    for vector in vectors("challenges"):
        parsed = challenge.parse(vector["text"])
        assert parsed.header.hex() == vector["header"]
        assert challenge.open_challenge(parsed, local_access_key) == vector["pin"]
        label = parsed.key_digest + parsed.header
        assert opened_by_arithmetic(parsed.ciphertext, local_access_key, label) == vector["pin"].encode()


def test_purposes_are_said_as_people_say_them() -> None:
    assert [purpose.spoken for purpose in Purpose] == [
        "setup",
        "boot menu",
        "option ROMs",
        "recovery",
        "network boot",
        "firmware update",
    ]
