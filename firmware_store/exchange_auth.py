"""Signed payloads: the content of `.auth` files.

A payload is what the caller of an authenticated SetVariable passes as data: EFI_VARIABLE_AUTHENTICATION_2 (a time, and
a PKCS #7 signature in a WIN_CERTIFICATE) and then the new value (UEFI, 8.2.2). It names no variable; by custom the
file's name does: `PK.auth`, `KEK.auth`, `db.auth`. Here it is only taken apart and put together. Whether a signature
holds is asked elsewhere.

What is exported carries the time stamp and the value, with an empty signature, because the image keeps none. Firmware
in setup mode takes such a payload for `db`, `dbx` and `KEK`; `PK` always wants a signature.
"""

from typing import NamedTuple
from uuid import UUID

from firmware_store.errors import UnusableExchangeFile
from firmware_store.formats import AUTHENTICATION_DESCRIPTOR, AuthenticationDescriptor
from firmware_store.records import Variable

TIME_SIZE = 16
# The length in the descriptor counts from behind the time.
CERTIFICATE_HEADER_SIZE = AUTHENTICATION_DESCRIPTOR.size - TIME_SIZE
REVISION, EFI_GUID_CERTIFICATE = 0x0200, 0x0EF1
PKCS7 = UUID("4aafd29d-68df-49ee-8aa9-347d375665a7").bytes_le

GLOBAL = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
SECURITY_DATABASE = UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f")
# Non-volatile, both accesses, time-based authentication: what each of them always has.
ATTRIBUTES = 0x27
# In the order in which they can be loaded: with `PK` setup mode ends, and from then on signatures are asked for.
WELL_KNOWN = {
    "dbx": SECURITY_DATABASE,
    "dbt": SECURITY_DATABASE,
    "db": SECURITY_DATABASE,
    "KEK": GLOBAL,
    "PK": GLOBAL,
}


class SignedPayload(NamedTuple):
    time_stamp: bytes
    signature: bytes
    value: bytes


def write_auth(variable: Variable) -> bytes:
    """The variable as a payload without a signature."""
    descriptor = AuthenticationDescriptor(
        variable.time_stamp, CERTIFICATE_HEADER_SIZE, REVISION, EFI_GUID_CERTIFICATE, PKCS7
    )
    return AUTHENTICATION_DESCRIPTOR.pack(*descriptor) + variable.data


def read_auth(content: bytes) -> SignedPayload:
    start = AUTHENTICATION_DESCRIPTOR.size
    if len(content) < start:
        raise UnusableExchangeFile(f"expected a signed payload of at least {start} bytes, got {len(content)}")
    head = AuthenticationDescriptor._make(AUTHENTICATION_DESCRIPTOR.unpack_from(content))
    if (head.revision, head.certificate_type, head.signature_type) != (REVISION, EFI_GUID_CERTIFICATE, PKCS7):
        raise UnusableExchangeFile("expected a payload signed with PKCS #7, got something else")
    end = TIME_SIZE + head.length
    if not start <= end <= len(content):
        raise UnusableExchangeFile(
            f"the signature is said to end at {end:#x}, outside the {len(content):#x} bytes"
        )
    return SignedPayload(head.time_stamp, content[start:end], content[end:])


def is_auth(content: bytes) -> bool:
    """Whether the data of a variable is a signed payload."""
    try:
        read_auth(content)
    except UnusableExchangeFile:
        return False
    return True
