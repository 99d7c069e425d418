"""A payload laid open: what it is for, every field in it, what it is bound to, and whether its signatures are good.

It takes no PC. What is a secret is not shown: a password is said to be there, and of an address only what names the place.
Texts in a payload are a stranger's; whoever prints them makes them printable.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from emulator.companions.admin import reading_platform, reading_settings
from emulator.companions.admin.judge import Finding, Judge
from emulator.companions.admin.reading_settings import Fields
from emulator.protocol import payload
from emulator.protocol.payload import Envelope, Purpose

_WINDOWS = re.compile(r"/Date\((-?[0-9]{1,14})(?:[+-][0-9]{4})?\)/")


@dataclass(frozen=True, slots=True)
class Reading:
    """A payload as somebody can read it."""

    purpose: Purpose
    does: str
    timestamp: str | None
    made_at: str | None
    """The time stamp in UTC, if it is one."""
    sizes: Mapping[str, int]
    fields: Fields
    findings: tuple[Finding, ...]


def read(raw: bytes, judge: Judge) -> Reading:
    """Lay a payload open. Raises ProtocolError for bytes that are none."""
    envelope = payload.parse(raw)
    does, fields, findings = _contents(envelope, judge)
    sizes = {"file": len(raw), "data": len(envelope.data)}
    metas = zip(payload.META_KEYS, envelope.meta, strict=True)
    sizes |= {key.lower(): len(meta) for key, meta in metas if meta is not None}
    stamp = envelope.timestamp
    return Reading(envelope.purpose, does, stamp, moment_of(stamp), sizes, fields, findings)


def moment_of(timestamp: str | None) -> str | None:
    """A time stamp in either spelling as ISO 8601 in UTC, or None for one that is no time."""
    if timestamp is None:
        return None
    try:
        if (found := _WINDOWS.fullmatch(timestamp)) is not None:
            moment = datetime.fromtimestamp(int(found[1]) / 1000, UTC)
        else:
            moment = datetime.fromisoformat(timestamp).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _contents(envelope: Envelope, judge: Judge) -> tuple[str, Fields, tuple[Finding, ...]]:
    readers = {**reading_settings.READERS, **reading_platform.READERS}
    return readers[envelope.purpose](envelope, judge)
