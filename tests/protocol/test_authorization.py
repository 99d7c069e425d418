"""Authorization strings: every byte of them is bound, and only the right key binds it."""

import base64
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.protocol import authorization, keys
from emulator.protocol.authorization import MalformedAuthorization, MisfittedAuthorization
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey

OpenSSL = Callable[..., bytes]
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
NAME, VALUE, NONCE = "USB Storage Boot", "Enable", 1664226083


@pytest.fixture(scope="module")
def token(signing_key: RSAPrivateKey) -> str:
    return authorization.make(signing_key, NAME, VALUE, nonce=NONCE)


def block_of(text: str) -> bytes:
    return base64.b64decode(text.removeprefix("<BEAM/>"))


def text_of(block: bytes) -> str:
    return "<BEAM/>" + base64.b64encode(block).decode()


@settings(max_examples=30)
@given(
    name=st.text(max_size=60),
    value=st.text(max_size=60),
    nonce=st.integers(0, 0xFFFFFFFF),
    target=st.none() | st.uuids(),
    single_use=st.booleans(),
)
def test_what_the_signing_key_ordered_is_what_the_firmware_learns(
    signing_key: RSAPrivateKey, name: str, value: str, nonce: int, target: uuid.UUID | None, single_use: bool
) -> None:
    text = authorization.make(signing_key, name, value, nonce=nonce, target=target, single_use=single_use)
    assert len(text) == 387
    parsed = authorization.parse(text)
    assert parsed.single_use is single_use
    assert parsed.any_machine is (target is None)
    change = authorization.verify(parsed, PublicKey.of(signing_key), name, value)
    assert (change.name, change.value, change.nonce, change.single_use) == (name, value, nonce, single_use)
    assert change.target == (b"\xff" * 16 if target is None else target.bytes_le)


def test_the_header_lies_in_the_bytes_as_the_reference_says(signing_key: RSAPrivateKey) -> None:
    text = authorization.make(signing_key, "ab", "c", nonce=0x01020304, target=MACHINE, single_use=True)
    header = bytes.fromhex("01 0400 0200 01 04030201 01 33221100 5544 7766 8899aabbccddeeff")
    assert block_of(text)[:27] == header
    assert len(block_of(text)) == 283


