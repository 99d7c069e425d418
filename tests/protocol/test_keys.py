"""Public keys and signatures: the firmware's narrow view, judged by OpenSSL and by plain arithmetic."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.protocol import keys
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey

OpenSSL = Callable[..., bytes]
VECTORS = Path(__file__).parent.parent / "vectors"

# RFC 8017, 9.2: the DigestInfo of SHA-256.
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


@pytest.fixture(scope="module")
def public_pem(signing_key: RSAPrivateKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "signing.pem"
    path.write_bytes(signing_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def test_the_key_id_is_the_hash_of_the_big_endian_modulus(signing_key: RSAPrivateKey) -> None:
    modulus = signing_key.public_key().public_numbers().n.to_bytes(256, "big")
    key = PublicKey.of(signing_key)
    assert key.modulus == modulus
    assert key.digest == hashlib.sha256(modulus).digest()
    assert key.key_id == base64.b64encode(hashlib.sha256(modulus).digest()).decode()
    assert len(key.key_id) == 44


def test_a_modulus_goes_through_both_byte_orders(signing_key: RSAPrivateKey) -> None:
    key = PublicKey.of(signing_key.public_key())
    assert key.little_endian == key.modulus[::-1]
    assert PublicKey.from_little_endian(key.little_endian) == key == PublicKey.of(signing_key)


def test_openssl_verifies_our_signature_once_it_is_turned_round(
    openssl: OpenSSL, signing_key: RSAPrivateKey, public_pem: Path, tmp_path: Path
) -> None:
    signature = tmp_path / "signature"
    signature.write_bytes(keys.sign(signing_key, b"an order")[::-1])
    told = openssl("dgst", "-sha256", "-verify", public_pem, "-signature", signature, stdin=b"an order")
    assert told == b"Verified OK\n"


def test_we_verify_the_signature_of_openssl_once_it_is_turned_round(
    openssl: OpenSSL, signing_key: RSAPrivateKey
) -> None:
    signature = openssl("dgst", "-sha256", "-sign", VECTORS / "test_key_signing.pem", stdin=b"an order")
    key = PublicKey.of(signing_key)
    key.verify(signature[::-1], b"an order")
    with pytest.raises(InvalidSignature):
        key.verify(signature, b"an order")


@settings(max_examples=20)
@given(signed=st.binary(max_size=600))
def test_a_signature_is_what_the_arithmetic_says(signing_key: RSAPrivateKey, signed: bytes) -> None:
    signature = keys.sign(signing_key, signed)
    modulus = signing_key.public_key().public_numbers().n
    block = pow(int.from_bytes(signature, "little"), 65537, modulus).to_bytes(256, "big")
    digest_info = DIGEST_INFO + hashlib.sha256(signed).digest()
    assert block == b"\0\1" + b"\xff" * (253 - len(digest_info)) + b"\0" + digest_info
    PublicKey.of(signing_key).verify(signature, signed)


@pytest.mark.parametrize(
    "signature",
    [b"", bytes(256), b"\1" + bytes(255), b"\xff" * 256, b"\x55" * 255, b"\x55" * 257, bytes(100_000)],
    ids=["none", "zero", "one", "above the modulus", "short", "long", "huge"],
)
def test_what_is_no_signature_is_refused_like_any_wrong_one(
    signing_key: RSAPrivateKey, signature: bytes
) -> None:
    with pytest.raises(
        InvalidSignature, match=r"^the signature does not belong to these bytes and this key$"
    ):
        PublicKey.of(signing_key).verify(signature, b"an order")


def test_every_flipped_bit_of_a_signature_is_refused(signing_key: RSAPrivateKey) -> None:
    key, signature = PublicKey.of(signing_key), keys.sign(signing_key, b"an order")
    for bit in range(8 * len(signature)):
        flipped = bytearray(signature)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidSignature):
            key.verify(bytes(flipped), b"an order")


def test_the_signature_of_another_key_or_over_other_bytes_is_refused(
    signing_key: RSAPrivateKey, other_key: RSAPrivateKey
) -> None:
    key = PublicKey.of(signing_key)
    with pytest.raises(InvalidSignature):
        key.verify(keys.sign(other_key, b"an order"), b"an order")
    with pytest.raises(InvalidSignature):
        key.verify(keys.sign(signing_key, b"an order"), b"another order")


@pytest.mark.parametrize("name", ["rsa_1024", "rsa_3072", "rsa_4096", "rsa_2048_exponent_3"])
def test_an_rsa_key_of_another_size_or_exponent_is_refused_in_both_halves(
    unusable_keys: dict[str, RSAPrivateKey], name: str
) -> None:
    key = unusable_keys[name]
    expected = "exponent 65537 was expected, 3 came" if "exponent" in name else "an RSA-2048 key was expected"
    for half in (key, key.public_key()):
        with pytest.raises(UnusableKey, match=expected):
            PublicKey.of(half)
    with pytest.raises(UnusableKey, match=expected):
        keys.sign(key, b"an order")


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()).public_key(),
        ed25519.Ed25519PrivateKey.generate(),
        b"bytes",
        None,
    ],
    ids=["EC private", "EC public", "Ed25519", "bytes", "nothing"],
)
def test_what_is_no_rsa_key_is_refused(key: object) -> None:
    with pytest.raises(UnusableKey, match="an RSA key was expected"):
        PublicKey.of(key)


@pytest.mark.parametrize("size", [0, 128, 255, 257, 512])
def test_a_modulus_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(UnusableKey, match=f"{size} came"):
        PublicKey(b"\xff" * size)


@pytest.mark.parametrize(
    "modulus",
    [bytes(256), b"\xff" * 255 + b"\xfe", b"\x7f" + b"\xff" * 255, bytes(255) + b"\1"],
    ids=["zero", "even", "2047 bits", "one"],
)
def test_a_modulus_that_is_even_or_short_of_bits_is_refused(modulus: bytes) -> None:
    for make, octets in ((PublicKey, modulus), (PublicKey.from_little_endian, modulus[::-1])):
        with pytest.raises(UnusableKey, match="odd number of 2048 bits"):
            make(octets)


@given(st.integers(1 << 2047, (1 << 2048) - 1).map(lambda number: number | 1))
@settings(max_examples=30)
def test_any_odd_modulus_of_2048_bits_verifies_nothing_and_breaks_nothing(number: int) -> None:
    key = PublicKey(number.to_bytes(256, "big"))
    with pytest.raises(InvalidSignature):
        key.verify(b"\1" * 256, b"an order")
    assert key.encryption_key().key_size == 2048


def test_every_error_of_keys_is_a_protocol_error() -> None:
    assert issubclass(UnusableKey, ProtocolError)
    assert issubclass(InvalidSignature, ProtocolError)


def test_the_vectors_of_keys_hold(
    vectors: Callable[[str], list[dict[str, Any]]], request: pytest.FixtureRequest
) -> None:
    for vector in vectors("keys"):
        fixture = vector["key"] + "_key"
        key = PublicKey.of(request.getfixturevalue(fixture))
        assert key == PublicKey(bytes.fromhex(vector["modulus"]))
        assert key.little_endian.hex() == vector["little_endian"]
        assert key.key_id == vector["key_id"]
        key.verify(bytes.fromhex(vector["signature_as_it_travels"]), bytes.fromhex(vector["signed"]))
