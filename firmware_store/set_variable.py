"""What SetVariable accepts: attributes, limits and refusals, as EDK2's firmware has them.

The store holds what survives power-off, so a request must be for a non-volatile variable. Some requests change
nothing and still succeed; some delete: no data, or neither boot-time nor run-time access. Signed requests
(time-based authentication) are refused here, and so is any plain request that would touch an authenticated
variable: without a signature firmware lets nobody change one.
"""

from enum import IntFlag

from firmware_store.errors import (
    InvalidParameter,
    SecurityViolation,
    Unsupported,
    WriteProtected,
)
from firmware_store.layout import Layout
from firmware_store.records import HEADER_SIZE, Variable, encode_name


class Attributes(IntFlag):
    """UEFI, 8.2: the attributes of a variable, and APPEND_WRITE, which says how to write and is never stored."""

    NON_VOLATILE = 0x01
    BOOTSERVICE_ACCESS = 0x02
    RUNTIME_ACCESS = 0x04
    HARDWARE_ERROR_RECORD = 0x08
    AUTHENTICATED_WRITE_ACCESS = 0x10
    TIME_BASED_AUTHENTICATED_WRITE_ACCESS = 0x20
    APPEND_WRITE = 0x40


# Plain numbers for the path that is walked for each write: arithmetic on flags of an enum is thirty times slower.
NON_VOLATILE, BOOT, RUNTIME, ERROR_RECORD, COUNT_BASED, TIME_BASED, APPEND = (
    int(each) for each in Attributes
)
ACCESS = BOOT | RUNTIME
AUTHENTICATED = COUNT_BASED | TIME_BASED
ACCEPTED = NON_VOLATILE | ACCESS | ERROR_RECORD | AUTHENTICATED | APPEND


def is_deletion(data: bytes, attributes: int) -> bool:
    return not attributes & ACCESS or (not data and not attributes & APPEND)


def check_attributes(attributes: int) -> None:
    """Whether firmware takes these attributes at all, and this store can keep them."""
    if attributes & ~ACCEPTED:
        raise InvalidParameter(
            f"attributes {attributes:#x} have bits beyond {ACCEPTED:#x}, which firmware refuses"
        )
    if attributes & ACCESS == RUNTIME:
        raise InvalidParameter(
            f"attributes {attributes:#x}: run-time access needs boot-time access too (0x2)"
        )
    if attributes == NON_VOLATILE:
        raise InvalidParameter("attributes 0x1: non-volatile alone is not valid, add boot-time access (0x2)")
    if attributes & ACCESS and not attributes & NON_VOLATILE:
        raise InvalidParameter(
            f"attributes {attributes:#x}: a volatile variable lives in memory, add non-volatile (0x1)"
        )
    if attributes & (COUNT_BASED | ERROR_RECORD):
        raise Unsupported(
            f"attributes {attributes:#x}: count-based authentication (0x10) is withdrawn, and this flash has no room "
            "set apart for hardware error records (0x8)"
        )
    if attributes & TIME_BASED:
        raise SecurityViolation(
            f"attributes {attributes:#x} ask for a signed write, and the data carries no signature"
        )


def check_request(name: str, data: bytes, attributes: int, layout: Layout) -> None:
    """What can be said about a request before looking at the store."""
    if not name or "\0" in name:
        raise InvalidParameter(f"expected a name of at least one character and without NUL, got {name!r}")
    check_attributes(attributes)
    size = HEADER_SIZE + len(encode_name(name)) + len(data)
    if size > layout.largest:
        raise InvalidParameter(
            f"{name!r}: header, name and data take {size} bytes, the largest variable of the {layout.name} layout "
            f"takes {layout.largest}; store less"
        )


def check_change(held: Variable, attributes: int) -> None:
    """What can be said once the variable that is already there is known. No attributes at all means delete it."""
    # In this order, as real firmware answers: a plain write to an authenticated variable has other attributes.
    if attributes and attributes & ~APPEND != held.attributes:
        raise InvalidParameter(
            f"{held.name!r} has the attributes {held.attributes:#x}, the request {attributes:#x}; "
            "attributes never change, so delete the variable first"
        )
    if held.attributes & AUTHENTICATED:
        raise WriteProtected(
            f"{held.name!r} is an authenticated variable; only a signed request may change it"
        )


def appended(held: Variable, data: bytes, layout: Layout) -> bytes:
    """The data of a variable after an append."""
    size = HEADER_SIZE + len(encode_name(held.name)) + len(held.data) + len(data)
    if size > layout.largest:
        # Real firmware answers so; the specification would have it be out of resources.
        raise InvalidParameter(
            f"{held.name!r}: appending {len(data)} bytes makes {size} bytes with header and name, "
            f"the largest variable of the {layout.name} layout takes {layout.largest}"
        )
    return held.data + data