def test_openssl_verifies_header_name_and_value(
    openssl: OpenSSL, signing_key: RSAPrivateKey, token: str, tmp_path: Path
) -> None:
    key, signature = tmp_path / "key.pem", tmp_path / "signature"
    key.write_bytes(signing_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    signature.write_bytes(block_of(token)[27:][::-1])
    signed = (
        block_of(token)[:27] + b"U\0S\0B\0 \0S\0t\0o\0r\0a\0g\0e\0 \0B\0o\0o\0t\0" + b"E\0n\0a\0b\0l\0e\0"
    )
    told = openssl("dgst", "-sha256", "-verify", key, "-signature", signature, stdin=signed)
    assert told == b"Verified OK\n"


def test_any_flipped_bit_of_the_block_is_refused(signing_key: RSAPrivateKey, token: str) -> None:
    key, block = PublicKey.of(signing_key), block_of(token)
    for bit in range(8 * len(block)):
        flipped = bytearray(block)
        flipped[bit // 8] ^= 1 << bit % 8
        # Version, then the two lengths, then all that only the signature binds.
        expected = (
            MalformedAuthorization if bit < 8 else MisfittedAuthorization if bit < 40 else InvalidSignature
        )
        with pytest.raises(expected):
            authorization.verify(authorization.parse(text_of(bytes(flipped))), key, NAME, VALUE)


def test_the_other_byte_order_of_the_signature_is_refused(signing_key: RSAPrivateKey, token: str) -> None:
    block = block_of(token)
    turned = authorization.parse(text_of(block[:27] + block[27:][::-1]))
    with pytest.raises(InvalidSignature):
        authorization.verify(turned, PublicKey.of(signing_key), NAME, VALUE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("USB Storage Bool", VALUE),
        ("usb storage boot", VALUE),
        (NAME, "enable"),
        (NAME, "Ünable"),
        (NAME[:-1], NAME[-1] + VALUE),
    ],
)
def test_a_token_is_good_for_one_name_and_one_value(
    signing_key: RSAPrivateKey, token: str, name: str, value: str
) -> None:
    with pytest.raises((InvalidSignature, MisfittedAuthorization)):
        authorization.verify(authorization.parse(token), PublicKey.of(signing_key), name, value)


def test_moving_a_character_from_the_name_to_the_value_is_refused_by_the_lengths(
    signing_key: RSAPrivateKey, token: str
) -> None:
    with pytest.raises(MisfittedAuthorization, match="name of 32 and a value of 12 bytes; 30 and 14 came"):
        authorization.verify(
            authorization.parse(token), PublicKey.of(signing_key), NAME[:-1], NAME[-1] + VALUE
        )


def test_the_token_of_another_key_is_refused(
    signing_key: RSAPrivateKey, other_key: RSAPrivateKey, token: str
) -> None:
    with pytest.raises(InvalidSignature):
        authorization.verify(authorization.parse(token), PublicKey.of(other_key), NAME, VALUE)


def test_lone_surrogates_are_signed_as_the_units_they_are(signing_key: RSAPrivateKey) -> None:
    text = authorization.make(signing_key, "\ud800", "\udfff", nonce=1)
    change = authorization.verify(authorization.parse(text), PublicKey.of(signing_key), "\ud800", "\udfff")
    assert (change.name, change.value) == ("\ud800", "\udfff")
    for other in ("\ud801", "?", "\ufffd"):
        with pytest.raises(InvalidSignature):
            authorization.verify(authorization.parse(text), PublicKey.of(signing_key), other, "\udfff")


def test_the_longest_name_and_value_are_signed_and_one_more_is_refused(signing_key: RSAPrivateKey) -> None:
    longest = "x" * 0x7FFF
    text = authorization.make(signing_key, longest, longest, nonce=1)
    authorization.verify(authorization.parse(text), PublicKey.of(signing_key), longest, longest)
    with pytest.raises(MalformedAuthorization, match="a name has at most 65535 bytes in UTF-16; 65536 came"):
        authorization.make(signing_key, longest + "x", "", nonce=1)
    with pytest.raises(MalformedAuthorization, match="a value has at most"):
        authorization.make(signing_key, "", longest + "x", nonce=1)


@pytest.mark.parametrize("nonce", [-1, 1 << 32])
def test_a_nonce_that_does_not_fit_is_refused(signing_key: RSAPrivateKey, nonce: int) -> None:
    with pytest.raises(MalformedAuthorization, match="32 bits"):
        authorization.make(signing_key, NAME, VALUE, nonce=nonce)


@pytest.mark.parametrize("name", ["rsa_1024", "rsa_3072", "rsa_2048_exponent_3"])
def test_a_key_that_no_pc_takes_signs_nothing(unusable_keys: dict[str, RSAPrivateKey], name: str) -> None:
    with pytest.raises(UnusableKey):
        authorization.make(unusable_keys[name], NAME, VALUE, nonce=1)


@pytest.mark.parametrize("text", ["", "<utf-16/>secret", "<beam/>", " <BEAM/>", "<BEAM />", "hunter2"])
def test_what_begins_otherwise_is_refused_and_not_repeated_for_it_may_be_a_password(text: str) -> None:
    with pytest.raises(
        MalformedAuthorization, match=r"^an authorization begins with <BEAM/>; this text does not$"
    ):
        authorization.parse(text)


@pytest.mark.parametrize("rest", ["!", "AQ", "AQ=\n", "ÄÄÄÄ", "\ud800AAA", "AQ-_", "A" * 380 + "\n"])
def test_what_is_no_base64_is_refused(rest: str) -> None:
    with pytest.raises(MalformedAuthorization, match="no base64"):
        authorization.parse("<BEAM/>" + rest)


@pytest.mark.parametrize("size", [0, 27, 282, 284])
def test_a_block_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(MalformedAuthorization, match=f"has 283 bytes behind <BEAM/>; {size} came"):
        authorization.parse(text_of(b"\1" * size))


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_refused(version: int) -> None:
    with pytest.raises(MalformedAuthorization, match=f"of version {version}; only 1 is known"):
        authorization.parse(text_of(bytes([version]) + bytes(282)))


@given(st.binary(min_size=283, max_size=283))
def test_noise_of_the_right_size_changes_nothing(signing_key: RSAPrivateKey, noise: bytes) -> None:
    with pytest.raises(ProtocolError):
        authorization.verify(
            authorization.parse(text_of(b"\1" + noise[1:])), PublicKey.of(signing_key), NAME, VALUE
        )


def test_a_signature_over_the_header_alone_is_refused(signing_key: RSAPrivateKey, token: str) -> None:
    header = block_of(token)[:27]
    forged = authorization.parse(text_of(header + keys.sign(signing_key, header)))
    with pytest.raises(InvalidSignature):
        authorization.verify(forged, PublicKey.of(signing_key), NAME, VALUE)


def test_the_vectors_of_authorizations_hold(
    vectors: Callable[[str], list[dict[str, Any]]], signing_key: RSAPrivateKey
) -> None:
    for vector in vectors("authorizations"):
        target = None if vector["target"] is None else uuid.UUID(vector["target"])
        change = authorization.verify(
            authorization.parse(vector["text"]), PublicKey.of(signing_key), vector["name"], vector["value"]
        )
        assert (change.nonce, change.single_use) == (vector["nonce"], vector["single_use"])
        assert change.target == (b"\xff" * 16 if target is None else target.bytes_le)
        assert vector["text"] == authorization.make(
            signing_key,
            vector["name"],
            vector["value"],
            nonce=vector["nonce"],
            target=target,
            single_use=vector["single_use"],
        )
