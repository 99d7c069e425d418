"""The phone as one object, for commands and screens alike: the keys that it holds, the challenges that it answers, what it remembers.

A phone that is protected has a passphrase of its own; until `unlock`, all but the history is out of reach. What is secret passes through and
stays nowhere: this object keeps the vault's data key while the phone is unlocked, and nothing else.

The way to a PIN has two steps, so that a person can look between them: `read_challenge` tells who asks, for what, since when, as the
challenge has it; `answer` opens it, which proves that, and writes the history before the PIN comes back.

What is refused goes into the history too. A phone that was never used has none, and gets none for what it refuses.
"""

import base64
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.authenticator import backup, distribution, received, sealed, unlock
from emulator.companions.authenticator.distribution import Distribution
from emulator.companions.authenticator.exceptions import (
    DiskRefused,
    HeldAlready,
    NoSuchKey,
    PhoneError,
    QRCodeInvalidKeyIdHash,
)
from emulator.companions.authenticator.history import Deed, Event, History
from emulator.companions.authenticator.record import (
    Record,
    digest_of,
    fit_email,
    fit_name,
    opened,
    private_bytes,
    usual_name,
)
from emulator.companions.authenticator.sealed import Cost
from emulator.companions.authenticator.store import Store, fit_passphrase
from emulator.companions.authenticator.unlock import Answer
from emulator.protocol.certificate import printable
from emulator.protocol.challenge import Challenge, Header
from emulator.protocol.challenge_parts import fingerprint
from emulator.protocol.enrolment import Package

SHORTEST_BEGINNING = 4
"""Characters of a key id that name it, if no other key's begins like it."""


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key as lists show it."""

    package: Package
    name: str
    email: str | None
    enrolled_at: int

    @property
    def key_id(self) -> str:
        return self.package.key_id

    @property
    def needs_sign_in(self) -> bool:
        return distribution.of(self.package) is not Distribution.MANUAL


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that was read, and the key that it asks for. Nothing of it is proven before it is answered."""

    challenge: Challenge
    key: HeldKey
    header: Header
    age: int

    @property
    def check(self) -> str:
        """What the screen shows beside the challenge."""
        return fingerprint(self.challenge.text)

    @property
    def warning(self) -> str | None:
        return unlock.warning_of_age(self.age)


