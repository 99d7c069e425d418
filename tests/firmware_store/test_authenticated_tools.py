"""Signed requests made by the programs that people use, and keys that distributions ship."""

import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509 import load_pem_x509_certificate

from firmware_store import FOUR_MEGABYTE, VariableStore, authenticated, blank, signature_list
from firmware_store import secure_boot as sb
from firmware_store.errors import SecurityViolation, TimeStampTooOld, UntrustedSigner
from firmware_store.signature import verify
from tests.firmware_store.signed_writes import EXCHANGE, PLATFORM, STRANGER, USER
from tests.firmware_store.signing import (
    APPEND,
    DATABASE,
    GLOBAL,
    SIGNED,
    VENDOR,
    bare,
    certificate,
    content,
    descriptor,
    digests,
    fixed_key,
    signed,
    time,
)

OVMF = Path("/usr/share/OVMF")
SNAKEOIL = OVMF / "OVMF_VARS_4M.snakeoil.fd"
SNAKEOIL_KEY = Path("/usr/share/ovmf/PkKek-1-snakeoil.key")


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"The program {name} is missing; Debian's package {package} brings it.")
    return found


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder with key and certificate files."""
    for name in (PLATFORM, EXCHANGE, USER, STRANGER):
        secret = fixed_key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.key").write_bytes(secret)
        (tmp_path / f"{name}.crt").write_bytes(certificate(name).public_bytes(Encoding.PEM))
    return tmp_path


@pytest.fixture
def store() -> VariableStore:
    made = VariableStore.from_image(blank(FOUR_MEGABYTE))
    sb.start(made)
    return made


# --- efitools --------------------------------------------------------------------------------------------------------


class Efitools:
    """`cert-to-efi-sig-list` and `sign-efi-sig-list`, in a folder of keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lister = program("cert-to-efi-sig-list", "efitools")
        self.signer = program("sign-efi-sig-list", "efitools")

    def list_of(self, key: str) -> bytes:
        out = self.folder / f"{key}.esl"
        subprocess.run([self.lister, self.folder / f"{key}.crt", out], check=True, capture_output=True)
        return out.read_bytes()

    def sign(self, name: str, value: bytes, key: str, moment: str, *options: str) -> bytes:
        (self.folder / "value.esl").write_bytes(value)
        secret: list[str | Path] = ["-k", self.folder / f"{key}.key", "-c", self.folder / f"{key}.crt"]
        command = [self.signer, *options, "-t", moment, *secret, name]
        command += [self.folder / "value.esl", self.folder / "out"]
        subprocess.run(command, check=True, capture_output=True)
        return (self.folder / "out").read_bytes()


def test_efitools_enrol_update_append_and_delete(keys: Path, store: VariableStore) -> None:
    tools = Efitools(keys)
    pk, kek, db = (tools.list_of(each) for each in (PLATFORM, EXCHANGE, USER))
    sequence = [
        ("PK", pk, PLATFORM, "2026-01-02 03:04:05"),
        ("KEK", kek, PLATFORM, "2026-01-02 03:04:05"),
        ("db", db, EXCHANGE, "2026-01-02 03:04:05"),
    ]
    for name, value, key, moment in sequence:
        guid = DATABASE if name == "db" else GLOBAL
        request = tools.sign(name, value, key, moment)
        authenticated.set_variable(store, guid, name, request, SIGNED)
        assert store.get(guid, name).data == value
        assert store.get(guid, name).time_stamp.hex() == "ea070102030405000000000000000000"
        with pytest.raises(TimeStampTooOld):
            authenticated.set_variable(store, guid, name, request, SIGNED)
        wrong = tools.sign(name, value, STRANGER, "2026-02-02 03:04:05")
        with pytest.raises(UntrustedSigner):
            authenticated.set_variable(store, guid, name, wrong, SIGNED)
    both = db + tools.list_of(STRANGER)
    appended = tools.sign("db", both, EXCHANGE, "2026-01-03 03:04:05", "-a")
    authenticated.set_variable(store, DATABASE, "db", appended, APPEND)
    assert store.get(DATABASE, "db").data == both
    assert not sb.setup_mode(store)
    authenticated.set_variable(
        store, GLOBAL, "PK", tools.sign("PK", b"", PLATFORM, "2026-01-03 00:00:00"), SIGNED
    )
    assert sb.setup_mode(store)


