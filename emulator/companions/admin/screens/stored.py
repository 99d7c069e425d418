"""The key store as lines to read: name, what it is for, key id, and what is known without a passphrase."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emulator.companions.admin import key_store
from emulator.companions.admin.key_store import State, StoredKey
from emulator.companions.admin.new_key import Kind
from emulator.companions.admin.screens.wording import Speaker, told

KINDS: Mapping[Kind, str] = {
    Kind.ENDORSEMENT: told("endorsement key"),
    Kind.SIGNING: told("signing key"),
    Kind.LOCAL_ACCESS: told("local access key"),
}
STATES: Mapping[State, str] = {
    State.SEALED: told("opens with its passphrase"),
    State.READABLE: told("key"),
    State.DAMAGED: told("cannot be read"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A key file, the line that shows it, and two that show it whole."""

    path: Path
    line: str
    lines: str


def rows(folder: Path, words: Speaker) -> tuple[Row, ...]:
    return tuple(Row(each.path, line(each, words), lines(each, words)) for each in key_store.list(folder))


def line(key: StoredKey, words: Speaker) -> str:
    key_id = f"{key.key_id[:12]}..." if key.key_id else ""
    return f"{key.path.name[:26]:<26} {about(key, words):<24} {key_id}".rstrip()


def lines(key: StoredKey, words: Speaker) -> str:
    return f"{key.path.name}, {about(key, words)}\n  {key.key_id or key.trouble}".rstrip()


def about(key: StoredKey, words: Speaker) -> str:
    return words(STATES[key.state] if key.kind is None else KINDS[key.kind])
