"""The tree of the driver's folders: every path and its file.

    hp-bioscfg/attributes/NAME/...          a setting
    hp-bioscfg/attributes/Sure_Start/...    the event log
    hp-bioscfg/attributes/pending_reboot
    hp-bioscfg/authentication/NAME/...      a password
    hp-bioscfg/authentication/SPM/...       Secure Platform Management

Of two settings whose folders would have the same name the driver takes the first, as far as its public source tells.
"""

from collections.abc import Mapping

from emulator.devices.firmware_attributes import audit_log, password_folder, setting_folder
from emulator.devices.firmware_attributes.files import File, Folder, told
from emulator.devices.firmware_attributes.kinds import PASSWORD
from emulator.devices.firmware_attributes.loaded import LoadedDriver
from emulator.devices.firmware_attributes.secure_platform_folder import SecurePlatformFolder

NAME = "hp-bioscfg"

Tree = Mapping[str, File | tuple[str, ...]]
"""By path: a file, or the names that a folder holds."""


def tree(driver: LoadedDriver) -> Tree:
    attributes, authentication = _attributes(driver), _authentication(driver)
    folders: dict[str, Mapping[str, Folder | File]] = {
        f"{NAME}/attributes": attributes,
        f"{NAME}/authentication": authentication,
    }
    made: dict[str, File | tuple[str, ...]] = {"": (NAME,), NAME: ("attributes", "authentication")}
    for path, content in folders.items():
        made[path] = tuple(content)
        for name, inside in content.items():
            if isinstance(inside, File):
                made[f"{path}/{name}"] = inside
                continue
            made[f"{path}/{name}"] = tuple(inside)
            made.update({f"{path}/{name}/{file}": each for file, each in inside.items()})
    return made


def _attributes(driver: LoadedDriver) -> dict[str, Folder | File]:
    made: dict[str, Folder | File] = {}
    for instance in driver.at_load.instances:
        if instance["Class"] != PASSWORD:
            made.setdefault(
                setting_folder.folder_name(str(instance["Name"])), setting_folder.folder(driver, instance)
            )
    made["Sure_Start"] = audit_log.folder(driver)
    made["pending_reboot"] = told(lambda: str(int(driver.pending_reboot)))
    return made


def _authentication(driver: LoadedDriver) -> dict[str, Folder | File]:
    made: dict[str, Folder | File] = {
        setting_folder.folder_name(str(each["Name"])): password_folder.folder(driver, each)
        for each in driver.at_load.instances
        if each["Class"] == PASSWORD
    }
    if driver.at_load.secure_platform is not None:
        made["SPM"] = SecurePlatformFolder(driver, driver.at_load.secure_platform).files()
    return made
