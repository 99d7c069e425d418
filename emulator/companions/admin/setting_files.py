"""Lists of settings as people bring them: NAME=VALUE words, or a file in any of the forms that tools for settings write.

Those are a replicated setup, CSV, JSON and XML (`emulator.protocol.setting_files`). An authorization in a file was made before and is
kept. The console has no machine that knows which kind of setting a name is, so an entry must tell by itself what it asks for: of several
values the one with a star, or a list without. A list of settings can hold passwords, so what an entry says is never repeated in an
error.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from emulator.companions import CompanionError, read_bounded
from emulator.protocol import password, setting_files
from emulator.protocol.errors import ProtocolError
from emulator.protocol.payload import SettingChange
from emulator.protocol.repset_lines import LARGEST
from emulator.protocol.setting_files import FileEntry


class UnusableList(CompanionError):
    """Words or a file that are no list of settings."""


class SecretArgument(CompanionError):
    """A password among the arguments, which every process can read."""


def from_words(words: Iterable[str]) -> list[SettingChange]:
    """Changes from NAME=VALUE. Raises UnusableList or SecretArgument."""
    changes = []
    for number, word in enumerate(words, 1):
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UnusableList(f"NAME=VALUE was expected as change {number}, something without came")
        if name in password.SETTINGS:
            raise SecretArgument(
                f"{name} is secret and every process can read arguments: put it into a --file"
            )
        changes.append(SettingChange(name, value, ""))
    return changes


def from_file(path: Path) -> list[SettingChange]:
    """Changes from a file of any form. Raises FileRefused or UnusableList."""
    entries = entries_of(path, read_bounded(path, most=LARGEST))
    return [
        SettingChange(entry.name, value, entry.authorization)
        for entry, value in zip(entries, asked(path, entries), strict=True)
    ]


def entries_of(path: Path, data: bytes) -> Sequence[FileEntry]:
    """What `path` held. Raises UnusableList."""
    try:
        return setting_files.parse(data).entries
    except ProtocolError as error:
        raise UnusableList(f"{path} is no list of settings: {error}") from None


def asked(path: Path, entries: Iterable[FileEntry]) -> list[str]:
    """What each entry asks for. Raises UnusableList if that cannot be told of one of them."""
    told = [(entry.line, setting_files.desk_value(entry)) for entry in entries]
    if untold := [line for line, value in told if value is None]:
        lines = ", ".join(map(str, untold[:8])) + (" and others" if len(untold) > 8 else "")
        raise UnusableList(
            f"{path} is no list of settings that can be signed here: of each one value was expected, of several the chosen one with a "
            f"star; what the setting in line {lines} shall be cannot be told without the machine"
        )
    return [value for _, value in told if value is not None]
