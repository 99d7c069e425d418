"""The folder of one setting: `attributes/NAME/`.

It is called as the firmware calls the setting, blanks and all, with `!` for the slash that no file name may have. The driver then
writes to the setting of that very name, which the firmware does not know; the quirk `linux_slash` plays that. Its files are those of its
kind, and `display_name`, which for a setting of the page of scheduled starts says so. There is no `default_value`.
"""

import errno

from emulator.devices.firmware_attributes import kinds, written_line
from emulator.devices.firmware_attributes.credentials import SETUP_PASSWORD
from emulator.devices.firmware_attributes.files import Folder, both, told
from emulator.devices.firmware_attributes.firmware_calls import Instance
from emulator.devices.firmware_attributes.loaded import LoadedDriver
from emulator.devices.firmware_attributes.printed import cut

SCHEDULED = "Scheduled Power-On"
LANGUAGE = "en_US.UTF-8"


def folder_name(name: str) -> str:
    return name.replace("/", "!")


def folder(driver: LoadedDriver, instance: Instance) -> Folder:
    name, kind = str(instance["Name"]), kinds.of(instance)
    kept = folder_name(name)
    display = f"{SCHEDULED} - {kept}" if SCHEDULED in str(instance["Path"]) else kept
    writable = not instance["IsReadOnly"] or driver.quirks.linux_read_only == "EIO"
    return {
        "type": told(kind.type),
        "current_value": both(
            lambda: kind.value(driver.now(name)),
            lambda data: _store(driver, instance, data),
            writable=writable,
            spends=True,
        ),
        "display_name": told(cut(display)),
        "display_name_language_code": told(LANGUAGE),
        **kind.files(instance),
    }


def _store(driver: LoadedDriver, instance: Instance, data: bytes) -> None:
    name = str(instance["Name"])
    value = kinds.of(instance).check(instance, written_line.line(data))
    _require_setup_password(driver)
    sent = name if driver.quirks.linux_slash == "given back" else folder_name(name)
    driver.firmware.set_setting(sent, written_line.text(value), driver.credentials.authorization())
    driver.changed(restart=bool(instance["RequiresPhysicalPresence"]))


def _require_setup_password(driver: LoadedDriver) -> None:
    """The driver looks there for what proves somebody; that it gives up on a machine without such a place is read in its public source."""
    if not any(each["Name"] == SETUP_PASSWORD for each in driver.at_load.instances):
        raise OSError(errno.EINVAL, f"this machine has no {SETUP_PASSWORD!r}")
