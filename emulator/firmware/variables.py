"""Memory as UEFI variables, one for each thing, and back.

One variable a setting under a vendor GUID of our own, so that any UEFI tool lists them one by one and a change costs a short
record; keys, counters, event log and boot state under GUIDs of their own. Settings carry attributes 7 (the operating system
may see them), the rest 3. The names, GUIDs and record layouts are ours; the flash format around them is EDK2's.

`changes` compares two memories part by part and returns what the flash must be told. It knows no flash.
"""

import uuid
from collections.abc import Callable, Mapping
from struct import Struct
from typing import NamedTuple, TypeVar

from emulator.firmware import formats
from emulator.firmware.event_log import SLOTS, EventLog, Logged, decode_entry, encode_entry
from emulator.firmware.memory import (
    LOCAL_ACCESS_KEYS,
    Authentication,
    Boot,
    Counters,
    Guard,
    Identity,
    LocalAccessKey,
    Memory,
    SecurePlatform,
)
from emulator.firmware.records import DamagedRecord, unwrap, wrap
from emulator.protocol import certificate
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import MODULUS_SIZE, PublicKey

SETTINGS = uuid.UUID("5ca5d27f-d87b-43b2-97ca-f3900f420625")
WAITING = uuid.UUID("273ce284-bdc5-44b3-bc99-f68a92afdef9")
KEYS = uuid.UUID("a53a567d-c501-4d73-a52f-86985a7e8cbd")
COUNTERS = uuid.UUID("e97c307e-e823-44af-bbb4-b3b987895fd0")
EVENT_LOG = uuid.UUID("f0241df0-0bc6-4036-b734-e0c547398dc1")
BOOT_STATE = uuid.UUID("3f599d7e-4286-4dc0-a11e-d7b274a25082")

# GUID: attributes. 1 non-volatile, 2 boot service, 4 runtime.
ATTRIBUTES: Mapping[uuid.UUID, int] = {
    SETTINGS: 7,
    WAITING: 3,
    KEYS: 3,
    COUNTERS: 3,
    EVENT_LOG: 3,
    BOOT_STATE: 3,
}


class VariableName(NamedTuple):
    """What identifies a UEFI variable."""

    guid: uuid.UUID
    name: str


class DamagedVariable(Exception):
    """A variable of ours that does not hold what the firmware writes there."""

    def __init__(self, variable: VariableName, reason: object) -> None:
        super().__init__(
            f"the variable {variable.name!r} of {variable.guid} is damaged: {reason}; put back a good copy of the image"
        )


IDENTITY = VariableName(BOOT_STATE, "Identity")
BOOT = VariableName(BOOT_STATE, "Boot")
PLATFORM = VariableName(KEYS, "SecurePlatform")
AUTHENTICATION = VariableName(KEYS, "AuthenticationMode")
ANTI_REPLAY = VariableName(COUNTERS, "AntiReplay")
GUARD = VariableName(COUNTERS, "Guard")

Records = dict[VariableName, bytes]
Part = TypeVar("Part")


def is_ours(guid: uuid.UUID) -> bool:
    return guid in ATTRIBUTES


def changes(before: Memory | None, after: Memory) -> dict[VariableName, bytes | None]:
    """What to write (bytes) and to delete (None) so that the flash holds `after` where it held `before`."""
    told: dict[VariableName, bytes | None] = {}
    for part, written in _PARTS.items():
        old, new = None if before is None else getattr(before, part), getattr(after, part)
        if old is new:
            continue
        was: Records = {} if old is None else written(old)
        now = written(new)
        told |= dict.fromkeys(was.keys() - now.keys())
        told |= {name: data for name, data in now.items() if was.get(name) != data}
    for name, tail in after.setting_tails.items():
        if data := told.get(VariableName(SETTINGS, name)):
            told[VariableName(SETTINGS, name)] = wrap(unwrap(data) + tail)
    return told


