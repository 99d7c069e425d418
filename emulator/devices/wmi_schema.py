r"""The classes of `root\HP\InstrumentedBIOS`, with their properties: what a query may name.

`HP_*` are the base classes, `HPBIOS_*` those that instances belong to; a query on a base class returns the instances of all below it.
A property that holds several values cannot be compared, as in WMI itself. All are read-only: changes go through the methods of the one
`HPBIOS_BIOSSettingInterface`. `HP_BIOSUserInterface`, which real machines have for BIOS users, is not there: they have none here.

An instance travels as JSON: a member for each property, and `Class`, which WMI calls `__CLASS`.
"""

from collections.abc import Mapping
from enum import Enum

from emulator.protocol.frozen import frozen

NAMESPACE = "root\\HP\\InstrumentedBIOS"
CLASS_PROPERTY = "Class"

Instance = dict[str, object]


class Type(Enum):
    """What a property holds."""

    TEXT = "string"
    NUMBER = "uint32"
    TEXTS = "string[]"


@frozen
class WMIClass:
    """One class; `properties` are its own and those that it inherits."""

    name: str
    base: str
    properties: Mapping[str, Type]
    methods: tuple[str, ...] = ()


_BASE: Mapping[str, Type] = {
    "Name": Type.TEXT,
    "Value": Type.TEXT,
    "Path": Type.TEXT,
    "IsReadOnly": Type.NUMBER,
    "DisplayInUI": Type.NUMBER,
    "RequiresPhysicalPresence": Type.NUMBER,
    "Sequence": Type.NUMBER,
    "Prerequisites": Type.TEXTS,
    "SecurityLevel": Type.NUMBER,
}
_LENGTHS: Mapping[str, Type] = {"MinLength": Type.NUMBER, "MaxLength": Type.NUMBER}
_OWN: Mapping[str, Mapping[str, Type]] = {
    "BIOSString": _LENGTHS,
    "BIOSInteger": {"LowerBound": Type.NUMBER, "UpperBound": Type.NUMBER, "IntValue": Type.NUMBER},
    "BIOSEnumeration": {"CurrentValue": Type.TEXT, "PossibleValues": Type.TEXTS, "Size": Type.NUMBER},
    "BIOSOrderedList": {"Elements": Type.TEXTS, "Size": Type.NUMBER},
    "BIOSPassword": {**_LENGTHS, "SupportedEncoding": Type.TEXTS, "IsSet": Type.NUMBER},
}
"""What each kind of setting has beside the base."""

SETTING, SETTING_INTERFACE = "HP_BIOSSetting", "HPBIOS_BIOSSettingInterface"
METHODS = ("SetBIOSSetting(Name, Value, [Password])", "SetSystemDefaults([Password])")


def _classes() -> list[WMIClass]:
    made = [WMIClass(SETTING, "", _BASE)]
    for name, own in _OWN.items():
        made.append(WMIClass(f"HP_{name}", SETTING, {**_BASE, **own}))
        made.append(WMIClass(f"HPBIOS_{name}", f"HP_{name}", {**_BASE, **own}))
    abstract = WMIClass("HP_BIOSSettingInterface", "", {}, METHODS)
    return [*made, abstract, WMIClass(SETTING_INTERFACE, abstract.name, {}, METHODS)]


CLASSES: Mapping[str, WMIClass] = {each.name.casefold(): each for each in _classes()}
"""By name, without case."""


def belongs(instance_class: str, asked: WMIClass) -> bool:
    """Whether instances of the class named first are returned for the class that is asked for."""
    name = instance_class
    while name:
        if name == asked.name:
            return True
        name = CLASSES[name.casefold()].base
    return False
