"""The key store as people and programs read it."""

import json
from collections.abc import Sequence
from pathlib import Path

from emulator.companions.admin.key_store import State, StoredKey

SEALED = "sealed; its passphrase tells whose key it is"


def as_json(keys: Sequence[StoredKey]) -> str:
    """An array; what is not known is null, and `trouble` is a sentence where a file cannot be read."""
    return json.dumps([_members(key) for key in keys], indent=2, ensure_ascii=False)


def as_text(keys: Sequence[StoredKey], folder: Path) -> str:
    """A line for each key: file, kind, key id, and its common name where that differs."""
    if not keys:
        return f"There is no key in {folder}. f10 admin key makes one, f10 admin import takes one in."
    names = [_shown(key.path.name) for key in keys]
    width = max(map(len, names))
    return "\n".join(f"{name:{width}}  {_told(key)}" for name, key in zip(names, keys, strict=True))


def _told(key: StoredKey) -> str:
    if key.state is State.SEALED:
        return SEALED
    if key.state is State.DAMAGED:
        return f"not readable: {_shown(key.trouble)}"
    kind = key.kind or "kind unknown"
    alone = ", certificate only" if key.is_public_only else ""
    name = f", {_shown(key.common_name)}" if key.common_name not in {None, key.name} else ""
    return f"{kind:12}  {key.key_id}{name}{alone}"


def _members(key: StoredKey) -> dict[str, object]:
    return {
        "name": key.name,
        "file": str(key.path),
        "state": key.state,
        "kind": key.kind,
        "key_id": key.key_id,
        "common_name": key.common_name,
        "certificate": key.certificate is not None,
        "certificate_only": key.is_public_only,
        "trouble": key.trouble or None,
    }


def _shown(text: str | None) -> str:
    """A stranger's text on a terminal: nothing in it may steer that."""
    return "".join(character if character.isprintable() else "?" for character in text or "")
