"""The parts of the memory as bodies of private variables, and back. `structures` declares the layouts.

What follows the declared part of a body, and the text or bytes whose length it tells, was appended by a later version: it is kept as
`tail`. Decoders raise DamagedRecord, ProtocolError or ValueError for what no version wrote.
"""

import uuid
from struct import Struct

from emulator.firmware import formats
from emulator.firmware.cover import Cover
from emulator.firmware.event_log import Logged, decode_entry, encode_entry
from emulator.firmware.memory import (
    LARGEST_OFFSET,
    Boot,
    Counters,
    FirmwareFile,
    FirmwareUpdate,
    Guard,
    Heeded,
    Identity,
    LocalAccessKey,
    PasswordHash,
    RealTimeClock,
    SecurePlatform,
)
from emulator.firmware.records import DamagedRecord
from emulator.protocol import certificate
from emulator.protocol.keys import MODULUS_SIZE, PublicKey

_CONFIRMED, _LEAVING = 1, 2


def _fields(body: bytes, layout: Struct) -> tuple[tuple[int | bytes, ...], bytes]:
    """The declared part of a body, and what follows it."""
    if len(body) < layout.size:
        raise DamagedRecord(f"a body has at least {layout.size} bytes, {len(body)} are there")
    return layout.unpack_from(body), body[layout.size :]


def _cut(rest: bytes, length: int) -> tuple[bytes, bytes]:
    if len(rest) < length:
        raise DamagedRecord(f"{length} bytes were announced, {len(rest)} are there")
    return rest[:length], rest[length:]


def _ascii(octets: bytes) -> str:
    return octets.rstrip(b"\0").decode("ascii")


def identity(value: Identity) -> bytes:
    fixed = formats.IDENTITY_RECORD.pack(
        value.machine.bytes_le, value.serial.encode("ascii"), value.model.encode("ascii")
    )
    names = formats.IDENTITY_NAMES.pack(value.product.encode("ascii"), value.board.encode("ascii"))
    return fixed + names + value.tail


def identity_from(body: bytes) -> Identity:
    values, rest = _fields(body, formats.IDENTITY_RECORD)
    record = formats.IdentityRecord._make(values)
    # The first version had no names of its own for product and board.
    names, tail = _fields(rest or bytes(formats.IDENTITY_NAMES.size), formats.IDENTITY_NAMES)
    own = formats.IdentityNames._make(names)
    return Identity(
        uuid.UUID(bytes_le=record.machine),
        _ascii(record.serial),
        _ascii(record.model),
        _ascii(own.product),
        _ascii(own.board),
        tail,
    )


def text(value: str) -> bytes:
    octets = value.encode("utf-8", "surrogatepass")
    return formats.TEXT_RECORD.pack(len(octets)) + octets


def text_from(body: bytes) -> tuple[str, bytes]:
    """A text, and what follows it. Nearly every variable of a machine is one, so this goes without names for its fields."""
    start = formats.TEXT_RECORD.size
    if len(body) < start:
        raise DamagedRecord(f"a body has at least {start} bytes, {len(body)} are there")
    (length,) = formats.TEXT_RECORD.unpack_from(body)
    end = start + length
    if len(body) < end:
        raise DamagedRecord(f"{length} bytes were announced, {len(body) - start} are there")
    return body[start:end].decode("utf-8", "surrogatepass"), body[end:]


def platform(value: SecurePlatform) -> bytes:
    key = value.signing_key
    certificate_der = b"" if value.certificate is None else value.certificate.der
    fixed = formats.PLATFORM_RECORD.pack(
        _CONFIRMED * value.confirmed | _LEAVING * value.leaving,
        key is not None,
        len(certificate_der),
        value.counter,
        value.pending_counter,
        bytes(MODULUS_SIZE) if key is None else key.modulus,
    )
    return fixed + certificate_der + value.tail


def platform_from(body: bytes) -> SecurePlatform:
    values, rest = _fields(body, formats.PLATFORM_RECORD)
    record = formats.PlatformRecord._make(values)
    der, tail = _cut(rest, record.certificate_length)
    return SecurePlatform(
        certificate=certificate.parse(der) if der else None,
        signing_key=PublicKey(record.signing_key) if record.has_signing_key else None,
        confirmed=bool(record.standing & _CONFIRMED),
        leaving=bool(record.standing & _LEAVING),
        counter=record.counter,
        pending_counter=record.pending_counter,
        tail=tail,
    )


def mode(enabled: bool, tail: bytes) -> bytes:
    return formats.AUTHENTICATION_RECORD.pack(enabled) + tail


def mode_from(body: bytes) -> tuple[bool, bytes]:
    values, tail = _fields(body, formats.AUTHENTICATION_RECORD)
    return bool(values[0]), tail


def local_access_key(key: LocalAccessKey) -> bytes:
    octets = key.enrolment.encode("utf-8", "surrogatepass")
    return formats.LOCAL_ACCESS_KEY_RECORD.pack(key.key.modulus, len(octets)) + octets + key.tail


