"""Binary structures on the wires, declared once; `scripts/make_formats` derives `formats.py` from them.

Little-endian and packed throughout, as the real tools write them. The challenge header is our own invention, and so is the
division of the password area before an endorsement key.

The structures of Sure Recover and Sure Run begin with the signature over what follows it; those of provisioning and failover
have bytes of free length behind them, which are signed too.
"""

from construct import Bytes, Int8ul, Int16ul, Int32ul, Int64ul, Struct

AuthorizationHeader = Struct(
    "version" / Int8ul,
    "name_length" / Int16ul,
    "value_length" / Int16ul,
    "one_time_use" / Int8ul,
    "nonce" / Int32ul,
    "reserved" / Int8ul,
    "target" / Bytes(16),
)

PasswordArea = Struct(
    "length" / Int8ul,
    "text" / Bytes(64),
)

SigningKeyCommand = Struct(
    "signature" / Bytes(256),
    "counter" / Int32ul,
    "modulus" / Bytes(256),
)

SecurePlatformState = Struct(
    "state" / Int8ul,
    "version_major" / Int8ul,
    "version_minor" / Int8ul,
    "reserved" / Int8ul,
    "features" / Int32ul,
    "nonce" / Int32ul,
    "reserved_2" / Bytes(28),
    "signing_key" / Bytes(256),
    "endorsement_key" / Bytes(256),
)

HelperState = Struct(
    "state" / Int8ul,
    "version_major" / Int8ul,
    "version_minor" / Int8ul,
    "reserved" / Int16ul,
    "features" / Int32ul,
    "nonce" / Int32ul,
    "endorsement_key" / Bytes(256),
    "signing_key" / Bytes(256),
)

ChallengeHeader = Struct(
    "version" / Int8ul,
    "purpose" / Int8ul,
    "machine" / Bytes(16),
    "boot_nonce" / Bytes(16),
    "issued_at" / Int64ul,
    "serial_length" / Int8ul,
)

UpdateAuthorization = Struct(
    "name" / Bytes(48),
    "image_hash" / Bytes(32),
    "mark" / Bytes(14),
    "header" / Bytes(27),
    "signature" / Bytes(256),
)

RecoverProvision = Struct(
    "signature" / Bytes(256),
    "nonce" / Int32ul,
    "version" / Int16ul,
    "image_key" / Bytes(256),
    "user_name_length" / Int8ul,
    "password_length" / Int8ul,
)

RecoverConfigure = Struct(
    "signature" / Bytes(256),
    "nonce" / Int32ul,
    "os_flags" / Int32ul,
    "agent_flags" / Int32ul,
)

RecoverTrigger = Struct(
    "signature" / Bytes(256),
    "nonce" / Int32ul,
    "bios_flags" / Int32ul,
    "agent_flags" / Int32ul,
    "reserved" / Bytes(256),
)

RecoverSchedule = Struct(
    "signature" / Bytes(256),
    "nonce" / Int32ul,
    "days" / Int8ul,
    "hour" / Int8ul,
    "minute" / Int8ul,
    "window" / Int8ul,
)

RecoverDeprovision = Struct(
    "signature" / Bytes(256),
    "nonce" / Int32ul,
    "parts" / Int8ul,
)

RecoverFailover = Struct(
    "signature" / Bytes(256),
    "nonce" / Int32ul,
)

RunManifest = Struct(
    "signature" / Bytes(256),
    "counter" / Int32ul,
    "total_size" / Int16ul,
    "manifest_hash" / Bytes(32),
)

CommandBlock = Struct(
    "signature" / Int32ul,
    "command" / Int32ul,
    "command_type" / Int32ul,
    "data_size" / Int32ul,
)

CommandReply = Struct(
    "signature" / Bytes(4),
    "status" / Int32ul,
)
