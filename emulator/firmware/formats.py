"""The structures of `emulator.firmware.structures` as plain `struct` formats and named tuples.

Written by `scripts/make_formats` from the declarations; change those and run it again. A test compares.
"""

from struct import Struct
from typing import NamedTuple

RECORD_HEADER = Struct("<4sHHII")


class RecordHeader(NamedTuple):
    """16 bytes."""

    magic: bytes  # +0
    version: int  # +4
    reserved: int  # +6
    length: int  # +8
    crc: int  # +12


IDENTITY_RECORD = Struct("<16s32s32s")


class IdentityRecord(NamedTuple):
    """80 bytes."""

    machine: bytes  # +0
    serial: bytes  # +16
    model: bytes  # +48


IDENTITY_NAMES = Struct("<64s16s")


class IdentityNames(NamedTuple):
    """80 bytes."""

    product: bytes  # +0
    board: bytes  # +64


TEXT_RECORD = Struct("<H")


class TextRecord(NamedTuple):
    """2 bytes."""

    text_length: int  # +0


PLATFORM_RECORD = Struct("<BBHII256s")


class PlatformRecord(NamedTuple):
    """268 bytes."""

    standing: int  # +0
    has_signing_key: int  # +1
    certificate_length: int  # +2
    counter: int  # +4
    pending_counter: int  # +8
    signing_key: bytes  # +12


AUTHENTICATION_RECORD = Struct("<B")


class AuthenticationRecord(NamedTuple):
    """1 bytes."""

    enabled: int  # +0


LOCAL_ACCESS_KEY_RECORD = Struct("<256sH")


class LocalAccessKeyRecord(NamedTuple):
    """258 bytes."""

    modulus: bytes  # +0
    enrolment_length: int  # +256


PASSWORD_RECORD = Struct("<BBB16s32s")


class PasswordRecord(NamedTuple):
    """51 bytes."""

    log2_cost: int  # +0
    block_size: int  # +1
    lanes: int  # +2
    salt: bytes  # +3
    digest: bytes  # +19


COUNTERS_RECORD = Struct("<II")


class CountersRecord(NamedTuple):
    """8 bytes."""

    settings: int  # +0
    actions: int  # +4


GUARD_RECORD = Struct("<II")


class GuardRecord(NamedTuple):
    """8 bytes."""

    misses: int  # +0
    wait: int  # +4


UPDATE_RECORD = Struct("<BHH32s32s")


class UpdateRecord(NamedTuple):
    """69 bytes."""

    authorized: int  # +0
    waiting_name_length: int  # +1
    installed_name_length: int  # +3
    waiting_digest: bytes  # +5
    installed_digest: bytes  # +37


BOOT_RECORD = Struct("<IB")


class BootRecord(NamedTuple):
    """5 bytes."""

    boots: int  # +0
    running: int  # +4


COVER_RECORD = Struct("<IQBB")


class CoverRecord(NamedTuple):
    """14 bytes."""

    removals: int  # +0
    last: int  # +4
    unacknowledged: int  # +12
    tpm_to_clear: int  # +13


CLOCK_RECORD = Struct("<q")


class ClockRecord(NamedTuple):
    """8 bytes."""

    offset: int  # +0


SECURE_BOOT_RECORD = Struct("<BB")


class SecureBootRecord(NamedTuple):
    """2 bytes."""

    authorities: int  # +0
    customer: int  # +1


LOG_SLOT = Struct("<I")


class LogSlot(NamedTuple):
    """4 bytes."""

    sequence: int  # +0


LOG_ENTRY = Struct("<BBBBBBBBBBB5s")


class LogEntry(NamedTuple):
    """16 bytes."""

    status: int  # +0
    message: int  # +1
    second: int  # +2
    minute: int  # +3
    hour: int  # +4
    day: int  # +5
    month: int  # +6
    year: int  # +7
    source: int  # +8
    event: int  # +9
    severity: int  # +10
    data: bytes  # +11
