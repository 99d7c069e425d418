"""Key files in a folder under one passphrase, each made when it is first needed: what several `Admin` share.

Keys are made fresh, RSA with 2048 bits.
"""

import threading
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError
from emulator.companions.admin import new_key, passphrase
from emulator.companions.admin.new_key import Kind
from emulator.testing.secret import Secret

ENDORSEMENT, SIGNING = "endorsement-key", "signing-key"


class Keys:
    """An administrator's, three local access keys among them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.passphrase = Secret(passphrase.generate())
        self._made: dict[str, RSAPrivateKey] = {}
        self._packages: dict[int, Secret] = {}
        self._lock = threading.Lock()

    @property
    def endorsement(self) -> RSAPrivateKey:
        return self._private(ENDORSEMENT, Kind.ENDORSEMENT)

    @property
    def signing(self) -> RSAPrivateKey:
        return self._private(SIGNING, Kind.SIGNING)

    def local_access(self, number: int) -> RSAPrivateKey:
        return self._private(f"local-access-key-{number}", Kind.LOCAL_ACCESS)

    @property
    def certificate_file(self) -> Path:
        """The key file with the endorsement key's certificate."""
        _ = self.endorsement
        return self.folder / f"{ENDORSEMENT}.pfx"

    def package(self, number: int) -> Secret:
        """The enrolment package of a local access key."""
        if number not in self._packages:
            from emulator.companions.admin import enrolment_picture  # noqa: PLC0415 -- few tests need pictures

            text = enrolment_picture.package_text(
                self.local_access(number), key_name=f"local access key {number}", passphrase=self.passphrase
            )
            self._packages[number] = Secret(text)
        return self._packages[number]

    def _private(self, name: str, kind: Kind) -> RSAPrivateKey:
        """The key of this name. Raises OSError."""
        with self._lock:
            if name not in self._made:
                self._made[name] = self._new(name, kind)
            return self._made[name]

    def _new(self, name: str, kind: Kind) -> RSAPrivateKey:
        try:
            return new_key.create(self.folder, name, kind, self.passphrase, now=datetime.now(UTC))[1]
        except CompanionError as error:
            raise OSError(str(error)) from None


def refuse_full(folder: Path) -> None:
    """Whoever begins in `folder` owns all that is in it. Raises ValueError if something is, and OSError."""
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(
            f"the folder {folder} holds something already; name one that is empty or does not exist"
        )
