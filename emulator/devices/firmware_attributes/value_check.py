"""What the driver itself looks at before the firmware is asked: is this a value for a setting of this kind?

* An enumeration takes one of its values, of which the driver knows 16; anything else is EINVAL.
* An integer is decimal, with a sign or without, and fits 32 bits with a sign; else EINVAL, or ERANGE if it is too large.
  It is compared with the bounds as a number without sign, and ERANGE outside. Steps are the firmware's business.
* A string has a length in bytes; ERANGE outside.
* An ordered list has something in it; its semicolons become the firmware's commas. Its elements are the firmware's business, and so is
  whether it is read-only.

Where a setting is read-only the other kinds are EIO before anything else. Nobody gets that far while its file cannot be opened for writing.

Each check returns what was written as it goes to the firmware, or raises OSError.
"""

import errno
import re
from typing import cast

from emulator.devices.firmware_attributes.firmware_calls import Instance

MOST_VALUES = 16
"""Possible values, elements and encodings that the driver keeps; the firmware's further ones are left out."""
LARGEST, SMALLEST = (1 << 31) - 1, -(1 << 31)


def members(instance: Instance, name: str) -> list[str]:
    return cast("list[str]", instance[name])[:MOST_VALUES]


def enumeration(instance: Instance, written: bytes) -> bytes:
    _require_writable(instance)
    possible = members(instance, "PossibleValues")
    if written not in (each.encode() for each in possible):
        listed = ", ".join(map(repr, possible))
        raise OSError(errno.EINVAL, f"one of {listed} was expected")
    return written


def integer(instance: Instance, written: bytes) -> bytes:
    _require_writable(instance)
    if not re.fullmatch(rb"[+-]?[0-9]+", written):
        raise OSError(errno.EINVAL, "a decimal number was expected")
    number = int(written)
    lower, upper = cast("int", instance["LowerBound"]), cast("int", instance["UpperBound"])
    if not SMALLEST <= number <= LARGEST or not lower <= number & 0xFFFFFFFF <= upper:
        raise OSError(errno.ERANGE, f"a number from {lower} to {min(upper, LARGEST)} was expected")
    return written


def string(instance: Instance, written: bytes) -> bytes:
    _require_writable(instance)
    shortest, longest = cast("int", instance["MinLength"]), cast("int", instance["MaxLength"])
    if not shortest <= len(written) <= longest:
        raise OSError(errno.ERANGE, f"{shortest} to {longest} bytes were expected; {len(written)} came")
    return written


def ordered_list(_: Instance, written: bytes) -> bytes:
    if not written:
        raise OSError(errno.EINVAL, "elements were expected, with semicolons between")
    return written.replace(b";", b",")


def _require_writable(instance: Instance) -> None:
    if instance["IsReadOnly"]:
        raise OSError(errno.EIO, "this setting is read-only")
