"""The key store: what it tells without a passphrase, what it takes in, and what a kill in any moment leaves."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from emulator.companions import FileRefused
from emulator.companions.admin import key_files, key_sealing, key_store, new_key
from emulator.companions.admin.key_files import KeyFile, UnusableKeyFile, WrongPassphrase
from emulator.companions.admin.key_store import State
from emulator.companions.admin.new_key import Kind, UnusableName
from emulator.protocol.keys import PublicKey

PASSPHRASE = "correct horse battery staple"
NOW = datetime(2026, 11, 22, tzinfo=UTC)

OpenSSL = Callable[..., bytes]


def keep(
    folder: Path, key: RSAPrivateKey, file: str, kind: Kind = Kind.SIGNING, *, replace: bool = False
) -> Path:
    """Write a fixed key, which takes no time to make."""
    folder.mkdir(exist_ok=True)
    path = folder / file
    certificate = new_key.self_signed(key, path.stem, kind, now=NOW)
    key_sealing.write(path, key, certificate, PASSPHRASE, store=folder, replace=replace)
    return path


def encrypted_pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))


def test_a_folder_that_is_not_there_holds_no_keys(tmp_path: Path) -> None:
    assert key_store.list(tmp_path / "none") == ()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileRefused, match="cannot be read"):
        key_store.list(tmp_path / "file")


def test_keys_made_here_tell_key_id_kind_and_name_without_a_passphrase(
    tmp_path: Path,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> None:
    keep(tmp_path, endorsement_key, "b.pfx", Kind.ENDORSEMENT)
    keep(tmp_path, signing_key, "A.pem", Kind.SIGNING)
    keep(tmp_path, local_access_key, "c.d.p12", Kind.LOCAL_ACCESS)
    (tmp_path / "notes.txt").write_text("not a key")
    (tmp_path / ".hidden.pfx").write_text("nor this")
    found = key_store.list(tmp_path)
    assert [(key.name, key.kind, key.common_name) for key in found] == [
        ("A", Kind.SIGNING, "A"),
        ("b", Kind.ENDORSEMENT, "b"),
        ("c.d", Kind.LOCAL_ACCESS, "c.d"),
    ]
    ids = [PublicKey.of(key).key_id for key in (signing_key, endorsement_key, local_access_key)]
    assert [key.key_id for key in found] == ids
    assert all(key.state is State.READABLE and key.certificate and not key.is_public_only for key in found)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.glob("[!n.]*"))


def test_a_pfx_in_the_store_has_its_certificate_beside_it_and_a_pem_has_it_inside(
    tmp_path: Path, signing_key: RSAPrivateKey, openssl: OpenSSL
) -> None:
    keep(tmp_path, signing_key, "key.pfx")
    keep(tmp_path, signing_key, "other.pem")
    assert sorted(os.listdir(tmp_path)) == ["key.crt", "key.pfx", "other.pem"]
    for file in ("key.crt", "other.pem"):
        assert b"OU = Signing Key" in openssl("x509", "-in", tmp_path / file, "-noout", "-subject")
    inside = key_files.load_certificate(tmp_path / "key.pfx", [PASSPHRASE])
    assert inside == key_files.load_certificate(tmp_path / "key.crt")
    with pytest.raises(WrongPassphrase):
        key_files.load_private(tmp_path / "key.pfx")


def test_openssl_opens_a_pem_made_here_and_nobody_else_does(
    tmp_path: Path, signing_key: RSAPrivateKey, openssl: OpenSSL
) -> None:
    path = keep(tmp_path, signing_key, "key.pem")
    plain = signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert openssl("pkcs8", "-in", path, "-passin", f"pass:{PASSPHRASE}") == plain
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(AssertionError):
        openssl("pkcs8", "-in", path, "-passin", "pass:wrong")


def test_what_is_written_elsewhere_is_one_file(tmp_path: Path, signing_key: RSAPrivateKey) -> None:
    elsewhere, store = tmp_path / "elsewhere", tmp_path / "store"
    elsewhere.mkdir()
    certificate = new_key.self_signed(signing_key, "key", Kind.SIGNING, now=NOW)
    key_sealing.write(elsewhere / "key.pfx", signing_key, certificate, PASSPHRASE, store=store)
    assert os.listdir(elsewhere) == ["key.pfx"]
    (key,) = key_store.list(elsewhere)
    assert (key.state, key.key_id, key.kind) == (State.SEALED, None, None)


def test_keys_by_openssl_are_listed_as_far_as_they_tell(
    tmp_path: Path, openssl: OpenSSL, signing_key: RSAPrivateKey
) -> None:
    openssl("genrsa", "-out", tmp_path / "plain.key", "2048")
    secret, cert = tmp_path / "secret.key", tmp_path / "cert.cer"
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-subj", "/OU=Endorsement Key/CN=One", "-keyout", secret, "-out", cert,
        "-passout", f"pass:{PASSPHRASE}",
    )  # fmt: skip
    (tmp_path / "both.pem").write_bytes(secret.read_bytes() + cert.read_bytes())
    openssl(
        "pkcs12", "-export", "-inkey", secret, "-in", cert, "-out", tmp_path / "sealed.pfx", "-passin",
        f"pass:{PASSPHRASE}", "-passout", f"pass:{PASSPHRASE}",
    )  # fmt: skip
    openssl("x509", "-in", cert, "-outform", "DER", "-out", tmp_path / "binary.der")
    found = {key.path.name: key for key in key_store.list(tmp_path)}
    assert {name: key.state for name, key in found.items()} == {
        "binary.der": State.READABLE,
        "both.pem": State.READABLE,
        "cert.cer": State.READABLE,
        "plain.key": State.READABLE,
        "sealed.pfx": State.SEALED,
        "secret.key": State.SEALED,
    }
    assert found["both.pem"].key_id == found["cert.cer"].key_id == found["binary.der"].key_id
    assert found["both.pem"].kind is Kind.ENDORSEMENT
    assert found["plain.key"].kind is None
    assert [name for name, key in found.items() if key.is_public_only] == ["binary.der", "cert.cer"]


@pytest.mark.parametrize("file", ["cut.pfx", "long.pfx", "empty.pem", "noise.crt", "beside.pfx"])
def test_what_is_damaged_is_told_and_keeps_nobody_from_the_rest(
    tmp_path: Path, signing_key: RSAPrivateKey, file: str
) -> None:
    data = keep(tmp_path, signing_key, "good.pfx").read_bytes()
    content = {
        "cut.pfx": data[:-1],
        "long.pfx": data + b"x",
        "empty.pem": b"",
        "noise.crt": b"\x30\x03\x02\x01\x03",
        "beside.pfx": data,
    }
    (tmp_path / file).write_bytes(content[file])
    (tmp_path / "beside.crt").write_bytes(b"noise") if file == "beside.pfx" else None
    damaged, good = key_store.list(tmp_path)[:: 1 if file < "good" else -1]
    assert (damaged.state, damaged.key_id) == (State.DAMAGED, None)
    assert damaged.path.name == file
    assert str(tmp_path) in damaged.trouble
    assert good.state is State.READABLE


def test_a_folder_or_a_large_file_with_the_name_of_a_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.pfx").mkdir()
    (tmp_path / "large.pem").write_bytes(b"x" * (key_files.LARGEST + 1))
    folder, large = key_store.list(tmp_path)
    assert (folder.state, large.state) == (State.DAMAGED, State.DAMAGED)
    assert "too large" in large.trouble


def test_a_name_is_taken_once_whatever_the_ending(tmp_path: Path, signing_key: RSAPrivateKey) -> None:
    pem = keep(tmp_path, signing_key, "key.pem")
    before = pem.read_bytes()
    for replace in (False, True):
        with pytest.raises(FileRefused, match="has a key of this name already"):
            keep(tmp_path, signing_key, "key.pfx", replace=replace)
    keep(tmp_path, signing_key, "other.pfx")
    (tmp_path / "other.pfx").unlink()
    with pytest.raises(FileRefused, match=r"other\.crt exists already"):
        keep(tmp_path, signing_key, "other.pfx")
    assert pem.read_bytes() == before


def test_a_key_that_takes_another_s_place_brings_its_own_certificate(
    tmp_path: Path, signing_key: RSAPrivateKey, other_key: RSAPrivateKey
) -> None:
    keep(tmp_path, signing_key, "key.pfx")
    keep(tmp_path, other_key, "key.pfx", replace=True)
    (key,) = key_store.list(tmp_path)
    assert key.key_id == PublicKey.of(other_key).key_id
    assert key_files.load_private(key.path, [PASSPHRASE])[0].public == PublicKey.of(other_key)


def test_a_disk_that_has_room_for_the_key_alone_keeps_none_of_it(
    tmp_path: Path, signing_key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def full(source: Path, target: Path, **more: bool) -> None:
        if target.suffix == ".crt":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        link(source, target, **more)

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(FileRefused, match=r"\.crt cannot be written: No space left"):
        keep(tmp_path, signing_key, "key.pfx")
    assert list(tmp_path.iterdir()) == []


def test_only_a_key_file_s_ending_is_written(tmp_path: Path, signing_key: RSAPrivateKey) -> None:
    for name in ("key", "key.json", "key.crt"):
        with pytest.raises(UnusableKeyFile, match=r"ends in \.pfx or \.pem"):
            keep(tmp_path, signing_key, name)
    assert not os.listdir(tmp_path)


def test_a_key_taken_in_keeps_its_certificate_or_gets_one(
    tmp_path: Path, openssl: OpenSSL, signing_key: RSAPrivateKey, other_key: RSAPrivateKey
) -> None:
    key, cert = Path(__file__).parents[2] / "vectors" / "test_key_signing.pem", tmp_path / "cert.pem"
    openssl("req", "-x509", "-new", "-key", key, "-subj", "/CN=By OpenSSL", "-out", cert)
    opened, private = key_files.load_private(key)
    store = tmp_path / "store"
    with pytest.raises(UnusableKeyFile, match=r"no certificate of its key; give it with --certificate"):
        key_store.take_in(store, "a", opened, private, PASSPHRASE, now=NOW)
    assert not store.exists()
    own = key_files.with_certificate(opened, key_files.load_certificate(cert))
    key_store.take_in(store, "a", own, private, PASSPHRASE, now=NOW)
    key_store.take_in(store, "b", own, private, PASSPHRASE, now=NOW, kind=Kind.ENDORSEMENT)
    first, second = key_store.list(store)
    assert (first.common_name, first.kind) == ("By OpenSSL", None)
    assert (second.common_name, second.kind) == ("b", Kind.ENDORSEMENT)
    assert first.key_id == second.key_id == PublicKey.of(signing_key).key_id
    assert (
        key_files.load_private(first.path, [PASSPHRASE])[1].private_numbers() == signing_key.private_numbers()
    )
    with pytest.raises(UnusableKeyFile, match="belongs to another key"):
        key_files.with_certificate(KeyFile(PublicKey.of(other_key)), own.certificate or b"")
    with pytest.raises(UnusableName):
        key_store.take_in(store, "../c", own, private, PASSPHRASE, now=NOW)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("moment", range(1, 7))
def test_a_kill_while_a_key_is_replaced_leaves_a_whole_key_and_no_certificate_of_another(
    tmp_path: Path, signing_key: RSAPrivateKey, other_key: RSAPrivateKey, moment: int
) -> None:
    """The program dies, without a last word, at one system call after the other that changes the folder."""
    keep(tmp_path, signing_key, "key.pfx")
    done = subprocess.run([sys.executable, "-c", DYING, str(moment), str(tmp_path)], check=False)
    assert done.returncode in {0, -signal.SIGKILL}
    opened = key_files.load_private(tmp_path / "key.pfx", [PASSPHRASE])[0].public
    assert opened in {PublicKey.of(signing_key), PublicKey.of(other_key)}
    (key,) = key_store.list(tmp_path)
    assert key.state is not State.DAMAGED
    assert key.key_id in {None, opened.key_id}
    if moment == 1:
        assert opened == PublicKey.of(signing_key)
    if done.returncode == 0:
        assert key.key_id == PublicKey.of(other_key).key_id


DYING = """
import os, signal, sys
from pathlib import Path
from tests.companions.admin.test_key_store import keep
from tests.conftest import fixed_key
moment, folder = int(sys.argv[1]), Path(sys.argv[2])
key, seen = fixed_key("other"), 0
def dying(event, arguments):
    global seen
    writes = event == "open" and arguments[2] & os.O_CREAT
    if event in ("os.rename", "os.remove", "os.link") or writes:
        seen += 1
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(dying)
keep(folder, key, "key.pfx", replace=True)
"""
