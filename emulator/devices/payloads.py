"""What the vendor's tools do with a portable payload: read its purpose, hand its data to the interface that it is for.

The envelope proves nothing, so nothing is decided here but the way. A list is all or none: whoever hands over one file means all of
it. A payload that allows a firmware update travels without the file, whose SHA-256 comes along.
"""

from emulator.devices.wmi import SECURE_PLATFORM, WMI, Answer, CommandType
from emulator.firmware.commands import ConfigureRecovery
from emulator.protocol import firmware_update, password, payload
from emulator.protocol.payload import Envelope, Purpose, SettingChange
from emulator.protocol.status import CommandStatus


def apply(wmi: WMI, raw: bytes, file_digest: bytes | None = None) -> Answer:
    """Apply one payload, with the SHA-256 of the firmware file that it allows. Raises ProtocolError for bytes that are no payload."""
    envelope = payload.parse(raw)
    match envelope.purpose:
        case Purpose.ENDORSEMENT_KEY:
            return wmi.command(SECURE_PLATFORM, CommandType.SET_KEK, envelope.data)
        case Purpose.SIGNING_KEY:
            return wmi.command(SECURE_PLATFORM, CommandType.SET_SK, envelope.data)
        case Purpose.SETTING:
            return wmi.set_bios_setting(*_strings(payload.parse_setting(envelope.data)))
        case Purpose.SETTINGS_LIST:
            return wmi.apply_list(_strings(each) for each in payload.parse_settings(envelope.data))
        case Purpose.RESET_SETTINGS:
            return wmi.set_system_defaults(payload.parse_reset(envelope.data))
        case Purpose.FIRMWARE_UPDATE:
            return _update(wmi, envelope, file_digest)
    return wmi.order(ConfigureRecovery(envelope.purpose, envelope.data, envelope.meta[0]))


def _strings(change: SettingChange) -> tuple[str, str, str]:
    """The value that is signed, and that the firmware sees, begins with the mark of a password; the one in a payload does not."""
    value = password.utf_16(change.value) if change.name in password.SETTINGS else change.value
    return change.name, value, change.authorization


def _update(wmi: WMI, envelope: Envelope, file_digest: bytes | None) -> Answer:
    order = firmware_update.parse(envelope.data)
    if file_digest is None:
        return Answer(
            CommandStatus.INVALID_COMMAND_PARAMETER,
            f"this payload allows the firmware file {order.file_name}, which has to come along: name it with --file",
        )
    return wmi.update_firmware(order.file_name, file_digest, order.authorization)
