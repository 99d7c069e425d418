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


PASSWORD_AREA = Struct("<B64s")


class PasswordArea(NamedTuple):
    """65 bytes."""

    length: int  # +0
    text: bytes  # +1


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


HELPER_STATE = Struct("<BBBHII256s256s")


class HelperState(NamedTuple):
    """525 bytes."""

    state: int  # +0
    version_major: int  # +1
    version_minor: int  # +2
    reserved: int  # +3
    features: int  # +5
    nonce: int  # +9
    endorsement_key: bytes  # +13
    signing_key: bytes  # +269


CHALLENGE_HEADER = Struct("<BB16s16sQB")


class ChallengeHeader(NamedTuple):
    """43 bytes."""

    version: int  # +0
    purpose: int  # +1
    machine: bytes  # +2
    boot_nonce: bytes  # +18
    issued_at: int  # +34
    serial_length: int  # +42


UPDATE_AUTHORIZATION = Struct("<48s32s14s27s256s")


class UpdateAuthorization(NamedTuple):
    """377 bytes."""

    name: bytes  # +0
    image_hash: bytes  # +48
    mark: bytes  # +80
    header: bytes  # +94
    signature: bytes  # +121


RECOVER_PROVISION = Struct("<256sIH256sBB")


class RecoverProvision(NamedTuple):
    """520 bytes."""

    signature: bytes  # +0
    nonce: int  # +256
    version: int  # +260
    image_key: bytes  # +262
    user_name_length: int  # +518
    password_length: int  # +519


RECOVER_CONFIGURE = Struct("<256sIII")


class RecoverConfigure(NamedTuple):
    """268 bytes."""

    signature: bytes  # +0
    nonce: int  # +256
    os_flags: int  # +260
    agent_flags: int  # +264


RECOVER_TRIGGER = Struct("<256sIII256s")


class RecoverTrigger(NamedTuple):
    """524 bytes."""

    signature: bytes  # +0
    nonce: int  # +256
    bios_flags: int  # +260
    agent_flags: int  # +264
    reserved: bytes  # +268


RECOVER_SCHEDULE = Struct("<256sIBBBB")


class RecoverSchedule(NamedTuple):
    """264 bytes."""

    signature: bytes  # +0
    nonce: int  # +256
    days: int  # +260
    hour: int  # +261
    minute: int  # +262
    window: int  # +263


RECOVER_DEPROVISION = Struct("<256sIB")


class RecoverDeprovision(NamedTuple):
    """261 bytes."""

    signature: bytes  # +0
    nonce: int  # +256
    parts: int  # +260


RECOVER_FAILOVER = Struct("<256sI")


class RecoverFailover(NamedTuple):
    """260 bytes."""

    signature: bytes  # +0
    nonce: int  # +256


RUN_MANIFEST = Struct("<256sIH32s")


class RunManifest(NamedTuple):
    """294 bytes."""

    signature: bytes  # +0
    counter: int  # +256
    total_size: int  # +260
    manifest_hash: bytes  # +262


COMMAND_BLOCK = Struct("<IIII")


class CommandBlock(NamedTuple):
    """16 bytes."""

    signature: int  # +0
    command: int  # +4
    command_type: int  # +8
    data_size: int  # +12


COMMAND_REPLY = Struct("<4sI")


class CommandReply(NamedTuple):
    """8 bytes."""

    signature: bytes  # +0
    status: int  # +4
