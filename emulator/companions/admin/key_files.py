"""Key files as they are read: PFX and PEM, made here or with the OpenSSL command line as the vendor's guides show.

A PFX holds private key and certificate, encrypted; PEM holds either or both, the key in clear or encrypted; a certificate may come
alone, PEM or DER, where only the public half is needed. Passwords are tried in this order: none, the empty one, then what the
person gives, who is not asked when one of the first two opens the file.

A PFX under a passphrase tells nothing without it. A list takes the public half from the certificate of the same name beside it, `NAME.crt`, which
the key store keeps for each of its PFX files; an order takes it from the opened file alone.
"""

import os
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_pem_private_key,
    load_pem_public_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from emulator.companions import CompanionError, read_bounded
from emulator.companions.admin import key_cost
from emulator.companions.admin.key_cost import TooDear
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey

LARGEST = 1 << 20
BESIDE = ".crt"
"""The ending of the certificate beside a PFX."""

_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_PFX = re.compile(rb"\x30(?:[\x00-\x7f]|\x80|\x81.|\x82..|\x83...)\x02\x01\x03", re.DOTALL)
"""How every PFX opens: a sequence, then the integer 3."""


class UnusableKeyFile(CompanionError):
    """A file that holds no key of the kind that was needed."""


class WrongPassphrase(CompanionError):
    """No passphrase at hand opens the key file."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a key file holds. `certificate` is DER; `passphrase` is the one that opened the file, if it took one."""

    public: PublicKey
    private: rsa.RSAPrivateKey | None = field(default=None, repr=False)
    certificate: bytes | None = None
    passphrase: str = field(default="", repr=False)

    @property
    def common_name(self) -> str | None:
        """The common name in the certificate's subject."""
        return self._of_subject(NameOID.COMMON_NAME)

    @property
    def unit(self) -> str | None:
        """The organizational unit in the certificate's subject."""
        return self._of_subject(NameOID.ORGANIZATIONAL_UNIT_NAME)

    def _of_subject(self, part: x509.ObjectIdentifier) -> str | None:
        if self.certificate is None:
            return None
        found = _certificate(self.certificate).subject.get_attributes_for_oid(part)
        return str(found[0].value) if found else None


def find(argument: str, folder: Path) -> Path:
    """The key file that a person means: a path, or a bare name inside `folder`, with or without its ending."""
    if not argument:
        raise UnusableKeyFile("a key file was expected, an empty name came")
    path = Path(argument)
    # Not `Path.exists`, which fails for a name that is too long for any file.
    if os.path.exists(path) or path.name != argument:
        return path
    known = [folder / f"{argument}{ending}" for ending in ("", ".pfx", ".pem")]
    for candidate in known:
        if os.path.exists(candidate):
            return candidate
    raise UnusableKeyFile(f"there is no key file {argument}, neither here nor in {folder}")


def load(path: Path, passphrases: Iterable[str] = ()) -> KeyFile:
    """Read a key file. Raises FileRefused, UnusableKeyFile, WrongPassphrase or UnusableKey."""
    data = read_bounded(path, most=LARGEST)
    with _understanding(path):
        if _PEM.search(data):
            return _from_pem(path, data, passphrases)
        if _PFX.match(data):
            return _from_pfx(path, data, passphrases)
        return _of_certificate(data)


def load_private(path: Path, passphrases: Iterable[str] = ()) -> tuple[KeyFile, rsa.RSAPrivateKey]:
    """As `load`, for a key that shall sign or be enrolled."""
    loaded = load(path, passphrases)
    if loaded.private is None:
        raise UnusableKeyFile(f"{path} holds no private key; a certificate alone is not enough here")
    return loaded, loaded.private


def load_sealed(path: Path) -> KeyFile | None:
    """What a key file tells without a passphrase, its private half aside; None if that is nothing. Raises as `load`.

    Nothing proves it: whoever may write in the folder may put another certificate there. It is for lists, and no order is made of it.
    """
    try:
        return load(path)
    except WrongPassphrase:
        data = read_bounded(path, most=LARGEST)
        if _PFX.match(data):
            _refuse_cut(path, data)
            beside = path.with_suffix(BESIDE)
            return load(beside) if beside.exists() else None
        with _understanding(path):
            ders = _certificates_in(_blocks(data))
            return _of_certificate(ders[0]) if ders else None


def load_certificate(path: Path, passphrases: Iterable[str] = ()) -> bytes:
    """The certificate in a key file, in DER, proven by the key beside it if there is one. Raises as `load`."""
    loaded = load(path, passphrases)
    if loaded.certificate is None:
        raise UnusableKeyFile(f"{path} holds no certificate that belongs to its key")
    return loaded.certificate


def with_certificate(opened: KeyFile, certificate: bytes) -> KeyFile:
    """`opened` with a certificate from elsewhere. Raises UnusableKeyFile if that belongs to another key."""
    if not _holds(certificate, opened.public):
        raise UnusableKeyFile("the certificate belongs to another key")
    return replace(opened, certificate=certificate)


