"""The verbs of `f10 admin` that write policies, what they refuse, and the door to the wizard."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from emulator.companions.admin import commands, policies
from emulator.protocol import authorization, payload, policy
from emulator.protocol.payload import Purpose
from emulator.protocol.policy import Policy
from tests.companions.admin import fleet

MACHINE = "00112233-4455-6677-8899-aabbccddeeff"
ALL = ["--endorsement", "EK", "--signing", "SK", "--enable", "--local-access", "LAK"]

Admin = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(
    tmp_path: Path,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
    certificate_der: bytes,
) -> Path:
    from cryptography import x509

    certificate = x509.load_der_x509_certificate(certificate_der).public_bytes(Encoding.PEM)
    for name, key in {"EK": endorsement_key, "SK": signing_key, "LAK": local_access_key}.items():
        clear = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.pem").write_bytes(clear + certificate * (name == "EK"))
    return tmp_path


@pytest.fixture
def admin(folder: Path, capsys: pytest.CaptureFixture[str]) -> Admin:
    """Runs a verb with its output in `out.json`: exit code, what it printed, and its error."""

    def run(*words: str) -> tuple[int, str, str]:
        code = commands.run([*words, "-o", str(folder / "out.json")], folder)
        return code, *capsys.readouterr()

    return run


def written(folder: Path) -> Policy:
    path = folder / "out.json"
    assert path.stat().st_mode & 0o777 == 0o600
    return policy.parse(path.read_bytes())


def test_a_policy_is_saved_with_its_steps_told(admin: Admin, folder: Path, tmp_path: Path) -> None:
    code, printed, errors = admin("policy", "Fleet A", *ALL)
    assert (code, errors) == (0, "")
    assert printed.startswith("Saved successfully: ")
    made = written(folder)
    assert made.name == "Fleet A"
    assert [f"  {at}. {step.title}" for at, step in enumerate(made.steps, 1)] == printed.splitlines()[1:]
    pc = fleet.factory_new(tmp_path)
    assert all(answer.accepted for answer in fleet.apply(pc, made, (1, 2)))
    fleet.restart(pc)
    assert all(answer.accepted for answer in fleet.apply(pc, made, (3, 4)))


def test_a_target_binds_the_settings_and_it_is_said_what_it_does_not_bind(admin: Admin, folder: Path) -> None:
    code, printed, _ = admin("policy", "Fleet", *ALL, "--target", MACHINE, "--nonce", "5", "--rising")
    assert code == 0
    assert f"good for the machine {MACHINE} only" in printed
    assert policies.NOT_BOUND in printed
    settings = [payload.parse(step.payload) for step in written(folder).steps[2:]]
    headers = [
        authorization.parse(payload.parse_setting(each.data).authorization).header for each in settings
    ]
    assert [header.nonce for header in headers] == [7, 8]
    assert {header.target.hex()[:8] for header in headers} == {"33221100"}


def test_deprovision_with_the_signing_key_takes_everything_back(admin: Admin, folder: Path) -> None:
    assert admin("deprovision", "EK", "--signing", "SK")[0] == 0
    assert len(written(folder).steps) == 5
    assert admin("deprovision", "EK", "--signing", "SK", "--number", "1", "--force", "--nonce", "3")[0] == 0
    titles = [step.title for step in written(folder).steps]
    assert titles[1] == "Clear local access key 1"
    assert len(titles) == 3


def test_deprovision_alone_is_one_payload_and_explains_0x1002(admin: Admin, folder: Path) -> None:
    code, printed, _ = admin("deprovision", "EK")
    assert code == 0
    assert "0x1002" in printed
    assert payload.parse((folder / "out.json").read_bytes()).purpose is Purpose.SIGNING_KEY


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("words", "tells"),
    [
        (["policy", "F", "--enable"], f"{policies.NO_ENDORSEMENT} Name it with --endorsement, or say --prov"),
        (["policy", "F", "--endorsement", "SK", "--enable"], policies.NO_ENDORSEMENT),
        (["policy", "F", "--endorsement", "EK"], f"{policies.NO_SIGNING} Name it with --signing"),
        (["policy", "F", "--provisioned", "--enable"], f"{policies.NOT_SIGNED} Name it with --signing"),
        (
            ["policy", "F", "--endorsement", "EK", "--signing", "SK", "--local-access", "LAK"],
            f"{policies.MODE_FIRST} Turn it on with --enable",
        ),
        (["policy", "F", "--provisioned", "--signing", "SK"], "would bring nothing"),
        (["policy", "F", "--provisioned", "--endorsement", "EK"], "leave --endorsement away"),
        (["policy", "F", *ALL, *["--local-access", "LAK"] * 3], "three local access keys; 4 were named"),
        (["policy", " ", *ALL], "a policy needs a name"),
        (["policy", "a\nb", *ALL], "'Name' of a policy must be printable text"),
        (["policy", "F", "--endorsement", "EK", "--signing", "EK"], "the same key"),
        (["deprovision", "EK", "--target", MACHINE], policies.NOT_BOUND),
        (["deprovision", "EK", "--signing", "SK", "--bom"], "a policy has one spelling"),
        (["deprovision", "EK", "--signing", "SK", "--timestamp", "windows"], "a policy has one spelling"),
        (["provision-endorsement-key", "EK", "--nonce", "5"], "unrecognized arguments"),
        (["set-list", "SK"], "a list has at least one change"),
        (["set-list", "SK", "Name"], "NAME=VALUE was expected as change 1"),
        (["set-list", "SK", "Setup Password=hunter2"], "put it into a --file"),
        (["set-list", "SK", "--file", "FOLDER/EK.pem"], "is no list of settings"),
        (["firmware-update", "SK", "FOLDER/none.bin"], "the firmware file"),
        (["firmware-update", "SK", "FOLDER/EK.pem", "--name", "a/b"], "named by a bare file name"),
        (["recover-schedule", "SK"], "give --day and --window"),
        (["recover-schedule", "SK", "--day", "monday"], "give --day and --window"),
        (["recover-schedule", "SK", "--day", "monday", "--window", "0"], "give --day and --window"),
        (["recover-schedule", "SK", "--clear", "--day", "monday"], "give --day and --window"),
        (["recover-schedule", "SK", "--day", "monday", "--window", "241"], "minutes from 0 to 240"),
        (
            ["recover-schedule", "SK", "--day", "monday", "--window", "9", "--at", "24:00"],
            "a time from 00:00",
        ),
        (["recover-image", "SK", "os", "SK", "http://example.com/ö"], "are ASCII; others came"),
        (["recover-image", "SK", "os", "SK", "http://x", "--version", "65536"], "a version of 16 bits"),
        (["recover-configure", "SK", "--os-flags", "-1", "--agent-flags", "0"], "--os-flags"),
        (["recover-failover", "SK", "FOLDER/none"], "cannot be read: No such file"),
        (["run-manifest", "SK"], "give --off alone"),
        (["run-manifest", "SK", "FOLDER/EK.pem", "--off"], "give --off alone"),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(
    admin: Admin, folder: Path, words: list[str], tells: str
) -> None:
    code, printed, errors = admin(*(word.replace("FOLDER", str(folder)) for word in words))
    assert code == 2
    assert tells in " ".join(errors.split())
    assert "hunter2" not in errors
    assert not printed
    assert not (folder / "out.json").exists()


def test_an_existing_file_stays_and_no_key_is_opened_for_it(
    admin: Admin, folder: Path, answers: list[str]
) -> None:
    (folder / "out.json").write_text("mine")
    for words in (["policy", "F", *ALL], ["deprovision", "EK", "--signing", "SK"], ["enable", "SK"]):
        code, _, errors = admin(*words)
        assert (code, "exists already" in errors) == (2, True)
        assert (folder / "out.json").read_text() == "mine"


def test_without_a_verb_and_a_terminal_the_wizard_says_what_it_needs(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for stdin in (io.StringIO(), None):
        monkeypatch.setattr(sys, "stdin", stdin)
        assert commands.run(["--language", "de"], folder) == 2
        printed, errors = capsys.readouterr()
        assert (printed, "the wizard needs a terminal" in errors) == ("", True)


def test_a_language_that_nobody_wrote_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run(["--language", "tlh"], folder) == 2
    assert "--language" in capsys.readouterr().err
