"""The settings of a machine as instances of WMI classes.

`Value` is the form that tools print: of an enumeration all values, joined with commas, a star before the one that is chosen; of an
ordered list its entries; of a password and of a secret nothing. Whatever waits for a restart is told already, as the field's tools show it.

Prerequisites are told as `Name=Value`, several values with `|` between; how real machines write them is not published. A security level
is the number of what a user who is no administrator may do: 0 change it, 1 see it, 2 neither, and 0 where a machine has no such levels.
"""

from collections.abc import Callable, Mapping

from emulator.devices.wmi_schema import CLASS_PROPERTY, SETTING_INTERFACE, Instance
from emulator.firmware import settings
from emulator.firmware.catalogue import IS_SET, SECURITY_LEVELS, Condition, Kind, Setting
from emulator.firmware.firmware import Firmware
from emulator.firmware.turn import condition_value_of

CLASS_OF: Mapping[Kind, str] = {
    Kind.STRING: "HPBIOS_BIOSString",
    Kind.INTEGER: "HPBIOS_BIOSInteger",
    Kind.ENUMERATION: "HPBIOS_BIOSEnumeration",
    Kind.ORDERED_LIST: "HPBIOS_BIOSOrderedList",
    Kind.PASSWORD: "HPBIOS_BIOSPassword",
}


def instance(firmware: Firmware, setting: Setting) -> Instance:
    value = firmware.value(setting.name)
    return {
        CLASS_PROPERTY: CLASS_OF[setting.kind],
        "Name": setting.name,
        "Value": _chosen(setting, value) if setting.kind is Kind.ENUMERATION else value,
        "Path": setting.wmi_path,
        "IsReadOnly": int(setting.read_only),
        "DisplayInUI": int(setting.shown),
        "RequiresPhysicalPresence": int(setting.physical_presence),
        "Sequence": setting.sequence,
        "Prerequisites": [_told(condition) for condition in setting.requires],
        "SecurityLevel": _security_level(firmware, setting),
        **_OWN[setting.kind](firmware, setting, value),
    }


def instances(firmware: Firmware) -> list[Instance]:
    """Each setting that the machine lists, by Sequence."""
    return [instance(firmware, setting) for setting in firmware.catalogue.settings.values()]


def interface() -> Instance:
    """The one instance whose methods change settings."""
    return {CLASS_PROPERTY: SETTING_INTERFACE}


def _chosen(setting: Setting, value: str) -> str:
    return ",".join(f"*{each}" if each == value else each for each in setting.values)


def _told(condition: Condition) -> str:
    return f"{condition.setting}={'|'.join(condition.values)}"


def _security_level(firmware: Firmware, setting: Setting) -> int:
    level = firmware.catalogue.settings.get(setting.security_level)
    return 0 if level is None else SECURITY_LEVELS.index(firmware.value(level.name))


def _string(_: Firmware, setting: Setting, _value: str) -> Instance:
    return {"MinLength": setting.min_length, "MaxLength": setting.max_length}


def _integer(_: Firmware, setting: Setting, value: str) -> Instance:
    return {
        "LowerBound": setting.lower_bound,
        "UpperBound": setting.upper_bound,
        "IntValue": int(value) if value.isascii() and value.isdigit() else 0,
    }


def _enumeration(_: Firmware, setting: Setting, value: str) -> Instance:
    return {"CurrentValue": value, "PossibleValues": list(setting.values), "Size": len(setting.values)}


def _ordered_list(_: Firmware, _setting: Setting, value: str) -> Instance:
    elements = list(settings.tokens(value))
    return {"Elements": elements, "Size": len(elements)}


def _password(firmware: Firmware, setting: Setting, _value: str) -> Instance:
    told = condition_value_of(firmware.catalogue, firmware.memory, setting.name)
    return {
        "MinLength": setting.min_length,
        "MaxLength": setting.max_length,
        "SupportedEncoding": list(setting.encodings),
        "IsSet": int(told == IS_SET),
    }


_OWN: Mapping[Kind, Callable[[Firmware, Setting, str], Instance]] = {
    Kind.STRING: _string,
    Kind.INTEGER: _integer,
    Kind.ENUMERATION: _enumeration,
    Kind.ORDERED_LIST: _ordered_list,
    Kind.PASSWORD: _password,
}
