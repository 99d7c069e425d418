"""The keys that the phone holds: enrolment packages, each kept exactly as it was received, still encrypted.

    phone/keys/<SHA-256 of the modulus, 64 hexadecimal digits>.json

The key id that a challenge carries is the name of the file, so nothing needs an index that could be out of step. A file that
cannot be read as the package that its name promises is damage, and said to be.
"""

import base64
import binascii
from pathlib import Path

from emulator.companions import (
    FileRefused,
    make_private_folder,
    read_bounded,
    write_private,
)
from emulator.companions.authenticator.exceptions import QRCodeInvalidKeyIdHash, QRCodeUnknownError
from emulator.protocol import enrolment
from emulator.protocol.enrolment import Package
from emulator.protocol.errors import ProtocolError

_LARGEST = 4 * enrolment.LARGEST
"""Bytes: a character takes four at most."""


class Keyring:
    """The packages under one folder. Making one touches nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys = folder / "keys"

    def find(self, digest: bytes) -> Package:
        """The package of one key. Raises QRCodeInvalidKeyIdHash if it is not held."""
        path = self._path(digest)
        if not path.exists():
            key_id = base64.b64encode(digest).decode("ascii")
            raise QRCodeInvalidKeyIdHash(
                f"this phone does not hold the key {key_id}; enroll its picture first"
            )
        return _stored(path)

    def held(self, package: Package) -> Package | None:
        """What is held under the key id of `package`."""
        path = self._path(digest_of(package))
        return _stored(path) if path.exists() else None

    def all(self) -> list[Package]:
        """Every package, by key name."""
        found = [_stored(path) for path in self._keys.glob("[0-9a-f]*.json")]
        return sorted(found, key=lambda package: (package.key_name, package.key_id))

    def keep(self, package: Package, *, replace: bool = False) -> None:
        """Store a package that was opened, so that its key id is proven. Raises QRCodeUnknownError."""
        try:
            for folder in (self._folder, self._keys):
                make_private_folder(folder)
            write_private(self._path(digest_of(package)), package.text.encode(), replace=replace)
        except FileRefused as error:
            raise QRCodeUnknownError(str(error)) from None

    def _path(self, digest: bytes) -> Path:
        return self._keys / f"{digest.hex()}.json"


def digest_of(package: Package) -> bytes:
    """The key id as bytes; `received` made sure that it stands for 32."""
    return base64.b64decode(package.key_id)


def _stored(path: Path) -> Package:
    try:
        package = enrolment.parse(read_bounded(path, most=_LARGEST, follow=False).decode("utf-8"))
        if digest_of(package).hex() == path.stem:
            return package
    except FileRefused as error:
        raise QRCodeUnknownError(str(error)) from None
    except (ProtocolError, UnicodeDecodeError, binascii.Error):
        pass
    raise QRCodeUnknownError(
        f"the stored key {path} is damaged; delete the file and enroll its picture again"
    )
