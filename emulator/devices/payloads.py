"""What the vendor's tools do with a portable payload: read its purpose, hand its data to the interface that it is for.

The envelope proves nothing, so nothing is decided here but the way. A purpose that this machine does not carry out yet is refused
with the code for an unsupported command.
"""

from emulator.devices.wmi import SECURE_PLATFORM, WMI, Answer, CommandType
from emulator.protocol import password, payload
from emulator.protocol.payload import Purpose
from emulator.protocol.status import CommandStatus


def apply(wmi: WMI, raw: bytes) -> Answer:
    """Apply one payload. Raises ProtocolError for bytes that are no payload."""
    envelope = payload.parse(raw)
    if envelope.purpose is Purpose.ENDORSEMENT_KEY:
        return wmi.command(SECURE_PLATFORM, CommandType.SET_KEK, envelope.data)
    if envelope.purpose is Purpose.SIGNING_KEY:
        return wmi.command(SECURE_PLATFORM, CommandType.SET_SK, envelope.data)
    if envelope.purpose is Purpose.SETTING:
        change = payload.parse_setting(envelope.data)
        # The value that is signed, and that the firmware sees, begins with the mark; the one in the payload does not.
        value = password.utf_16(change.value) if change.name in password.SETTINGS else change.value
        return wmi.set_bios_setting(change.name, value, change.authorization)
    return Answer(
        CommandStatus.INVALID_COMMAND_VALUE,
        f"this machine does not carry out payloads with the purpose {envelope.purpose} yet",
    )
