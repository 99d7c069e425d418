"""Two files of settings compared, whatever their forms, and a file that leads from the first to the second.

No file says which kind a setting is. One star makes a value the chosen one; without a star several lines are a list in its order, and
one text is the value. Of two entries of one name the first counts. Passwords are compared, but not told (`repset_secrets`). In a file that
leads over, an enumeration needs its star: it is told by the other file, or by the packaged models.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from emulator import models
from emulator.firmware.catalogue import Kind
from emulator.protocol import repset
from emulator.protocol.repset import Dialect, Repset
from emulator.protocol.setting_files import FileEntry, SettingFile, desk_value
from emulator.repset_page import HIDDEN
from emulator.repset_secrets import is_secret


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that the files do not agree on; an entry is missing where a file has none."""

    name: str
    before: FileEntry | None
    after: FileEntry | None

    @property
    def old(self) -> str | None:
        return None if self.before is None else said(self.before)

    @property
    def new(self) -> str | None:
        return None if self.after is None else said(self.after)

    @property
    def told(self) -> tuple[str, str | None, str | None]:
        """Name and both values, as they may be shown."""
        if not any(is_secret(each) for each in (self.before, self.after) if each is not None):
            return self.name, self.old, self.new
        return self.name, self.old and HIDDEN, self.new and HIDDEN


def said(entry: FileEntry) -> str:
    """What an entry asks for, as far as it can be told without a machine."""
    value = desk_value(entry)
    return "\n".join(entry.values) if value is None else value


def differences(before: SettingFile, after: SettingFile) -> list[Difference]:
    """In the order of the first file; what stands in the second one only comes behind."""
    old, new = _by_name(before.entries), _by_name(after.entries)
    found = [Difference(name, old.get(name), new.get(name)) for name in {**old, **new}]
    return [each for each in found if each.old != each.new]


def leading(found: Iterable[Difference]) -> Repset:
    """A file that asks for what the second file says otherwise; a setting that only the first one has is left alone.

    Raises UnwritableEntry.
    """
    wanted = [(each.name, lines(each.before, each.after)) for each in found if each.after is not None]
    return repset.make(wanted, Dialect.BCU)


def lines(before: FileEntry | None, after: FileEntry) -> list[str]:
    """The lines that ask for what `after` says."""
    if not after.flat:
        return list(after.values)
    words = _words(after) or ([] if before is None else _words(before))
    value = said(after)
    if words:
        return [f"*{word}" if word == value else word for word in words]
    kind = _kind(after.name)
    if kind is Kind.ENUMERATION:
        return [f"*{value}"]
    listed = kind is Kind.ORDERED_LIST or (before is not None and not before.flat and len(before.values) > 1)
    return value.split(",") if listed else [value]


def _words(entry: FileEntry) -> Sequence[str]:
    """All values of an enumeration, if this entry lists them with a star."""
    words = entry.values[0].split(",") if entry.flat else entry.values
    starred = [word for word in words if word.startswith("*")]
    return [word.removeprefix("*") for word in words] if len(starred) == 1 else []


def _by_name(entries: Iterable[FileEntry]) -> dict[str, FileEntry]:
    found: dict[str, FileEntry] = {}
    for entry in entries:
        found.setdefault(entry.name, entry)
    return found


def _kind(name: str) -> Kind | None:
    every = (models.packaged(model).every.get(name) for model in models.names())
    return next((each.kind for each in every if each is not None), None)
