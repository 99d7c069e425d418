"""Memory as UEFI variables, one for each thing, and back.

One variable a setting under a vendor GUID of our own, so that any UEFI tool lists them one by one and a change costs a short
record; waiting changes, custom defaults, keys, passwords, recovery, counters, event log and boot state under GUIDs of their own. Settings carry
attributes 7 (the operating system may see them), the rest 3. The names, GUIDs and record layouts are ours; the flash format around
them is EDK2's. Only the databases of Secure Boot are the variables that every UEFI firmware has, in the form that it gives them.

`changes` compares two memories part by part and returns what the flash must be told. It knows no flash.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from emulator.firmware import bodies, recovery_parts
from emulator.firmware.cover import Cover
from emulator.firmware.event_log import SLOTS, EventLog
from emulator.firmware.memory import (
    LOCAL_ACCESS_KEYS,
    Authentication,
    Boot,
    Counters,
    FirmwareUpdate,
    Guard,
    Memory,
    Passwords,
    RealTimeClock,
    SecureBoot,
    SecurePlatform,
)
from emulator.firmware.records import DamagedRecord, unwrap, wrap
from emulator.protocol.errors import ProtocolError

SETTINGS = uuid.UUID("5ca5d27f-d87b-43b2-97ca-f3900f420625")
WAITING = uuid.UUID("273ce284-bdc5-44b3-bc99-f68a92afdef9")
CUSTOM_DEFAULTS = uuid.UUID("59533260-056b-4d98-b2c2-eed9380698fe")
KEYS = uuid.UUID("a53a567d-c501-4d73-a52f-86985a7e8cbd")
PASSWORDS = uuid.UUID("5fd70b20-8903-44a5-8c43-6626d36d20b0")
RECOVERY = uuid.UUID("7b1c3a4e-6d0f-4e58-9c6d-2f9a4f0c51d3")
COUNTERS = uuid.UUID("e97c307e-e823-44af-bbb4-b3b987895fd0")
EVENT_LOG = uuid.UUID("f0241df0-0bc6-4036-b734-e0c547398dc1")
BOOT_STATE = uuid.UUID("3f599d7e-4286-4dc0-a11e-d7b274a25082")

# GUID: attributes. 1 non-volatile, 2 boot service, 4 runtime.
ATTRIBUTES: Mapping[uuid.UUID, int] = {
    SETTINGS: 7,
    WAITING: 3,
    CUSTOM_DEFAULTS: 3,
    KEYS: 3,
    PASSWORDS: 3,
    RECOVERY: 3,
    COUNTERS: 3,
    EVENT_LOG: 3,
    BOOT_STATE: 3,
}

GLOBAL = uuid.UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
SIGNATURE_DATABASE = uuid.UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f")
SWITCHES = uuid.UUID("f0a30bc7-af08-4556-99c4-001009c93a44")
"""UEFI 3.3 and 32.6.1, and EDK2's gEfiSecureBootEnableDisableGuid. Others keep variables there too, so they are not ours."""

VALUES = frozenset({SETTINGS, WAITING, CUSTOM_DEFAULTS})
"""Where values of settings lie, each under the name of its setting."""
SECURITY_DATA = frozenset({KEYS, PASSWORDS, RECOVERY})
"""What is replaced or deleted here may not linger in the flash."""


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
COVER = VariableName(BOOT_STATE, "Cover")
CLOCK = VariableName(BOOT_STATE, "RealTimeClock")
UPDATE = VariableName(BOOT_STATE, "FirmwareUpdate")
SECURE_BOOT = VariableName(BOOT_STATE, "SecureBootKeys")
SECURE_BOOT_SWITCH = VariableName(SWITCHES, "SecureBootEnable")
PLATFORM = VariableName(KEYS, "SecurePlatform")
AUTHENTICATION = VariableName(KEYS, "AuthenticationMode")
ADMINISTRATOR = VariableName(PASSWORDS, "Administrator")
POWER_ON = VariableName(PASSWORDS, "PowerOn")
ANTI_REPLAY = VariableName(COUNTERS, "AntiReplay")
GUARD = VariableName(COUNTERS, "Guard")

DATABASES: Mapping[str, VariableName] = {
    **{name: VariableName(GLOBAL, name) for name in ("PK", "KEK")},
    **{name: VariableName(SIGNATURE_DATABASE, name) for name in ("db", "dbx", "dbt")},
}
OFF, ON = b"\0", b"\1"
"""What EDK2's switch holds."""

Records = dict[VariableName, bytes]
Part = TypeVar("Part")


