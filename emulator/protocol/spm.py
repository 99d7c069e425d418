"""Secure Platform Management commands: how an endorsement key and a signing key reach the firmware.

* **SET_KEK**: a password area of 65 bytes (all zero without a setup password), then the certificate in DER. How the area
  is divided is not public, so it is skipped and never kept. Linux documents a bare certificate; a first byte 0x30, which opens
  a DER sequence and cannot open a zeroed area, marks that form.
* **SET_SK**: signature of the endorsement key, counter, modulus; 516 bytes. A modulus of zeros takes everything back.
* **GET_STATE**: a reply of 552 bytes. The order of the two moduli in it is as the Linux driver reads it.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.protocol import keys
from emulator.protocol.errors import ProtocolError
from emulator.protocol.formats import (
    SECURE_PLATFORM_STATE,
    SIGNING_KEY_COMMAND,
    SecurePlatformState,
    SigningKeyCommand,
)
from emulator.protocol.keys import PublicKey

PASSWORD_AREA = 65
LARGEST_ENDORSEMENT = 4096
"""Bytes: the buffer of the vendor's helper."""
ZERO_MODULUS = bytes(keys.MODULUS_SIZE)


class MalformedCommand(ProtocolError):
    """Data of a Secure Platform Management command with a wrong size, or a number that does not fit into it."""


class State(IntEnum):
    """Values of the state byte."""

    NOT_CONFIGURED = 0
    PROVISIONED = 1
    PROVISIONING_IN_PROGRESS = 2


class Feature(IntFlag):
    """Bits of the features word: who builds on the keys."""

    SURE_RUN = 1
    SURE_RECOVER = 2
    SURE_ADMIN = 4


@dataclass(frozen=True, slots=True)
class SigningKeyOrder:
    """A SET_SK command as it came; `key` is None in the one that deprovisions. Nothing in it is trusted."""

    signature: bytes
    counter: int
    key: PublicKey | None
    signed: bytes


@dataclass(frozen=True, slots=True)
class VerifiedSigningKeyOrder:
    """A SET_SK command that the endorsement key signed. Made by `verify` and nowhere else."""

    counter: int
    key: PublicKey | None


def endorsement_data(certificate_der: bytes) -> bytes:
    """`Data` of an endorsement key payload without a setup password."""
    return bytes(PASSWORD_AREA) + certificate_der


def certificate_in(data: bytes) -> bytes:
    """The certificate in the data of SET_KEK."""
    if len(data) > LARGEST_ENDORSEMENT:
        raise MalformedCommand(
            f"an endorsement key payload has at most {LARGEST_ENDORSEMENT} bytes; {len(data)} came"
        )
    certificate = data if data[:1] == b"\x30" else data[PASSWORD_AREA:]
    if not certificate:
        raise MalformedCommand(
            f"an endorsement key payload has a password area of {PASSWORD_AREA} bytes and a certificate; {len(data)} bytes came"
        )
    return certificate


def parse_signing_key(data: bytes) -> SigningKeyOrder:
    """Read the data of SET_SK. Raises MalformedCommand or UnusableKey."""
    if len(data) != SIGNING_KEY_COMMAND.size:
        raise MalformedCommand(
            f"a signing key payload has {SIGNING_KEY_COMMAND.size} bytes; {len(data)} came"
        )
    command = SigningKeyCommand._make(SIGNING_KEY_COMMAND.unpack(data))
    key = None if command.modulus == ZERO_MODULUS else PublicKey.from_little_endian(command.modulus)
    return SigningKeyOrder(command.signature, command.counter, key, data[keys.SIGNATURE_SIZE :])


def verify(order: SigningKeyOrder, endorsement_key: PublicKey) -> VerifiedSigningKeyOrder:
    """Raise InvalidSignature unless the endorsement key ordered this."""
    endorsement_key.verify(order.signature, order.signed)
    return VerifiedSigningKeyOrder(order.counter, order.key)


def make_signing_key(endorsement_key: RSAPrivateKey, signing_key: PublicKey | None, *, counter: int) -> bytes:
    """`Data` of a signing key payload, or of a deprovisioning one without a signing key."""
    if not 0 <= counter <= 0xFFFFFFFF:
        raise MalformedCommand(f"a counter is a number of 32 bits; {counter} came")
    modulus = ZERO_MODULUS if signing_key is None else signing_key.little_endian
    signed = counter.to_bytes(4, "little") + modulus
    return keys.sign(endorsement_key, signed) + signed


def encode_state(
    state: State,
    *,
    version: tuple[int, int],
    features: Feature,
    nonce: int,
    signing_key: PublicKey | None,
    endorsement_key: PublicKey | None,
) -> bytes:
    """The reply to GET_STATE."""
    reply = SecurePlatformState(
        state=state,
        version_major=version[0],
        version_minor=version[1],
        reserved=0,
        features=features,
        nonce=nonce,
        reserved_2=bytes(28),
        signing_key=ZERO_MODULUS if signing_key is None else signing_key.little_endian,
        endorsement_key=ZERO_MODULUS if endorsement_key is None else endorsement_key.little_endian,
    )
    return SECURE_PLATFORM_STATE.pack(*reply)


def decode_state(reply: bytes) -> SecurePlatformState:
    if len(reply) != SECURE_PLATFORM_STATE.size:
        raise MalformedCommand(f"a state reply has {SECURE_PLATFORM_STATE.size} bytes; {len(reply)} came")
    return SecurePlatformState._make(SECURE_PLATFORM_STATE.unpack(reply))
