"""The folder of a password: `authentication/NAME/`.

The driver keeps what is written into `current_password`, and says nothing if it is too short or too long: it was not kept. In the version
read, `new_password` goes to the same place, and nobody ever tells the firmware of it: passwords cannot be changed from Linux. The quirk
`linux_new_password` plays what the ABI text means: the new one, empty for none, is sent at once, and what was in `current_password`
proves that this may be done.

As far as its public source tells, the driver keeps 64 bytes of which a NUL takes the last, and answers EIO where it knows no role of a
password.
"""

import errno
from typing import cast

from emulator.devices.firmware_attributes import value_check, written_line
from emulator.devices.firmware_attributes.credentials import SETUP_PASSWORD
from emulator.devices.firmware_attributes.files import Folder, taken, told
from emulator.devices.firmware_attributes.firmware_calls import Instance
from emulator.devices.firmware_attributes.loaded import LoadedDriver
from emulator.devices.firmware_attributes.printed import cut, signed
from emulator.protocol import password

LONGEST = 64
"""Bytes that a password may have; the last one of them is lost."""
ROLES = {SETUP_PASSWORD: "bios-admin", "Power-On Password": "power-on"}


def folder(driver: LoadedDriver, instance: Instance) -> Folder:
    name = str(instance["Name"])
    return {
        "is_enabled": told(lambda: _is_enabled(driver, instance)),
        "role": told(ROLES.get(name, _unknown_role)),
        "mechanism": told("password"),
        "min_password_length": told(signed(cast("int", instance["MinLength"]))),
        "max_password_length": told(signed(cast("int", instance["MaxLength"]))),
        "encodings": told(";".join(cut(each) for each in value_check.members(instance, "SupportedEncoding"))),
        "current_password": taken(lambda data: _keep(driver, instance, data)),
        "new_password": taken(lambda data: _new(driver, instance, data), spends=_sends(driver)),
    }


def _is_enabled(driver: LoadedDriver, instance: Instance) -> str:
    """Whether it was set when the driver was loaded; a driver that changes passwords knows it of now."""
    return str((driver.now(str(instance["Name"])) if _sends(driver) else instance)["IsSet"])


def _sends(driver: LoadedDriver) -> bool:
    return driver.quirks.linux_new_password == "sent"  # noqa: S105 -- the value of a quirk


def _unknown_role() -> str:
    raise OSError(errno.EIO, "the driver knows no role of this password")


def _keep(driver: LoadedDriver, instance: Instance, data: bytes) -> None:
    written = written_line.line(data)
    ends_session = not written and driver.quirks.linux_credentials == "session"
    if ends_session or _fits(driver, instance, written):
        driver.credentials.keep_password(str(instance["Name"]), written[: LONGEST - 1])


def _fits(driver: LoadedDriver, instance: Instance, written: bytes) -> bool:
    shortest, longest = cast("int", instance["MinLength"]), cast("int", instance["MaxLength"])
    fits = shortest <= len(written) <= min(longest, LONGEST)
    if not fits and driver.quirks.linux_password_length == "refused":  # noqa: S105 -- the value of a quirk
        raise OSError(errno.EINVAL, f"a password of {shortest} to {longest} bytes was expected")
    return fits


def _new(driver: LoadedDriver, instance: Instance, data: bytes) -> None:
    if not _sends(driver):
        _keep(driver, instance, data)
        return
    written = written_line.line(data)
    if not written or _fits(driver, instance, written):
        _send(driver, str(instance["Name"]), written_line.text(written))
        driver.changed(restart=bool(instance["RequiresPhysicalPresence"]))


def _send(driver: LoadedDriver, name: str, new: str) -> None:
    """The setup password proves everything, a password itself its own change."""
    proof = driver.credentials.authorization() or driver.credentials.authorization(name)
    driver.firmware.set_setting(name, password.utf_16(new), proof)
