"""The phone's folder, changed by one process at a time: as packages in files, or as a vault when the phone has a passphrase of its own.

The lock is the folder itself, so that reading leaves nothing behind, and a process that dies lets go of it. It is held while files are
read or written, never while a person thinks. Whoever changes something first sweeps away what a killed process left.

`vault.json` decides which of the two it is. Protecting writes it whole, then deletes the packages; undoing that writes the packages,
then deletes it; so at each moment one of them is complete. What a kill in between left of the other is swept away when the phone is unlocked.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from emulator.companions import FileRefused, make_private_folder, strength
from emulator.companions.authenticator import erase, sealed, unlock, vault
from emulator.companions.authenticator.exceptions import DiskRefused, NotFit, PhoneLocked
from emulator.companions.authenticator.keyring import Keyring
from emulator.companions.authenticator.record import Record, private_bytes
from emulator.companions.authenticator.sealed import Cost, Opened
from emulator.companions.authenticator.vault import Vault

SHORTEST_PASSPHRASE = 8
"""Characters of a passphrase of the phone's or of a backup; what a guess costs is scrypt's."""


class Store:
    """The folder of one phone. Making a store touches nothing; everything may raise PhoneError."""

    def __init__(self, folder: Path, cost: Cost) -> None:
        self._folder = folder
        self._cost = cost
        self._opened: Opened | None = None

    @property
    def is_protected(self) -> bool:
        return vault.exists(self._folder)

    @property
    def is_open(self) -> bool:
        return self._opened is not None or not self.is_protected

    @property
    def keys(self) -> Keyring | Vault:
        """Where the keys are; to be used inside `reading` or `writing`."""
        return self._vault if self.is_protected else Keyring(self._folder)

    @contextmanager
    def reading(self) -> Iterator[None]:
        if not self._folder.exists():
            yield
            return
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        try:
            make_private_folder(self._folder)
        except FileRefused as error:
            raise DiskRefused(str(error)) from None
        with self._locked(fcntl.LOCK_EX):
            erase.sweep(self._folder)
            erase.sweep(self._folder / "keys")
            yield

    def protect(self, new: str, secrets: Mapping[str, str]) -> None:
        fit_passphrase(new)
        fresh = sealed.new(sealed.VAULT, new, self._cost)
        with self.writing():
            if self.is_protected:
                raise NotFit("this phone is protected already; its passphrase can be changed or removed")
            keyring = Keyring(self._folder)
            records = [_with_key(record, secrets) for record in keyring.all()]
            vault.write(self._folder, fresh, records)
            self._opened = fresh
            for record in records:
                keyring.remove(record.digest)

    def change_protection(self, new: str) -> None:
        fit_passphrase(new)
        with self.writing():
            old = self._vault
            fresh = old.opened.under(new, self._cost)
            vault.write(self._folder, fresh, old.all())
            self._opened = fresh

    def unprotect(self) -> None:
        with self.writing():
            Keyring(self._folder).put_all(self._vault.all())
            erase.erase(vault.path_in(self._folder))
            self._opened = None

    def unlock(self, passphrase: str) -> None:
        if not self.is_protected:
            return
        self._opened = vault.unlock(self._folder, passphrase)
        with self.writing():
            keyring = Keyring(self._folder)
            for record in self._vault.all():
                keyring.remove(record.digest)

    def lock(self) -> None:
        self._opened = None

    @property
    def _vault(self) -> Vault:
        if not self.is_protected:
            raise NotFit("this phone has no passphrase of its own")
        if self._opened is None:
            raise PhoneLocked("the phone is locked; give the phone's own passphrase first")
        return Vault(self._folder, self._opened)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Hold the folder's lock. What the disk refuses gets the phone's number."""
        try:
            descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, how)
                yield
            finally:
                os.close(descriptor)
        except FileRefused as error:
            raise DiskRefused(str(error)) from None
        except OSError as error:
            raise DiskRefused(f"the phone's folder {self._folder} cannot be used: {error.strerror}") from None


def fit_passphrase(passphrase: str) -> None:
    """Raises NotFit for a passphrase that protects nothing."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise NotFit(f"a passphrase of at least {SHORTEST_PASSPHRASE} characters was expected")
    if not strength.judge(passphrase, per_second=strength.UNDER_SCRYPT).acceptable:
        raise NotFit(
            "this passphrase would be guessed within a month; take several words that have nothing to do with each other"
        )


def _with_key(record: Record, secrets: Mapping[str, str]) -> Record:
    if record.key_id not in secrets:
        return record
    key = unlock.open_package(record.package, secrets[record.key_id])
    return replace(record, private=private_bytes(key))
