"""The administrator of a test: keys of its own, and what they sign. It is the console of `f10 admin`, and meets a PC as bytes only.

    pc.apply(admin.setting("USB Storage Boot", "Disable"))
    pc.set("Fast Boot", "Disable", authorization=admin.authorization("Fast Boot", "Disable"))

Its keys are an endorsement key, a signing key, and three local access keys (docs/admin.md, "Keys").
The nonce of an order is a number of 32 bits and, unless it is given, Unix time in whole seconds, as with the vendor's tool: two orders of one
second have the same, which a PC takes unless its quirks say otherwise, and one that is older than the last is refused.
"""

import shutil
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from emulator.companions.admin import key_files, payloads
from emulator.companions.admin.arguments import EVERY_MACHINE
from emulator.protocol.keys import PublicKey
from emulator.testing.keys import Keys, refuse_full


class Admin:
    """An administrator with keys. Made by `new`, or by the fixture `admin`.

    Whatever needs a key that was not needed before makes it and writes its file, and raises OSError if it cannot.
    Payloads are the bytes of a payload file, as `PC.apply` takes them (docs/admin.md, "Orders"). A nonce that is no number of 32 bits
    raises ValueError, and so does a name, a value or a password that no payload can hold.
    """

    def __init__(self, keys: Keys, make_folder: Callable[[], Path]) -> None:
        """Not promised: use `new`."""
        self._keys = keys
        self._make_folder = make_folder
        self._folder: Path | None = None

    @classmethod
    def new(cls, folder: Path) -> Self:
        """An administrator with fresh keys, whose files come to lie in `folder`. Raises ValueError if something lies there already, or OSError."""
        refuse_full(folder)
        return cls(Keys(folder), lambda: folder)

    def __repr__(self) -> str:
        return "<Admin>"

    # --- payloads, as bytes of a payload file ---

    def provisioning(self, *, setup_password: str = "", nonce: int | None = None) -> tuple[bytes, bytes]:
        """Two payloads: the endorsement key, with the PC's setup password as it is typed if it has one, and the signing key.

        Both wait until somebody at the PC types the presence code at a restart.
        """
        certificate = key_files.load_certificate(self._keys.certificate_file, [self._keys.passphrase])
        now = datetime.now(UTC)
        signing = PublicKey.of(self._keys.signing)
        return (
            payloads.endorsement_key(certificate, setup_password=setup_password, now=now),
            payloads.signing_key(self._keys.endorsement, signing, now=now, nonce=nonce),
        )

    def deprovisioning(self, *, nonce: int | None = None) -> bytes:
        """Takes both keys back; refused with 0x1002 while the mode is on or a local access key is there (docs/admin.md, "Taking everything back")."""
        return payloads.deprovision(self._keys.endorsement, now=datetime.now(UTC), nonce=nonce)

    def setting(
        self,
        name: str,
        value: str,
        *,
        machine: str | None = None,
        single_use: bool = False,
        nonce: int | None = None,
    ) -> bytes:
        """A signed setting, for every PC with this signing key or for the one with the UUID `machine` only.

        With `single_use` a PC takes it once. Raises ValueError for what is no UUID of one machine.
        """
        return payloads.setting(
            self._keys.signing,
            name,
            value,
            now=datetime.now(UTC),
            nonce=nonce,
            target=_target(machine),
            single_use=single_use,
        )

    def mode(self, *, on: bool, nonce: int | None = None) -> bytes:
        """Turns Enhanced BIOS Authentication Mode on or off (docs/access.md)."""
        return payloads.authentication_mode(self._keys.signing, on=on, now=datetime.now(UTC), nonce=nonce)

    def local_access_key(self, number: int = 1, *, nonce: int | None = None) -> bytes:
        """Puts the administrator's local access key `number` (1 to 3, else ValueError) into the PC's place of that number."""
        _refuse_number(number)
        return self._local_access(PublicKey.of(self._keys.local_access(number)), number, nonce)

    def no_local_access_key(self, number: int = 1, *, nonce: int | None = None) -> bytes:
        """Clears the PC's local access key `number` (1 to 3, else ValueError): a phone that holds it opens nothing any more."""
        _refuse_number(number)
        return self._local_access(None, number, nonce)

    # --- for tools and phones ---

    def authorization(
        self,
        name: str,
        value: str,
        *,
        machine: str | None = None,
        single_use: bool = False,
        nonce: int | None = None,
    ) -> str:
        """A signature `<BEAM/>...` for one change of one setting, as `PC.set` and BCU's third string take it (docs/doors.md).

        `machine` and `single_use` as of `setting`; the value of a password setting is the password as it is typed.
        """
        return payloads.signed_change(
            self._keys.signing,
            name,
            value,
            nonce=payloads.default_nonce(datetime.now(UTC)) if nonce is None else nonce,
            target=_target(machine),
            single_use=single_use,
        ).authorization

    def enrolment(self, number: int = 1) -> str:
        """The enrolment package of local access key `number` (1 to 3, else ValueError), as JSON: what its QR code bears. It opens with `passphrase`.

        Its format: docs/formats.md, "The enrolment package".
        """
        _refuse_number(number)
        return self._keys.package(number)

    def enrolment_picture(self, number: int = 1) -> bytes:
        """The same as the picture that is sent to phones: a PNG of at least 800x800 pixels (docs/admin.md, "Pictures for phones")."""
        from emulator.companions.admin import enrolment_picture  # noqa: PLC0415 -- few tests need pictures

        return enrolment_picture.png(self.enrolment(number))

    @property
    def passphrase(self) -> str:
        """Of the key files and the enrolment packages: five groups of four letters and digits."""
        return self._keys.passphrase

    @property
    def folder(self) -> Path:
        """A folder with the key files, for `f10 admin` and BCU: endorsement-key.pfx, signing-key.pfx, local-access-key-1.pfx."""
        if self._folder is None:
            _ = self._keys.endorsement, self._keys.signing, self._keys.local_access(1)
            self._folder = self._make_folder()
            if self._folder != self._keys.folder:
                shutil.copytree(self._keys.folder, self._folder, dirs_exist_ok=True)
        return self._folder

    # --- inside ---

    def _local_access(self, key: PublicKey | None, number: int, nonce: int | None) -> bytes:
        now = datetime.now(UTC)
        return payloads.local_access_key(self._keys.signing, key, number=number, now=now, nonce=nonce)


def _refuse_number(number: int) -> None:
    if number not in payloads.LOCAL_ACCESS_KEYS:
        raise ValueError(f"local access keys are numbered 1 to 3; {number} came")


def _target(machine: str | None) -> uuid.UUID | None:
    """The machine that an order is bound to. Raises ValueError."""
    if machine is None:
        return None
    try:
        meant = uuid.UUID(machine)
    except ValueError:
        raise ValueError(f"machine= takes the UUID of a PC, such as PC.uuid; {machine!r} came") from None
    if meant == EVERY_MACHINE:
        raise ValueError("this UUID stands for every machine; leave machine= out to mean that")
    return meant
