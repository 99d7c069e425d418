"""The keys of a phone with a passphrase of its own: all of them in one sealed file, so that every change is whole or not at all.

    phone/vault.json

The file is the one sign that the phone is protected: as soon as it is there, what lies in `keys/` counts for nothing, and what of it the vault
holds too is swept away. A key whose passphrase was given is kept opened, so that the phone's passphrase alone opens it; of another
the vault holds the package as received, until its passphrase is given once.

In memory lies the data key only, and only while the phone is unlocked. That an older vault was put back cannot be noticed.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from emulator.companions import FileRefused, read_bounded
from emulator.companions.authenticator import erase, sealed
from emulator.companions.authenticator.exceptions import DiskRefused, PhoneLocked, WrongPhonePassphrase
from emulator.companions.authenticator.record import (
    Record,
    Unreadable,
    from_members,
    members_of,
    parse_object,
)
from emulator.companions.authenticator.sealed import Opened, Sealed
from emulator.protocol.errors import ProtocolError


def path_in(folder: Path) -> Path:
    return folder / "vault.json"


def exists(folder: Path) -> bool:
    path = path_in(folder)
    return path.is_symlink() or path.exists()


def unlock(folder: Path, passphrase: str) -> Opened:
    """Raises WrongPhonePassphrase or DiskRefused."""
    found = _stored(folder)
    try:
        return found.lock.open(passphrase)
    except sealed.DoesNotOpen:
        raise WrongPhonePassphrase(
            "the phone does not open: the passphrase is wrong, or its vault was edited"
        ) from None
    except sealed.NoMemory as error:
        raise DiskRefused(str(error)) from None


def write(folder: Path, opened: Opened, records: Iterable[Record]) -> None:
    """Replace the vault by one of these records. Raises FileRefused."""
    erase.replace(path_in(folder), opened.seal(_content(records)))


@dataclass(frozen=True, slots=True)
class Vault:
    """An unlocked vault. Raises PhoneLocked where another process changed its passphrase meanwhile."""

    folder: Path
    opened: Opened

    def all(self) -> list[Record]:
        found = _stored(self.folder)
        if found.lock != self.opened.lock:
            raise PhoneLocked("the phone's passphrase was changed meanwhile; unlock it with the new one")
        try:
            return _records(self.opened.content(found))
        except ProtocolError as error:
            raise _damaged(self.folder, error) from None

    def find(self, digest: bytes) -> Record | None:
        return next((record for record in self.all() if record.digest == digest), None)

    def put(self, record: Record) -> None:
        self._write([*self._others(record.digest), record])

    def put_all(self, records: Iterable[Record]) -> None:
        self._write([*self.all(), *records])

    def remove(self, digest: bytes) -> None:
        self._write(self._others(digest))

    def _others(self, digest: bytes) -> list[Record]:
        return [record for record in self.all() if record.digest != digest]

    def _write(self, records: Sequence[Record]) -> None:
        write(self.folder, self.opened, records)


def _stored(folder: Path) -> Sealed:
    try:
        return sealed.parse(read_bounded(path_in(folder), most=sealed.LARGEST, follow=False), sealed.VAULT)
    except FileRefused as error:
        raise DiskRefused(str(error)) from None
    except ProtocolError as error:
        raise _damaged(folder, error) from None


def _damaged(folder: Path, error: ProtocolError) -> DiskRefused:
    return DiskRefused(
        f"the vault {path_in(folder)} is damaged ({error}); move it away and restore a backup, or enroll the pictures again"
    )


def _content(records: Iterable[Record]) -> bytes:
    return json.dumps(
        {
            "keys": [
                {
                    "record": members_of(record),
                    "private": None if record.private is None else base64.b64encode(record.private).decode(),
                }
                for record in records
            ]
        }
    ).encode()


def _records(content: bytes) -> list[Record]:
    keys = parse_object(content, most=sealed.LARGEST).get("keys")
    if not isinstance(keys, list):
        raise Unreadable("the content has no list of keys")
    return [_record(each) for each in keys]


def _record(members: object) -> Record:
    if not isinstance(members, dict) or not isinstance(members.get("private"), str | None):
        raise Unreadable("a key in the content is none")
    try:
        private = base64.b64decode(members["private"], validate=True) if members["private"] else None
    except (binascii.Error, ValueError):
        raise Unreadable("a private key in the content is no base64") from None
    return from_members(members.get("record"), private)
