"""What the platform itself writes of Secure Boot: the keys of its factory, and its switch.

Firmware asks strangers for a signature. It has none of its own, and needs none: it writes where no SetVariable is looked
at, as a factory's programmer does. What it leaves is what a signed request would have left: the attributes of a key, and
a time stamp that never falls, so that no older request can be played back because the platform wrote in between.
"""

from firmware_store.formats import EFI_TIME
from firmware_store.records import Variable
from firmware_store.secure_boot import KEY_ATTRIBUTES, KEYS, SECURE_BOOT_ENABLE, SWITCH_ATTRIBUTES, Place
from firmware_store.signed_request import moment
from firmware_store.variables import VariableStore

FACTORY_TIME = EFI_TIME.pack(2012, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)
"""2012-01-01 00:00:00: the year of the first machines with Secure Boot, so whatever anybody signs now is later."""
WRITTEN = frozenset({*KEYS, SECURE_BOOT_ENABLE})


def put(store: VariableStore, place: Place, value: bytes) -> None:
    """Writes one of the keys, or the switch; an empty value takes it away."""
    if place not in KEYS:
        store.put(Variable(*place, SWITCH_ATTRIBUTES, value))
        return
    held = store.find(*place)
    stamp = FACTORY_TIME if held is None else max(held.time_stamp, FACTORY_TIME, key=moment)
    store.put(Variable(*place, KEY_ATTRIBUTES, value, stamp))