class Phone:
    """The phone in `folder`. Making one touches nothing; every method may raise PhoneError."""

    def __init__(
        self, folder: Path, *, now: Callable[[], float] = time.time, cost: Cost = sealed.USUAL
    ) -> None:
        self._folder = folder
        self._now = now
        self._cost = cost
        self._history = History(folder)
        self._store = Store(folder, cost)

    # --- keys ---

    def keys(self) -> list[HeldKey]:
        """Every key, by name."""
        with self._store.reading():
            return _by_name(self._store.keys.all())

    def held(self, package: Package) -> HeldKey | None:
        """What is held under the key id of `package`."""
        found = self._found(digest_of(package))
        return None if found is None else _shown(found)

    def find(self, words: str) -> HeldKey:
        """The key that a person means: by its id, its name, or how its id begins. Raises NoSuchKey."""
        keys = self.keys()
        begins = words if len(words) >= SHORTEST_BEGINNING else " "
        for fits in (
            [key for key in keys if key.key_id == words],
            [key for key in keys if key.name == words],
            [key for key in keys if key.key_id.startswith(begins)],
        ):
            if len(fits) == 1:
                return fits[0]
            if fits:
                raise NoSuchKey(f"{len(fits)} keys are called {printable(words)}; name one by its key id")
        raise NoSuchKey(f"this phone holds no key called {printable(words)}")

    def read_package(self, looks: Iterable[tuple[str, ...]]) -> Package:
        """The package in what was looked at; it is not opened, so nothing of it is proven."""
        with self._telling(Deed.ENROLMENT):
            return received.choose(looks, received.read_package)

    def enrol(
        self, package: Package, passphrase: str, *, email: str | None = None, replace: bool = False
    ) -> HeldKey:
        """Register a key, if its package opens. The very package that is held already changes nothing."""
        with self._telling(Deed.ENROLMENT, package):
            email = fit_email(package, email)
            private = self._kept(unlock.open_package(package, passphrase))
            fresh = Record(package, usual_name(package), email, int(self._now()), private)
            with self._store.writing():
                held = self._store.keys.find(fresh.digest)
                if held is not None and held.package.text == package.text:
                    return _shown(held)
                if held is not None and not replace:
                    raise HeldAlready(
                        f"the key {held.name} is held already, from another picture, and was left alone; "
                        "--force replaces it"
                    )
                self._store.keys.put(fresh)
        self._remember(Deed.ENROLLED if held is None else Deed.REPLACED, fresh)
        return _shown(fresh)

    def rename(self, key_id: str, name: str) -> HeldKey:
        name = fit_name(name)
        with self._store.writing():
            renamed = replace(self._held(key_id), name=name)
            self._store.keys.put(renamed)
        self._remember(Deed.RENAMED, renamed)
        return _shown(renamed)

    def delete(self, key_id: str) -> None:
        """Delete a key and its bytes."""
        with self._store.writing():
            record = self._held(key_id)
            self._store.keys.remove(record.digest)
        self._remember(Deed.DELETED, record)

    # --- challenges ---

    def read_challenge(self, looks: Iterable[tuple[str, ...]]) -> Asked:
        """The challenge in what was looked at, if its key is held. Nothing secret happens."""

        def known(text: str) -> tuple[Challenge, Record]:
            asked = received.read_challenge(text)
            record = self._found(asked.key_digest)
            if record is None:
                raise _not_held(asked)
            return asked, record

        with self._telling(Deed.CHALLENGE):
            asked, record = received.choose(looks, known)
        header = Header.decode(asked.header)
        return Asked(asked, _shown(record), header, int(self._now()) - header.issued_at)

    def needs_secret(self, key: HeldKey) -> bool:
        """Whether an answer takes the key's own passphrase. Nobody is asked for one that leads to no PIN."""
        if key.needs_sign_in or not key.package.needs_passphrase:
            return False
        record = self._found(digest_of(key.package))
        return record is None or record.private is None

    def answer(self, asked: Asked, secret: str | None) -> Answer:
        """The PIN. `secret` is the key's passphrase, None where `needs_secret` says that there is no need."""
        with self._telling(Deed.CHALLENGE, asked.key.package, asked.header):
            distribution.permit(asked.key.package)
            with self._store.reading():
                record = self._held(asked.key.key_id)
            key = opened(record) or unlock.open_package(record.package, secret or "")
            answer = unlock.answer(asked.challenge, key, name=record.name, now=self._now())
            self._keep_opened(record, key)
            self._remember(Deed.PIN, record, answer.header)
        return answer

    # --- the phone's own passphrase ---

    @property
    def is_protected(self) -> bool:
        return self._store.is_protected

    @property
    def is_open(self) -> bool:
        return self._store.is_open

    def protect(self, new: str, secrets: Mapping[str, str]) -> None:
        """Put everything under a passphrase. `secrets`: passphrases of keys by key id; a key without keeps asking for its own, once."""
        self._store.protect(new, secrets)
        self._remember(Deed.PROTECTED)

    def change_protection(self, new: str) -> None:
        """Another passphrase for the phone, which must be unlocked."""
        self._store.change_protection(new)
        self._remember(Deed.CHANGED)

    def unprotect(self) -> None:
        """Keep the packages as received again. The phone must be unlocked."""
        self._store.unprotect()
        self._remember(Deed.UNPROTECTED)

    def unlock(self, passphrase: str) -> None:
        """Raises WrongPhonePassphrase. A phone without a passphrase is open as it is."""
        with self._telling(Deed.UNLOCK):
            self._store.unlock(passphrase)

    def lock(self) -> None:
        self._store.lock()

    # --- history and backup ---

    def history(self) -> list[Event]:
        """What happened, newest first."""
        return self._history.newest_first()

    def backup(self, passphrase: str) -> bytes:
        """All keys in one file's bytes, under a passphrase of its own."""
        fit_passphrase(passphrase)
        with self._store.reading():
            records = self._store.keys.all()
        made = backup.make(records, passphrase, self._cost, now=int(self._now()))
        self._remember(Deed.BACKED_UP)
        return made

    def restore(self, data: bytes, passphrase: str) -> list[HeldKey]:
        """Take in the keys of a backup that are not held; those that are stay as they are. The new ones come back."""
        with self._telling(Deed.RESTORED):
            records = backup.read(data, passphrase)
            with self._store.writing():
                fresh = [record for record in records if self._store.keys.find(record.digest) is None]
                self._store.keys.put_all(fresh)
        for record in fresh:
            self._remember(Deed.RESTORED, record)
        return _by_name(fresh)

    # --- inside ---

    def _found(self, digest: bytes) -> Record | None:
        with self._store.reading():
            return self._store.keys.find(digest)

    def _held(self, key_id: str) -> Record:
        # Only this key is read, so that damage to another keeps nobody from it.
        try:
            found = self._store.keys.find(base64.b64decode(key_id, validate=True))
        except ValueError:
            found = None
        if found is None:
            raise NoSuchKey(f"this phone does not hold the key {printable(key_id)}")
        return found

    def _kept(self, key: RSAPrivateKey) -> bytes | None:
        """What the vault keeps of an opened key; without a vault, nothing."""
        return private_bytes(key) if self.is_protected else None

    def _keep_opened(self, record: Record, key: RSAPrivateKey) -> None:
        """From the first time that its passphrase was given, the phone's own opens a key."""
        if self.is_protected and record.private is None:
            with self._store.writing():
                self._store.keys.put(replace(self._held(record.key_id), private=private_bytes(key)))

    def _remember(self, deed: Deed, record: Record | None = None, header: Header | None = None) -> None:
        package = record.package if record else None
        self._history.append(_event(int(self._now()), deed, package, record.name if record else None, header))

    @contextmanager
    def _telling(
        self, deed: Deed, package: Package | None = None, header: Header | None = None
    ) -> Iterator[None]:
        """Write a refusal into the history."""
        try:
            yield
        except PhoneError as refusal:
            if self._folder.is_dir():
                name = usual_name(package) if package else None
                event = _event(int(self._now()), deed, package, name, header)
                self._append_refusal(replace(event, code=refusal.code), refusal)
            raise

    def _append_refusal(self, event: Event, refusal: PhoneError) -> None:
        """A disk that takes no history must not hide what was refused, nor be hidden by it."""
        try:
            self._history.append(event)
        except DiskRefused as unwritten:
            raise type(refusal)(f"{refusal}; besides, {unwritten}") from None


def _event(at: int, deed: Deed, package: Package | None, name: str | None, header: Header | None) -> Event:
    return Event(
        at,
        deed,
        package.key_id if package else None,
        name,
        header.serial if header else None,
        str(header.machine) if header else None,
        header.purpose.name.lower() if header else None,
    )


def _shown(record: Record) -> HeldKey:
    return HeldKey(record.package, record.name, record.email, record.enrolled_at)


def _by_name(records: Iterable[Record]) -> list[HeldKey]:
    return sorted(map(_shown, records), key=lambda key: (key.name, key.key_id))


def _not_held(asked: Challenge) -> QRCodeInvalidKeyIdHash:
    key_id = base64.b64encode(asked.key_digest).decode("ascii")
    return QRCodeInvalidKeyIdHash(f"this phone does not hold the key {key_id}; enroll its picture first")
