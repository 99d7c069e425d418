"""Authenticated variables: SetVariable for everybody, signed or not.

    with image.transaction() as store:
        authenticated.set_variable(store, guid, "db", data, 0x27 | Attributes.APPEND_WRITE)

A request whose attributes ask for it (0x20) begins its data with a descriptor: a time stamp and a signature over the
whole request. Who may sign depends on the variable:

| variable | setup mode | user mode |
|---|---|---|
| `PK` | the key inside the new `PK` | the key in the present `PK`, itself |
| `KEK` | anybody, without a signature | `PK` |
| `db`, `dbx`, `dbt` | anybody, without a signature | `PK`, or whom a certificate in `KEK` leads to |
| any other | whoever signed it first | the same |

Where no signature is needed the descriptor must still be there; its time stamp is stored. In custom mode, somebody in
front of the machine (`physically_present`) changes keys without a signature, and he may delete other authenticated
variables.

This is EDK2's behaviour as the firmware of Debian shows it, down to the bytes that are stored. Two of its ways look
odd and are kept, because what an image says must not depend on who wrote it: an append that creates a variable leaves
its time stamp zero, and a database request by a stranger is answered with EFI_NOT_FOUND as long as there is no `KEK`.

Where a request changes more than one variable (`SecureBootEnable`, `VendorKeysNv`, `certdb`), they change together or
not at all. Firmware writes them one after the other.
"""

from uuid import UUID

from firmware_store import redo, secure_boot
from firmware_store.errors import InvalidParameter, WriteProtected
from firmware_store.private_variables import delete_private, set_private
from firmware_store.records import HEADER_SIZE, Variable, encode_name
from firmware_store.secure_boot import KEYS, Place
from firmware_store.secure_boot_keys import set_key
from firmware_store.set_variable import APPEND, AUTHENTICATED, BOOT, TIME_BASED, check_attributes
from firmware_store.signed_request import SignedRequest, read_request
from firmware_store.variables import VariableStore


def set_variable(
    store: VariableStore,
    guid: UUID,
    name: str,
    data: bytes,
    attributes: int,
    *,
    physically_present: bool = False,
) -> None:
    """SetVariable as firmware does it at boot time. Raises a `VariableError` with the status that firmware returns."""
    redo.refuse(guid)
    place = Place(guid, name)
    with store.transaction():
        if attributes & TIME_BASED:
            _set_signed(store, place, data, attributes, physically_present=physically_present)
        else:
            _set_plain(store, place, data, attributes, physically_present=physically_present)


def _set_plain(
    store: VariableStore, place: Place, data: bytes, attributes: int, *, physically_present: bool
) -> None:
    secure_boot.check_property(place, data, attributes)
    if place in KEYS:
        raise InvalidParameter(f"{place.name!r} is changed by signed requests only: attributes 0x27")
    held = store.find(*place)
    _check_same_attributes(held, attributes)
    secure_boot.check_presence(place, physically_present=physically_present)
    if held is not None and held.attributes & AUTHENTICATED:
        raise WriteProtected(
            f"{place.name!r} is an authenticated variable; only a signed request may change it"
        )
    store.set(*place, data, attributes)


def _set_signed(
    store: VariableStore, place: Place, data: bytes, attributes: int, *, physically_present: bool
) -> None:
    check_attributes(attributes & ~TIME_BASED)
    if not attributes & BOOT:
        raise InvalidParameter(f"attributes {attributes:#x}: a signed variable needs boot-time access (0x2)")
    request = read_request(*place, data, attributes)
    _check_size(store, request)
    secure_boot.check_property(place, request.value, attributes)
    held = store.find(*place)
    _check_same_attributes(held, attributes)
    if place in KEYS:
        by_hand = physically_present and secure_boot.custom_mode(store)
        set_key(store, place, request, held, by_hand=by_hand)
    elif held is not None and request.deletes and physically_present:
        delete_private(store, request)
    else:
        secure_boot.check_presence(place, physically_present=physically_present)
        set_private(store, request, held)


def _check_size(store: VariableStore, request: SignedRequest) -> None:
    name, largest = request.name, store.layout.largest_authenticated
    if not name or "\0" in name:
        raise InvalidParameter(f"expected a name of at least one character and without NUL, got {name!r}")
    size = HEADER_SIZE + len(encode_name(name)) + len(request.value)
    if size > largest:
        raise InvalidParameter(
            f"{name!r}: header, name and value take {size} bytes, the largest authenticated variable of the "
            f"{store.layout.name} layout takes {largest}; store less"
        )


def _check_same_attributes(held: Variable | None, attributes: int) -> None:
    if held is not None and attributes and attributes & ~APPEND != held.attributes:
        raise InvalidParameter(
            f"{held.name!r} has the attributes {held.attributes:#x}, the request {attributes:#x}; "
            "attributes never change, so delete the variable first"
        )