def is_ours(guid: uuid.UUID) -> bool:
    return guid in ATTRIBUTES


def local_access_key_variable(number: int) -> VariableName:
    """Where local access key 1, 2 or 3 lies."""
    return VariableName(KEYS, f"LocalAccessKey{number}")


def changes(before: Memory | None, after: Memory) -> dict[VariableName, bytes | None]:
    """What to write (bytes) and to delete (None) so that the flash holds `after` where it held `before`."""
    told: dict[VariableName, bytes | None] = {}
    for part, written in _PARTS.items():
        old, new = None if before is None else getattr(before, part), getattr(after, part)
        if old is new:
            continue
        old, new = _apart(old, new)
        was: Records = {} if old is None else written(old)
        now = written(new)
        told |= dict.fromkeys(was.keys() - now.keys())
        told |= {name: data for name, data in now.items() if was.get(name) != data}
    for name, tail in after.setting_tails.items():
        if data := told.get(VariableName(SETTINGS, name)):
            told[VariableName(SETTINGS, name)] = wrap(unwrap(data) + tail)
    return told


def _apart(old: Any, new: Any) -> tuple[Any, Any]:
    """What differs, of a part that is many records; packing all of them costs more than the rest of a command."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return _entries_apart(old, new), _entries_apart(new, old)
    if isinstance(old, EventLog) and isinstance(new, EventLog):
        return _events_apart(old, new), _events_apart(new, old)
    return old, new


def _entries_apart(parts: Mapping[str, object], others: Mapping[str, object]) -> Mapping[str, object]:
    return {name: part for name, part in parts.items() if others.get(name) != part}


def _events_apart(log: EventLog, other: EventLog) -> EventLog:
    """A log keeps the very events of the one before; events that are only equal are packed, and found to be the same."""
    kept = set(map(id, other.events))
    return EventLog(tuple(each for each in log.events if id(each) not in kept))


def load(found: Iterable[tuple[uuid.UUID, str, bytes]]) -> Memory | None:
    """The memory in these variables (GUID, name, data), or None if no machine was ever made of them.

    Variables of others are passed over. Raises DamagedVariable.
    """
    looked_at = (*ATTRIBUTES, GLOBAL, SIGNATURE_DATABASE, SWITCHES)
    ours: dict[uuid.UUID, dict[str, bytes]] = {guid: {} for guid in looked_at}
    for guid, name, data in found:
        if (group := ours.get(guid)) is not None:
            group[name] = data
    if IDENTITY.name not in ours[BOOT_STATE]:
        return None
    settings, tails = _texts_from(SETTINGS, ours[SETTINGS])
    read = _Reader(ours)
    return Memory(
        identity=read.needed(IDENTITY, bodies.identity_from),
        settings=settings,
        waiting=_texts_from(WAITING, ours[WAITING])[0],
        custom=_texts_from(CUSTOM_DEFAULTS, ours[CUSTOM_DEFAULTS])[0],
        platform=read(PLATFORM, bodies.platform_from, SecurePlatform()),
        authentication=_authentication_from(read),
        passwords=Passwords(
            read(ADMINISTRATOR, bodies.password_from, None), read(POWER_ON, bodies.password_from, None)
        ),
        counters=read(ANTI_REPLAY, bodies.counters_from, Counters()),
        guard=read(GUARD, bodies.guard_from, Guard()),
        boot=read(BOOT, bodies.boot_from, Boot()),
        log=_log_from(ours[EVENT_LOG]),
        cover=read(COVER, bodies.cover_from, Cover()),
        clock=read(CLOCK, bodies.clock_from, RealTimeClock()),
        update=read(UPDATE, bodies.update_from, FirmwareUpdate()),
        secure_boot=_secure_boot_from(ours, read),
        recovery=_recovery_from(ours[RECOVERY]),
        setting_tails=tails,
    )


class _Reader:
    """Single variables out of all that are ours."""

    def __init__(self, ours: Mapping[uuid.UUID, Mapping[str, bytes]]) -> None:
        self._ours = ours

    def __call__(self, name: VariableName, decode: Callable[[bytes], Part], absent: Part) -> Part:
        return self.needed(name, decode) if name.name in self._ours[name.guid] else absent

    def needed(self, name: VariableName, decode: Callable[[bytes], Part]) -> Part:
        return _decoded(name, self._ours[name.guid][name.name], decode)


def _decoded(name: VariableName, data: bytes, decode: Callable[[bytes], Part]) -> Part:
    try:
        return decode(unwrap(data))
    except (DamagedRecord, ProtocolError, ValueError) as error:
        raise DamagedVariable(name, error) from None


def _texts_from(guid: uuid.UUID, found: Mapping[str, bytes]) -> tuple[dict[str, str], dict[str, bytes]]:
    """What is kept as one text a setting, and what a later version appended to some."""
    texts, tails = {}, {}
    for name, data in found.items():
        try:
            texts[name], tail = bodies.text_from(unwrap(data))
        except (DamagedRecord, ValueError) as error:
            raise DamagedVariable(VariableName(guid, name), error) from None
        if tail:
            tails[name] = tail
    return texts, tails


def _authentication_from(read: _Reader) -> Authentication:
    enabled, tail = read(AUTHENTICATION, bodies.mode_from, (False, b""))
    keys = [
        read(local_access_key_variable(number), bodies.local_access_key_from, None)
        for number in range(1, LOCAL_ACCESS_KEYS + 1)
    ]
    return Authentication(enabled, tuple(keys), tail)


def _secure_boot_from(ours: Mapping[uuid.UUID, Mapping[str, bytes]], read: "_Reader") -> SecureBoot:
    """Databases as they are: what they hold is looked at when somebody asks."""
    found = {name: ours[guid][name] for name, (guid, _) in DATABASES.items() if name in ours[guid]}
    switch = ours[SWITCHES].get(SECURE_BOOT_SWITCH.name)
    heeded = read(SECURE_BOOT, bodies.heeded_from, None)
    return SecureBoot(found, None if switch is None else switch == ON, heeded)


def _recovery_from(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """What was accepted, byte for byte. Parts that a later version may know stay in the flash as they are."""
    return {
        name: _decoded(VariableName(RECOVERY, name), data, bytes)
        for name, data in found.items()
        if name in recovery_parts.KNOWN
    }


def _log_from(found: Mapping[str, bytes]) -> EventLog:
    logged = [
        _decoded(VariableName(EVENT_LOG, name), data, bodies.event_from) for name, data in found.items()
    ]
    return EventLog(tuple(sorted(logged)[-SLOTS:]))


def _texts(guid: uuid.UUID) -> Callable[[Mapping[str, str]], Records]:
    def written(texts: Mapping[str, str]) -> Records:
        return {VariableName(guid, name): wrap(bodies.text(text)) for name, text in texts.items()}

    return written


def _single(name: VariableName, body: Callable[[Part], bytes]) -> Callable[[Part], Records]:
    return lambda part: {name: wrap(body(part))}


def _authentication(authentication: Authentication) -> Records:
    records = {AUTHENTICATION: wrap(bodies.mode(authentication.enabled, authentication.tail))}
    for number, key in enumerate(authentication.keys, 1):
        if key is not None:
            records[local_access_key_variable(number)] = wrap(bodies.local_access_key(key))
    return records


def _passwords(passwords: Passwords) -> Records:
    kept = {ADMINISTRATOR: passwords.administrator, POWER_ON: passwords.power_on}
    return {name: wrap(bodies.password(each)) for name, each in kept.items() if each is not None}


def _recovery(parts: Mapping[str, bytes]) -> Records:
    return {VariableName(RECOVERY, name): wrap(data) for name, data in parts.items()}


def _secure_boot(kept: SecureBoot) -> Records:
    records = {DATABASES[name]: data for name, data in kept.databases.items()}
    if kept.switch is not None:
        records[SECURE_BOOT_SWITCH] = ON if kept.switch else OFF
    if kept.heeded is not None:
        records[SECURE_BOOT] = wrap(bodies.heeded(kept.heeded))
    return records


def _log(log: EventLog) -> Records:
    return {
        VariableName(EVENT_LOG, f"Event{logged.slot:03}"): wrap(bodies.event(logged)) for logged in log.events
    }


# Part of the memory: how it is written.
_PARTS: Mapping[str, Callable[..., Records]] = {
    "identity": _single(IDENTITY, bodies.identity),
    "settings": _texts(SETTINGS),
    "waiting": _texts(WAITING),
    "custom": _texts(CUSTOM_DEFAULTS),
    "platform": _single(PLATFORM, bodies.platform),
    "authentication": _authentication,
    "passwords": _passwords,
    "counters": _single(ANTI_REPLAY, bodies.counters),
    "guard": _single(GUARD, bodies.guard),
    "boot": _single(BOOT, bodies.boot),
    "log": _log,
    "cover": _single(COVER, bodies.cover),
    "clock": _single(CLOCK, bodies.clock),
    "update": _single(UPDATE, bodies.update),
    "secure_boot": _secure_boot,
    "recovery": _recovery,
}
