"""What the firmware keeps in private UEFI variables, declared once; `scripts/make_formats` derives `formats.py`.

These are our own inventions. Each variable holds a `RecordHeader` and a body; what follows the declared part of a body is
text or bytes whose length the declared part tells, and then whatever a later version may have appended.
"""

from construct import Bytes, Int8ul, Int16ul, Int32ul, Int64sl, Int64ul, Struct

RecordHeader = Struct(
    "magic" / Bytes(4),
    "version" / Int16ul,
    "reserved" / Int16ul,
    "length" / Int32ul,
    "crc" / Int32ul,
)

IdentityRecord = Struct(
    "machine" / Bytes(16),
    "serial" / Bytes(32),
    "model" / Bytes(32),
)

IdentityNames = Struct(
    "product" / Bytes(64),
    "board" / Bytes(16),
)

TextRecord = Struct(
    "text_length" / Int16ul,
)

PlatformRecord = Struct(
    # 1: confirmed by physical presence; 2: given up as soon as presence is proved.
    "standing" / Int8ul,
    "has_signing_key" / Int8ul,
    "certificate_length" / Int16ul,
    "counter" / Int32ul,
    "pending_counter" / Int32ul,
    "signing_key" / Bytes(256),
)

AuthenticationRecord = Struct(
    "enabled" / Int8ul,
)

LocalAccessKeyRecord = Struct(
    "modulus" / Bytes(256),
    "enrolment_length" / Int16ul,
)

PasswordRecord = Struct(
    "log2_cost" / Int8ul,
    "block_size" / Int8ul,
    "lanes" / Int8ul,
    "salt" / Bytes(16),
    "digest" / Bytes(32),
)

CountersRecord = Struct(
    "settings" / Int32ul,
    "actions" / Int32ul,
)

GuardRecord = Struct(
    "misses" / Int32ul,
    "wait" / Int32ul,
)

UpdateRecord = Struct(
    "authorized" / Int8ul,
    "waiting_name_length" / Int16ul,
    "installed_name_length" / Int16ul,
    "waiting_digest" / Bytes(32),
    "installed_digest" / Bytes(32),
)

BootRecord = Struct(
    "boots" / Int32ul,
    "running" / Int8ul,
)

CoverRecord = Struct(
    "removals" / Int32ul,
    "last" / Int64ul,
    "unacknowledged" / Int8ul,
    "tpm_to_clear" / Int8ul,
)

ClockRecord = Struct(
    "offset" / Int64sl,
)

SecureBootRecord = Struct(
    # One bit for each authority that a setting lets into db or keeps out of it, as it was heeded last.
    "authorities" / Int8ul,
    # 1: the keys are the customer's.
    "customer" / Int8ul,
)

LogSlot = Struct(
    "sequence" / Int32ul,
)

LogEntry = Struct(
    "status" / Int8ul,
    "message" / Int8ul,
    "second" / Int8ul,
    "minute" / Int8ul,
    "hour" / Int8ul,
    "day" / Int8ul,
    "month" / Int8ul,
    "year" / Int8ul,
    "source" / Int8ul,
    "event" / Int8ul,
    "severity" / Int8ul,
    "data" / Bytes(5),
)
