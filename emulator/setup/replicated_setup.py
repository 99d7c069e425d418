"""Replicated Setup: all settings as one file on the USB stick, and back.

The file is the firmware's dialect of REPSET: no header line, UTF-16. Restoring stages what differs, entry by entry, as if somebody had
changed it by hand; nothing is stored before it is saved, and whoever may not change a setting may not do it this way either. A setting
that is grey until another one of the file has changed is tried again after that. Of two entries of one name the first counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from emulator.devices import settings_file
from emulator.firmware.catalogue import Setting
from emulator.firmware.firmware import Firmware
from emulator.firmware.refusals import Refused
from emulator.protocol import repset
from emulator.protocol.repset import Dialect, Entry
from emulator.protocol.setting_files import FileEntry
from emulator.setup.navigator import ORDER_ROLES
from emulator.setup.standing import standing

FILE = "HPSETUP.TXT"
"""The name that the vendor's tool for Linux uses."""
LARGEST = 1 << 20
"""Bytes of a file; one of the largest packaged model has a thirtieth."""

Stage = Callable[[str, str], None]
"""Stages one setting. Raises Refused."""


@dataclass
class Restored:
    """What became of the entries of a file: how many were staged, how many stood so already, and why others were not."""

    staged: int = 0
    same: int = 0
    refused: list[str] = field(default_factory=list)


def text(firmware: Firmware) -> bytes:
    """The file for this machine, with what whoever is in Computer Setup may see."""
    entries = [
        (name, settings_file.lines(each, firmware.value(name)))
        for name, each in firmware.catalogue.settings.items()
        if settings_file.dumpable(each) and firmware.may_see(name)
    ]
    return repset.make(entries, Dialect.FIRMWARE).render()


def restore(firmware: Firmware, data: bytes, stage: Stage) -> Restored:
    """Stage what the file asks for. Raises ProtocolError for a file that is none."""
    result = Restored()
    entries = {entry.name: entry for entry in reversed(repset.parse(data).entries)}
    waiting = [(entry, firmware.catalogue.every.get(name)) for name, entry in reversed(entries.items())]
    while waiting:
        refused = [(each, why) for each in waiting if (why := _tried(firmware, *each, stage, result))]
        if len(refused) == len(waiting):
            result.refused = [why for _, why in refused]
            break
        waiting = [each for each, _ in refused]
    return result


def _tried(firmware: Firmware, entry: Entry, setting: Setting | None, stage: Stage, result: Restored) -> str:
    """Stage one entry; the sentence that refuses it, or nothing."""
    # What is hidden from whoever is here is as if it were not there: else the answers would tell its value.
    if setting is None or not firmware.may_see(entry.name):
        return f"Line {entry.line}: this machine has no setting {entry.name!r}."
    value = settings_file.asked(setting.kind, FileEntry(entry.name, entry.lines, flat=False, line=entry.line))
    if value is None:
        return f"Line {entry.line}: {entry.name!r} needs one value, in an enumeration one with a star."
    if setting.role in ORDER_ROLES and value != setting.default:
        return f"Line {entry.line}: {entry.name!r} is an order, which is given by hand only."
    if _stands(firmware, setting, value):
        result.same += 1
        return ""
    try:
        stage(entry.name, value)
    except Refused as refusal:
        return f"Line {entry.line}: {str(refusal).removesuffix('.')}."
    result.staged += 1
    return ""


def _stands(firmware: Firmware, setting: Setting, value: str) -> bool:
    """Whether there is nothing to change. A secret is never compared; a file that has none leaves it alone."""
    return not value if setting.secret else value == standing(firmware, setting).value
