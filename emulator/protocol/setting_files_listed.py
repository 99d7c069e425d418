"""What an export lists of a machine's settings, and how a value stands in a replicated setup.

Both are told by what WMI tells of a setting. Passwords are never listed, nor what the screen does not show; a number is always listed. An
enumeration stands with all its values and a star before the chosen one, a list line by line, and an empty list as one empty line.
"""

from emulator.protocol.setting_files_entry import (
    ENUMERATION_CLASS,
    INTEGER_CLASS,
    LIST_CLASS,
    PASSWORD_CLASS,
    Instance,
)


def is_listed(instance: Instance) -> bool:
    """Whether an export has this setting."""
    kind = instance["Class"]
    return kind != PASSWORD_CLASS and (kind == INTEGER_CLASS or bool(instance["DisplayInUI"]))


def lines(instance: Instance) -> list[str]:
    """A value as it stands in a file, below the name."""
    if instance["Class"] == ENUMERATION_CLASS and (words := _texts(instance["PossibleValues"])):
        return [f"*{word}" if word == instance["CurrentValue"] else word for word in words]
    if instance["Class"] == LIST_CLASS:
        return _texts(instance["Elements"]) or [""]
    return [str(instance.get("CurrentValue", instance["Value"]))]


def _texts(value: object) -> list[str]:
    assert isinstance(value, list | tuple)
    return [str(each) for each in value]
