"""Secure Boot's variables: the keys, the mode that follows from them, and what firmware does about both at its start.

Without `PK` the platform is in setup mode: anybody may enrol keys. With `PK` it is in user mode: `PK` and `KEK` change
by signature of `PK`, the databases by signature of `PK` or of a certificate in `KEK`. In custom mode somebody in front
of the machine may change all of them without a signature; each start ends custom mode.

The mode itself (`SetupMode`, `SecureBoot`) is volatile and follows from `PK` alone, so it is not stored here. Stored
are `SecureBootEnable`, which appears with `PK` and goes with it; `CustomMode`; and `VendorKeysNv`, which falls to 0
for good when keys were changed without a signature in user mode, or `PK` in custom mode.
"""

from typing import NamedTuple
from uuid import UUID

from firmware_store import certdb
from firmware_store.errors import InvalidParameter, PresenceRequired, WriteProtected
from firmware_store.records import Variable
from firmware_store.set_variable import APPEND, is_deletion
from firmware_store.variables import VariableStore


class Place(NamedTuple):
    """The name of a variable, with its vendor."""

    guid: UUID
    name: str


# UEFI, 3.3 and 32.6.1.
GLOBAL = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
SECURITY_DATABASE = UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f")
PK, KEK = Place(GLOBAL, "PK"), Place(GLOBAL, "KEK")
DATABASES = tuple(Place(SECURITY_DATABASE, name) for name in ("db", "dbx", "dbt"))
KEYS = (PK, KEK, *DATABASES)
KEY_ATTRIBUTES = 0x27

# EDK2, SecurityPkg.dec and AuthenticatedVariableFormat.h, with the attributes it gives them.
SECURE_BOOT_ENABLE = Place(UUID("f0a30bc7-af08-4556-99c4-001009c93a44"), "SecureBootEnable")
CUSTOM_MODE = Place(UUID("c076ec0c-7028-4399-a072-71ee5c448b9f"), "CustomMode")
VENDOR_KEYS = Place(UUID("9073e4e0-60ec-4b6e-9903-4c223c260f3c"), "VendorKeysNv")
KEY_DATABASE = Place(UUID("aaf32c78-947b-439a-a180-2e144ec37792"), "AuthVarKeyDatabase")
SWITCHES = (SECURE_BOOT_ENABLE, CUSTOM_MODE)
SWITCH_ATTRIBUTES, VENDOR_KEYS_ATTRIBUTES = 0x03, 0x23
OURS = (VENDOR_KEYS, KEY_DATABASE, Place(certdb.CERTDB_GUID, certdb.CERTDB_NAME))
OFF, ON = b"\0", b"\1"
MODIFIED, VALID = b"\0", b"\1"


def setup_mode(store: VariableStore) -> bool:
    return store.find(*PK) is None


def custom_mode(store: VariableStore) -> bool:
    held = store.find(*CUSTOM_MODE)
    return held is not None and held.data == ON


def start(store: VariableStore) -> None:
    """What firmware does to these variables each time it starts."""
    with store.transaction():
        if setup_mode(store) or store.find(*SECURE_BOOT_ENABLE) is None:
            mode_changed(store)
        _put(store, CUSTOM_MODE, OFF, SWITCH_ATTRIBUTES)
        certdb.drop_orphans(store)
        if store.find(*VENDOR_KEYS) is None:
            _put(store, VENDOR_KEYS, VALID, VENDOR_KEYS_ATTRIBUTES)


def mode_changed(store: VariableStore) -> None:
    """`PK` has come or gone."""
    if setup_mode(store):
        store.remove(*SECURE_BOOT_ENABLE)
    else:
        _put(store, SECURE_BOOT_ENABLE, ON, SWITCH_ATTRIBUTES)


def keys_modified(store: VariableStore) -> None:
    """Keys were changed by hand."""
    _put(store, VENDOR_KEYS, MODIFIED, VENDOR_KEYS_ATTRIBUTES)


def _put(store: VariableStore, place: Place, data: bytes, attributes: int) -> None:
    store.put(Variable(*place, attributes, data))


def check_property(place: Place, value: bytes, attributes: int) -> None:
    """What firmware demands of the variables it knows, before it looks at what is there."""
    if place in OURS:
        raise WriteProtected(f"{place.name!r} belongs to the firmware; nobody else writes it")
    wanted = KEY_ATTRIBUTES if place in KEYS else SWITCH_ATTRIBUTES if place in SWITCHES else None
    if wanted is None or is_deletion(value, attributes):
        return
    if attributes & ~APPEND != wanted or (place in SWITCHES and len(value) != 1):
        raise InvalidParameter(
            f"{place.name!r} has the attributes {wanted:#x}{' and one byte' if place in SWITCHES else ''}, "
            f"the request {attributes:#x} and {len(value)} bytes"
        )


def check_presence(place: Place, *, physically_present: bool) -> None:
    if place in SWITCHES and not physically_present:
        raise PresenceRequired(f"{place.name!r} is changed in front of the machine only")
