"""The portable envelope in which administrators carry commands to a PC.

One flat JSON object: `timestamp`, `purpose`, `Data`, `Meta1` ... `Meta4`; `Data` is an array of integers 0..255, each `Meta` one or
null. The envelope is **not signed**: whoever carries it can change time stamp, purpose and Meta. Only what lies in `Data`
carries signatures, so parsing trusts nothing and decides nothing but which door the data belong to.

The real writers differ (Windows PowerShell 5.1: byte order mark, `/Date(ms)/`; PowerShell 7: ISO 8601), and other tools
write `Data` as base64; all of these are read. We write what the vendor's tool can read back: integer arrays, the four Meta
keys, ISO 8601 with seven fraction digits.

The `Data` of the three purposes for settings are JSON again: one change, a list of them, a reset. PowerShell writes a list of
one entry as a bare object, so both are a list. That a missing `AuthString` of an entry is an empty one is our reading.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from emulator.protocol import strict_json
from emulator.protocol.errors import ProtocolError
from emulator.protocol.frozen import frozen

LARGEST = 1 << 20
"""Characters of an envelope. Ours to choose: the largest real one, an endorsement key, has 3.5 thousand."""

META_KEYS = ("Meta1", "Meta2", "Meta3", "Meta4")
RESET_NAME = "SetSystemDefaults"
"""The name that is signed for a reset to defaults; its value is empty."""


class MalformedPayload(ProtocolError):
    """A JSON object that is no payload envelope."""


class UnknownPurpose(ProtocolError):
    """An envelope for something that no tool knows."""


class Purpose(StrEnum):
    """All purposes that the vendor's dispatcher knows; compared without case, as it does."""

    ENDORSEMENT_KEY = "hp:provision:endorsementkey"
    SIGNING_KEY = "hp:provision:signingkey"
    SETTING = "hp:sureadmin:biossetting"
    SETTINGS_LIST = "hp:sureadmin:biossettingslist"
    RESET_SETTINGS = "hp:sureadmin:resetsettings"
    FIRMWARE_UPDATE = "hp:sureadmin:firmwareupdate"
    RECOVER_OS_IMAGE = "hp:surerecover:provision:os_image"
    RECOVER_AGENT = "hp:surerecover:provision:recovery_image"
    RECOVER_FAILOVER = "hp:surerecover:failover:os_image"
    RECOVER_DEPROVISION = "hp:surerecover:deprovision"
    RECOVER_SCHEDULE = "hp:surerecover:scheduler"
    RECOVER_CONFIGURE = "hp:surerecover:configure"
    RECOVER_TRIGGER = "hp:surerecover:trigger"
    RECOVER_SERVICE_EVENT = "hp:surerecover:service_event"
    RUN_MANIFEST = "hp:surerrun:manifest"


@frozen
class Envelope:
    """An envelope whose form was checked, and nothing else."""

    purpose: Purpose
    data: bytes
    timestamp: str | None = None
    meta: tuple[bytes | None, ...] = (None, None, None, None)


@frozen
class SettingChange:
    """What `Data` of a setting payload holds: the three strings of SetBIOSSetting."""

    name: str
    value: str
    authorization: str


def parse(raw: bytes) -> Envelope:
    """Read an envelope. Raises NotJSON, NotAnObject, MalformedPayload or UnknownPurpose."""
    members = strict_json.parse_object(raw, most=LARGEST)
    timestamp = members.get("timestamp")
    return Envelope(
        _purpose(members.get("purpose")),
        octets_of(members.get("Data"), "Data"),
        timestamp if isinstance(timestamp, str) else None,
        tuple(None if members.get(key) is None else octets_of(members[key], key) for key in META_KEYS),
    )


def encode(envelope: Envelope) -> bytes:
    """The envelope as one line of JSON in UTF-8, acceptable to the vendor's tool."""
    members: dict[str, object] = {
        "timestamp": envelope.timestamp,
        "purpose": str(envelope.purpose),
        "Data": list(envelope.data),
    }
    for key, octets in zip(META_KEYS, envelope.meta, strict=True):
        members[key] = None if octets is None else list(octets)
    return json.dumps(members, separators=(",", ":")).encode() + b"\n"