def test_efitools_sign_private_variables(keys: Path, store: VariableStore) -> None:
    tools = Efitools(keys)
    for key, moment, fine in (
        (USER, "2026-01-01 00:00:00", True),
        (STRANGER, "2026-01-02 00:00:00", False),
        (USER, "2026-01-02 00:00:00", True),
    ):
        request = tools.sign("Mine", moment.encode(), key, moment, "-g", str(VENDOR))
        if fine:
            authenticated.set_variable(store, VENDOR, "Mine", request, SIGNED)
        else:
            with pytest.raises(UntrustedSigner):
                authenticated.set_variable(store, VENDOR, "Mine", request, SIGNED)
    assert store.get(VENDOR, "Mine").data == b"2026-01-02 00:00:00"


# --- sbsigntool ------------------------------------------------------------------------------------------------------


def test_sbvarsign_signs_what_we_take(keys: Path, store: VariableStore) -> None:
    command = program("sbvarsign", "sbsigntool")
    (keys / "value").write_bytes(b"a value")
    attributes = "NON_VOLATILE,BOOTSERVICE_ACCESS,RUNTIME_ACCESS,TIME_BASED_AUTHENTICATED_WRITE_ACCESS"
    subprocess.run(
        [
            *(command, "--key", keys / f"{USER}.key", "--cert", keys / f"{USER}.crt"),
            *("--guid", str(VENDOR), "--attr", attributes, "--output", keys / "out", "Mine", keys / "value"),
        ],
        check=True,
        capture_output=True,
    )
    authenticated.set_variable(store, VENDOR, "Mine", (keys / "out").read_bytes(), SIGNED)
    held = store.get(VENDOR, "Mine")
    assert held.data == b"a value"
    assert int.from_bytes(held.time_stamp[:2], "little") >= 2026
    with pytest.raises(SecurityViolation):
        authenticated.set_variable(store, VENDOR, "Other", (keys / "out").read_bytes(), SIGNED)


# --- OpenSSL ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["smime", "cms"])
@pytest.mark.parametrize("options", [["-noattr"], [], ["-noattr", "-nosmimecap"]], ids=" ".join)
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_openssl_signs_what_we_take(
    keys: Path, store: VariableStore, command: str, options: list[str], digest: str
) -> None:
    made = openssl(
        *(command, "-sign", "-binary", "-outform", "DER", "-md", digest, *options),
        *("-signer", keys / f"{USER}.crt", "-inkey", keys / f"{USER}.key"),
        stdin=content(VENDOR, "V", SIGNED, time(1), b"1"),
    )
    for form in (made, bare(made)):
        copy = VariableStore.from_image(bytes(store.flash.content))
        authenticated.set_variable(copy, VENDOR, "V", descriptor(time(1), form) + b"1", SIGNED)
        assert copy.get(VENDOR, "V").data == b"1"


@pytest.mark.parametrize(
    "options", [["-keyopt", "rsa_padding_mode:pss"], ["-nocerts"], ["-md", "sha1"]], ids=" ".join
)
def test_what_firmware_does_not_take_either(keys: Path, store: VariableStore, options: list[str]) -> None:
    signer: list[str | Path] = ["-signer", keys / f"{USER}.crt", "-inkey", keys / f"{USER}.key"]
    digest = [] if "-md" in options else ["-md", "sha256"]
    made = openssl(
        *("cms", "-sign", "-binary", "-noattr", "-outform", "DER", *digest, *signer, *options),
        stdin=content(VENDOR, "V", SIGNED, time(1), b"1"),
    )
    with pytest.raises(SecurityViolation):
        authenticated.set_variable(store, VENDOR, "V", descriptor(time(1), bare(made)) + b"1", SIGNED)


