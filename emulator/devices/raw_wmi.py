"""The firmware's own WMI interface of a machine, as a driver calls it: a GUID, a number, bytes in, bytes out.

* The GUID of the command interface takes a command block; the number is the method, which has room for so many bytes of output. Output that
  is shorter than what is asked for ends in zeros; longer output is cut, and the code says that there is more.
* The GUID that sets a setting takes three strings with method 1, and answers with the code.
* The GUIDs that tell settings have one for each class; the number is that of the instance, from 0, in order of Sequence.

Bytes that no interface can read get its code for a wrong parameter, as firmware has nothing else to say.
"""

from typing import TYPE_CHECKING

from emulator.devices.wmi_classes import CLASS_OF, instance
from emulator.firmware.catalogue import Kind, Setting
from emulator.firmware.firmware import Firmware
from emulator.protocol import command_block, setting_buffers
from emulator.protocol.command_block import MalformedBlock, NoSuchMethod
from emulator.protocol.errors import ProtocolError
from emulator.protocol.setting_buffers import INCREMENT, MalformedBuffer
from emulator.protocol.status import CommandStatus, SettingStatus

if TYPE_CHECKING:
    from emulator.devices.wmi import WMI


class NoSuchInterface(ProtocolError):
    """A GUID that is not there."""


class NoSuchInstance(ProtocolError):
    """A number that no setting of the class has."""


def invoke(wmi: "WMI", guid: str, number: int | None, data: bytes, output_size: int = 0) -> bytes:
    """What comes back. Without a number: the method that fits the output, the only one, or the first instance.

    Raises NoSuchInterface, NoSuchMethod or NoSuchInstance.
    """
    wanted = guid.strip("{}").upper()
    if wanted == command_block.GUID:
        method = command_block.method_for(output_size) if number is None else number
        return _command(wmi, method, data, output_size)
    if wanted == setting_buffers.GUID:
        return _set(wmi, 1 if number is None else number, data)
    if wanted in setting_buffers.INSTANCES:
        return _told(wmi.firmware, setting_buffers.INSTANCES[wanted], number or 0)
    known = ", ".join([command_block.GUID, setting_buffers.GUID, *setting_buffers.INSTANCES])
    raise NoSuchInterface(f"the firmware has no interface {guid[:40]!r}; it has {known}")


def _command(wmi: "WMI", method: int, data: bytes, output_size: int) -> bytes:
    room = command_block.capacity_of(method)
    if output_size and command_block.method_for(output_size) != method:
        fitting = command_block.method_for(output_size)
        raise NoSuchMethod(f"an output of {output_size} bytes has the method {fitting}; {method} came")
    try:
        block = command_block.decode(data)
    except MalformedBlock:
        return command_block.encode_reply(CommandStatus.INVALID_COMMAND_PARAMETER, b"")
    answer = wmi.command(block.command, block.command_type, block.data)
    room = output_size or room
    status, output = answer.status, answer.data
    if answer.accepted and len(output) > room:
        status = CommandStatus.MORE_DATA
    return command_block.encode_reply(status, output[:room].ljust(output_size, b"\0"))


def _set(wmi: "WMI", method: int, data: bytes) -> bytes:
    if method != 1:
        raise NoSuchMethod(f"settings are set with the method 1; {method} came")
    try:
        name, value, authorization = setting_buffers.decode_setting(data)
    except MalformedBuffer:
        return _integer(SettingStatus.INVALID_PARAMETER)
    return _integer(wmi.set_bios_setting(name, value, authorization).status)


def _told(firmware: Firmware, kind: str, number: int) -> bytes:
    settings = [each for each in firmware.catalogue.settings.values() if CLASS_OF[each.kind] == kind]
    if number >= len(settings):
        raise NoSuchInstance(
            f"this machine has {len(settings)} instances of {kind}, from 0; number {number} is asked for"
        )
    return setting_buffers.encode_instance(whole(firmware, settings[number]))


def whole(firmware: Firmware, setting: Setting) -> dict[str, object]:
    """An instance with what only this interface tells."""
    increment = {INCREMENT: setting.step} if setting.kind is Kind.INTEGER else {}
    return {**instance(firmware, setting), **increment}


def _integer(status: int) -> bytes:
    return int(status).to_bytes(4, "little")
