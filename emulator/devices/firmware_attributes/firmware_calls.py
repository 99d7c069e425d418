"""What the driver asks of the firmware, through the management door.

The real driver reads each setting by its number when it is loaded; here one question brings them all. Whatever changes something goes
the real way: the buffer of three strings for a setting, a command block for keys and log.
"""

import errno
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from typing import cast

from emulator.devices.firmware_attributes import return_codes
from emulator.protocol import command_block, setting_buffers
from emulator.protocol.command_block import Block
from emulator.protocol.frozen import frozen

Instance = Mapping[str, object]

Ask = Callable[[dict[str, object]], dict[str, object]]
"""A way to the PC's management door. Raises NoFirmware where nobody answers."""


class NoFirmware(Exception):
    """No firmware can be asked: nobody answers, or no operating system runs. The sentence tells the state and what to do."""


class NotCarriedOut(OSError):
    """An operating system runs, and the call failed all the same: the PC's image could not be written, say. EIO, and what the door said."""

    def __init__(self, sentence: str) -> None:
        super().__init__(errno.EIO, sentence)


class AnotherMachine(Exception):
    """The PC behind the door is not the one that the driver was loaded on."""


@frozen
class Told:
    """What the firmware tells when the driver is loaded. `secure_platform` is the state of the keys, None where there is no such thing."""

    machine: str
    boots: int
    instances: tuple[Instance, ...]
    secure_platform: bytes | None


class FirmwareCalls:
    """Raises NoFirmware from every call, and OSError for what the firmware refuses."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def told(self) -> Told:
        reply = self._ask({"verb": "attributes"})
        if not reply["ok"]:
            raise NoFirmware(str(reply["error"]))
        state = reply["secure_platform"]
        return Told(
            str(reply["machine"]),
            cast("int", reply["boots"]),
            tuple(cast("list[Instance]", reply["instances"])),
            None if state is None else a2b_base64(str(state)),
        )

    def set_setting(self, name: str, value: str, authorization: str) -> None:
        buffer = setting_buffers.encode_setting(name, value, authorization)
        code = int.from_bytes(self._invoked(setting_buffers.GUID, buffer, 0), "little")
        if code:
            raise return_codes.refusal(code)

    def command(self, command: int, command_type: int, data: bytes = b"", output_size: int = 0) -> bytes:
        block = command_block.encode(Block(command, command_type, data))
        code, output = command_block.decode_reply(self._invoked(command_block.GUID, block, output_size))
        if code:
            raise return_codes.refusal(code)
        return output

    def _invoked(self, guid: str, data: bytes, output_size: int) -> bytes:
        text = b2a_base64(data, newline=False).decode("ascii")
        request: dict[str, object] = {
            "verb": "invoke",
            "guid": guid,
            "input": text,
            "output_size": output_size,
        }
        reply = self._ask(request)
        if not reply["ok"]:
            # If the machine can be asked at all, it was the call that failed.
            self.told()
            raise NotCarriedOut(str(reply["error"]))
        return a2b_base64(str(reply["output"]))
