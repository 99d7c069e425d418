"""A machine's settings as a REPSET file, and a file of settings applied to a machine.

A dump lists what the field's tools list (`setting_files_listed`), by Sequence; secrets come out empty. How a file is applied is told in `settings_applied`.
"""

from collections.abc import Iterable

from emulator.devices.asked_values import asked
from emulator.devices.setting_results import Outcome, Result
from emulator.devices.settings_applied import Execute, applied
from emulator.devices.wmi_classes import CLASS_OF
from emulator.firmware.catalogue import Setting
from emulator.firmware.firmware import Firmware
from emulator.firmware.settings import tokens
from emulator.protocol import repset, setting_files_listed
from emulator.protocol.repset import Dialect, Newline, Repset

__all__ = ["Execute", "Outcome", "Result", "applied", "asked", "dumpable", "dumped", "lines"]


def dumped(
    firmware: Firmware,
    dialect: Dialect = Dialect.BCU,
    *,
    comments: Iterable[str] = (),
    newline: Newline = "\r\n",
) -> Repset:
    """All settings that tools list, with their stored values."""
    entries = [
        (name, lines(each, firmware.value(name)))
        for name, each in firmware.catalogue.settings.items()
        if dumpable(each)
    ]
    return repset.make(entries, dialect, comments, newline=newline)


def dumpable(setting: Setting) -> bool:
    """Whether a dump lists this setting."""
    return setting_files_listed.is_listed(
        {"Class": CLASS_OF[setting.kind], "DisplayInUI": int(setting.shown)}
    )


def lines(setting: Setting, value: str) -> list[str]:
    """A value as it stands in a file, below the name."""
    told: dict[str, object] = {"Class": CLASS_OF[setting.kind], "Value": value, "CurrentValue": value}
    told |= {"PossibleValues": setting.values, "Elements": tokens(value)}
    return setting_files_listed.lines(told)
