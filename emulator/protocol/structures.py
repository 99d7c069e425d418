"""Binary structures on the wires, declared once; `scripts/make_formats` derives `formats.py` from them.

Little-endian and packed throughout, as the real tools write them. The challenge header is our own invention.
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

ChallengeHeader = Struct(
    "version" / Int8ul,
    "purpose" / Int8ul,
    "machine" / Bytes(16),
    "boot_nonce" / Bytes(16),
    "issued_at" / Int64ul,
    "serial_length" / Int8ul,
)
