"""Payloads laid open: secrets stay hidden, a signature is good, bad or unchecked, and one key leads to the next."""

import base64
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given
from hypothesis import strategies as st

from emulator.companions.admin import (
    list_payloads,
    payloads,
    policies,
    reading,
    recover_payloads,
    update_payloads,
)
from emulator.companions.admin.judge import Judge, Verdict
from emulator.companions.admin.policies import Plan
from emulator.companions.admin.reading import Reading
from emulator.protocol import payload
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Envelope, Purpose, SettingChange
from emulator.protocol.sure_recover import ALL_PARTS, Day

NOW = datetime(2026, 11, 22, 13, 14, 15, tzinfo=UTC)
SECRET = "hunter2-hunter2"


def shown(raw: bytes, *keys: RSAPrivateKey) -> Reading:
    return reading.read(raw, Judge([PublicKey.of(key) for key in keys]))


def verdicts(read: Reading) -> list[Verdict]:
    return [finding.verdict for finding in read.findings]


def test_nothing_that_is_secret_is_shown(
    signing_key: RSAPrivateKey, other_key: RSAPrivateKey, certificate_der: bytes
) -> None:
    changes = [
        SettingChange("Setup Password", SECRET, ""),
        SettingChange("DriveLock Master Password", SECRET, ""),
        SettingChange("Asset Tag", "<utf-16/>" + SECRET, ""),
        SettingChange("Asset Tag", "x", "<utf-16/>" + SECRET),
    ]
    url = f"https://me:{SECRET}@example.com/os?sig={SECRET}#{SECRET}"
    image = PublicKey.of(other_key)
    for raw in (
        payloads.setting(signing_key, "Power-On Password", SECRET, now=NOW),
        list_payloads.settings_list(signing_key, changes, now=NOW),
        payloads.endorsement_key(certificate_der, setup_password=SECRET, now=NOW),
        recover_payloads.image(signing_key, "os", image, url, password=SECRET, now=NOW),
        recover_payloads.failover(signing_key, SECRET.encode(), now=NOW),
    ):
        for keys in ((), (signing_key,), (other_key,)):
            told = repr(asdict(shown(raw, *keys)))
            assert SECRET not in told
            assert base64.b64encode(SECRET.encode()).decode() not in told
    read = shown(recover_payloads.image(signing_key, "os", image, url, now=NOW))
    assert read.fields["url"] == "https://***@example.com/os?***"
    broken = recover_payloads.image(signing_key, "os", image, f"http://[{SECRET}", now=NOW)
    assert shown(broken).fields["url"] == "(not shown)"


def test_a_setting_that_is_only_named_after_a_password_is_shown(signing_key: RSAPrivateKey) -> None:
    name = "Allow User to Modify Power-on Password"
    assert shown(payloads.setting(signing_key, name, "Yes", now=NOW)).fields["value"] == "Yes"


