"""`f10 payload show` and `verify` in a process of their own, in a home without a PC."""

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from emulator.companions.admin import payloads, policies, update_payloads
from emulator.companions.admin.policies import Plan
from emulator.protocol import policy
from emulator.protocol.keys import PublicKey
from tests import provisioning
from tests.faces.terminal import f10

NOW = datetime(2026, 11, 22, tzinfo=UTC)
GOOD, NOT_GOOD, UNUSABLE = 0, 1, 2


def run(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in arguments]
    done = subprocess.run(f10(home, *words), capture_output=True, check=False, text=True)
    assert "Traceback" not in done.stderr
    assert not home.exists()
    return done


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def fleet(
    tmp_path: Path, certificate_der: bytes, endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey
) -> Path:
    """A policy with the keys and the mode, and its endorsement key in `EK.pem`."""
    plan = Plan(certificate_der, endorsement_key, signing_key, mode=True)
    path = tmp_path / "fleet.json"
    path.write_bytes(policy.encode(policies.make(plan, "Fleet", now=NOW)))
    for name, key in (("EK", endorsement_key), ("SK", signing_key)):
        form = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        (tmp_path / f"{name}.pem").write_bytes(key.public_key().public_bytes(*form))
    return path


def test_a_payload_is_shown_for_people_and_as_json(
    home: Path, tmp_path: Path, signing_key: RSAPrivateKey
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(payloads.setting(signing_key, "Asset\x1b[2J Tag", "x" * 300, now=NOW, nonce=7))
    shown = run(home, "payload", "show", path)
    assert shown.returncode == GOOD
    for line in ("purpose             hp:sureadmin:biossetting", "nonce               7", "any machine"):
        assert line in shown.stdout
    assert "UNCHECKED the setting" in shown.stdout
    assert "(300 characters)" in shown.stdout
    assert "\x1b" not in shown.stdout
    told = json.loads(run(home, "payload", "show", path, "--json").stdout)
    assert (told["fields"]["value"], told["fields"]["nonce"]) == ("x" * 300, 7)
    assert told["signatures"][0]["verdict"] == "unchecked"


def test_a_policy_is_shown_and_verified_step_by_step(home: Path, tmp_path: Path, fleet: Path) -> None:
    shown = run(home, "payload", "show", fleet, "--key", tmp_path / "EK.pem")
    assert shown.returncode == GOOD
    assert "Policy 'Fleet'" in shown.stdout
    assert shown.stdout.count("GOOD") == 3
    told = json.loads(run(home, "payload", "verify", fleet, "--key", tmp_path / "EK.pem", "--json").stdout)
    assert (told["ok"], [len(step["signatures"]) for step in told["steps"]]) == (True, [1, 1, 1])
    assert told["steps"][2]["fields"]["value"] == "Enable"
    done = run(home, "payload", "verify", fleet, "--key", tmp_path / "SK.pem")
    assert (done.returncode, done.stdout.count("BAD"), done.stdout.count("GOOD")) == (NOT_GOOD, 2, 1)


@pytest.mark.slow
def test_a_payload_that_brings_a_key_is_a_key(
    home: Path, tmp_path: Path, fleet: Path, signing_key: RSAPrivateKey
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(payloads.setting(signing_key, "Asset Tag", "x", now=NOW))
    for step, code in ((1, NOT_GOOD), (2, GOOD)):
        carrier = tmp_path / f"{step}.json"
        carrier.write_bytes(policy.parse(fleet.read_bytes()).steps[step - 1].payload)
        assert run(home, "payload", "verify", path, "--key", carrier).returncode == code
    assert run(home, "payload", "verify", path, "--key", fleet).returncode == GOOD
    other = tmp_path / "y.json"
    other.write_bytes(path.read_bytes())
    none = run(home, "payload", "verify", path, "--key", other)
    assert (none.returncode, "carries no key" in none.stderr) == (UNUSABLE, True)


def test_a_firmware_file_can_be_held_against_its_payload(
    home: Path, tmp_path: Path, fleet: Path, signing_key: RSAPrivateKey
) -> None:
    file, path = tmp_path / "new.bin", tmp_path / "x.json"
    file.write_bytes(b"firmware")
    digest = hashlib.sha256(b"firmware").digest()
    path.write_bytes(update_payloads.update(signing_key, digest, "new.bin", now=NOW))
    words: list[str | Path] = ["payload", "verify", path, "--key", tmp_path / "SK.pem", "--file", file]
    assert run(home, *words).returncode == GOOD
    file.write_bytes(b"another")
    done = run(home, *words)
    assert done.returncode == NOT_GOOD
    assert f"this one has {hashlib.sha256(b'another').hexdigest()}\n" in done.stdout


@pytest.mark.slow
def test_no_file_proves_itself(home: Path, fleet: Path) -> None:
    for verb in ("show", "verify"):
        done = run(home, "payload", verb, fleet, "--key", fleet)
        assert done.returncode == UNUSABLE
        assert "cannot prove itself" in done.stderr


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b'{"purpose":"hp:x","Data":[]}', "is none that is known"),
        (b'{"purpose":"hp:sureadmin:biossetting","Data":[123,125]}', "'Name' of a setting must be text"),
        (b'{"F10Policy":2}', "a policy has 'F10Policy' 1"),
        (b"{" + b" " * (1 << 20), "at most"),
        (b'{"purpose":"hp:surerecover:service_event","Data":[]}', "nothing in"),
    ],
)
def test_what_is_of_no_use_has_the_exit_code_2(
    home: Path, tmp_path: Path, fleet: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    done = run(home, "payload", "verify", path, "--key", tmp_path / "EK.pem")
    assert (done.returncode, why in done.stderr) == (UNUSABLE, True)


@pytest.mark.parametrize("key", ["missing", "/dev/null"])
def test_a_key_that_is_none_has_the_exit_code_2(home: Path, fleet: Path, key: str) -> None:
    assert run(home, "payload", "verify", fleet, "--key", key).returncode == UNUSABLE


@pytest.mark.slow
def test_a_key_file_under_a_passphrase_is_opened_from_a_descriptor(
    home: Path, tmp_path: Path, fleet: Path
) -> None:
    from emulator.companions.admin import new_key
    from emulator.companions.admin.new_key import Kind

    path, key = new_key.create(tmp_path, "mine", Kind.SIGNING, "a good passphrase", now=NOW)
    x = tmp_path / "x.json"
    x.write_bytes(provisioning.signed(key, "Asset Tag", "x"))
    words = f10(home, "payload", "verify", str(x), "--key", str(path), "--passphrase-fd", "0")
    for said, code in (("a good passphrase\n", GOOD), ("another\n", UNUSABLE)):
        done = subprocess.run(words, input=said, capture_output=True, check=False, text=True)
        assert done.returncode == code
        assert said.strip() not in done.stdout + done.stderr
        assert (PublicKey.of(key).key_id in done.stdout) is (code == GOOD)


def test_published_payloads_are_verified_by_one_another(home: Path, samples: Path) -> None:
    folder = samples / "sureadmin"
    pairs = [("signingkey", "endorsementkey"), ("surerecover-agent", "signingkey")]
    for name, key in pairs:
        made, by = (folder / f"spm-set-a-{each}.json" for each in (name, key))
        assert run(home, "payload", "verify", made, "--key", by).returncode == GOOD
    shown = run(home, "payload", "show", folder / "lkml-biossetting-payload.json")
    assert "USB Storage Boot" in shown.stdout
