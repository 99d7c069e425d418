"""New keys: RSA-2048 with a self-signed certificate, in a PFX under a passphrase, as in the vendor's examples, or in PEM.

The certificate is good for 3650 days, which nobody judges. Its subject has an organizational unit, for firmware takes no endorsement
certificate without; ours names there what the key is for, so that the technician who types the presence code can see it.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from emulator.companions import CompanionError, make_private_folder
from emulator.companions.admin import key_sealing
from emulator.protocol.keys import EXPONENT

LIFE = timedelta(days=3650)
ORGANIZATION = "F10 Emulator"
LONGEST_NAME = 64
"""Bytes of a common name. X.520 counts characters, but what writes certificates here counts bytes of UTF-8."""


class UnusableName(CompanionError):
    """A key name that cannot stand in a certificate or as a file name."""


class Kind(StrEnum):
    """What a key is for; the value is how the command line says it."""

    ENDORSEMENT = "endorsement"
    SIGNING = "signing"
    LOCAL_ACCESS = "local-access"

    @property
    def unit(self) -> str:
        """The organizational unit in the subject of its certificate."""
        return f"{self.replace('-', ' ').title()} Key"

    @classmethod
    def of_unit(cls, unit: str | None) -> "Kind | None":
        """The kind that an organizational unit names, if it is one of ours."""
        return next((kind for kind in cls if kind.unit == unit), None)


def create(
    folder: Path,
    name: str,
    kind: Kind,
    passphrase: str,
    *,
    now: datetime,
    organization: str = ORGANIZATION,
    path: Path | None = None,
    replace: bool = False,
) -> tuple[Path, rsa.RSAPrivateKey]:
    """Make a key and write it to `path`, else to `folder`/`name`.pfx; by its ending a PFX or a PEM. `folder` is the key store.

    `now` must know its time zone. Raises UnusableName, UnusableKeyFile or FileRefused, and then nothing was written.
    """
    refuse_name(name)
    if path is None:
        make_private_folder(folder)
        path = folder / f"{file_name(name)}.pfx"
    key_sealing.refuse(path, store=folder, replace=replace)
    key = rsa.generate_private_key(EXPONENT, 2048)
    certificate = self_signed(key, name, kind, now=now, organization=organization)
    key_sealing.write(path, key, certificate, passphrase, store=folder, replace=replace)
    return path, key


def refuse_name(name: str) -> None:
    """Raise UnusableName for what cannot be a common name."""
    if not name.isprintable() or not 0 < len(name.encode()) <= LONGEST_NAME:
        raise UnusableName(
            f"a key name has 1 to {LONGEST_NAME} printable characters; beyond ASCII one counts as 2 to 4"
        )


def self_signed(
    key: rsa.RSAPrivateKey, name: str, kind: Kind, *, now: datetime, organization: str = ORGANIZATION
) -> x509.Certificate:
    """The certificate that carries the public half of `key`."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, kind.unit),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    return builder.not_valid_before(now).not_valid_after(now + LIFE).sign(key, SHA256())


def file_name(name: str) -> str:
    """`name`, if it can be a file's name as it is."""
    if "/" in name or name.startswith("."):
        raise UnusableName(f"{name!r} cannot be a file name; name the file with -o")
    return name
