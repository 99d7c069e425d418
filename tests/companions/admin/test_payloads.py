"""Payload files, read back and verified as a PC would."""

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from emulator.companions.admin import new_key, payloads
from emulator.companions.admin.new_key import Kind
from emulator.companions.admin.payloads import SameKeys
from emulator.protocol import authorization, certificate, password, payload, spm
from emulator.protocol.authorization import VerifiedChange
from emulator.protocol.certificate import UnusableCertificate
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Purpose

NOW = datetime(2026, 11, 22, 13, 14, 15, 999_999, timezone(timedelta(hours=-5)))
SECONDS = 1795371255
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")


def verified(raw: bytes, key: RSAPrivateKey, *, prefix: str = "") -> VerifiedChange:
    envelope = payload.parse(raw)
    assert envelope.purpose is Purpose.SETTING
    change = payload.parse_setting(envelope.data)
    token = authorization.parse(change.authorization)
    return authorization.verify(token, PublicKey.of(key), change.name, prefix + change.value)


def test_the_nonce_is_the_time_in_whole_seconds_and_the_time_stamp_is_powershell_s(
    signing_key: RSAPrivateKey,
) -> None:
    raw = payloads.authentication_mode(signing_key, on=True, now=NOW)
    assert payload.parse(raw).timestamp == "2026-11-22T13:14:15.9999990-05:00"
    assert verified(raw, signing_key).nonce == payloads.default_nonce(NOW) == SECONDS


def test_the_envelope_is_what_the_vendor_s_tool_reads(signing_key: RSAPrivateKey) -> None:
    members = json.loads(payloads.setting(signing_key, "Name", "Value", now=NOW))
    assert list(members) == ["timestamp", "purpose", "Data", "Meta1", "Meta2", "Meta3", "Meta4"]
    assert all(type(item) is int for item in members["Data"])


def test_an_endorsement_key_payload_holds_the_certificate(endorsement_key: RSAPrivateKey) -> None:
    made = new_key.self_signed(endorsement_key, "EK", Kind.ENDORSEMENT, now=NOW)
    envelope = payload.parse(payloads.endorsement_key(made.public_bytes(Encoding.DER), now=NOW))
    assert envelope.purpose is Purpose.ENDORSEMENT_KEY
    assert envelope.data[:65] == bytes(65)
    assert certificate.parse(spm.parse_endorsement(envelope.data).certificate).key == PublicKey.of(
        endorsement_key
    )


def test_a_certificate_that_no_pc_would_take_makes_no_payload() -> None:
    with pytest.raises(UnusableCertificate):
        payloads.endorsement_key(b"no certificate", now=NOW)


def test_a_signing_key_payload_is_signed_by_the_endorsement_key(
    endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey
) -> None:
    public = PublicKey.of(signing_key)
    for nonce, expected in ((None, SECONDS), (0, 0), (7, 7)):
        envelope = payload.parse(payloads.signing_key(endorsement_key, public, now=NOW, nonce=nonce))
        assert envelope.purpose is Purpose.SIGNING_KEY
        order = spm.verify(spm.parse_signing_key(envelope.data), PublicKey.of(endorsement_key))
        assert (order.counter, order.key) == (expected, public)


def test_deprovisioning_is_a_signing_key_payload_without_a_key(endorsement_key: RSAPrivateKey) -> None:
    envelope = payload.parse(payloads.deprovision(endorsement_key, now=NOW))
    assert envelope.purpose is Purpose.SIGNING_KEY
    order = spm.verify(spm.parse_signing_key(envelope.data), PublicKey.of(endorsement_key))
    assert (order.counter, order.key) == (SECONDS, None)


def test_one_key_cannot_be_both(endorsement_key: RSAPrivateKey) -> None:
    with pytest.raises(SameKeys):
        payloads.signing_key(endorsement_key, PublicKey.of(endorsement_key), now=NOW)


@pytest.mark.parametrize(("on", "value"), [(True, "Enable"), (False, "Disable")])
def test_the_mode_is_a_setting(signing_key: RSAPrivateKey, on: bool, value: str) -> None:
    change = verified(payloads.authentication_mode(signing_key, on=on, now=NOW), signing_key)
    assert (change.name, change.value) == ("Enhanced BIOS Authentication Mode", value)
    assert not change.single_use
    assert change.target == authorization.ANY_MACHINE


def test_a_setting_can_be_bound_to_one_machine_and_one_use(signing_key: RSAPrivateKey) -> None:
    raw = payloads.setting(
        signing_key, "Asset Tag", "Größe 🔑", now=NOW, nonce=5, target=MACHINE, single_use=True
    )
    assert verified(raw, signing_key) == VerifiedChange("Asset Tag", "Größe 🔑", 5, True, MACHINE.bytes_le)


@pytest.mark.parametrize("name", sorted(password.SETTINGS))
def test_a_password_is_signed_with_its_mark_and_written_without(
    signing_key: RSAPrivateKey, name: str
) -> None:
    raw = payloads.setting(signing_key, name, "Pass word", now=NOW)
    assert payload.parse_setting(payload.parse(raw).data).value == "Pass word"
    assert verified(raw, signing_key, prefix="<utf-16/>").value == "<utf-16/>Pass word"


def test_a_local_access_key_is_its_modulus_with_text_behind_it(
    signing_key: RSAPrivateKey, local_access_key: RSAPrivateKey
) -> None:
    public = PublicKey.of(local_access_key)
    raw = payloads.local_access_key(signing_key, public, number=3, text="Straße.example", now=NOW)
    change = verified(raw, signing_key)
    assert change.name == "Enhanced BIOS Authentication Mode Local Access Key 3"
    assert base64.b64decode(change.value[:344]) == public.modulus
    assert base64.b64decode(change.value[344:]).decode() == "Straße.example"
    plain = verified(payloads.local_access_key(signing_key, public, now=NOW), signing_key)
    assert plain.name.endswith("Local Access Key 1")
    assert len(plain.value) == 344


def test_clearing_a_local_access_key_is_an_empty_value(signing_key: RSAPrivateKey) -> None:
    assert verified(payloads.local_access_key(signing_key, None, now=NOW), signing_key).value == ""


def test_what_fits_no_field_is_refused(endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey) -> None:
    public = PublicKey.of(signing_key)
    with pytest.raises(ProtocolError):
        payloads.signing_key(endorsement_key, public, now=NOW, nonce=1 << 32)
    with pytest.raises(ProtocolError):
        payloads.setting(signing_key, "Name", "Value", now=NOW, nonce=-1)
    with pytest.raises(ProtocolError):
        payloads.setting(signing_key, "Name", "x" * 40_000, now=NOW)
    with pytest.raises(ProtocolError):
        payloads.deprovision(endorsement_key, now=datetime(2200, 1, 1, tzinfo=UTC))