def timestamp(moment: datetime) -> str:
    """`moment`, which must know its time zone, as PowerShell 7 writes it."""
    offset = moment.strftime("%z")
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}0{offset[:3]}:{offset[3:5]}"


def parse_setting(data: bytes) -> SettingChange:
    """Read the `Data` of a payload with purpose `hp:sureadmin:biossetting`."""
    members = strict_json.parse_object(data, most=LARGEST)
    name, value, token = (_text(members, key, "a setting") for key in ("Name", "Value", "AuthString"))
    return SettingChange(name, value, token)


def encode_setting(change: SettingChange) -> bytes:
    return _json(_members(change))


def parse_settings(data: bytes) -> tuple[SettingChange, ...]:
    """Read the `Data` of a payload with purpose `hp:sureadmin:biossettingslist`: an array, or one bare entry."""
    value = strict_json.parse(data, most=LARGEST)
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise MalformedPayload("a settings list has at least one entry; an empty array came")
    return tuple(
        _entry(entry, f"entry {number} of a settings list") for number, entry in enumerate(entries, 1)
    )


def encode_settings(changes: Sequence[SettingChange], *, bare_single: bool = True) -> bytes:
    """The `Data` of a list; `bare_single` writes a list of one entry as the vendor's tool does, without the array."""
    if not changes:
        raise MalformedPayload("a settings list has at least one entry; none was given")
    if bare_single and len(changes) == 1:
        return encode_setting(changes[0])
    return _json([_members(change) for change in changes])


def parse_reset(data: bytes) -> str:
    """The authorization in the `Data` of a payload with purpose `hp:sureadmin:resetsettings`."""
    members = strict_json.parse_object(data, most=LARGEST)
    name, value = _text(members, "Name", "a reset"), members.get("Value")
    if name != RESET_NAME or (value is not None and value != ""):
        raise MalformedPayload(f"a reset is for {RESET_NAME!r} with no value; {name[:80]!r} came, or a value")
    return _text(members, "AuthString", "a reset")


def encode_reset(authorization: str) -> bytes:
    return encode_setting(SettingChange(RESET_NAME, "", authorization))


def _members(change: SettingChange) -> dict[str, str]:
    return {"Name": change.name, "Value": change.value, "AuthString": change.authorization}


def _json(value: object) -> bytes:
    # A lone surrogate, which the firmware would take, has no UTF-8; its backslash form is the escape of JSON.
    return json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _entry(entry: object, where: str) -> SettingChange:
    if not isinstance(entry, dict):
        raise MalformedPayload(f"{where} must be an object, {type(entry).__name__} came")
    token = "" if entry.get("AuthString") is None else _text(entry, "AuthString", where)
    return SettingChange(_text(entry, "Name", where), _text(entry, "Value", where), token)


def _text(members: Mapping[str, object], key: str, where: str) -> str:
    text = members.get(key)
    if not isinstance(text, str):
        raise MalformedPayload(f"the member {key!r} of {where} must be text, {type(text).__name__} came")
    return text


def _purpose(text: object) -> Purpose:
    if not isinstance(text, str):
        raise MalformedPayload(f"the member 'purpose' must be text, {type(text).__name__} came")
    try:
        return Purpose(text.lower())
    except ValueError:
        raise UnknownPurpose(
            f"the purpose {text[:80]!r} is none that is known; those begin with "
            "hp:provision, hp:sureadmin, hp:surerecover or hp:surerrun"
        ) from None


def octets_of(value: object, key: str) -> bytes:
    """The bytes of a member that may be an array of integers or base64. Raises MalformedPayload."""
    if isinstance(value, str):
        return _from_base64(value, key)
    if not isinstance(value, list) or not all(type(item) is int and 0 <= item <= 255 for item in value):
        raise MalformedPayload(f"the member {key!r} must be an array of integers 0 to 255, or base64 text")
    return bytes(value)


def _from_base64(text: str, key: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s", "", text), validate=True)
    except (binascii.Error, ValueError):
        raise MalformedPayload(f"the member {key!r} is text, but no base64") from None
