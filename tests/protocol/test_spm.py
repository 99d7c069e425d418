"""Secure Platform Management: what reaches the firmware as keys, and what it says of itself."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.protocol import certificate, formats, keys, spm
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey
from emulator.protocol.spm import Feature, MalformedCommand, State

OpenSSL = Callable[..., bytes]


@pytest.fixture(scope="module")
def der(vectors: Callable[[str], list[dict[str, Any]]]) -> bytes:
    return bytes.fromhex(vectors("certificates")[0]["der"])


@pytest.fixture(scope="module")
def command(endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey) -> bytes:
    return spm.make_signing_key(endorsement_key, PublicKey.of(signing_key), counter=1674912404)


def test_an_endorsement_payload_is_65_zeros_and_the_certificate(der: bytes) -> None:
    data = spm.endorsement_data(der)
    assert data == bytes(65) + der
    assert spm.parse_endorsement(data).certificate == der


def test_a_bare_certificate_is_taken_as_linux_hands_it_over(
    der: bytes, endorsement_key: RSAPrivateKey
) -> None:
    assert certificate.parse(spm.parse_endorsement(der).certificate).key == PublicKey.of(endorsement_key)


passwords = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=32).filter(
    lambda text: len(text.encode("utf-16-le", "surrogatepass")) <= 64
)


@given(passwords)
def test_a_password_before_the_certificate_is_read_as_it_was_written(der: bytes, password: str) -> None:
    order = spm.parse_endorsement(spm.endorsement_data(der, password))
    assert order == spm.EndorsementOrder(password, der)
    assert spm.parse_endorsement(spm.endorsement_data(der, password)).certificate == der


@given(passwords, st.booleans(), st.booleans())
def test_the_length_counts_bytes_or_characters_and_stands_first_or_last(
    der: bytes, password: str, length_last: bool, characters: bool
) -> None:
    text = password.encode("utf-16-le", "surrogatepass")
    length = bytes([len(text) // 2 if characters else len(text)])
    padded = text.ljust(64, b"\0")
    area = padded + length if length_last else length + padded
    assert spm.parse_endorsement(area + der, length_last=length_last) == spm.EndorsementOrder(password, der)


def test_an_area_of_zeros_means_no_password_in_both_layouts(der: bytes) -> None:
    for length_last in (False, True):
        order = spm.parse_endorsement(bytes(65) + der, length_last=length_last)
        assert order == spm.EndorsementOrder("", der)


def test_the_area_is_a_length_of_bytes_and_utf_16(der: bytes) -> None:
    area = spm.endorsement_data(der, "Ab")[:65]
    assert area == b"\4A\0b\0" + bytes(60)


def test_lone_surrogates_of_a_password_are_the_units_they_are(der: bytes) -> None:
    password = "\udfff\ud800"
    assert spm.parse_endorsement(spm.endorsement_data(der, password)).password == password


def test_24_characters_are_not_taken_for_the_mark_of_a_bare_certificate(der: bytes) -> None:
    data = spm.endorsement_data(der, "x" * 24)
    assert data[0] == 0x30
    assert spm.parse_endorsement(data) == spm.EndorsementOrder("x" * 24, der)
    # With a character whose code is 0x82 the first two bytes are those of a certificate, but not its length.
    same = "\u0082" + "x" * 23
    data = spm.endorsement_data(der, same)
    assert data[:2] == b"\x30\x82"
    assert spm.parse_endorsement(data) == spm.EndorsementOrder(same, der)


def test_a_password_that_begins_with_0_is_not_taken_for_a_certificate_where_it_stands_first(
    der: bytes,
) -> None:
    data = "0123".encode("utf-16-le").ljust(64, b"\0") + b"\x08" + der
    assert data[0] == 0x30
    assert spm.parse_endorsement(data, length_last=True) == spm.EndorsementOrder("0123", der)


def test_data_that_are_one_sequence_are_a_certificate_whatever_an_area_would_say(der: bytes) -> None:
    for length_last in (False, True):
        assert spm.parse_endorsement(der, length_last=length_last) == spm.EndorsementOrder("", der)


def test_a_certificate_that_is_cut_or_has_something_behind_it_is_not_bare(der: bytes) -> None:
    for data in (der[:-1], der + b"\n", b"\x30\x81" + der[2:], b"\x30" * 200):
        with pytest.raises(MalformedCommand, match="neither zeros nor a length and a password"):
            spm.parse_endorsement(data)
    for size in range(5):
        with pytest.raises(MalformedCommand, match=f"and a certificate; {size} bytes came"):
            spm.parse_endorsement(der[:size])


@pytest.mark.parametrize(
    "area",
    [
        b"\0" + b"a\0" + bytes(62),
        b"\3" + b"a\0b\0" + bytes(60),
        b"\5" + b"a\0b\0" + bytes(60),
        b"\1" + bytes(64),
        b"\6" + b"a\0\0\0b\0" + bytes(58),
        b"\x41" + b"a\0" * 32,
        b"\xff" * 65,
        bytes(64) + b"\1",
    ],
    ids=bytes.hex,
)
def test_an_area_with_anything_else_in_it_is_refused(der: bytes, area: bytes) -> None:
    for data, length_last in ((area + der, False), (area[1:] + area[:1] + der, True)):
        with pytest.raises(MalformedCommand, match="neither zeros nor a length and a password"):
            spm.parse_endorsement(data, length_last=length_last)


def test_a_password_in_another_layout_is_not_repeated_by_the_refusal(der: bytes) -> None:
    for area in (b"hunter2".ljust(65, b"\0"), "hunter2".encode("utf-16-be").ljust(65, b"\0")):
        with pytest.raises(MalformedCommand) as refusal:
            spm.parse_endorsement(area + der)
        assert "hunter" not in str(refusal.value)
        assert refusal.value.__cause__ is None


def test_a_password_is_not_shown_with_its_order(der: bytes) -> None:
    assert "hunter2" not in repr(spm.parse_endorsement(spm.endorsement_data(der, "hunter2")))


@pytest.mark.parametrize("password", ["x" * 33, "🔑" * 17, "a\0", "\0", "a\0b"])
def test_a_password_that_no_area_can_hold_is_refused_and_not_repeated(der: bytes, password: str) -> None:
    with pytest.raises(
        MalformedCommand, match="at most 32 characters of 16 bits, and none is NUL"
    ) as refusal:
        spm.endorsement_data(der, password)
    assert password not in str(refusal.value)


def test_the_longest_password_fills_the_area(der: bytes) -> None:
    for password in ("x" * 32, "🔑" * 16):
        data = spm.endorsement_data(der, password)
        assert len(data) == 65 + len(der)
        assert spm.parse_endorsement(data).password == password


@given(st.binary(max_size=200), st.booleans())
def test_noise_for_an_endorsement_key_is_refused_or_has_a_certificate_to_judge(
    noise: bytes, length_last: bool
) -> None:
    with contextlib.suppress(MalformedCommand):
        assert spm.parse_endorsement(noise, length_last=length_last).certificate


def test_the_vectors_of_endorsement_keys_hold(vectors: Callable[[str], list[dict[str, Any]]]) -> None:
    told = [vector for vector in vectors("payloads") if vector["purpose"] == "hp:provision:endorsementkey"]
    assert {bool(vector["says"]["password"]) for vector in told} == {True, False}
    for vector in told:
        password, der = vector["says"]["password"], bytes.fromhex(vector["says"]["certificate"])
        assert spm.parse_endorsement(bytes.fromhex(vector["data"])) == spm.EndorsementOrder(password, der)
        assert spm.endorsement_data(der, password).hex() == vector["data"]


@pytest.mark.parametrize("size", [0, 1, 64, 65])
def test_an_endorsement_payload_without_a_certificate_is_refused(size: int) -> None:
    with pytest.raises(MalformedCommand, match=f"and a certificate; {size} bytes came"):
        spm.parse_endorsement(bytes(size))


def test_an_endorsement_payload_above_the_buffer_is_refused() -> None:
    assert len(spm.parse_endorsement(bytes(4096)).certificate) == 4031
    for data in (bytes(4097), b"\x30" * 4097):
        with pytest.raises(MalformedCommand, match="at most 4096 bytes; 4097 came"):
            spm.parse_endorsement(data)


@settings(max_examples=30)
@given(counter=st.integers(0, 0xFFFFFFFF), deprovision=st.booleans())
def test_a_signing_key_order_arrives_as_it_was_signed(
    endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey, counter: int, deprovision: bool
) -> None:
    key = None if deprovision else PublicKey.of(signing_key)
    data = spm.make_signing_key(endorsement_key, key, counter=counter)
    order = spm.parse_signing_key(data)
    verified = spm.verify(order, PublicKey.of(endorsement_key))
    assert (verified.counter, verified.key) == (counter, key) == (order.counter, order.key)


def test_an_order_lies_in_the_bytes_as_the_reference_says(command: bytes, signing_key: RSAPrivateKey) -> None:
    assert len(command) == 516
    assert int.from_bytes(command[256:260], "little") == 1674912404
    assert int.from_bytes(command[260:], "little") == signing_key.public_key().public_numbers().n


def test_deprovisioning_is_a_signed_modulus_of_zeros(endorsement_key: RSAPrivateKey) -> None:
    data = spm.make_signing_key(endorsement_key, None, counter=7)
    assert data[256:] == b"\7\0\0\0" + bytes(256)
    assert spm.parse_signing_key(data).key is None


def test_openssl_verifies_an_order(
    openssl: OpenSSL, endorsement_key: RSAPrivateKey, command: bytes, tmp_path: Path
) -> None:
    key, signature = tmp_path / "key.pem", tmp_path / "signature"
    key.write_bytes(
        endorsement_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    signature.write_bytes(command[:256][::-1])
    told = openssl("dgst", "-sha256", "-verify", key, "-signature", signature, stdin=command[256:])
    assert told == b"Verified OK\n"


def test_any_flipped_bit_of_an_order_is_refused(endorsement_key: RSAPrivateKey, command: bytes) -> None:
    key = PublicKey.of(endorsement_key)
    for bit in range(8 * len(command)):
        flipped = bytearray(command)
        flipped[bit // 8] ^= 1 << bit % 8
        # The lowest and the highest bit of a modulus are always set, so without them it is none.
        no_modulus = bit in {8 * 260, 8 * 516 - 1}
        with pytest.raises(UnusableKey if no_modulus else InvalidSignature):
            spm.verify(spm.parse_signing_key(bytes(flipped)), key)


def test_the_other_byte_order_of_the_signature_is_refused(
    endorsement_key: RSAPrivateKey, command: bytes
) -> None:
    order = spm.parse_signing_key(command[:256][::-1] + command[256:])
    with pytest.raises(InvalidSignature):
        spm.verify(order, PublicKey.of(endorsement_key))


def test_an_order_of_another_endorsement_key_is_refused(
    other_key: RSAPrivateKey, signing_key: RSAPrivateKey, command: bytes
) -> None:
    for key in (other_key, signing_key):
        with pytest.raises(InvalidSignature):
            spm.verify(spm.parse_signing_key(command), PublicKey.of(key))


def test_a_deprovisioning_order_signed_by_nobody_is_refused(endorsement_key: RSAPrivateKey) -> None:
    with pytest.raises(InvalidSignature):
        spm.verify(spm.parse_signing_key(bytes(516)), PublicKey.of(endorsement_key))


@pytest.mark.parametrize("size", [0, 256, 515, 517, 4096])
def test_an_order_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(MalformedCommand, match=f"has 516 bytes; {size} came"):
        spm.parse_signing_key(bytes(size))


@pytest.mark.parametrize("counter", [-1, 1 << 32])
def test_a_counter_that_does_not_fit_is_refused(endorsement_key: RSAPrivateKey, counter: int) -> None:
    with pytest.raises(MalformedCommand, match="32 bits"):
        spm.make_signing_key(endorsement_key, None, counter=counter)


@pytest.mark.parametrize("name", ["rsa_1024", "rsa_4096", "rsa_2048_exponent_3"])
def test_a_key_that_no_pc_takes_endorses_nothing(unusable_keys: dict[str, RSAPrivateKey], name: str) -> None:
    with pytest.raises(UnusableKey):
        spm.make_signing_key(unusable_keys[name], None, counter=1)


@given(
    state=st.sampled_from(State),
    version=st.tuples(st.integers(0, 255), st.integers(0, 255)),
    features=st.builds(Feature, st.integers(0, 7)),
    nonce=st.integers(0, 0xFFFFFFFF),
    has_signing=st.booleans(),
    has_endorsement=st.booleans(),
)
def test_a_state_reply_is_read_as_it_was_written(
    signing_key: RSAPrivateKey,
    endorsement_key: RSAPrivateKey,
    state: State,
    version: tuple[int, int],
    features: Feature,
    nonce: int,
    has_signing: bool,
    has_endorsement: bool,
) -> None:
    signing = PublicKey.of(signing_key) if has_signing else None
    endorsement = PublicKey.of(endorsement_key) if has_endorsement else None
    reply = spm.encode_state(
        state,
        version=version,
        features=features,
        nonce=nonce,
        signing_key=signing,
        endorsement_key=endorsement,
    )
    assert len(reply) == 552
    read = spm.decode_state(reply)
    assert (read.state, read.version_major, read.version_minor) == (state, *version)
    assert (read.features, read.nonce) == (features, nonce)
    assert read.signing_key == (bytes(256) if signing is None else signing.little_endian)
    assert read.endorsement_key == (bytes(256) if endorsement is None else endorsement.little_endian)
    assert (read.reserved, read.reserved_2) == (0, bytes(28))


@given(st.binary(min_size=552, max_size=552))
def test_the_native_helper_hands_out_the_same_state(reply: bytes) -> None:
    state = spm.decode_state(reply)
    data = spm.encode_helper_state(state)
    assert len(data) == 525
    helper = spm.decode_helper_state(data)
    assert helper._asdict() == {name: getattr(state, name) for name in helper._fields} | {"reserved": 0}
    assert (data[13:269], data[269:]) == (reply[296:], reply[40:296])


@pytest.mark.parametrize("size", [0, 524, 526, 552])
def test_a_helper_state_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(MalformedCommand, match=f"has 525 bytes; {size} came"):
        spm.decode_helper_state(bytes(size))


@pytest.mark.parametrize("size", [0, 525, 551, 553])
def test_a_state_reply_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(MalformedCommand, match=f"has 552 bytes; {size} came"):
        spm.decode_state(bytes(size))


@given(st.binary(min_size=516, max_size=516))
def test_noise_of_the_right_size_is_refused(endorsement_key: RSAPrivateKey, noise: bytes) -> None:
    with pytest.raises(ProtocolError):
        spm.verify(spm.parse_signing_key(noise), PublicKey.of(endorsement_key))


def test_the_vectors_of_orders_hold(
    vectors: Callable[[str], list[dict[str, Any]]],
    endorsement_key: RSAPrivateKey,
    request: pytest.FixtureRequest,
) -> None:
    for vector in vectors("signing_key_commands"):
        name = vector["signing_key"]
        key = None if name is None else PublicKey.of(request.getfixturevalue(f"{name}_key"))
        data = bytes.fromhex(vector["data"])
        verified = spm.verify(spm.parse_signing_key(data), PublicKey.of(endorsement_key))
        assert (verified.counter, verified.key) == (vector["counter"], key)
        assert spm.make_signing_key(endorsement_key, key, counter=vector["counter"]) == data


def test_the_vectors_of_states_hold(
    vectors: Callable[[str], list[dict[str, Any]]], request: pytest.FixtureRequest
) -> None:
    for vector in vectors("states"):
        read = spm.decode_state(bytes.fromhex(vector["reply"]))
        assert (read.state, read.features, read.nonce) == (
            vector["state"],
            vector["features"],
            vector["nonce"],
        )
        for octets, name in (
            (read.signing_key, vector["signing_key"]),
            (read.endorsement_key, vector["endorsement_key"]),
        ):
            if name is None:
                assert octets == spm.ZERO_MODULUS
            else:
                assert octets == PublicKey.of(request.getfixturevalue(f"{name}_key")).little_endian


def test_signature_and_modulus_sizes_are_those_of_the_structures() -> None:
    assert formats.SIGNING_KEY_COMMAND.size == keys.SIGNATURE_SIZE + 4 + keys.MODULUS_SIZE
