"""The folder of the firmware's event log: `attributes/Sure_Start/`.

`audit_log_entry_count` tells how many entries there are, the bytes of each, and how many there can be. `audit_log_entries` are those bytes, the newest
entry first; more than a page of them is EIO. An entry that cannot be read ends the list, as in the driver's public source: it may have been
cleared meanwhile.
"""

import errno

from emulator.devices.firmware_attributes.files import PAGE, Folder, raw, told
from emulator.devices.firmware_attributes.firmware_calls import FirmwareCalls
from emulator.devices.firmware_attributes.loaded import LoadedDriver

COMMAND = 0x20006
GET_COUNT, GET_ENTRY = 0x01, 0x02
"""A client's own copy: a driver and a firmware have no header in common."""
ENTRY_SIZE, ENTRY_REPLY = 16, 128
MOST_ENTRIES = 254


def folder(driver: LoadedDriver) -> Folder:
    firmware = driver.firmware
    return {
        "audit_log_entry_count": told(lambda: f"{_count(firmware)},{ENTRY_SIZE},{MOST_ENTRIES}"),
        "audit_log_entries": raw(lambda: _entries(firmware)),
    }


def _count(firmware: FirmwareCalls) -> int:
    return int.from_bytes(firmware.command(COMMAND, GET_COUNT, b"\0", 4), "little")


def _entries(firmware: FirmwareCalls) -> bytes:
    count = _count(firmware)
    if count * ENTRY_SIZE > PAGE:
        raise OSError(errno.EIO, f"the {count} entries of the log are more than a page")
    entries = b""
    for number in range(1, count + 1):
        try:
            entry = firmware.command(COMMAND, GET_ENTRY, bytes([number]), ENTRY_REPLY)
        except OSError:
            break
        entries += entry[:ENTRY_SIZE]
    return entries
