"""How a path goes on: the first entry of its folder that begins as what was typed, offered in grey; the right arrow takes it."""

import asyncio
from pathlib import Path

from textual.suggester import Suggester

MOST_ENTRIES = 2000
"""Entries of a folder that are looked at: whoever types in a larger one types on."""


class PathCompletion(Suggester):
    def __init__(self) -> None:
        # Folders change, so nothing is remembered.
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(completed, value)


def completed(typed: str) -> str | None:
    """`typed` and the rest of the first entry that begins like it; folders end in a slash."""
    folder, slash, start = typed.rpartition("/")
    if not typed or len(typed) > 4096 or "\0" in typed:
        return None
    try:
        within = Path(f"{folder}{slash}" or ".").expanduser()
        names = sorted(_entries(within, start))
        if not names:
            return None
        return f"{folder}{slash}{names[0]}{'/' if (within / names[0]).is_dir() else ''}"
    except (OSError, RuntimeError):
        # RuntimeError: the home folder of an unknown user. There is nothing to offer then.
        return None


def _entries(folder: Path, start: str) -> list[str]:
    found = []
    for count, entry in enumerate(folder.iterdir()):
        hidden = entry.name.startswith(".") and not start
        if entry.name.startswith(start) and entry.name != start and not hidden and entry.name.isprintable():
            found.append(entry.name)
        if count == MOST_ENTRIES:
            break
    return found
