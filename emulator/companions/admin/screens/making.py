"""Making a local access key with the pictures that carry it: all files, or none.

The key file goes into the key store, the pictures where the administrator wants them, since only they are handed on. What exists is left
alone, and that is found out before the key is made. If a file cannot be written later, those before it are taken away again: a key
whose picture is missing would be of no use to anybody.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError, make_private_folder, write_private
from emulator.companions.admin import enrolment_picture, key_files, new_key
from emulator.companions.admin.new_key import Kind
from emulator.companions.admin.screens.wizard import ChosenKey
from emulator.protocol.keys import PublicKey


class Form(Enum):
    """What can be drawn; the value is what follows the key's name in the file's."""

    PNG = ".png"
    SVG = ".svg"
    RASTER = "-270.png"
    SHEET = ".pdf"


class AlreadyThere(CompanionError):
    """A file of this name exists, and is left alone; the text is its path."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page asks for."""

    name: str
    passphrase: str = field(repr=False)
    store: Path
    folder: Path
    forms: tuple[Form, ...]
    model: str = ""
    serial: str = ""
    language: str = "en"

    @property
    def pictures(self) -> dict[Form, Path]:
        stem = new_key.file_name(self.name)
        return {form: self.folder / f"{stem}{form.value}" for form in self.forms}


@dataclass(frozen=True, slots=True)
class Made:
    """What there is now; the key file first."""

    public: PublicKey
    files: tuple[Path, ...]


def local_access_key(wanted: Wanted, *, now: datetime) -> Made:
    """Make the key and draw it. Raises CompanionError or ProtocolError, and then nothing is there."""
    refuse_name(wanted.name)
    key_path = wanted.store / f"{new_key.file_name(wanted.name)}.pfx"
    refuse_any((key_path, *wanted.pictures.values()))
    make_private_folder(wanted.folder)
    with _all_or_none() as written:
        made = new_key.create(wanted.store, wanted.name, Kind.LOCAL_ACCESS, wanted.passphrase, now=now)
        written.extend(_beside(made[0]))
        for form, data in _drawn(made[1], wanted, now).items():
            write_private(wanted.pictures[form], data)
            written.append(wanted.pictures[form])
    return Made(PublicKey.of(made[1]), (made[0], *wanted.pictures.values()))


def platform_key(folder: Path, name: str, kind: Kind, passphrase: str, *, now: datetime) -> ChosenKey:
    """Make an endorsement or signing key in the key store."""
    refuse_name(name)
    refuse_any((folder / f"{new_key.file_name(name)}.pfx",))
    path = new_key.create(folder, name, kind, passphrase, now=now)[0]
    return ChosenKey.of(path, key_files.load(path, [passphrase]))


def refuse_name(name: str) -> None:
    """Raise UnusableName before anything is made."""
    new_key.refuse_name(name)
    new_key.file_name(name)


def refuse_any(paths: tuple[Path, ...]) -> None:
    for path in paths:
        if path.exists() or path.is_symlink():
            raise AlreadyThere(str(path))


def _drawn(key: RSAPrivateKey, wanted: Wanted, now: datetime) -> dict[Form, bytes]:
    text = enrolment_picture.package_text(
        key,
        key_name=wanted.name,
        passphrase=wanted.passphrase,
        model=wanted.model or None,
        serial=wanted.serial or None,
    )
    painters: dict[Form, Callable[[], bytes]] = {
        Form.PNG: lambda: enrolment_picture.png(text),
        Form.SVG: lambda: enrolment_picture.svg(text),
        Form.RASTER: lambda: enrolment_picture.vendor_raster(text),
        Form.SHEET: lambda: _sheet(text, PublicKey.of(key).key_id, wanted, now),
    }
    return {form: painters[form]() for form in wanted.forms}


def _sheet(text: str, key_id: str, wanted: Wanted, now: datetime) -> bytes:
    from emulator.companions.admin import sheet  # noqa: PLC0415 -- reportlab, for this one form

    return sheet.pdf(text, key_name=wanted.name, key_id=key_id, language=wanted.language, made=now.date())


def _beside(path: Path) -> list[Path]:
    """The key file, and what the store keeps in clear beside it."""
    return [each for each in (path, path.with_suffix(".crt")) if each.exists()]


@contextmanager
def _all_or_none() -> Iterator[list[Path]]:
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