def openssl(*arguments: str | Path, stdin: bytes = b"") -> bytes:
    command = program("openssl", "openssl")
    done = subprocess.run([command, *arguments], input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


# A root's extensions, and whether OpenSSL lets it issue.
ROOTS = {
    "": True,  # version 1
    "basicConstraints=CA:TRUE": True,
    "basicConstraints=CA:FALSE": False,
    "keyUsage=keyCertSign": True,
    "keyUsage=digitalSignature": False,
    "subjectAltName=DNS:x": False,
    "basicConstraints=CA:TRUE\nkeyUsage=digitalSignature": False,
}


@pytest.mark.parametrize("extensions", ROOTS, ids=repr)
def test_who_may_issue_is_what_openssl_says(keys: Path, extensions: str) -> None:
    key, config = keys / f"{USER}.key", keys / "extensions"
    config.write_text(f"{extensions}\n")
    request, root, leaf = keys / "root.csr", keys / "root.crt", keys / "leaf.crt"
    openssl("req", "-new", "-key", key, "-subj", "/CN=Root", "-out", request)
    extra: list[str | Path] = ["-extfile", config] if extensions else []
    openssl("x509", "-req", "-in", request, "-signkey", key, "-days", "9", "-out", root, *extra)
    openssl("req", "-new", "-key", keys / f"{STRANGER}.key", "-subj", "/CN=Leaf", "-out", keys / "leaf.csr")
    openssl(
        *("x509", "-req", "-in", keys / "leaf.csr", "-CA", root, "-CAkey", key, "-set_serial", "7"),
        *("-days", "9", "-out", leaf),
    )
    signer = ("-signer", leaf, "-inkey", keys / f"{STRANGER}.key")
    made = openssl("smime", "-sign", "-binary", "-noattr", "-outform", "DER", *signer, stdin=b"text")
    (keys / "made").write_bytes(made)
    (keys / "text").write_bytes(b"text")
    judged = subprocess.run(
        [
            *(
                program("openssl", "openssl"),
                "smime",
                "-verify",
                "-binary",
                "-inform",
                "DER",
                "-in",
                keys / "made",
            ),
            *("-content", keys / "text", "-CAfile", root, "-partial_chain", "-purpose", "any"),
        ],
        capture_output=True,
        check=False,
    )
    trusted = verify(made, b"text").trusted_by(load_pem_x509_certificate(root.read_bytes()))
    assert (judged.returncode == 0, trusted) == (ROOTS[extensions], ROOTS[extensions])


# --- What distributions ship -----------------------------------------------------------------------------------------


def debian(path: Path) -> bytes:
    if not path.is_file():
        pytest.skip(f"{path} is missing; Debian's package ovmf brings it.")
    return path.read_bytes()


def snakeoil(guid: UUID, name: str, value: bytes, day: int, attributes: int = SIGNED) -> bytes:
    """A request signed with the key that comes with the image, whose password is public as well."""
    key = load_pem_private_key(debian(SNAKEOIL_KEY), b"snakeoil")
    signer = load_pem_x509_certificate(debian(SNAKEOIL_KEY.with_suffix(".pem")))
    made = (
        PKCS7SignatureBuilder()
        .set_data(content(guid, name, attributes, time(day), value))
        .add_signer(signer, key, SHA256())  # type: ignore[arg-type]
        .sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoAttributes])
    )
    return descriptor(time(day), bare(made)) + value


def test_the_snakeoil_image_is_changed_with_its_own_key() -> None:
    store = VariableStore.from_image(debian(SNAKEOIL))
    assert not sb.setup_mode(store)
    before = store.get(DATABASE, "db")
    with pytest.raises(UntrustedSigner):
        authenticated.set_variable(
            store, DATABASE, "db", signed(DATABASE, "db", digests(1), time(1), STRANGER), SIGNED
        )
    authenticated.set_variable(
        store,
        DATABASE,
        "db",
        snakeoil(DATABASE, "db", before.data + digests(1), 1, APPEND),
        APPEND,
    )
    assert store.get(DATABASE, "db").data == before.data + digests(1)
    authenticated.set_variable(store, DATABASE, "dbx", snakeoil(DATABASE, "dbx", digests(2), 1), SIGNED)
    authenticated.set_variable(store, GLOBAL, "PK", snakeoil(GLOBAL, "PK", b"", 1), SIGNED)
    assert sb.setup_mode(store)
    assert store.find(*sb.SECURE_BOOT_ENABLE) is None


@pytest.mark.parametrize("name", ["OVMF_VARS_4M.ms.fd", "OVMF_VARS_4M.snakeoil.fd", "OVMF_VARS.ms.fd"])
def test_the_keys_that_distributions_enrol_are_well_formed(name: str) -> None:
    store = VariableStore.from_image(debian(OVMF / name))
    before = set(store)
    for place in (sb.PK, sb.KEK, *sb.DATABASES[:2]):
        data = store.get(*place).data
        signature_list.check_lists(data, single=place == sb.PK)
        assert signature_list.write_lists(signature_list.read_lists(data)) == data
    sb.start(store)
    assert set(store) == before, "the firmware that made the image has started already"
