"""The phone of a test, in the hand of somebody who knows the passphrases. It is the phone of `f10 phone`, and meets a PC as bytes only.

phone.enrol(admin.enrolment_picture(), admin.passphrase)
pc.enter_setup()
assert pc.answer(phone.pin(pc.challenge_picture()))
"""

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

from emulator.companions.authenticator import source
from emulator.companions.authenticator.exceptions import PhoneError
from emulator.companions.authenticator.phone import Phone as Authenticator
from emulator.testing.keys import refuse_full
from emulator.testing.refusals import PhoneRefused
from emulator.testing.secret import Secret


class Phone:
    """A phone. Made by `new`, or by the fixture `phone`, which holds local access key 1 of the fixture `admin`."""

    def __init__(self, make_folder: Callable[[], Path], known: Mapping[str, str] | None = None) -> None:
        """Not promised: use `new`."""
        self._make_folder = make_folder
        self._folder: Path | None = None
        self._known = dict(known or {})

    @classmethod
    def new(cls, folder: Path) -> Self:
        """A phone without keys, whose files come to lie in `folder`. Raises ValueError if something lies there already, or OSError."""
        refuse_full(folder)
        return cls(lambda: folder)

    def clone(self, make_folder: Callable[[], Path]) -> Self:
        """A phone that holds and remembers the same; its files come to lie in what `make_folder` names, which must not exist yet."""

        def copied() -> Path:
            return shutil.copytree(self.folder, make_folder())

        return type(self)(copied, self._known)

    def __repr__(self) -> str:
        return "<Phone>"

    @property
    def folder(self) -> Path:
        """Its files, as `f10 --home` has them in `phone` (docs/phone.md, "Where keys lie")."""
        if self._folder is None:
            self._folder = self._make_folder()
        return self._folder

    def keys(self) -> list[str]:
        """The ids of the keys that it holds: base64 of the SHA-256 of each public key."""
        held = self._authenticator.keys()
        return [key.key_id for key in held]

    def enrol(self, shown: str | bytes, passphrase: str) -> str:
        """Register the key in an enrolment picture (PNG, JPEG, BMP, SVG) or in its text; its id. Raises PhoneRefused."""
        try:
            package = self._authenticator.read_package(_looks(shown))
            held = self._authenticator.enrol(package, passphrase)
        except PhoneError as error:
            raise PhoneRefused(str(error), error.code) from None
        self._known[held.key_id] = passphrase
        return held.key_id

    def pin(self, challenge: str | bytes) -> str:
        """The eight digits that answer a challenge, from its picture or its text. Raises PhoneRefused."""
        try:
            asked = self._authenticator.read_challenge(_looks(challenge))
            return Secret(self._authenticator.answer(asked, self._known.get(asked.key.key_id)).pin)
        except PhoneError as error:
            raise PhoneRefused(str(error), error.code) from None

    def delete(self, key_id: str) -> None:
        """Forget a key. Raises PhoneRefused."""
        try:
            self._authenticator.delete(key_id)
        except PhoneError as error:
            raise PhoneRefused(str(error), error.code) from None

    @property
    def _authenticator(self) -> Authenticator:
        return Authenticator(self.folder)


def _looks(shown: str | bytes) -> Iterable[tuple[str, ...]]:
    return [(shown,)] if isinstance(shown, str) else source.picture(shown).looks
