"""The keys of a phone without a passphrase of its own: packages, each kept exactly as it was received, still encrypted.

    phone/keys/<SHA-256 of the modulus, 64 hexadecimal digits>.json    the package
    phone/keys/<the same>.card                                         its owner's name for it, e-mail address, time

The key id that a challenge carries is the name of the file, so nothing needs an index that could be out of step. Of a new key the card is
written first, for a card without a key is nothing, and a key without a card is a whole key under the name that its package gives. A file
that cannot be read as what its name promises is damage, and said to be.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from emulator.companions import FileRefused, make_private_folder, read_bounded
from emulator.companions.authenticator import erase, received
from emulator.companions.authenticator.exceptions import DiskRefused, PhoneError
from emulator.companions.authenticator.record import (
    Record,
    Unreadable,
    beside,
    digest_of,
    parse_object,
    usual_name,
)
from emulator.protocol import enrolment
from emulator.protocol.enrolment import Package

CARD = {"f10": "phone card", "version": 1}
_LARGEST = 4 * enrolment.LARGEST
"""Bytes: a character takes four at most."""


class Keyring:
    """The packages under one folder. Making one touches nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys = folder / "keys"

    def all(self) -> list[Record]:
        return [_stored(path) for path in self._keys.glob("[0-9a-f]*.json")]

    def find(self, digest: bytes) -> Record | None:
        path = self._path(digest)
        return _stored(path) if path.is_symlink() or path.exists() else None

    def put(self, record: Record) -> None:
        """Store a record, or replace the one of the same key. What the vault knew beyond it is not kept."""
        for folder in (self._folder, self._keys):
            make_private_folder(folder)
        path = self._path(record.digest)
        text, words = record.package.text.encode(), _card_of(record)
        if not path.exists():
            erase.replace(path.with_suffix(".card"), words)
            erase.replace(path, text)
            return
        if path.read_bytes() != text:
            # Another package of the key may not fit the old card.
            self._remove(path.with_suffix(".card"))
            erase.replace(path, text)
        erase.replace(path.with_suffix(".card"), words)

    def put_all(self, records: Iterable[Record]) -> None:
        """Store all of them, or, if the disk refuses one, none of those that were not there."""
        fresh: list[Record] = []
        try:
            for record in records:
                if self.find(record.digest) is None:
                    fresh.append(record)
                self.put(record)
        except BaseException:
            for record in fresh:
                self.remove(record.digest)
            raise

    def remove(self, digest: bytes) -> None:
        """Delete a key and its bytes, if it is held."""
        for ending in (".json", ".card"):
            self._remove(self._path(digest).with_suffix(ending))

    @staticmethod
    def _remove(path: Path) -> None:
        if path.is_symlink() or path.exists():
            erase.erase(path)

    def _path(self, digest: bytes) -> Path:
        return self._keys / f"{digest.hex()}.json"


def _card_of(record: Record) -> bytes:
    words = {"name": record.name, "email": record.email, "enrolled_at": record.enrolled_at}
    return json.dumps(CARD | words).encode()


def _stored(path: Path) -> Record:
    try:
        package = received.read_package(read_bounded(path, most=_LARGEST, follow=False).decode("utf-8"))
        if digest_of(package).hex() == path.stem:
            return Record(package, *_card(path.with_suffix(".card"), package))
    except FileRefused as error:
        raise DiskRefused(str(error)) from None
    except DiskRefused:
        raise
    except (PhoneError, UnicodeDecodeError):
        pass
    raise DiskRefused(f"the stored key {path} is damaged; delete the file and enroll its picture again")


def _card(path: Path, package: Package) -> tuple[str, str | None, int]:
    """What the owner wrote beside a key; a key of an earlier version has no card."""
    if not path.is_symlink() and not path.exists():
        return usual_name(package), None, 0
    try:
        members = parse_object(read_bounded(path, most=_LARGEST, follow=False), most=_LARGEST)
        if {name: members.get(name) for name in CARD} == CARD:
            return beside(package, members)
    except Unreadable:
        pass
    raise DiskRefused(
        f"the card {path} is damaged; delete it, and the key beside it has its first name again"
    )