@contextmanager
def _understanding(path: Path) -> Iterator[None]:
    """Says in one sentence what the many readers of parts say in their ways."""
    # Odd serial numbers and old ciphers are the business of those who made the file.
    with warnings.catch_warnings(action="ignore"):
        try:
            yield
        except ProtocolError:
            raise
        except TooDear as error:
            raise UnusableKeyFile(f"{path} is not tried: {error}") from None
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise UnusableKeyFile(
                f"{path} is no key file: a PFX, or PEM with an RSA key or a certificate, was expected"
            ) from None


def _from_pfx(path: Path, data: bytes, passphrases: Iterable[str]) -> KeyFile:
    key_cost.refuse_pfx(data)
    for passphrase in _candidates(passphrases):
        try:
            content = pkcs12.load_pkcs12(data, passphrase)
        except ValueError:
            continue
        certificate = content.cert.certificate if content.cert else None
        if content.key is None and certificate is None and content.additional_certs:
            # Without a private key, no certificate is marked as the one.
            certificate = content.additional_certs[0].certificate
        found = content.key or (certificate and certificate.public_key())
        der = certificate.public_bytes(Encoding.DER) if certificate else None
        return _key_file(found, der, passphrase)
    raise _wrong(path)


def _from_pem(path: Path, data: bytes, passphrases: Iterable[str]) -> KeyFile:
    blocks = _blocks(data)
    key: object = None
    passphrase: bytes | None = None
    for label, block in blocks:
        if label.endswith("PRIVATE KEY") and key is None:
            key, passphrase = _private_from_pem(path, block, passphrases)
    # `openssl pkcs12` writes chains; the certificate that counts is the one of the key, else the first.
    ders = _certificates_in(blocks)
    if key is not None:
        ours = PublicKey.of(key)
        der = next((der for der in ders if _holds(der, ours)), None)
        return _key_file(key, der, passphrase)
    if ders:
        return _of_certificate(ders[0])
    public = next((load_pem_public_key(block) for label, block in blocks if label == "PUBLIC KEY"), None)
    return _key_file(public, None, None)


def _blocks(data: bytes) -> list[tuple[str, bytes]]:
    return [(match[1].decode(), match[0] + b"\n") for match in _PEM.finditer(data)]


def _certificates_in(blocks: Iterable[tuple[str, bytes]]) -> list[bytes]:
    return [
        x509.load_pem_x509_certificate(block).public_bytes(Encoding.DER)
        for label, block in blocks
        if label in {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"}
    ]


def _private_from_pem(path: Path, block: bytes, passphrases: Iterable[str]) -> tuple[object, bytes | None]:
    if b"ENCRYPTED" not in block:
        return _opened_pem(block, None), None
    key_cost.refuse_pem(block)
    for passphrase in _candidates(passphrases):
        try:
            return _opened_pem(block, passphrase), passphrase
        except (ValueError, TypeError):
            continue
    raise _wrong(path)


def _opened_pem(block: bytes, passphrase: bytes | None) -> object:
    """The key in `block`. Its size is judged before its primes are: to prove those of 8192 bits takes a minute."""
    key = load_pem_private_key(block, passphrase, unsafe_skip_rsa_key_validation=True)
    PublicKey.of(key)
    return key.private_numbers().private_key() if isinstance(key, rsa.RSAPrivateKey) else key


def _of_certificate(der: bytes) -> KeyFile:
    return _key_file(_certificate(der).public_key(), der, None)


def _key_file(key: object, certificate: bytes | None, passphrase: bytes | None) -> KeyFile:
    if key is None:
        raise ValueError("no key")
    if certificate is not None:
        # Its subject is read only when somebody looks; whether it can be must be known now.
        list(_certificate(certificate).subject)
    private = key if isinstance(key, rsa.RSAPrivateKey) else None
    return KeyFile(PublicKey.of(key), private, certificate, (passphrase or b"").decode())


def _certificate(der: bytes) -> x509.Certificate:
    with warnings.catch_warnings(action="ignore"):
        return x509.load_der_x509_certificate(der)


def _holds(der: bytes, key: PublicKey) -> bool:
    found = _certificate(der).public_key()
    return isinstance(found, rsa.RSAPublicKey) and found.public_numbers().n == int.from_bytes(key.modulus)


def _refuse_cut(path: Path, data: bytes) -> None:
    """A PFX that is shorter or longer than it says is damaged, whatever the passphrase."""
    first = data[1]
    if first == 0x80:
        return  # without a length, as some writers do
    count = first & 0x7F if first > 0x80 else 0
    length = int.from_bytes(data[2 : 2 + count]) if count else first
    if 2 + count + length != len(data):
        raise UnusableKeyFile(
            f"{path} is damaged: {2 + count + length} bytes were expected, it has {len(data)}"
        )


def _candidates(passphrases: Iterable[str]) -> Iterator[bytes | None]:
    yield None
    yield b""
    for passphrase in passphrases:
        # What a terminal took for no UTF-8 may still be what once protected the file.
        yield passphrase.encode("utf-8", "surrogateescape")


def _wrong(path: Path) -> WrongPassphrase:
    return WrongPassphrase(f"the passphrase does not open {path}, or the file is damaged")