def local_access_key_from(body: bytes) -> LocalAccessKey | None:
    values, rest = _fields(body, formats.LOCAL_ACCESS_KEY_RECORD)
    record = formats.LocalAccessKeyRecord._make(values)
    octets, tail = _cut(rest, record.enrolment_length)
    return LocalAccessKey(PublicKey(record.modulus), octets.decode("utf-8", "surrogatepass"), tail)


def password(kept: PasswordHash) -> bytes:
    costs = kept.log2_cost, kept.block_size, kept.lanes
    return formats.PASSWORD_RECORD.pack(*costs, kept.salt, kept.digest) + kept.tail


def password_from(body: bytes) -> PasswordHash | None:
    values, tail = _fields(body, formats.PASSWORD_RECORD)
    record = formats.PasswordRecord._make(values)
    # What no machine ever wrote would stop it for minutes, fill its memory, or be no cost at all.
    if not (14 <= record.log2_cost <= 17 and record.block_size == 8 and 0 < record.lanes <= 4):
        raise DamagedRecord(f"no password was ever kept at the cost {tuple(values[:3])}")
    return PasswordHash(record.salt, record.digest, record.log2_cost, record.block_size, record.lanes, tail)


def counters(value: Counters) -> bytes:
    return formats.COUNTERS_RECORD.pack(value.settings, value.actions) + value.tail


def counters_from(body: bytes) -> Counters:
    values, tail = _fields(body, formats.COUNTERS_RECORD)
    return Counters(*formats.CountersRecord._make(values), tail)


def guard(value: Guard) -> bytes:
    return formats.GUARD_RECORD.pack(value.misses, value.wait) + value.tail


def guard_from(body: bytes) -> Guard:
    values, tail = _fields(body, formats.GUARD_RECORD)
    return Guard(*formats.GuardRecord._make(values), tail)


def update(value: FirmwareUpdate) -> bytes:
    """A file is there if it has a name."""
    files = [each or FirmwareFile("", bytes(32)) for each in (value.waiting, value.installed)]
    names = [each.name.encode("utf-8", "surrogatepass") for each in files]
    fixed = formats.UPDATE_RECORD.pack(
        value.authorized, *(len(name) for name in names), *(each.digest for each in files)
    )
    return fixed + b"".join(names) + value.tail


def update_from(body: bytes) -> FirmwareUpdate:
    values, rest = _fields(body, formats.UPDATE_RECORD)
    record = formats.UpdateRecord._make(values)
    waiting, rest = _cut(rest, record.waiting_name_length)
    installed, tail = _cut(rest, record.installed_name_length)
    return FirmwareUpdate(
        _file(waiting, record.waiting_digest),
        bool(record.authorized),
        _file(installed, record.installed_digest),
        tail,
    )


def _file(name: bytes, digest: bytes) -> FirmwareFile | None:
    return FirmwareFile(name.decode("utf-8", "surrogatepass"), digest) if name else None


def boot(value: Boot) -> bytes:
    return formats.BOOT_RECORD.pack(value.boots, value.running) + value.tail


def boot_from(body: bytes) -> Boot:
    values, tail = _fields(body, formats.BOOT_RECORD)
    record = formats.BootRecord._make(values)
    return Boot(record.boots, bool(record.running), tail)


def cover(value: Cover) -> bytes:
    fixed = formats.COVER_RECORD.pack(value.count, value.last, value.unacknowledged, value.tpm_to_clear)
    return fixed + value.tail


def cover_from(body: bytes) -> Cover:
    values, tail = _fields(body, formats.COVER_RECORD)
    record = formats.CoverRecord._make(values)
    return Cover(record.removals, record.last, bool(record.unacknowledged), bool(record.tpm_to_clear), tail)


def clock(value: RealTimeClock) -> bytes:
    return formats.CLOCK_RECORD.pack(value.offset) + value.tail


def clock_from(body: bytes) -> RealTimeClock:
    values, tail = _fields(body, formats.CLOCK_RECORD)
    record = formats.ClockRecord._make(values)
    if abs(record.offset) > LARGEST_OFFSET:
        raise DamagedRecord(f"no clock was ever set off by {record.offset} seconds")
    return RealTimeClock(record.offset, tail)


def heeded(value: Heeded) -> bytes:
    return formats.SECURE_BOOT_RECORD.pack(value.authorities, value.customer) + value.tail


def heeded_from(body: bytes) -> Heeded | None:
    values, tail = _fields(body, formats.SECURE_BOOT_RECORD)
    record = formats.SecureBootRecord._make(values)
    return Heeded(record.authorities, bool(record.customer), tail)


def event(logged: Logged) -> bytes:
    return formats.LOG_SLOT.pack(logged.sequence) + encode_entry(logged.entry)


def event_from(body: bytes) -> Logged:
    values, rest = _fields(body, formats.LOG_SLOT)
    entry, _ = _cut(rest, formats.LOG_ENTRY.size)
    return Logged(formats.LogSlot._make(values).sequence, decode_entry(entry))
