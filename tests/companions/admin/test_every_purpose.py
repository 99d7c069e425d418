"""Each purpose that the vendor's tool knows: ordered by words, read back, verified, and taken by a PC."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from emulator.companions.admin import commands, reading
from emulator.companions.admin.judge import Judge, Verdict
from emulator.firmware import commands as c
from emulator.machine import TargetPC
from emulator.protocol import payload
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Purpose
from tests import provisioning
from tests.companions.admin import fleet

pytestmark = pytest.mark.sampled(4)

FIRMWARE = b"firmware"
IMAGE = ["recover-image", "SK", "os", "IMAGE", "https://example.com/os?secret=1", "--version", "3"]
SCHEDULE = ["recover-schedule", "SK", "--day", "monday", "--day", "every-week", "--at", "23:05"]


class Case(NamedTuple):
    """Words, the purpose they make, fields that they must show, and whether keys or the mode come before."""

    words: list[str]
    purpose: Purpose
    fields: dict[str, object]
    mode: bool = False


CASES = [
    Case(["provision-signing-key", "EK", "NEW"], Purpose.SIGNING_KEY, {"nonce": 7}),
    Case(["deprovision", "EK"], Purpose.SIGNING_KEY, {"key_id": None, "nonce": 7}),
    Case(["enable", "SK"], Purpose.SETTING, {"value": "Enable", "nonce": 7, "single_use": False}),
    Case(["disable", "SK", "--single-use"], Purpose.SETTING, {"value": "Disable", "single_use": True}, True),
    Case(["local-access-key", "SK", "LAK", "--number", "2"], Purpose.SETTING, {"nonce": 7}, True),
    Case(["local-access-key", "SK", "--clear"], Purpose.SETTING, {"value": ""}, True),
    Case(
        ["set", "SK", "Ownership Tag", "mine"], Purpose.SETTING, {"value": "mine", "machine": "any machine"}
    ),
    Case(["set", "SK", "Ownership Tag", "mine", "--target", "UUID"], Purpose.SETTING, {"machine": "UUID"}),
    Case(
        ["set-list", "SK", "Ownership Tag=mine", "USB Storage Boot=Disable", "--target", "UUID"],
        Purpose.SETTINGS_LIST,
        {},
    ),
    Case(["set-list", "SK", "Ownership Tag=a=b"], Purpose.SETTINGS_LIST, {}),
    Case(["set-list", "SK", "Ownership Tag=x", "--array"], Purpose.SETTINGS_LIST, {}),
    Case(["reset-defaults", "SK"], Purpose.RESET_SETTINGS, {"setting": "SetSystemDefaults", "value": ""}),
    Case(["restore-security", "SK"], Purpose.SETTING, {"value": "Yes"}),
    Case(
        ["firmware-update", "SK", "FIRMWARE", "--quiet", "--bitlocker", "suspend", "--force-update"],
        Purpose.FIRMWARE_UPDATE,
        {
            "file_name": "firmware.bin",
            "image_sha256": hashlib.sha256(FIRMWARE).hexdigest(),
            "quiet": True,
            "bitlocker": "suspend",
            "force": True,
            "nonce": 7,
        },
    ),
    Case(
        IMAGE,
        Purpose.RECOVER_OS_IMAGE,
        {"version": 3, "url": "https://example.com/os?***", "password": "none", "nonce": 7},
    ),
    Case(
        ["recover-image", "SK", "agent", "IMAGE", "http://example.com", "--user", "me"],
        Purpose.RECOVER_AGENT,
        {"user_name": "me", "version": 1},
    ),
    Case(["recover-failover", "SK", "OPAQUE"], Purpose.RECOVER_FAILOVER, {"opaque_size": 6}),
    Case(["recover-deprovision", "SK"], Purpose.RECOVER_DEPROVISION, {"nonce": 7}),
    Case(
        ["recover-deprovision", "SK", "--part", "agent", "--part", "os-image"],
        Purpose.RECOVER_DEPROVISION,
        {"parts": ["agent", "os-image"]},
    ),
    Case(
        [*SCHEDULE, "--window", "240"],
        Purpose.RECOVER_SCHEDULE,
        {"days": ["monday", "every-week"], "at": "23:05", "window_minutes": 240},
    ),
    Case(["recover-schedule", "SK", "--clear"], Purpose.RECOVER_SCHEDULE, {"days": [], "window_minutes": 0}),
    Case(
        ["recover-configure", "SK", "--os-flags", "1", "--agent-flags", "4294967295"],
        Purpose.RECOVER_CONFIGURE,
        {"os_flags": 1, "agent_flags": 4294967295},
    ),
    Case(
        ["recover-trigger", "SK", "--bios-flags", "3", "--agent-flags", "0"],
        Purpose.RECOVER_TRIGGER,
        {"bios_flags": 3, "agent_flags": 0},
    ),
    Case(["recover-event"], Purpose.RECOVER_SERVICE_EVENT, {}),
    Case(
        ["run-manifest", "SK", "OPAQUE"],
        Purpose.RUN_MANIFEST,
        {"manifest_size": 6, "manifest_fits": True, "nonce": 7},
    ),
    Case(["run-manifest", "SK", "--off"], Purpose.RUN_MANIFEST, {"manifest_size": 0, "manifest_fits": True}),
]
UNBOUND = {"provision-signing-key", "deprovision", "run-manifest", "recover-event"}


def name_of(case: Case) -> str:
    return " ".join(case.words[:4])


@pytest.fixture
def folder(
    tmp_path: Path,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
    other_key: RSAPrivateKey,
    certificate_der: bytes,
) -> Path:
    """Keys without a passphrase, and the files that some words name."""
    keys = {
        "EK": endorsement_key,
        "SK": signing_key,
        "LAK": local_access_key,
        "NEW": other_key,
        "IMAGE": other_key,
    }
    for name, key in keys.items():
        clear = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.pem").write_bytes(clear)
    (tmp_path / "CERT.der").write_bytes(certificate_der)
    (tmp_path / "firmware.bin").write_bytes(FIRMWARE)
    (tmp_path / "opaque").write_bytes(b"opaque")
    return tmp_path


@pytest.fixture
def pc(
    tmp_path: Path, certificate_der: bytes, endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey
) -> TargetPC:
    return fleet.provisioned(tmp_path, certificate_der, endorsement_key, signing_key)


def made(folder: Path, words: list[str], machine: str = "") -> bytes:
    meant = {
        "FIRMWARE": str(folder / "firmware.bin"),
        "OPAQUE": str(folder / "opaque"),
        "UUID": machine or "00112233-4455-6677-8899-aabbccddeeff",
    }
    out = folder / "out.json"
    nonce = [] if words[0] in {"recover-event", "provision-endorsement-key"} else ["--nonce", "7"]
    assert (
        commands.run([*(meant.get(word, word) for word in words), "-o", str(out), "--force", *nonce], folder)
        == 0
    )
    return out.read_bytes()


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_it_is_read_back_with_every_field(
    folder: Path, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    read = reading.read(made(folder, case.words), Judge())
    assert read.purpose is case.purpose
    expected = {
        name: "00112233-4455-6677-8899-aabbccddeeff" if value == "UUID" else value
        for name, value in case.fields.items()
    }
    assert {name: read.fields[name] for name in expected} == expected
    assert f"Wrote {folder / 'out.json'}: " in capsys.readouterr().out


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_its_signatures_are_the_right_key_s_and_no_other_s(
    folder: Path,
    case: Case,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> None:
    raw = made(folder, case.words)
    right = PublicKey.of(endorsement_key if case.words[1:2] == ["EK"] else signing_key)
    wrong = PublicKey.of(local_access_key)
    verdicts = {each.verdict for each in reading.read(raw, Judge([wrong, right])).findings}
    unsigned = case.purpose is Purpose.RECOVER_SERVICE_EVENT
    assert verdicts == {Verdict.UNSIGNED if unsigned else Verdict.GOOD}
    verdicts = {each.verdict for each in reading.read(raw, Judge([wrong])).findings}
    assert verdicts == {Verdict.UNSIGNED if unsigned else Verdict.BAD}
    for finding in reading.read(raw, Judge([wrong, right])).findings:
        assert finding.key_id in {None, right.key_id}


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_pc_with_these_keys_takes_it(
    folder: Path, case: Case, pc: TargetPC, signing_key: RSAPrivateKey
) -> None:
    if case.mode:
        assert pc.apply(provisioning.signed(signing_key, provisioning.MODE, "Enable", 2)).accepted
    if "--off" in case.words:
        assert pc.apply(made(folder, ["run-manifest", "SK", "OPAQUE"])).accepted
    raw = made(folder, case.words, str(pc.firmware.memory.identity.machine))
    digest = hashlib.sha256(FIRMWARE).digest() if case.purpose is Purpose.FIRMWARE_UPDATE else None
    answer = pc.apply(raw, digest)
    assert answer.accepted, answer.sentence


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_file_is_one_that_the_vendor_s_tool_reads_in_either_spelling(folder: Path, case: Case) -> None:
    plain = json.loads(made(folder, case.words))
    raw = made(folder, [*case.words, "--timestamp", "windows", "--bom"])
    assert raw.startswith(b'\xef\xbb\xbf{"timestamp":"\\/Date(')
    assert raw.endswith(b"}\r\n")
    windows = json.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    for members in (plain, windows):
        assert list(members) == ["timestamp", "purpose", "Data", "Meta1", "Meta2", "Meta3", "Meta4"]
        assert all(type(each) is int for each in members["Data"])
    told = [reading.moment_of(members["timestamp"]) for members in (plain, windows)]
    assert None not in told
    assert {**plain, "timestamp": ""} == {**windows, "timestamp": ""}
    assert payload.parse(raw).data == payload.parse(json.dumps(plain).encode()).data


def test_every_purpose_of_the_vendor_s_tool_can_be_made(folder: Path) -> None:
    assert {case.purpose for case in CASES} | {Purpose.ENDORSEMENT_KEY} == set(Purpose)


@pytest.mark.parametrize(
    "words", [case.words for case in CASES if case.words[0] in UNBOUND or "recover" in case.words[0]]
)
def test_what_cannot_be_bound_says_so(
    folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "out.json"
    target = ["--target", "00112233-4455-6677-8899-aabbccddeeff", "-o", str(out)]
    assert commands.run([*words, *target], folder) == 2
    assert "cannot be bound to one machine" in " ".join(capsys.readouterr().err.split())
    assert not out.exists()


def test_an_endorsement_key_reaches_a_new_pc(
    tmp_path: Path, folder: Path, endorsement_key: RSAPrivateKey
) -> None:
    raw = made(folder, ["provision-endorsement-key", "CERT.der"])
    public = PublicKey.of(endorsement_key)
    for judge, verdict in ((Judge(), Verdict.UNSIGNED), (Judge([public]), Verdict.GOOD)):
        read = reading.read(raw, judge)
        assert [each.verdict for each in read.findings] == [verdict]
        assert (read.fields["key_id"], read.fields["setup_password"]) == (public.key_id, "none")
    assert fleet.factory_new(tmp_path).apply(raw).accepted


def test_an_endorsement_key_with_the_setup_password_reaches_a_pc_that_has_one(
    tmp_path: Path,
    folder: Path,
    descriptor: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    pc = fleet.factory_new(tmp_path)
    pc.execute(c.SetSetting("Setup Password", "<utf-16/>Secret-7"))
    assert not pc.apply(made(folder, ["provision-endorsement-key", "CERT.der"])).accepted
    wrong = ["provision-endorsement-key", "CERT.der", "--setup-password-fd", descriptor("Secret-8")]
    assert not pc.apply(made(folder, wrong)).accepted
    right = ["provision-endorsement-key", "CERT.der", "--setup-password-fd", descriptor("Secret-7\n")]
    raw = made(folder, right)
    assert pc.apply(raw).accepted
    assert reading.read(raw, Judge()).fields["setup_password"] == "(not shown)"
    printed = "".join(capsys.readouterr())
    assert "in clear" in printed
    assert "Secret" not in printed
