"""Key files of every make: written here, and written by the OpenSSL command line as the vendor's guides show."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from emulator.companions import FileRefused
from emulator.companions.admin import key_files, new_key
from emulator.companions.admin.key_files import UnusableKeyFile, WrongPassphrase
from emulator.companions.admin.key_words import KINDS
from emulator.companions.admin.new_key import Kind, UnusableName
from emulator.protocol import certificate
from emulator.protocol.keys import PublicKey, UnusableKey

PASSPHRASE = "correct horse battery staple"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SUBJECT = "/C=US/ST=State/L=City/O=Company/OU=Org/CN=Demo key"
VECTORS = Path(__file__).parents[2] / "vectors"

OpenSSL = Callable[..., bytes]


def nobody_is_asked() -> Iterator[str]:
    pytest.fail("a passphrase was asked for")
    yield ""


@pytest.fixture
def pem(tmp_path: Path, openssl: OpenSSL) -> tuple[Path, Path]:
    """A key and its certificate as two PEM files."""
    key, cert = VECTORS / "test_key_local_access.pem", tmp_path / "cert.pem"
    openssl("req", "-x509", "-new", "-key", key, "-sha256", "-days", "3650", "-subj", SUBJECT, "-out", cert)
    return key, cert


def pfx(openssl: OpenSSL, pem: tuple[Path, Path], *options: str | Path, passphrase: str = PASSPHRASE) -> Path:
    out = pem[1].with_suffix(".pfx")
    openssl(
        "pkcs12", "-export", "-inkey", pem[0], "-in", pem[1], "-out", out, "-passout", f"pass:{passphrase}", *options
    )  # fmt: skip
    return out


def test_a_new_key_opens_with_its_passphrase_and_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "admin"
    path, key = new_key.create(folder, "DEMO key", Kind.LOCAL_ACCESS, PASSPHRASE, now=NOW)
    assert path == folder / "DEMO key.pfx"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    loaded, private = key_files.load_private(path, iter([PASSPHRASE]))
    assert private.private_numbers() == key.private_numbers()
    assert (loaded.common_name, loaded.passphrase) == ("DEMO key", PASSPHRASE)
    assert PASSPHRASE not in repr(loaded)
    for wrong in ([], ["wrong", "wrong again"]):
        with pytest.raises(WrongPassphrase, match="does not open"):
            key_files.load(path, wrong)
    assert key_files.load(path, ["wrong", PASSPHRASE]).public == PublicKey.of(key)


def test_a_new_key_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path, _ = new_key.create(tmp_path, "key", Kind.SIGNING, PASSPHRASE, now=NOW)
    before = path.read_bytes()
    with pytest.raises(FileRefused, match="exists already"):
        new_key.create(tmp_path, "key", Kind.SIGNING, PASSPHRASE, now=NOW)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", Kind)
def test_the_certificate_is_fit_for_the_firmware_and_says_what_the_key_is_for(
    local_access_key: RSAPrivateKey, kind: Kind
) -> None:
    made = new_key.self_signed(local_access_key, "Schlüssel, 1", kind, now=NOW, organization="Company")
    parsed = certificate.parse(made.public_bytes(Encoding.DER))
    assert parsed.key == PublicKey.of(local_access_key)
    assert f"OU={kind.value.replace('-', ' ').title()} Key" in parsed.subject
    assert "O=Company" in parsed.subject
    assert made.not_valid_after_utc - made.not_valid_before_utc == timedelta(days=3650)


def test_the_command_line_knows_the_same_kinds() -> None:
    assert tuple(Kind) == KINDS


@pytest.mark.parametrize("name", ["", "x" * 65, "é" * 33, "line\nbreak", "\x1b[2J", "../key", ".key"])
def test_a_name_that_fits_no_certificate_or_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableName):
        new_key.create(tmp_path, name, Kind.SIGNING, PASSPHRASE, now=NOW)
    assert not list(tmp_path.iterdir())


def test_a_key_s_file_may_have_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "k\udcff.pfx"
    new_key.create(tmp_path, "key", Kind.SIGNING, PASSPHRASE, now=NOW, path=path)
    assert key_files.load_private(path, [PASSPHRASE])[0].common_name == "key"


@pytest.mark.parametrize("passphrase", [PASSPHRASE, "пароль für 🔑 Schlüssel"])
def test_openssl_opens_a_new_key(tmp_path: Path, openssl: OpenSSL, passphrase: str) -> None:
    path, key = new_key.create(tmp_path, "key", Kind.SIGNING, passphrase, now=NOW)
    out = openssl("pkcs12", "-in", path, "-nodes", "-passin", f"pass:{passphrase}")
    assert b"BEGIN CERTIFICATE" in out
    (tmp_path / "again.pem").write_bytes(out)
    assert key_files.load(tmp_path / "again.pem").public == PublicKey.of(key)


def test_a_key_made_by_openssl_alone_will_do(tmp_path: Path, openssl: OpenSSL) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-sha256", "-days", "3650", "-subj", SUBJECT, "-keyout", key, "-out", cert,
        "-passout", f"pass:{PASSPHRASE}",
    )  # fmt: skip
    public = key_files.load(cert, nobody_is_asked()).public
    assert key_files.load_private(key, [PASSPHRASE])[0].public == public


def test_an_ordinary_pfx_opens(openssl: OpenSSL, pem: tuple[Path, Path]) -> None:
    loaded, _ = key_files.load_private(pfx(openssl, pem), [PASSPHRASE])
    assert loaded.common_name == "Demo key"
    assert certificate.parse(loaded.certificate or b"").key == loaded.public


def test_a_pfx_with_the_cipher_of_the_vendor_s_examples_opens(
    openssl: OpenSSL, pem: tuple[Path, Path]
) -> None:
    path = pfx(openssl, pem, "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1")
    assert key_files.load_private(path, [PASSPHRASE])[0].certificate is not None


def test_a_legacy_pfx_opens(openssl: OpenSSL, pem: tuple[Path, Path]) -> None:
    try:
        path = pfx(openssl, pem, "-legacy")
    except AssertionError:
        pytest.skip("The installed openssl makes no legacy PFX.")
    assert key_files.load_private(path, [PASSPHRASE])[0].certificate is not None


def test_a_pfx_with_an_empty_password_opens_without_asking(openssl: OpenSSL, pem: tuple[Path, Path]) -> None:
    loaded, _ = key_files.load_private(pfx(openssl, pem, passphrase=""), nobody_is_asked())
    assert loaded.passphrase == ""


def test_a_pfx_without_a_private_key_gives_its_certificate(openssl: OpenSSL, pem: tuple[Path, Path]) -> None:
    path = pfx(openssl, pem, "-nokeys")
    assert key_files.load_certificate(path, [PASSPHRASE])
    with pytest.raises(UnusableKeyFile, match="holds no private key"):
        key_files.load_private(path, [PASSPHRASE])


def test_pem_opens_without_asking_when_it_is_in_clear(pem: tuple[Path, Path]) -> None:
    key, cert = pem
    loaded, _ = key_files.load_private(key, nobody_is_asked())
    assert loaded.certificate is None
    assert loaded.common_name is None
    with pytest.raises(UnusableKeyFile, match="no certificate that belongs to its key"):
        key_files.load_certificate(key, nobody_is_asked())
    assert key_files.load_certificate(cert, nobody_is_asked())


def test_one_pem_may_hold_key_and_chain_in_any_order(
    tmp_path: Path, openssl: OpenSSL, pem: tuple[Path, Path]
) -> None:
    other = tmp_path / "other.pem"
    openssl(
        "req", "-x509", "-new", "-key", VECTORS / "test_key_other.pem", "-subj", "/CN=other", "-out", other
    )
    both = tmp_path / "both.pem"
    both.write_bytes(b"Bag Attributes\n" + other.read_bytes() + pem[1].read_bytes() + pem[0].read_bytes())
    loaded, _ = key_files.load_private(both, nobody_is_asked())
    assert loaded.common_name == "Demo key"


@pytest.mark.parametrize(
    "form",
    [
        ("pkcs8", "-topk8", "-v2", "aes-256-cbc"),
        ("rsa", "-aes256", "-traditional"),
        ("rsa", "-des3", "-traditional"),
    ],
)
def test_encrypted_pem_opens_with_its_passphrase(
    tmp_path: Path, openssl: OpenSSL, form: tuple[str, ...]
) -> None:
    path = tmp_path / "key.pem"
    try:
        openssl(
            *form, "-in", VECTORS / "test_key_signing.pem", "-out", path, "-passout", f"pass:{PASSPHRASE}"
        )
    except AssertionError:
        pytest.skip("The installed openssl knows no option -traditional.")
    assert key_files.load_private(path, ["wrong", PASSPHRASE])[0].passphrase == PASSPHRASE
    with pytest.raises(WrongPassphrase):
        key_files.load(path, ["wrong"])


def test_the_traditional_form_in_clear_opens(tmp_path: Path, signing_key: RSAPrivateKey) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(
        signing_key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    assert key_files.load_private(path)[0].public == PublicKey.of(signing_key)


def test_a_public_key_or_a_binary_certificate_is_enough_where_only_that_is_needed(
    tmp_path: Path, signing_key: RSAPrivateKey
) -> None:
    public, der = tmp_path / "public.pem", tmp_path / "cert.cer"
    public.write_bytes(signing_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    der.write_bytes(new_key.self_signed(signing_key, "key", Kind.SIGNING, now=NOW).public_bytes(Encoding.DER))
    for path in (public, der):
        assert key_files.load(path, nobody_is_asked()).public == PublicKey.of(signing_key)
        with pytest.raises(UnusableKeyFile, match="holds no private key"):
            key_files.load_private(path, nobody_is_asked())


def test_keys_of_another_kind_are_refused(tmp_path: Path, unusable_keys: dict[str, RSAPrivateKey]) -> None:
    path = tmp_path / "key.pem"
    for key in unusable_keys.values():
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        with pytest.raises(UnusableKey):
            key_files.load(path)


def test_an_elliptic_key_is_refused(tmp_path: Path, openssl: OpenSSL) -> None:
    path = tmp_path / "key.pem"
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
    with pytest.raises(UnusableKey, match="an RSA key was expected"):
        key_files.load(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key at all",
        b"\x30\x03\x02\x01\x03",
        b"\x30\x82\x00\x03\x02\x01\x03",
        b"\x30\x80garbage",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n",
        b"-----BEGIN CERTIFICATE-----\nAAAA",
    ],
)
def test_what_is_no_key_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises((UnusableKeyFile, WrongPassphrase)):
        key_files.load(path, ["x"])


def test_any_truncation_of_a_pfx_is_refused(tmp_path: Path) -> None:
    whole, _ = new_key.create(tmp_path, "key", Kind.SIGNING, PASSPHRASE, now=NOW)
    data, path = whole.read_bytes(), tmp_path / "cut"
    for length in range(0, len(data), 211):
        path.write_bytes(data[:length])
        with pytest.raises((UnusableKeyFile, WrongPassphrase)):
            key_files.load(path, [PASSPHRASE])


def test_a_bare_name_is_looked_for_in_the_console_s_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "admin"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("one.pfx", "two.pem", "three"):
        (folder / name).write_bytes(b"")
    assert key_files.find("one", folder) == folder / "one.pfx"
    assert key_files.find("two", folder) == folder / "two.pem"
    assert key_files.find("three", folder) == folder / "three"
    assert key_files.find("one.pfx", folder) == folder / "one.pfx"
    assert key_files.find("./one.pfx", folder) == Path("one.pfx")
    (tmp_path / "three").write_bytes(b"")
    assert key_files.find("three", folder) == Path("three")
    with pytest.raises(UnusableKeyFile, match="no key file four, neither here nor in"):
        key_files.find("four", folder)
