"""The verbs of `f10 admin` about keys, through their door: the forms of key files, the store, the forms of pictures."""

import base64
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import resvg_py
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from PIL import Image

from emulator.companions.admin import commands, key_files
from emulator.protocol import certificate, enrolment, payload, spm
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Purpose
from tests.codes import codes_in

pytestmark = pytest.mark.sampled(3)

PASSPHRASE = "correct horse battery staple"
VECTORS = Path(__file__).parents[2] / "vectors"
LOCAL = str(VECTORS / "test_key_local_access.pem")

OpenSSL = Callable[..., bytes]


class Admin:
    """Runs verbs in a folder, and gives exit code and what was said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *arguments: str) -> str:
        code, out, err = self.tries(*arguments)
        assert (code, err) == (0, "")
        return out

    def tries(self, *arguments: str) -> tuple[int, str, str]:
        code = commands.run(arguments, self.folder)
        out, err = self._capsys.readouterr()
        assert PASSPHRASE not in out + err
        return code, out, err


@pytest.fixture
def admin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Admin:
    return Admin(tmp_path / "admin", capsys)


def drawn(path: Path) -> Image.Image:
    data = path.read_bytes()
    if path.suffix == ".svg":
        data = resvg_py.svg_to_bytes(svg_string=data.decode(), width=1000, background="white")
    return Image.open(io.BytesIO(data))


def read(path: Path) -> str:
    (text,) = codes_in(drawn(path).convert("L"))
    return text


def test_a_key_is_written_as_pem_where_the_name_ends_so(
    admin: Admin, tmp_path: Path, descriptor: Callable[..., str], openssl: OpenSSL
) -> None:
    out = tmp_path / "key.pem"
    printed = admin("key", "endorsement", "My key", "-o", str(out), "--passphrase-fd", descriptor())
    assert f"Key successfully created: {out}" in printed
    modulus = openssl("rsa", "-in", out, "-passin", f"pass:{PASSPHRASE}", "-noout", "-modulus")
    assert openssl("x509", "-in", out, "-noout", "-modulus") == modulus
    loaded, _ = key_files.load_private(out, [PASSPHRASE])
    assert loaded.public.key_id in printed
    assert not admin.folder.exists()


def test_keys_lists_the_store_for_people_and_for_programs(
    admin: Admin, descriptor: Callable[..., str], openssl: OpenSSL
) -> None:
    assert "There is no key in" in admin("keys")
    assert json.loads(admin("keys", "--json")) == []
    admin("key", "endorsement", "Mine", "--passphrase-fd", descriptor())
    openssl("req", "-x509", "-new", "-key", LOCAL, "-subj", "/CN=\x1b[2Jevil", "-out", admin.folder / "x.crt")
    (admin.folder / "broken.pem").write_bytes(b"noise")
    broken, mine, other = json.loads(admin("keys", "--json"))
    assert mine == {
        "name": "Mine",
        "file": str(admin.folder / "Mine.pfx"),
        "state": "readable",
        "kind": "endorsement",
        "key_id": key_files.load(admin.folder / "Mine.crt").public.key_id,
        "common_name": "Mine",
        "certificate": True,
        "certificate_only": False,
        "trouble": None,
    }
    assert (broken["state"], broken["key_id"], other["certificate_only"]) == ("damaged", None, True)
    assert "is no key file" in broken["trouble"]
    told = admin("keys").splitlines()
    assert [line.split()[0] for line in told] == ["broken.pem", "Mine.pfx", "x.crt"]
    assert "not readable" in told[0]
    assert mine["key_id"] in told[1]
    assert "\x1b" not in "".join(told)


def test_a_certificate_that_somebody_put_beside_a_key_gets_into_no_order(
    admin: Admin, tmp_path: Path, descriptor: Callable[..., str]
) -> None:
    keys = {}
    for kind, name in (
        ("endorsement", "EK"),
        ("signing", "SK"),
        ("local-access", "LAK"),
        ("endorsement", "evil"),
    ):
        told = admin("key", kind, name, "--passphrase-fd", descriptor())
        keys[name] = told.split("key id ")[1].split()[0]
    for name in ("EK", "SK", "LAK"):
        (admin.folder / f"{name}.crt").write_bytes((admin.folder / "evil.crt").read_bytes())
    orders = {
        "EK": ("provision-endorsement-key", "EK"),
        "SK": ("provision-signing-key", "EK", "SK"),
        "LAK": ("local-access-key", "SK", "LAK"),
    }
    for name, words in orders.items():
        path = tmp_path / f"{name}.json"
        admin(*words, "-o", str(path), "--passphrase-fd", descriptor())
        assert brought(path.read_bytes()).key_id == keys[name]
    code, _, error = admin.tries("provision-endorsement-key", "EK", "-o", str(tmp_path / "x.json"))
    assert code == 2
    assert "passphrase" in error


def brought(raw: bytes) -> PublicKey:
    """The key in an order that brings one."""
    envelope = payload.parse(raw)
    if envelope.purpose is Purpose.ENDORSEMENT_KEY:
        return certificate.parse(spm.parse_endorsement(envelope.data).certificate).key
    if envelope.purpose is Purpose.SIGNING_KEY:
        key = spm.parse_signing_key(envelope.data).key
        assert key is not None
        return key
    return PublicKey(base64.b64decode(payload.parse_setting(envelope.data).value[:344]))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["genrsa", "pkcs8", "pfx", "legacy"])
def test_a_key_by_openssl_is_taken_in_and_serves_as_one_made_here(
    admin: Admin, tmp_path: Path, descriptor: Callable[..., str], openssl: OpenSSL, form: str
) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    openssl("genrsa", "-out", key, "2048")
    public = key_files.load(key).public
    openssl("req", "-x509", "-new", "-key", key, "-subj", "/OU=Org/CN=By OpenSSL", "-out", cert)
    file, more = key, ["--certificate", str(cert), "--new-passphrase-fd", descriptor()]
    if form == "pkcs8":
        file = tmp_path / "encrypted.pem"
        openssl("pkcs8", "-topk8", "-in", key, "-out", file, "-passout", f"pass:{PASSPHRASE}")
        more = ["--kind", "endorsement", "--passphrase-fd", descriptor()]
    elif form in {"pfx", "legacy"}:
        file, more = tmp_path / "key.pfx", ["--passphrase-fd", descriptor()]
        old = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"]
        openssl(
            "pkcs12", "-export", "-inkey", key, "-in", cert, "-out", file, "-passout", f"pass:{PASSPHRASE}",
            *(old if form == "legacy" else []),
        )  # fmt: skip
    before = file.read_bytes()
    assert public.key_id in admin("import", str(file), "Taken", *more)
    assert file.read_bytes() == before
    (taken,) = json.loads(admin("keys", "--json"))
    assert (taken["key_id"], taken["kind"]) == (public.key_id, "endorsement" if form == "pkcs8" else None)
    order = ("provision-endorsement-key", "Taken", "-o", str(tmp_path / "ek.json"))
    admin(*order, "--passphrase-fd", descriptor())
    admin("enable", "Taken", "-o", str(tmp_path / "on.json"), "--passphrase-fd", descriptor())
    code, _, _ = admin.tries("enrol", "Taken", "-o", str(tmp_path / "x.png"), "--passphrase-fd", descriptor())
    assert code == 0
    package = enrolment.parse(read(tmp_path / "x.png"))
    assert PublicKey.of(enrolment.open_package(package, PASSPHRASE)) == public


@pytest.mark.parametrize(
    ("file", "tells"),
    [
        ("rsa_1024", "an RSA-2048 key was expected, RSA-1024 came"),
        ("rsa_4096", "an RSA-2048 key was expected, RSA-4096 came"),
        ("rsa_2048_exponent_3", "an RSA key with exponent 65537 was expected, 3 came"),
    ],
)
def test_a_key_that_no_pc_would_take_is_not_taken_in(admin: Admin, file: str, tells: str) -> None:
    code, out, err = admin.tries(
        "import", str(VECTORS / f"test_key_{file}.pem"), "x", "--generate-passphrase"
    )
    assert (code, out) == (2, "")
    assert tells in err
    assert not admin.folder.exists()


def test_a_key_taken_in_never_takes_another_s_place(admin: Admin, descriptor: Callable[..., str]) -> None:
    words = ["import", LOCAL, "x", "--kind", "local-access", "--new-passphrase-fd"]
    admin(*words, descriptor())
    before = {path: path.read_bytes() for path in admin.folder.iterdir()}
    code, _, err = admin.tries(*words, descriptor())
    assert code == 2
    assert "exists already" in err
    assert {path: path.read_bytes() for path in admin.folder.iterdir()} == before
    admin(*words, descriptor(), "--force")
    assert sorted(os.listdir(admin.folder)) == ["x.crt", "x.pfx"]


def test_a_weak_passphrase_is_refused_before_anything_is_written(
    admin: Admin, descriptor: Callable[..., str]
) -> None:
    weak = "Password1234!"
    for words in (
        ["key", "signing", "x", "--passphrase-fd"],
        ["import", LOCAL, "x", "--kind", "signing", "--new-passphrase-fd"],
    ):
        code, out, err = admin.tries(*words, descriptor(weak))
        assert (code, out) == (2, "")
        assert "very weak" in err
        assert weak not in err
    assert not admin.folder.exists()


@pytest.mark.parametrize("file", ["x.png", "x.svg"])
def test_the_ending_says_how_a_picture_is_drawn(
    admin: Admin, tmp_path: Path, descriptor: Callable[..., str], file: str, local_access_key: RSAPrivateKey
) -> None:
    admin("enrol", LOCAL, "-o", str(tmp_path / file), "--picture-passphrase-fd", descriptor())
    package = enrolment.parse(read(tmp_path / file))
    assert PublicKey.of(enrolment.open_package(package, PASSPHRASE)) == PublicKey.of(local_access_key)


@pytest.mark.parametrize("form", ["pem", "pfx"])
def test_the_longest_passphrase_and_odd_letters_protect_a_key_of_either_form(
    tmp_path: Path, admin: Admin, descriptor: Callable[..., str], form: str
) -> None:
    for number, said in enumerate((PASSPHRASE + "." + "ö" * 497, "пароль für 🔑 Schlüssel")):
        out = tmp_path / f"{number}.{form}"
        admin("key", "signing", "x", "-o", str(out), "--passphrase-fd", descriptor(said))
        assert key_files.load_private(out, [said])


def test_drawing_a_key_of_another_kind_is_warned_of(
    admin: Admin, tmp_path: Path, descriptor: Callable[..., str]
) -> None:
    for kind, warned in (("endorsement", True), ("signing", True), ("local-access", False)):
        admin("key", kind, kind, "--passphrase-fd", descriptor())
        out = str(tmp_path / f"{kind}.png")
        code, _, err = admin.tries("enrol", kind, "-o", out, "--passphrase-fd", descriptor())
        assert code == 0
        assert ("Warning: its certificate calls it" in err) == warned


@pytest.mark.parametrize("file", ["x.png", "x.jpg", "x.jpeg", "x.bmp", "x.svg", "X.PNG"])
def test_the_vendor_s_size_has_the_vendor_s_forms(
    admin: Admin, tmp_path: Path, descriptor: Callable[..., str], file: str
) -> None:
    path = tmp_path / file
    told = admin("enrol", LOCAL, "-o", str(path), "--vendor-size", "--picture-passphrase-fd", descriptor())
    assert "smaller than 800x600" in told
    assert enrolment.parse(read(path)).key_name == "test_key_local_access"
    if path.suffix != ".svg":
        assert drawn(path).size == (270, 270)


def test_a_larger_picture_on_request(admin: Admin, tmp_path: Path, descriptor: Callable[..., str]) -> None:
    path = tmp_path / "x.png"
    admin("enrol", LOCAL, "-o", str(path), "--side", "2000", "--picture-passphrase-fd", descriptor())
    assert min(drawn(path).size) >= 2000
    assert enrolment.parse(read(path))


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["enrol"], "Enrolment of a phone"),
        (["enrol", "--language", "de"], "Registrierung eines Telefons"),
        (["--language", "de", "enrol"], "Registrierung eines Telefons"),
        (["--language", "de", "enrol", "--language", "en", "--paper", "letter"], "Enrolment of a phone"),
    ],
)
def test_a_sheet_speaks_the_language_that_was_asked_for(
    admin: Admin,
    tmp_path: Path,
    descriptor: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    title: str,
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    path = tmp_path / "x.pdf"
    admin(*words, LOCAL, "-o", str(path), "--picture-passphrase-fd", descriptor())
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert title.encode() in data
    assert (b"[ 0 0 612 792 ]" in data) == ("letter" in words)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "tells"),
    [
        (["-o", "x.jpg"], r"ends in .png, .svg, .pdf; 'x.jpg' came"),
        (["-o", "x"], "ends in .png, .svg, .pdf"),
        (
            ["-o", "x.pdf", "--vendor-size"],
            "vendor's size ends in .png, .jpg, .jpeg, .bmp, .svg; 'x.pdf' came",
        ),
        (["-o", "x.png", "--side", "799"], "a side of 800 to 8000 pixels; 799 came"),
        (["-o", "x.png", "--side", "8001"], "a side of 800 to 8000 pixels; 8001 came"),
        (["-o", "x.png", "--side", "1000", "--vendor-size"], "not allowed with"),
        (
            ["-o", "x.png", "--name", "x" * 900, "--vendor-size"],
            "too long for a picture of the vendor's size",
        ),
        (["-o", "x.png", "--name", "x" * 2000], "no QR code holds this package"),
        (["-o", "x.pdf", "--name", "x" * 2000], "no QR code holds this package"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    admin: Admin,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    descriptor: Callable[..., str],
    words: list[str],
    tells: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = admin.tries("enrol", LOCAL, *words, "--picture-passphrase-fd", descriptor())
    assert (code, out) == (2, "")
    assert tells in err
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "tells"),
    [
        (("key", "signing", ""), "a key name has 1 to 64 printable characters"),
        (("key", "signing", "é" * 64), "beyond ASCII one counts as 2 to 4"),
        (("key", "signing", "sk", "-o", f"{'x' * 300}.pfx"), "cannot be written: File name too long"),
        (("import", LOCAL, ""), "a key name has 1 to 64 printable characters"),
        (("import", "x" * 300, "lak"), "there is no key file xxx"),
        (("enrol", ""), "a key file was expected, an empty name came"),
    ],
)
def test_names_that_no_key_and_no_file_can_have_are_told_as_such(
    admin: Admin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], tells: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = admin.tries(*arguments, "--generate-passphrase")
    assert (code, out) == (2, "")
    assert tells in err
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_s_name_in_the_list_steers_no_terminal(admin: Admin) -> None:
    admin.folder.mkdir()
    (admin.folder / "\x1b[2J.pfx").write_bytes(b"no key")
    told = admin("keys")
    assert "not readable: " in told
    assert "\x1b" not in told