def load(variables: Mapping[VariableName, bytes]) -> Memory | None:
    """The memory in these variables, or None if no machine was ever made of them. Raises DamagedVariable."""
    if IDENTITY not in variables:
        return None
    settings, waiting = _texts_from(variables, SETTINGS), _texts_from(variables, WAITING)
    return Memory(
        identity=_decoded(IDENTITY, variables[IDENTITY], _identity_from),
        settings={name: text for name, (text, _) in settings.items()},
        waiting={name: text for name, (text, _) in waiting.items()},
        platform=_read(variables, PLATFORM, _platform_from, SecurePlatform()),
        authentication=_authentication_from(variables),
        counters=_read(variables, ANTI_REPLAY, _counters_from, Counters()),
        guard=_read(variables, GUARD, _guard_from, Guard()),
        boot=_read(variables, BOOT, _boot_from, Boot()),
        log=_log_from(variables),
        setting_tails={name: tail for name, (_, tail) in settings.items() if tail},
    )


def _read(
    variables: Mapping[VariableName, bytes], name: VariableName, decode: Callable[[bytes], Part], absent: Part
) -> Part:
    return _decoded(name, variables[name], decode) if name in variables else absent


def _decoded(name: VariableName, data: bytes, decode: Callable[[bytes], Part]) -> Part:
    try:
        return decode(unwrap(data))
    except (DamagedRecord, ProtocolError, ValueError) as error:
        raise DamagedVariable(name, error) from None


def _fields(body: bytes, layout: Struct) -> tuple[tuple[int | bytes, ...], bytes]:
    """The declared part of a body, and what follows it."""
    if len(body) < layout.size:
        raise DamagedRecord(f"a body has at least {layout.size} bytes, {len(body)} are there")
    return layout.unpack_from(body), body[layout.size :]


def _cut(rest: bytes, length: int) -> tuple[bytes, bytes]:
    if len(rest) < length:
        raise DamagedRecord(f"{length} bytes were announced, {len(rest)} are there")
    return rest[:length], rest[length:]


def _identity(identity: Identity) -> Records:
    serial, model = identity.serial.encode("ascii"), identity.model.encode("ascii")
    fixed = formats.IDENTITY_RECORD.pack(identity.machine.bytes_le, serial, model)
    return {IDENTITY: wrap(fixed + identity.tail)}


def _identity_from(body: bytes) -> Identity:
    values, tail = _fields(body, formats.IDENTITY_RECORD)
    record = formats.IdentityRecord._make(values)
    serial, model = (octets.rstrip(b"\0").decode("ascii") for octets in (record.serial, record.model))
    return Identity(uuid.UUID(bytes_le=record.machine), serial, model, tail)


def _texts(guid: uuid.UUID) -> Callable[[Mapping[str, str]], Records]:
    def written(texts: Mapping[str, str]) -> Records:
        return {VariableName(guid, name): wrap(_text_body(text)) for name, text in texts.items()}

    return written


def _text_body(text: str) -> bytes:
    octets = text.encode("utf-8", "surrogatepass")
    return formats.TEXT_RECORD.pack(len(octets)) + octets


def _text_from(body: bytes) -> tuple[str, bytes]:
    values, rest = _fields(body, formats.TEXT_RECORD)
    octets, tail = _cut(rest, formats.TextRecord._make(values).text_length)
    return octets.decode("utf-8", "surrogatepass"), tail


def _texts_from(variables: Mapping[VariableName, bytes], guid: uuid.UUID) -> dict[str, tuple[str, bytes]]:
    return {
        name.name: _decoded(name, data, _text_from) for name, data in variables.items() if name.guid == guid
    }


def _platform(platform: SecurePlatform) -> Records:
    key = platform.signing_key
    certificate_der = b"" if platform.certificate is None else platform.certificate.der
    fixed = formats.PLATFORM_RECORD.pack(
        platform.confirmed,
        key is not None,
        len(certificate_der),
        platform.counter,
        platform.pending_counter,
        bytes(MODULUS_SIZE) if key is None else key.modulus,
    )
    return {PLATFORM: wrap(fixed + certificate_der + platform.tail)}


def _platform_from(body: bytes) -> SecurePlatform:
    values, rest = _fields(body, formats.PLATFORM_RECORD)
    record = formats.PlatformRecord._make(values)
    der, tail = _cut(rest, record.certificate_length)
    return SecurePlatform(
        certificate=certificate.parse(der) if der else None,
        signing_key=PublicKey(record.signing_key) if record.has_signing_key else None,
        confirmed=bool(record.confirmed),
        counter=record.counter,
        pending_counter=record.pending_counter,
        tail=tail,
    )


