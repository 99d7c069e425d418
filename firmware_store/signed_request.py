"""The signed request: what a caller passes as data when he asks for an authenticated write.

In front of the new value stands a descriptor, EFI_VARIABLE_AUTHENTICATION_2: a time stamp and the signature. It is
checked and thrown away; of it only the time stamp is stored. What is signed is the whole request: name, vendor GUID,
attributes, time stamp and value, so a signed value cannot be carried to another variable, and not be replayed, since
each request must be later than the last. Only an append may be earlier; the stored time stamp never falls.

Firmware looks at the lengths of the descriptor always, and at the rest only if a signature is asked for at all.
"""

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from firmware_store.errors import MalformedDescriptor, TimeStampTooOld
from firmware_store.formats import AUTHENTICATION_DESCRIPTOR, EFI_TIME, AuthenticationDescriptor, EfiTime
from firmware_store.records import encode_name
from firmware_store.set_variable import APPEND

if TYPE_CHECKING:
    from firmware_store.signature import VerifiedSignature

# The length of the descriptor counts from behind the time stamp.
LENGTH_BEGINS = EFI_TIME.size
# UEFI, 8.2.2 and 32.2.4: WIN_CERT_TYPE_EFI_GUID, EFI_CERT_TYPE_PKCS7_GUID. The revision should be 0x0200; EDK2 does not
# look at it.
EFI_GUID_CERTIFICATE = 0x0EF1
PKCS7 = bytes.fromhex("9dd2af4adf68ee498aa9347d375665a7")


class SignedRequest(NamedTuple):
    """One SetVariable with its descriptor taken apart. Nothing in it is trusted."""

    guid: UUID
    name: str
    attributes: int
    descriptor: AuthenticationDescriptor
    signature: bytes
    value: bytes

    @property
    def time_stamp(self) -> bytes:
        return self.descriptor.time_stamp

    @property
    def appends(self) -> bool:
        return bool(self.attributes & APPEND)

    @property
    def deletes(self) -> bool:
        return not self.value and not self.appends

    @property
    def content(self) -> bytes:
        """What is signed (UEFI, 8.2.2): the name without its terminator."""
        attributes = self.attributes.to_bytes(4, "little")
        name = encode_name(self.name)[:-2]
        return name + self.guid.bytes_le + attributes + self.time_stamp + self.value


def read_request(guid: UUID, name: str, data: bytes, attributes: int) -> SignedRequest:
    if len(data) < AUTHENTICATION_DESCRIPTOR.size:
        raise MalformedDescriptor(
            f"{name!r}: expected a descriptor of at least {AUTHENTICATION_DESCRIPTOR.size} bytes, got {len(data)}"
        )
    descriptor = AuthenticationDescriptor._make(AUTHENTICATION_DESCRIPTOR.unpack_from(data))
    end = LENGTH_BEGINS + descriptor.length
    if not AUTHENTICATION_DESCRIPTOR.size <= end <= len(data):
        raise MalformedDescriptor(
            f"{name!r}: the signature is said to end at {end:#x}; expected an end from "
            f"{AUTHENTICATION_DESCRIPTOR.size:#x} to {len(data):#x}"
        )
    signature = data[AUTHENTICATION_DESCRIPTOR.size : end]
    return SignedRequest(guid, name, attributes, descriptor, signature, data[end:])


def moment(time_stamp: bytes) -> tuple[int, ...]:
    """What of a time stamp counts when two are compared."""
    return EFI_TIME.unpack(time_stamp)[:6]


def verify_request(request: SignedRequest, held: bytes | None) -> "VerifiedSignature":
    """Checks a request in the order in which firmware does. `held`: the time stamp of the variable that exists."""
    time, descriptor = EfiTime._make(EFI_TIME.unpack(request.time_stamp)), request.descriptor
    if (time.pad1, time.nanosecond, time.time_zone, time.daylight, time.pad2) != (0, 0, 0, 0, 0):
        raise MalformedDescriptor(
            f"{request.name!r}: the time stamp {request.time_stamp.hex()} has more than date, hour, minute and second"
        )
    if held is not None and not request.appends and moment(request.time_stamp) <= moment(held):
        raise TimeStampTooOld(
            f"{request.name!r}: expected a time stamp later than the stored {written(held)}, "
            f"got {written(request.time_stamp)}; sign the request again with a later time"
        )
    if (descriptor.certificate_type, descriptor.signature_type) != (EFI_GUID_CERTIFICATE, PKCS7):
        raise MalformedDescriptor(
            f"{request.name!r}: expected a PKCS #7 signature (type {EFI_GUID_CERTIFICATE:#x}, {PKCS7.hex()}), "
            f"got {descriptor.certificate_type:#x}, {descriptor.signature_type.hex()}"
        )
    # Only who verifies a signature pays for X.509.
    from firmware_store.signature import verify  # noqa: PLC0415

    return verify(request.signature, request.content)


def written(time_stamp: bytes) -> str:
    year, month, day, hour, minute, second = moment(time_stamp)
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
