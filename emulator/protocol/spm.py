"""Secure Platform Management commands: how an endorsement key and a signing key reach the firmware.

* **SET_KEK**: a password area of 65 bytes (all zero without a setup password), then the certificate in DER; or, as Linux
  documents it, the bare certificate. How the area is divided is not public. Ours: a length, then 64 bytes that hold up to 32
  UTF-16LE characters and end in zeros; the length counts bytes when we write it, and bytes or characters when we read it, which the
  zeros behind the password tell apart. With `length_last` the 64 bytes come first. A password has no NUL in it, and the
  command is not signed.
* A length of 0x30, which is 24 characters, also opens a DER sequence, and so does a password that begins with "0" where it comes
  first. Data are a bare certificate when one DER sequence with a length of two bytes (30 82 hh ll) spans exactly all of them,
  and a password area otherwise. No area looks like that unless its first two characters are made for the size of the data.
* **SET_SK**: signature of the endorsement key, counter, modulus; 516 bytes. A modulus of zeros takes everything back.
* **GET_STATE**: a reply of 552 bytes. The order of the two moduli in it is as the Linux driver reads it.
* The native helper of the vendor's scripts hands out the same state in 525 bytes of its own, with the endorsement key first. Its moduli
  are little-endian as in the reply, for the scripts turn them round.
"""

from dataclasses import field
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

from emulator.protocol import keys
from emulator.protocol.errors import ProtocolError
from emulator.protocol.formats import (
    HELPER_STATE,
    PASSWORD_AREA,
    SECURE_PLATFORM_STATE,
    SIGNING_KEY_COMMAND,
    HelperState,
    PasswordArea,
    SecurePlatformState,
    SigningKeyCommand,
)
from emulator.protocol.frozen import frozen
from emulator.protocol.keys import PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LARGEST_ENDORSEMENT = 4096
"""Bytes: the buffer of the vendor's helper."""
LONGEST_PASSWORD = 32
"""Characters of 16 bits: what setup passwords have at most, and what makes the area 65 bytes."""
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


@frozen
class EndorsementOrder:
    """A SET_KEK command as it came. Nobody signs it, so who accepts it asks for the password and for presence."""

    password: str = field(repr=False)
    """Empty for none."""
    certificate: bytes


@frozen
class SigningKeyOrder:
    """A SET_SK command as it came; `key` is None in the one that deprovisions. Nothing in it is trusted."""

    signature: bytes
    counter: int
    key: PublicKey | None
    signed: bytes


@frozen
class VerifiedSigningKeyOrder:
    """A SET_SK command that the endorsement key signed. Made by `verify` and nowhere else."""

    counter: int
    key: PublicKey | None


def endorsement_data(certificate_der: bytes, password: str = "") -> bytes:
    """`Data` of an endorsement key payload; `password` is the setup password of the PC, empty where none is set."""
    text = password.encode("utf-16-le", "surrogatepass")
    if len(text) > 2 * LONGEST_PASSWORD or "\0" in password:
        raise MalformedCommand(
            f"a setup password has at most {LONGEST_PASSWORD} characters of 16 bits, and none is NUL; "
            f"one of {len(text) // 2} characters came"
        )
    return PASSWORD_AREA.pack(len(text), text) + certificate_der


def parse_endorsement(data: bytes, *, length_last: bool = False) -> EndorsementOrder:
    """Read the data of SET_KEK. Raises MalformedCommand; the certificate is not looked into."""
    if len(data) > LARGEST_ENDORSEMENT:
        raise MalformedCommand(
            f"an endorsement key payload has at most {LARGEST_ENDORSEMENT} bytes; {len(data)} came"
        )
    if _is_one_sequence(data):
        return EndorsementOrder("", data)
    if len(data) <= PASSWORD_AREA.size:
        raise MalformedCommand(
            f"an endorsement key payload has a password area of {PASSWORD_AREA.size} bytes and a certificate; {len(data)} bytes came"
        )
    area = data[: PASSWORD_AREA.size]
    # The other layout, turned into ours.
    password = _password(area[-1:] + area[:-1] if length_last else area)
    return EndorsementOrder(password, data[PASSWORD_AREA.size :])


def _is_one_sequence(data: bytes) -> bool:
    return data[:2] == b"\x30\x82" and len(data) >= 4 and int.from_bytes(data[2:4], "big") == len(data) - 4


def _password(octets: bytes) -> str:
    area = PasswordArea._make(PASSWORD_AREA.unpack(octets))
    password = area.text.decode("utf-16-le", "surrogatepass").rstrip("\0")
    used = len(password.encode("utf-16-le", "surrogatepass"))
    if "\0" in password or area.length not in {used, used // 2}:
        # It may hold a password in a layout that we do not know, so it is not repeated.
        raise MalformedCommand(
            f"the first {PASSWORD_AREA.size} bytes are neither zeros nor a length and a password in UTF-16LE that has it, "
            "and the data are no bare certificate either"
        )
    return password


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


def make_signing_key(
    endorsement_key: "RSAPrivateKey", signing_key: PublicKey | None, *, counter: int
) -> bytes:
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


def encode_helper_state(state: SecurePlatformState) -> bytes:
    """A state reply as the vendor's native helper hands it to scripts."""
    return HELPER_STATE.pack(
        state.state,
        state.version_major,
        state.version_minor,
        0,
        state.features,
        state.nonce,
        state.endorsement_key,
        state.signing_key,
    )


def decode_helper_state(data: bytes) -> HelperState:
    if len(data) != HELPER_STATE.size:
        raise MalformedCommand(
            f"a state of the native helper has {HELPER_STATE.size} bytes; {len(data)} came"
        )
    return HelperState._make(HELPER_STATE.unpack(data))
