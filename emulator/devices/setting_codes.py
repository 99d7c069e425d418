"""What the setting interface returns for a refusal. Real machines may differ here, which is a quirk of the machine's."""

from emulator.firmware.firmware import Firmware
from emulator.firmware.refusals import (
    AnotherMachine,
    NonceTooOld,
    Refused,
    SignatureNeeded,
    SignatureRefused,
)
from emulator.protocol.status import SettingStatus


def told(firmware: Firmware, refusal: Refused) -> tuple[SettingStatus, str]:
    """The code, and the sentence behind it; a machine that drops what nobody signed says that all is well."""
    quirks = firmware.catalogue.quirks
    drops = firmware.memory.authentication.enabled and quirks.unsigned_while_mode_on == "dropped"
    if drops and isinstance(refusal, SignatureNeeded):
        return SettingStatus.SUCCESS, ""
    if isinstance(refusal, SignatureRefused | NonceTooOld | AnotherMachine):
        return SettingStatus(int(quirks.refusal_code)), str(refusal)
    return refusal.setting_status, str(refusal)
