"""Every verb of `f10 admin`, through its door."""

import base64
import io
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from PIL import Image

from emulator.companions.admin import commands, key_files
from emulator.companions.admin.moment import now
from emulator.companions.admin.new_key import Kind, self_signed
from emulator.companions.admin.payloads import default_nonce
from emulator.companions.admin.verbs import DEEDS
from emulator.protocol import authorization, enrolment, payload, spm
from emulator.protocol.keys import PublicKey
from tests.codes import codes_in

PASSPHRASE = "correct horse battery staple"
MACHINE = "00112233-4455-6677-8899-aabbccddeeff"


@pytest.fixture
def folder(
    tmp_path: Path,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> Path:
    """A console's folder with a key of each kind, all under one passphrase."""
    folder = tmp_path / "admin"
    folder.mkdir(mode=0o700)
    keys = zip(["EK", "SK", "LAK"], Kind, (endorsement_key, signing_key, local_access_key), strict=True)
    for name, kind, key in keys:
        cert = self_signed(key, f"DEMO {name}", kind, now=now())
        encryption = BestAvailableEncryption(PASSPHRASE.encode())
        data = pkcs12.serialize_key_and_certificates(b"", key, cert, None, encryption)
        (folder / f"{name}.pfx").write_bytes(data)
    return folder


@pytest.fixture
def admin(
    folder: Path, tmp_path: Path, descriptor: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Runs a verb that succeeds, with the passphrase on a descriptor, and gives what it printed."""

    def run(*arguments: str) -> str:
        assert commands.run([*arguments, "--passphrase-fd", descriptor()], folder) == 0, capsys.readouterr()
        printed, errors = capsys.readouterr()
        assert PASSPHRASE not in printed
        assert not errors
        return printed

    return run


def change_in(path: Path, key: RSAPrivateKey) -> authorization.VerifiedChange:
    assert path.stat().st_mode & 0o777 == 0o600
    change = payload.parse_setting(payload.parse(path.read_bytes()).data)
    token = authorization.parse(change.authorization)
    return authorization.verify(token, PublicKey.of(key), change.name, change.value)


@pytest.mark.parametrize("kind", Kind)
def test_key_makes_a_key_file(admin: Callable[..., str], folder: Path, kind: Kind) -> None:
    printed = admin("key", kind, "My key", "--organization", "Company")
    assert "Key successfully created" in printed
    loaded, _ = key_files.load_private(folder / "My key.pfx", [PASSPHRASE])
    assert loaded.public.key_id in printed
    assert loaded.common_name == "My key"
    assert (folder / "My key.pfx").stat().st_mode & 0o777 == 0o600


def test_key_makes_its_folder_private_when_it_is_first_needed(
    tmp_path: Path, answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers += [PASSPHRASE, PASSPHRASE]
    assert commands.run(["key", "signing", "mine"], tmp_path / "new") == 0
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert PASSPHRASE not in "".join(capsys.readouterr())


def test_key_writes_where_it_is_told_and_then_makes_no_folder(
    tmp_path: Path, descriptor: Callable[..., str]
) -> None:
    out = tmp_path / "key.pfx"
    arguments = ["key", "signing", "a/b", "-o", str(out), "--passphrase-fd", descriptor()]
    assert commands.run(arguments, tmp_path / "admin") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["key.pfx"]


def test_a_generated_passphrase_is_printed_once_and_opens_the_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.run(["key", "endorsement", "mine", "--generate-passphrase"], tmp_path) == 0
    printed = capsys.readouterr().out
    (made,) = (line.split()[1] for line in printed.splitlines() if line.startswith("Passphrase: "))
    assert key_files.load_private(tmp_path / "mine.pfx", [made])


def test_enrol_draws_the_picture_under_the_key_s_passphrase(
    admin: Callable[..., str], folder: Path, local_access_key: RSAPrivateKey
) -> None:
    printed = admin("enrol", "LAK", "--model", "Demo PC", "--serial", "DEMO000001")
    picture = folder / "LAK.png"
    assert str(picture) in printed
    assert picture.stat().st_mode & 0o777 == 0o600
    (code,) = codes_in(Image.open(io.BytesIO(picture.read_bytes())).convert("L"))
    package = enrolment.parse(code)
    assert (package.key_name, package.model, package.serial) == ("DEMO LAK", "Demo PC", "DEMO000001")
    assert PublicKey.of(enrolment.open_package(package, PASSPHRASE)) == PublicKey.of(local_access_key)


@pytest.mark.parametrize("way", ["generate", "descriptor"])
def test_enrol_can_give_the_picture_a_passphrase_of_its_own(
    folder: Path,
    tmp_path: Path,
    descriptor: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
    way: str,
) -> None:
    out, chosen = tmp_path / "out.png", "another good passphrase"
    how = ["--generate-passphrase"]
    if way == "descriptor":
        how = ["--picture-passphrase-fd", descriptor(chosen)]
    arguments = ["enrol", "LAK", "-o", str(out), "--name", "Büro 7", "--passphrase-fd", descriptor(), *how]
    assert commands.run(arguments, folder) == 0
    printed = capsys.readouterr().out
    if way == "generate":
        (chosen,) = (line.split()[1] for line in printed.splitlines() if line.startswith("Passphrase: "))
    (code,) = codes_in(Image.open(out).convert("L"))
    package = enrolment.parse(code)
    assert package.key_name == "Büro 7"
    assert enrolment.open_package(package, chosen)


def test_enrol_asks_for_a_passphrase_if_the_key_file_has_none(
    tmp_path: Path, answers: list[str], descriptor: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    key = Path(__file__).parents[2] / "vectors" / "test_key_local_access.pem"
    out = tmp_path / "out.png"
    assert commands.run(["enrol", str(key), "-o", str(out)], tmp_path) == 2
    assert "no terminal" in capsys.readouterr().err
    answers += [PASSPHRASE, PASSPHRASE]
    assert commands.run(["enrol", str(key), "-o", str(out)], tmp_path) == 0
    (code,) = codes_in(Image.open(out).convert("L"))
    assert enrolment.parse(code).key_name == "test_key_local_access"
    weak = ["enrol", str(key), "-o", str(out), "--force", "--passphrase-fd", descriptor("weak")]
    assert commands.run(weak, tmp_path) == 2
    assert "at least 12 characters" in capsys.readouterr().err


def test_provisioning_payloads(
    admin: Callable[..., str], tmp_path: Path, endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey
) -> None:
    ek, sk, back = tmp_path / "ek.json", tmp_path / "sk.json", tmp_path / "back.json"
    admin("provision-endorsement-key", "EK", "-o", str(ek))
    before = default_nonce(now())
    admin("provision-signing-key", "EK", "SK", "-o", str(sk))
    admin("deprovision", "EK", "-o", str(back), "--nonce", "4294967295")
    spm.parse_endorsement(payload.parse(ek.read_bytes()).data)
    public = PublicKey.of(endorsement_key)
    brought = spm.verify(spm.parse_signing_key(payload.parse(sk.read_bytes()).data), public)
    assert before <= brought.counter <= default_nonce(now())
    assert brought.key == PublicKey.of(signing_key)
    taken = spm.verify(spm.parse_signing_key(payload.parse(back.read_bytes()).data), public)
    assert (taken.counter, taken.key) == (4294967295, None)


def test_signed_settings(
    admin: Callable[..., str], tmp_path: Path, signing_key: RSAPrivateKey, local_access_key: RSAPrivateKey
) -> None:
    out = [tmp_path / f"{number}.json" for number in range(5)]
    admin("enable", "SK", "-o", str(out[0]))
    admin("disable", "SK", "-o", str(out[1]), "--target", MACHINE, "--nonce", "7", "--single-use")
    admin("local-access-key", "SK", "LAK", "-o", str(out[2]), "--number", "2", "--text", "x.example")
    admin("local-access-key", "SK", "--clear", "-o", str(out[3]))
    admin("set", "SK", "USB Storage Boot", "Disable", "-o", str(out[4]), "--nonce", "0")
    changes = [change_in(path, signing_key) for path in out]
    assert [change.value[:7] for change in changes] == [
        "Enable",
        "Disable",
        changes[2].value[:7],
        "",
        "Disable",
    ]
    bound = changes[1]
    assert (bound.nonce, bound.single_use, bound.target.hex()[:8]) == (7, True, "33221100")
    assert changes[2].name.endswith("Local Access Key 2")
    modulus, text = (base64.b64decode(part) for part in (changes[2].value[:344], changes[2].value[344:]))
    assert (modulus, text) == (PublicKey.of(local_access_key).modulus, b"x.example")
    assert (changes[4].name, changes[4].nonce) == ("USB Storage Boot", 0)


def test_a_password_is_taken_from_a_descriptor_only(
    admin: Callable[..., str],
    folder: Path,
    tmp_path: Path,
    descriptor: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out.json"
    assert commands.run(["set", "SK", "Setup Password", "hunter2", "-o", str(out)], folder) == 2
    assert "--value-fd" in capsys.readouterr().err
    printed = admin("set", "SK", "Setup Password", "-o", str(out), "--value-fd", descriptor("hunter2"))
    assert "hunter2" not in printed
    assert payload.parse_setting(payload.parse(out.read_bytes()).data).value == "hunter2"


def test_authorize_prints_the_authorization_of_one_change_and_nothing_else(
    admin: Callable[..., str], tmp_path: Path, descriptor: Callable[..., str]
) -> None:
    out = tmp_path / "out.json"
    for words in (
        ["Ownership Tag", "mine", "--single-use"],
        ["Ownership Tag", "mine", "--target", MACHINE],
        ["Power-On Password", "--value-fd"],
    ):
        made = [descriptor("hunter2")] if "--value-fd" in words else []
        token = admin("authorize", "SK", *words, *made, "--nonce", "7")
        again = [descriptor("hunter2")] if "--value-fd" in words else []
        admin("set", "SK", *words, *again, "--nonce", "7", "-o", str(out), "--force")
        change = payload.parse_setting(payload.parse(out.read_bytes()).data)
        assert token == change.authorization + "\n"


def test_an_authorization_is_one_write_also_where_nothing_is_buffered(
    folder: Path, descriptor: Callable[..., str]
) -> None:
    said = "import sys; from pathlib import Path; from emulator.companions.admin import commands; commands.run(sys.argv[2:], Path(sys.argv[1]))"
    passphrase = descriptor()
    words = [str(folder), "authorize", "SK", "Ownership Tag", "mine", "--passphrase-fd", passphrase]
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        subprocess.run(
            [sys.executable, "-u", "-c", said, *words],
            stdout=theirs.fileno(),
            pass_fds=[int(passphrase)],
            check=True,
            timeout=60,
        )
        ours.setblocking(False)
        assert ours.recv(4096).decode().rstrip("\n").startswith("<BEAM/>")
        with pytest.raises(BlockingIOError):
            ours.recv(4096)


def test_two_key_files_may_have_two_passphrases(
    folder: Path, tmp_path: Path, descriptor: Callable[..., str], answers: list[str]
) -> None:
    assert (
        commands.run(
            ["key", "signing", "other", "--passphrase-fd", descriptor("a second passphrase")], folder
        )
        == 0
    )
    words = ["provision-signing-key", "EK", "other"]
    given = ["--passphrase-fd", descriptor("a second passphrase"), "--passphrase-fd", descriptor()]
    assert commands.run([*words, "-o", str(tmp_path / "1"), *given], folder) == 0
    answers += [PASSPHRASE, "a second passphrase"]
    assert commands.run([*words, "-o", str(tmp_path / "2")], folder) == 0
    assert not answers


def test_nothing_is_replaced_without_force(
    admin: Callable[..., str],
    folder: Path,
    tmp_path: Path,
    descriptor: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine")
    for arguments in (["enable", "SK", "-o", str(out)], ["key", "signing", "SK"]):
        before = {path: path.read_bytes() for path in (out, folder / "SK.pfx")}
        assert commands.run([*arguments, "--passphrase-fd", descriptor()], folder) == 2
        assert {path: path.read_bytes() for path in before} == before
    assert "exists already" in capsys.readouterr().err
    admin("enable", "SK", "-o", str(out), "--force")
    assert json.loads(out.read_text())["purpose"] == "hp:sureadmin:biossetting"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("arguments", "tells"),
    [
        (["enable", "nobody", "-o", "OUT"], "no key file nobody"),
        (["enable", "./nobody", "-o", "OUT"], "cannot be read: No such file"),
        (["provision-signing-key", "EK", "EK", "-o", "OUT"], "the same key"),
        (["local-access-key", "SK", "-o", "OUT"], "give --clear alone"),
        (["local-access-key", "SK", "LAK", "--clear", "-o", "OUT"], "give --clear alone"),
        (["local-access-key", "SK", "--clear", "--text", "x", "-o", "OUT"], "give --clear alone"),
        (["set", "SK", "Name", "-o", "OUT"], "give the value, or --value-fd"),
        (["enable", "SK", "-o", "OUT/none/out.json"], "cannot be written: No such file"),
        (["enable", "SK", "-o", "OUT", "--nonce", "4294967296"], "a nonce of 32 bits was expected"),
        (["enable", "SK", "-o", "OUT", "--nonce", "9" * 9999], "a nonce of 32 bits was expected"),
        (["enable", "SK", "-o", "OUT", "--passphrase-fd", "x"], "a file descriptor was expected"),
        (["enable", "SK", "-o", "OUT", "--target", "here"], "a UUID was expected"),
        (["enable", "SK", "-o", "OUT", "--target", "f" * 32], "stands for every machine"),
        (["set", "SK", "a\nb", "x", "-o", "OUT"], "printable text was expected"),
        (["local-access-key", "SK", "LAK", "--number", "4", "-o", "OUT"], "invalid choice"),
        (["enable", "SK"], "-o"),
        ([], "VERB"),
        (["brew"], "invalid choice"),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(
    folder: Path,
    tmp_path: Path,
    answers: list[str],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    tells: str,
) -> None:
    answers += [PASSPHRASE] * 2
    out = tmp_path / "out"
    assert commands.run([word.replace("OUT", str(out)) for word in arguments], folder) == 2
    printed, errors = capsys.readouterr()
    assert tells in errors
    assert not printed
    assert not out.exists()


def test_a_wrong_passphrase_is_not_repeated(
    folder: Path, tmp_path: Path, descriptor: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "the wrong passphrase"
    arguments = ["enable", "SK", "-o", str(tmp_path / "out"), "--passphrase-fd", descriptor(wrong)]
    assert commands.run(arguments, folder) == 2
    printed = "".join(capsys.readouterr())
    assert "does not open" in printed
    assert wrong not in printed


def test_an_interrupted_prompt_ends_quietly(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("getpass.getpass", interrupt)
    assert commands.run(["enable", "SK", "-o", str(tmp_path / "out")], folder) == 2
    assert "interrupted" in capsys.readouterr().err


def test_every_verb_has_help(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run(["--help"], folder) == 0
    overview = capsys.readouterr().out
    for verb in DEEDS:
        assert verb in overview
        assert commands.run([verb, "--help"], folder) == 0
        assert capsys.readouterr().out.startswith(f"usage: f10 admin {verb}")
