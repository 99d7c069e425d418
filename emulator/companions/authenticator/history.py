"""What the phone did, for whoever must account for it: one line of JSON for each event, appended and never rewritten.

    phone/history.jsonl

A PIN appears only after its line has reached the disk, so none is issued without a trace. Neither PIN nor passphrase nor key is ever in
a line. A line that a lost power cut short stays behind as a line of its own, which is told as such; the lines around it are whole.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path

from emulator.companions import make_private_folder
from emulator.companions.authenticator.exceptions import DiskRefused
from emulator.protocol import strict_json
from emulator.protocol.errors import ProtocolError

LONGEST_LINE = 4096
_APPENDING = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Deed(StrEnum):
    ENROLLED = "key enrolled"
    REPLACED = "key replaced"
    RENAMED = "key renamed"
    DELETED = "key deleted"
    PROTECTED = "phone protected"
    CHANGED = "protection changed"
    UNPROTECTED = "protection removed"
    UNLOCK = "unlock"
    BACKED_UP = "backup made"
    RESTORED = "key restored"
    PIN = "PIN issued"
    CHALLENGE = "challenge"
    ENROLMENT = "enrolment"
    UNREADABLE = "unreadable line"


@dataclass(frozen=True, slots=True)
class Event:
    """`at` is Unix time; `code` is 0 for what was done, else the number of the refusal."""

    at: int
    event: Deed
    key_id: str | None = None
    key_name: str | None = None
    serial: str | None = None
    machine: str | None = None
    purpose: str | None = None
    code: int = 0

    @property
    def result(self) -> str:
        return "refused" if self.code else "done"


class History:
    """The file in one phone's folder. Making a history touches nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "history.jsonl"

    def append(self, event: Event) -> None:
        """Write one line and flush it to the disk. Raises DiskRefused."""
        line = json.dumps(asdict(event) | {"result": event.result}, ensure_ascii=False) + "\n"
        try:
            make_private_folder(self._folder)
            is_new = not self._path.exists()
            descriptor = os.open(self._path, _APPENDING, 0o600)
            try:
                _append_to(descriptor, line.encode("utf-8", "replace"))
            finally:
                os.close(descriptor)
            if is_new:
                _flush(self._folder)
        except OSError as error:
            raise DiskRefused(f"the history {self._path} cannot be written: {error.strerror}") from None

    def newest_first(self) -> list[Event]:
        """All events. Raises DiskRefused."""
        try:
            with open(self._path, "rb", opener=_reading) as file:
                return list(map(_event, _lines(file.read())))[::-1]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise DiskRefused(f"the history {self._path} cannot be read: {error.strerror}") from None


def _reading(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def _append_to(descriptor: int, line: bytes) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        line = b"\n" + line
    while line:
        line = line[os.write(descriptor, line) :]
    os.fsync(descriptor)


def _lines(data: bytes) -> Iterator[bytes]:
    return filter(None, data.split(b"\n"))


def _event(line: bytes) -> Event:
    try:
        members = strict_json.parse_object(line, most=LONGEST_LINE)
        return _from_members(members)
    except (ProtocolError, KeyError, ValueError):
        return Event(0, Deed.UNREADABLE)


def _from_members(members: dict[str, object]) -> Event:
    at, code = members["at"], members["code"]
    if type(at) is not int or type(code) is not int:
        raise ValueError("numbers were expected")
    texts = {
        each.name: members[each.name] for each in fields(Event) if each.name not in {"at", "event", "code"}
    }
    words = {name: text for name, text in texts.items() if isinstance(text, str)}
    return Event(at, Deed(str(members["event"])), code=code, **words)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
