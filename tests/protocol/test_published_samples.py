"""Published output of the vendor's tool: the proof that our reading of the formats is right."""

import uuid
from pathlib import Path

import pytest

from emulator.protocol import authorization, certificate, payload, spm, sure_recover
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey
from emulator.protocol.payload import Purpose

ENDORSEMENT_KEY_ID = "VWhHe/naNUraXVE2Fi6tZdXF07qHnyDCt59D8qEQxjM="
SIGNING_KEY_ID = "mwa97/fwUloNJ2QeuBVv58M9NmmeofXzX/aVKBR/VR4="


@pytest.fixture(scope="module")
def folder(samples: Path) -> Path:
    return samples / "sureadmin"


@pytest.fixture(scope="module")
def endorsement(folder: Path) -> certificate.EndorsementCertificate:
    envelope = payload.parse((folder / "spm-set-a-endorsementkey.json").read_bytes())
    assert envelope.purpose is Purpose.ENDORSEMENT_KEY
    return certificate.parse(spm.parse_endorsement(envelope.data).certificate)


@pytest.fixture(scope="module")
def command(folder: Path) -> bytes:
    envelope = payload.parse((folder / "spm-set-a-signingkey.json").read_bytes())
    assert envelope.purpose is Purpose.SIGNING_KEY
    return envelope.data


@pytest.fixture(scope="module")
def signing_key_of_set_a(command: bytes, endorsement: certificate.EndorsementCertificate) -> PublicKey:
    key = spm.verify(spm.parse_signing_key(command), endorsement.key).key
    assert key is not None
    return key


def test_the_endorsement_key_payload_gives_the_known_key(
    folder: Path, endorsement: certificate.EndorsementCertificate
) -> None:
    envelope = payload.parse((folder / "spm-set-a-endorsementkey.json").read_bytes())
    assert envelope.timestamp == "/Date(1674912404044)/"
    assert envelope.meta == (None, None, None, None)
    assert len(envelope.data) == 1032
    assert envelope.data == spm.endorsement_data(endorsement.der)
    assert spm.parse_endorsement(envelope.data) == spm.EndorsementOrder("", endorsement.der)
    assert endorsement.key.key_id == ENDORSEMENT_KEY_ID
    assert ",OU=" in endorsement.subject


def test_the_signing_key_payload_verifies_under_the_endorsement_key(
    command: bytes, endorsement: certificate.EndorsementCertificate
) -> None:
    verified = spm.verify(spm.parse_signing_key(command), endorsement.key)
    assert verified.counter == 1674912404
    assert verified.key is not None
    assert verified.key.key_id == SIGNING_KEY_ID


def test_any_flipped_bit_of_the_signing_key_payload_is_refused(
    command: bytes, endorsement: certificate.EndorsementCertificate
) -> None:
    assert len(command) == 516
    for bit in range(8 * len(command)):
        flipped = bytearray(command)
        flipped[bit // 8] ^= 1 << bit % 8
        no_modulus = bit in {8 * 260, 8 * 516 - 1}
        with pytest.raises(UnusableKey if no_modulus else InvalidSignature):
            spm.verify(spm.parse_signing_key(bytes(flipped)), endorsement.key)


def test_the_other_byte_order_of_the_signature_is_refused(
    command: bytes, endorsement: certificate.EndorsementCertificate
) -> None:
    turned = spm.parse_signing_key(command[:256][::-1] + command[256:])
    with pytest.raises(InvalidSignature):
        spm.verify(turned, endorsement.key)


def test_the_recovery_payload_verifies_under_the_signing_key(
    folder: Path, signing_key_of_set_a: PublicKey, endorsement: certificate.EndorsementCertificate
) -> None:
    envelope = payload.parse((folder / "spm-set-a-surerecover-agent.json").read_bytes())
    assert envelope.purpose is Purpose.RECOVER_AGENT
    signature, signed = envelope.data[:256], envelope.data[256:]
    signing_key_of_set_a.verify(signature, signed)
    for wrong in (signature[::-1], signature[:-1] + bytes([signature[-1] ^ 1])):
        with pytest.raises(InvalidSignature):
            signing_key_of_set_a.verify(wrong, signed)
    with pytest.raises(InvalidSignature):
        endorsement.key.verify(signature, signed)


def test_every_published_recovery_payload_is_read_and_verifies_under_its_signing_key(
    folder: Path, signing_key_of_set_a: PublicKey, endorsement: certificate.EndorsementCertificate
) -> None:
    paths = sorted(folder.glob("spm-set-a-surerecover-*.json"))
    assert paths
    for path in paths:
        envelope = payload.parse(path.read_bytes())
        order = sure_recover.ORDERS[envelope.purpose](envelope.data)
        assert isinstance(order, sure_recover.ProvisionOrder)
        assert sure_recover.verify(order, signing_key_of_set_a).order is order
        with pytest.raises(InvalidSignature):
            sure_recover.verify(order, endorsement.key)
        assert order.nonce >= 1674912404
        assert order.version >= 1
        assert (order.user_name, order.password) == ("", "")
        assert order.url.startswith("http")
        assert len(order.url) == len(envelope.data) - 520


def test_any_flipped_bit_of_the_published_recovery_payload_is_refused(
    folder: Path, signing_key_of_set_a: PublicKey
) -> None:
    data = payload.parse((folder / "spm-set-a-surerecover-agent.json").read_bytes()).data
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((InvalidSignature, UnusableKey, sure_recover.MalformedRecoverOrder)):
            sure_recover.verify(sure_recover.parse_provision(bytes(flipped)), signing_key_of_set_a)


def test_the_setting_payload_of_the_mailing_list_is_read(folder: Path) -> None:
    envelope = payload.parse((folder / "lkml-biossetting-payload.json").read_bytes())
    assert envelope.purpose is Purpose.SETTING
    assert envelope.timestamp == "2022-09-26T16:01:22.7887948-05:00"
    change = payload.parse_setting(envelope.data)
    assert (change.name, change.value) == ("USB Storage Boot", "Enable")
    token = authorization.parse(change.authorization)
    assert token.header.name_length == len("USB Storage Boot".encode("utf-16-le"))
    assert token.header.value_length == len("Enable".encode("utf-16-le"))
    assert token.header.nonce == 1664226083
    assert token.any_machine
    assert not token.single_use
    assert token.header.reserved == authorization.RESERVED


def test_the_setting_payload_of_the_mailing_list_is_refused_under_another_signing_key(
    folder: Path, signing_key_of_set_a: PublicKey
) -> None:
    envelope = payload.parse((folder / "lkml-biossetting-payload.json").read_bytes())
    change = payload.parse_setting(envelope.data)
    token = authorization.parse(change.authorization)
    with pytest.raises(InvalidSignature):
        authorization.verify(token, signing_key_of_set_a, change.name, change.value)


def test_the_bare_token_of_the_mailing_list_is_read(folder: Path) -> None:
    token = authorization.parse((folder / "lkml-authtoken-2.txt").read_text("ascii").strip())
    assert (token.header.name_length, token.header.value_length) == (32, 12)
    assert token.header.nonce == 1665179445
    assert token.any_machine
    assert token.header.target == uuid.UUID(int=(1 << 128) - 1).bytes_le


def test_we_write_an_envelope_that_reads_as_the_published_one(folder: Path) -> None:
    for name in ("spm-set-a-signingkey.json", "lkml-biossetting-payload.json"):
        envelope = payload.parse((folder / name).read_bytes())
        assert payload.parse(payload.encode(envelope)) == envelope
