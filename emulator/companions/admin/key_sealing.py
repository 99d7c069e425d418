"""Key files as they are written: one key with its certificate under a passphrase, as a PFX or as PEM, by the file's ending.

A PEM holds an encrypted PKCS#8 key and the certificate in clear. A PFX has all under its passphrase, so in the key store its
certificate lies beside it in clear as well. Two files cannot be replaced at once: an old certificate goes before the new PFX comes, and the new
certificate comes last, so that no moment leaves a certificate beside a key that is not its own.
"""

import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    pkcs12,
)

from emulator.companions import FileRefused, refuse_existing, write_private
from emulator.companions.admin.key_files import BESIDE, UnusableKeyFile

PFX_ENDINGS = (".pfx", ".p12")
PEM_ENDINGS = (".pem",)


def write(
    path: Path,
    key: RSAPrivateKey,
    certificate: x509.Certificate,
    passphrase: str,
    *,
    store: Path,
    replace: bool = False,
) -> None:
    """Write the key to `path`, and the certificate beside a PFX if that is in the folder `store`. Raises as `refuse`."""
    refuse(path, store=store, replace=replace)
    data = (
        _pem(key, certificate, passphrase) if _is_pem(path) else _pfx(path.stem, key, certificate, passphrase)
    )
    beside = path.with_suffix(BESIDE)
    paired = _is_paired(path, store)
    if paired and replace:
        _remove(beside)
    write_private(path, data, replace=replace)
    if paired:
        try:
            write_private(beside, certificate.public_bytes(Encoding.PEM), replace=replace)
        except FileRefused:
            if not replace:
                _remove(path)  # Of a key that was refused nobody is told the passphrase.
            raise


def refuse(path: Path, *, store: Path, replace: bool) -> None:
    """Raise UnusableKeyFile or FileRefused if `write` would not; so that it is said before a key is made."""
    if path.suffix.lower() not in PFX_ENDINGS + PEM_ENDINGS:
        raise UnusableKeyFile(f"the name of a key file ends in .pfx or .pem; {path.name!r} came")
    refuse_existing(path, replace=replace)
    if not _is_in(path, store):
        return
    for ending in PFX_ENDINGS + PEM_ENDINGS:
        other = path.with_suffix(ending)
        if other != path and os.path.exists(other):  # takes a name that is too long for any file
            raise FileRefused(f"the key store has a key of this name already: {other}; choose another name")
    if _is_paired(path, store):
        refuse_existing(path.with_suffix(BESIDE), replace=replace)


def _is_pem(path: Path) -> bool:
    return path.suffix.lower() in PEM_ENDINGS


def _is_in(path: Path, store: Path) -> bool:
    return path.parent.resolve() == store.resolve()


def _is_paired(path: Path, store: Path) -> bool:
    return _is_in(path, store) and not _is_pem(path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise FileRefused(f"{path} cannot be removed: {error.strerror}") from None


def _pfx(name: str, key: RSAPrivateKey, certificate: x509.Certificate, passphrase: str) -> bytes:
    encryption = BestAvailableEncryption(passphrase.encode())
    # A file's name may be no UTF-8; the name inside is for people.
    return pkcs12.serialize_key_and_certificates(
        name.encode("utf-8", "replace"), key, certificate, None, encryption
    )


def _pem(key: RSAPrivateKey, certificate: x509.Certificate, passphrase: str) -> bytes:
    encryption = BestAvailableEncryption(passphrase.encode())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    return private + certificate.public_bytes(Encoding.PEM)