@pytest.mark.parametrize(
    ("stamp", "utc"),
    [
        ("2022-09-26T16:01:22.7887948-05:00", "2022-09-26T21:01:22Z"),
        ("/Date(1674912404044)/", "2023-01-28T13:26:44Z"),
        ("/Date(1674912404044+0100)/", "2023-01-28T13:26:44Z"),
        ("/Date(99999999999999)/", "5138-11-16T09:46:39Z"),
        ("/Date(-99999999999999)/", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_time_stamp_is_read_in_either_spelling(stamp: str | None, utc: str | None) -> None:
    read = shown(payload.encode(Envelope(Purpose.RECOVER_SERVICE_EVENT, b"", stamp)))
    assert (read.timestamp, read.made_at) == (stamp, utc)


def test_sizes_are_told(signing_key: RSAPrivateKey) -> None:
    raw = recover_payloads.manifest(signing_key, b"manifest", now=NOW)
    assert shown(raw).sizes == {"file": len(raw), "data": 294, "meta1": 8}


def test_without_a_key_a_signature_is_unchecked(signing_key: RSAPrivateKey, other_key: RSAPrivateKey) -> None:
    raw = payloads.setting(signing_key, "Asset Tag", "x", now=NOW)
    assert verdicts(shown(raw)) == [Verdict.UNCHECKED]
    assert verdicts(shown(raw, other_key)) == [Verdict.BAD]
    assert shown(raw, other_key, signing_key).findings[0].key_id == PublicKey.of(signing_key).key_id


def test_an_entry_that_nobody_signed_is_bad_once_a_key_is_there(signing_key: RSAPrivateKey) -> None:
    entries = [SettingChange("A", "b", "<utf-16/>" + SECRET), SettingChange("C", "d", "")]
    raw = payload.encode(Envelope(Purpose.SETTINGS_LIST, payload.encode_settings(entries)))
    assert verdicts(shown(raw)) == [Verdict.UNSIGNED] * 2
    assert verdicts(shown(raw, signing_key)) == [Verdict.BAD] * 2
    told = [entry["authorization"] for entry in shown(raw).fields["settings"]]
    assert told == ["a password (not shown)", "none"]


def test_one_changed_entry_of_a_list_is_found(signing_key: RSAPrivateKey) -> None:
    entries = [SettingChange(name, "x", "") for name in "ABC"]
    made = payload.parse(list_payloads.settings_list(signing_key, entries, now=NOW))
    data = made.data.replace(b'"Name": "B",\n    "Value": "x"', b'"Name": "B",\n    "Value": "xy"')
    assert data != made.data
    read = shown(payload.encode(Envelope(made.purpose, data)), signing_key)
    assert verdicts(read) == [Verdict.GOOD, Verdict.BAD, Verdict.GOOD]
    assert "a value of 2 bytes; 2 and 4 came" in str(read.findings[1].why)


def test_a_manifest_beside_an_order_that_signed_another_is_found(signing_key: RSAPrivateKey) -> None:
    made = payload.parse(recover_payloads.manifest(signing_key, b"manifest", now=NOW))
    raw = payload.encode(Envelope(made.purpose, made.data, None, (b"another1", None, None, None)))
    assert shown(raw).fields["manifest_fits"] is False
    assert verdicts(shown(raw, signing_key)) == [Verdict.BAD]


def test_a_firmware_file_that_was_not_allowed_is_found(signing_key: RSAPrivateKey) -> None:
    raw = update_payloads.update(signing_key, bytes(32), "new.bin", now=NOW)
    for digest, verdict in ((None, Verdict.GOOD), (bytes(32), Verdict.GOOD), (b"\1" * 32, Verdict.BAD)):
        read = reading.read(raw, Judge([PublicKey.of(signing_key)], digest))
        assert verdicts(read) == [verdict]


def test_a_local_access_key_is_told_by_its_key_id_and_its_text(
    signing_key: RSAPrivateKey, local_access_key: RSAPrivateKey
) -> None:
    public = PublicKey.of(local_access_key)
    raw = payloads.local_access_key(signing_key, public, number=2, text="Straße", now=NOW)
    assert shown(raw).fields["local_access_key"] == {"number": 2, "key_id": public.key_id, "text": "Straße"}
    name = "Enhanced BIOS Authentication Mode Local Access Key 1"
    for odd in ("no key", "A" * 344):
        told = shown(payloads.setting(signing_key, name, odd, now=NOW)).fields["local_access_key"]
        assert told == {"number": 1, "key_id": None, "text": None}


def test_the_endorsement_key_alone_proves_a_whole_policy(
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    other_key: RSAPrivateKey,
) -> None:
    plan = Plan(certificate_der, endorsement_key, signing_key, mode=True)
    steps = policies.make(plan, "Fleet", now=NOW).steps
    for key, verdict in ((endorsement_key, Verdict.GOOD), (other_key, Verdict.BAD)):
        judge = Judge([PublicKey.of(key)])
        assert [verdicts(reading.read(step.payload, judge)) for step in steps] == [[verdict]] * 3
    judge = Judge([PublicKey.of(endorsement_key)])
    assert verdicts(reading.read(steps[2].payload, judge)) == [Verdict.BAD]


@pytest.mark.parametrize("data", [b"", b"{}", b'{"Name":"A","Value":"b","AuthString":"<BEAM/>x"}'])
def test_what_is_no_payload_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        shown(payload.encode(Envelope(Purpose.SETTING, data)))


@pytest.fixture(scope="module")
def one_of_each(
    certificate_der: bytes, endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey
) -> list[Envelope]:
    """Payloads with data of every form."""
    public = PublicKey.of(signing_key)
    made = [
        payloads.endorsement_key(certificate_der, setup_password=SECRET, now=NOW),
        payloads.signing_key(endorsement_key, public, now=NOW),
        payloads.local_access_key(signing_key, public, text="x", now=NOW),
        list_payloads.reset_to_defaults(signing_key, now=NOW),
        update_payloads.update(signing_key, bytes(32), "new.bin", now=NOW),
        recover_payloads.image(signing_key, "os", public, "http://x", user_name="u", password="p", now=NOW),
        recover_payloads.schedule(signing_key, Day(255), hour=23, minute=59, window=240, now=NOW),
        recover_payloads.deprovision(signing_key, ALL_PARTS, now=NOW),
        recover_payloads.manifest(signing_key, b"manifest", now=NOW),
    ]
    return [payload.parse(raw) for raw in made]


@given(st.data())
def test_changed_bytes_are_read_or_refused_and_never_good(
    one_of_each: list[Envelope],
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    data: st.DataObject,
) -> None:
    envelope = data.draw(st.sampled_from(one_of_each))
    at = data.draw(st.integers(0, len(envelope.data) - 1))
    put = data.draw(st.binary(min_size=0, max_size=3))
    changed = envelope.data[:at] + put + envelope.data[at + 1 :]
    if data.draw(st.booleans()):
        changed = changed[:at]
    try:
        read = shown(payload.encode(replace(envelope, data=changed)), endorsement_key, signing_key)
    except ProtocolError:
        return
    unsigned = envelope.purpose in {Purpose.ENDORSEMENT_KEY, Purpose.FIRMWARE_UPDATE}
    if changed != envelope.data and not unsigned:
        same = [Verdict.GOOD] if _means_the_same(envelope, changed) else [Verdict.BAD]
        assert verdicts(read) == same


def _means_the_same(envelope: Envelope, changed: bytes) -> bool:
    """Whether data in JSON say the same though their bytes differ, as blanks do."""
    try:
        was, now_is = json.loads(envelope.data), json.loads(changed)
    except ValueError:
        return False
    # A reset has no value, however that is said.
    return all(was[key] == (now_is.get(key) or "") for key in ("Name", "Value", "AuthString"))


def test_published_payloads_are_read_and_their_signatures_are_good(samples: Path) -> None:
    folder = samples / "sureadmin"
    carrier = reading.read((folder / "spm-set-a-endorsementkey.json").read_bytes(), Judge())
    assert carrier.made_at == "2023-01-28T13:26:44Z"
    judge = Judge([_certified(folder)])
    for name in ("endorsementkey", "signingkey", "surerecover-agent"):
        read = reading.read((folder / f"spm-set-a-{name}.json").read_bytes(), judge)
        assert verdicts(read) == [Verdict.GOOD]
    setting = reading.read((folder / "lkml-biossetting-payload.json").read_bytes(), judge)
    assert (setting.fields["setting"], setting.fields["nonce"]) == ("USB Storage Boot", 1664226083)
    assert verdicts(setting) == [Verdict.BAD]
    json.dumps(asdict(setting))


def _certified(folder: Path) -> PublicKey:
    from emulator.protocol import certificate, spm

    data = payload.parse((folder / "spm-set-a-endorsementkey.json").read_bytes()).data
    return certificate.parse(spm.parse_endorsement(data).certificate).key
