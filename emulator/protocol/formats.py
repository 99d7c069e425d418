"""The structures of `emulator.protocol.structures` as plain `struct` formats and named tuples.

Written by `scripts/make_formats` from the declarations; change those and run it again. A test compares.
"""

from struct import Struct
from typing import NamedTuple

AUTHORIZATION_HEADER = Struct("<BHHBIB16s")


class AuthorizationHeader(NamedTuple):
    """27 bytes."""

    version: int  # +0
    name_length: int  # +1
    value_length: int  # +3
    one_time_use: int  # +5
    nonce: int  # +6
    reserved: int  # +10
    target: bytes  # +11


SIGNING_KEY_COMMAND = Struct("<256sI256s")


class SigningKeyCommand(NamedTuple):
    """516 bytes."""

    signature: bytes  # +0
    counter: int  # +256
    modulus: bytes  # +260


SECURE_PLATFORM_STATE = Struct("<BBBBII28s256s256s")


class SecurePlatformState(NamedTuple):
    """552 bytes."""

    state: int  # +0
    version_major: int  # +1
    version_minor: int  # +2
    reserved: int  # +3
    features: int  # +4
    nonce: int  # +8
    reserved_2: bytes  # +12
    signing_key: bytes  # +40
    endorsement_key: bytes  # +296


CHALLENGE_HEADER = Struct("<BB16s16sQB")


class ChallengeHeader(NamedTuple):
    """43 bytes."""

    version: int  # +0
    purpose: int  # +1
    machine: bytes  # +2
    boot_nonce: bytes  # +18
    issued_at: int  # +34
    serial_length: int  # +42
