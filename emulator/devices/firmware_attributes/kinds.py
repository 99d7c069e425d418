"""The kinds of settings: the class that each is of, and what the driver has of its own for it.

A password is no setting here: it has a folder elsewhere, and no value.
"""

from collections.abc import Callable, Mapping
from typing import cast

from emulator.devices.firmware_attributes import value_check
from emulator.devices.firmware_attributes.files import Folder, told
from emulator.devices.firmware_attributes.firmware_calls import Instance
from emulator.devices.firmware_attributes.printed import cut, signed
from emulator.protocol.frozen import frozen

PASSWORD = "HPBIOS_BIOSPassword"  # noqa: S105 -- the name of a class


@frozen
class Kind:
    """One kind: the word in `type`, how a value is told, the files of its own, and what of a written value is looked at."""

    type: str
    value: Callable[[Instance], str]
    files: Callable[[Instance], Folder]
    check: Callable[[Instance, bytes], bytes]


def of(instance: Instance) -> Kind:
    return KINDS[str(instance["Class"])]


def _choices(instance: Instance) -> Folder:
    return {"possible_values": told(_joined(instance, "PossibleValues"))}


def _bounds(instance: Instance) -> Folder:
    lower, upper = cast("int", instance["LowerBound"]), cast("int", instance["UpperBound"])
    return {
        "lower_bound": told(signed(lower)),
        "upper_bound": told(signed(upper)),
        "min_value": told(lower),
        "max_value": told(upper),
        "scalar_increment": told(signed(cast("int", instance["ScalarIncrement"]))),
    }


def _lengths(instance: Instance) -> Folder:
    return {
        "min_length": told(signed(cast("int", instance["MinLength"]))),
        "max_length": told(signed(cast("int", instance["MaxLength"]))),
    }


def _elements(instance: Instance) -> Folder:
    # As they were when the driver was loaded: a function, because the next load may find another order.
    elements = _joined(instance, "Elements")
    return {"elements": told(lambda: elements)}


def _joined(instance: Instance, name: str) -> str:
    return ";".join(cut(each) for each in value_check.members(instance, name))


def _number(instance: Instance) -> str:
    # As far as the driver's public source tells: what does not fit its number leaves it as it was.
    number = cast("int", instance["IntValue"])
    return str(number if number <= value_check.LARGEST else 0)


def _text(instance: Instance) -> str:
    return cut(str(instance["Value"]))


KINDS: Mapping[str, Kind] = {
    "HPBIOS_BIOSEnumeration": Kind(
        "enumeration",
        lambda instance: cut(str(instance["CurrentValue"])),
        _choices,
        value_check.enumeration,
    ),
    "HPBIOS_BIOSInteger": Kind("integer", _number, _bounds, value_check.integer),
    "HPBIOS_BIOSString": Kind("string", _text, _lengths, value_check.string),
    "HPBIOS_BIOSOrderedList": Kind(
        "ordered-list",
        lambda instance: _text(instance).replace(",", ";"),
        _elements,
        value_check.ordered_list,
    ),
}
"""By class."""
