"""Sure Run: only the manifest whose size and hash the signing key signed is the manifest."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.protocol import keys, sure_run
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey
from emulator.protocol.sure_run import AnotherManifest, MalformedManifestOrder, VerifiedManifest

MANIFEST = b"what must keep running"


@pytest.fixture(scope="module")
def data(signing_key: RSAPrivateKey) -> bytes:
    return sure_run.make(signing_key, MANIFEST, counter=7)


@settings(max_examples=20)
@given(manifest=st.none() | st.binary(min_size=1, max_size=50), counter=st.integers(0, 0xFFFFFFFF))
def test_a_manifest_arrives_as_it_was_signed(
    signing_key: RSAPrivateKey, manifest: bytes | None, counter: int
) -> None:
    order = sure_run.parse(sure_run.make(signing_key, manifest, counter=counter), manifest)
    assert sure_run.verify(order, PublicKey.of(signing_key)) == VerifiedManifest(counter, manifest)


def test_the_order_lies_in_the_bytes_as_the_reference_says(signing_key: RSAPrivateKey) -> None:
    data = sure_run.make(signing_key, b"x" * 0x0506, counter=0x01020304)
    assert len(data) == 294
    assert data[256:262] == bytes.fromhex("04030201 0605")
    assert data[262:] == hashlib.sha256(b"x" * 0x0506).digest()
    PublicKey.of(signing_key).verify(data[:256], data[256:])


def test_no_size_no_hash_and_no_manifest_switch_it_off(signing_key: RSAPrivateKey) -> None:
    data = sure_run.make(signing_key, None, counter=7)
    assert data[256:] == b"\7\0\0\0" + bytes(34)
    for manifest in (None, b""):
        verified = sure_run.verify(sure_run.parse(data, manifest), PublicKey.of(signing_key))
        assert verified == VerifiedManifest(7, None)


def test_a_manifest_beside_the_order_to_switch_off_is_refused(signing_key: RSAPrivateKey) -> None:
    order = sure_run.parse(sure_run.make(signing_key, None, counter=7), MANIFEST)
    with pytest.raises(AnotherManifest, match=r"a manifest of 0 bytes .* was signed; one of 22 bytes"):
        sure_run.verify(order, PublicKey.of(signing_key))


@pytest.mark.parametrize(
    "manifest", [None, b"", MANIFEST[:-1], MANIFEST + b"\0", MANIFEST[::-1], MANIFEST.upper()]
)
def test_another_manifest_is_refused_even_before_the_signature_is_looked_at(
    other_key: RSAPrivateKey, data: bytes, manifest: bytes | None
) -> None:
    with pytest.raises(AnotherManifest, match="a manifest of 22 bytes"):
        sure_run.verify(sure_run.parse(data, manifest), PublicKey.of(other_key))


def test_a_right_hash_with_another_size_is_refused(signing_key: RSAPrivateKey) -> None:
    signed = b"\7\0\0\0" + b"\1\0" + hashlib.sha256(MANIFEST).digest()
    order = sure_run.parse(keys.sign(signing_key, signed) + signed, MANIFEST)
    with pytest.raises(AnotherManifest):
        sure_run.verify(order, PublicKey.of(signing_key))


def test_the_order_of_another_key_is_refused(other_key: RSAPrivateKey, data: bytes) -> None:
    with pytest.raises(InvalidSignature):
        sure_run.verify(sure_run.parse(data, MANIFEST), PublicKey.of(other_key))


def test_any_flipped_bit_of_an_order_is_refused(signing_key: RSAPrivateKey, data: bytes) -> None:
    for bit in range(8 * 200, 8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        # Signature and counter, then size and hash.
        with pytest.raises(InvalidSignature if bit < 8 * 260 else AnotherManifest):
            sure_run.verify(sure_run.parse(bytes(flipped), MANIFEST), PublicKey.of(signing_key))


@pytest.mark.parametrize("size", [0, 256, 293, 295])
def test_an_order_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(MalformedManifestOrder, match=f"has 294 bytes; {size} came"):
        sure_run.parse(bytes(size), None)


def test_a_size_without_a_hash_or_a_hash_without_a_size_is_refused() -> None:
    for rest in (b"\1\0" + bytes(32), bytes(2) + hashlib.sha256(b"").digest()):
        with pytest.raises(MalformedManifestOrder, match="a size and a hash, or neither"):
            sure_run.parse(bytes(260) + rest, None)


def test_a_manifest_has_a_size_of_16_bits_and_is_not_empty(signing_key: RSAPrivateKey) -> None:
    longest = bytes(0xFFFF)
    order = sure_run.parse(sure_run.make(signing_key, longest, counter=1), longest)
    assert sure_run.verify(order, PublicKey.of(signing_key)).manifest == longest
    for manifest in (b"", bytes(0x10000)):
        with pytest.raises(MalformedManifestOrder, match=f"1 to 65535 bytes.*; {len(manifest)} came"):
            sure_run.make(signing_key, manifest, counter=1)


@pytest.mark.parametrize("counter", [-1, 1 << 32])
def test_a_counter_that_does_not_fit_is_refused(signing_key: RSAPrivateKey, counter: int) -> None:
    with pytest.raises(MalformedManifestOrder, match="32 bits"):
        sure_run.make(signing_key, MANIFEST, counter=counter)


def test_a_key_that_no_pc_takes_orders_nothing(unusable_keys: dict[str, RSAPrivateKey]) -> None:
    for key in unusable_keys.values():
        with pytest.raises(UnusableKey):
            sure_run.make(key, MANIFEST, counter=1)


@given(st.binary(max_size=60) | st.binary(min_size=294, max_size=294), st.none() | st.binary(max_size=40))
def test_noise_is_refused_with_a_sentence(
    signing_key: RSAPrivateKey, noise: bytes, manifest: bytes | None
) -> None:
    with pytest.raises(ProtocolError):
        sure_run.verify(sure_run.parse(noise, manifest), PublicKey.of(signing_key))


def test_the_vectors_of_sure_run_hold(
    vectors: Callable[[str], list[dict[str, Any]]], signing_key: RSAPrivateKey
) -> None:
    told = [each for each in vectors("payloads") if each["purpose"] == "hp:surerrun:manifest"]
    assert [each["says"]["manifest"] is None for each in told] == [False, True]
    for vector in told:
        meta = None if vector["meta1"] is None else bytes.fromhex(vector["meta1"])
        verified = sure_run.verify(
            sure_run.parse(bytes.fromhex(vector["data"]), meta), PublicKey.of(signing_key)
        )
        assert verified == VerifiedManifest(vector["says"]["counter"], meta)
        assert vector["says"]["manifest"] == vector["meta1"]
        made = sure_run.make(signing_key, meta, counter=vector["says"]["counter"])
        assert made.hex() == vector["data"]
