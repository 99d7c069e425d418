"""The flash image of the emulated PC: bytes, never their meaning.

    image = Image("pc/flash.fd")
    image.create(FOUR_MEGABYTE)
    with image.transaction() as store:
        store.set(guid, "Setting", b"value", Attributes.NON_VOLATILE | Attributes.BOOTSERVICE_ACCESS)
    image.open().get(guid, "Setting").data

The image is what UEFI firmware built from EDK2 keeps its variables in, so such firmware and its tools read it. The
real machine's own format is not documented; that this one stands in its place is our decision.
"""

from firmware_store.errors import StoreError, VariableError
from firmware_store.flash import Cut, NORFlash, Operation
from firmware_store.image import FlashImage, Image, MemoryImage
from firmware_store.layout import AARCH64, FOUR_MEGABYTE, LAYOUTS, TINY, TWO_MEGABYTE, Layout
from firmware_store.records import Record, Variable
from firmware_store.set_variable import Attributes
from firmware_store.variables import VariableStore
from firmware_store.volume import blank, detect

__all__ = [
    "AARCH64",
    "FOUR_MEGABYTE",
    "LAYOUTS",
    "TINY",
    "TWO_MEGABYTE",
    "Attributes",
    "Cut",
    "FlashImage",
    "Image",
    "Layout",
    "MemoryImage",
    "NORFlash",
    "Operation",
    "Record",
    "StoreError",
    "Variable",
    "VariableError",
    "VariableStore",
    "blank",
    "detect",
]