def local_access_key_variable(number: int) -> VariableName:
    """Where local access key 1, 2 or 3 lies."""
    return VariableName(KEYS, f"LocalAccessKey{number}")


def _authentication(authentication: Authentication) -> Records:
    fixed = formats.AUTHENTICATION_RECORD.pack(authentication.enabled)
    records = {AUTHENTICATION: wrap(fixed + authentication.tail)}
    for number, key in enumerate(authentication.keys, 1):
        if key is not None:
            text = key.enrolment.encode("utf-8", "surrogatepass")
            head = formats.LOCAL_ACCESS_KEY_RECORD.pack(key.key.modulus, len(text))
            records[local_access_key_variable(number)] = wrap(head + text + key.tail)
    return records


def _authentication_from(variables: Mapping[VariableName, bytes]) -> Authentication:
    enabled, tail = _read(variables, AUTHENTICATION, _mode_from, (False, b""))
    keys = [
        _read(variables, local_access_key_variable(number), _local_access_key_from, None)
        for number in range(1, LOCAL_ACCESS_KEYS + 1)
    ]
    return Authentication(enabled, tuple(keys), tail)


def _mode_from(body: bytes) -> tuple[bool, bytes]:
    values, tail = _fields(body, formats.AUTHENTICATION_RECORD)
    return bool(values[0]), tail


def _local_access_key_from(body: bytes) -> LocalAccessKey | None:
    values, rest = _fields(body, formats.LOCAL_ACCESS_KEY_RECORD)
    record = formats.LocalAccessKeyRecord._make(values)
    text, tail = _cut(rest, record.enrolment_length)
    return LocalAccessKey(PublicKey(record.modulus), text.decode("utf-8", "surrogatepass"), tail)


def _counters(counters: Counters) -> Records:
    return {
        ANTI_REPLAY: wrap(formats.COUNTERS_RECORD.pack(counters.settings, counters.actions) + counters.tail)
    }


def _counters_from(body: bytes) -> Counters:
    values, tail = _fields(body, formats.COUNTERS_RECORD)
    return Counters(*formats.CountersRecord._make(values), tail)


def _guard(guard: Guard) -> Records:
    return {GUARD: wrap(formats.GUARD_RECORD.pack(guard.misses, guard.wait) + guard.tail)}


def _guard_from(body: bytes) -> Guard:
    values, tail = _fields(body, formats.GUARD_RECORD)
    return Guard(*formats.GuardRecord._make(values), tail)


def _boot(boot: Boot) -> Records:
    return {BOOT: wrap(formats.BOOT_RECORD.pack(boot.boots, boot.running) + boot.tail)}


def _boot_from(body: bytes) -> Boot:
    values, tail = _fields(body, formats.BOOT_RECORD)
    record = formats.BootRecord._make(values)
    return Boot(record.boots, bool(record.running), tail)


def _event(logged: Logged) -> tuple[VariableName, bytes]:
    head = formats.LOG_SLOT.pack(logged.sequence)
    return VariableName(EVENT_LOG, f"Event{logged.slot:03}"), wrap(head + encode_entry(logged.entry))


def _log(log: EventLog) -> Records:
    return dict(_event(logged) for logged in log.events)


def _log_from(variables: Mapping[VariableName, bytes]) -> EventLog:
    found = [_decoded(name, data, _logged_from) for name, data in variables.items() if name.guid == EVENT_LOG]
    return EventLog(tuple(sorted(found)[-SLOTS:]))


def _logged_from(body: bytes) -> Logged:
    values, rest = _fields(body, formats.LOG_SLOT)
    entry, _ = _cut(rest, formats.LOG_ENTRY.size)
    return Logged(formats.LogSlot._make(values).sequence, decode_entry(entry))


# Part of the memory: how it is written.
_PARTS: Mapping[str, Callable[..., Records]] = {
    "identity": _identity,
    "settings": _texts(SETTINGS),
    "waiting": _texts(WAITING),
    "platform": _platform,
    "authentication": _authentication,
    "counters": _counters,
    "guard": _guard,
    "boot": _boot,
    "log": _log,
}
