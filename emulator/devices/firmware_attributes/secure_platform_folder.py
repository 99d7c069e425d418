"""The folder of Secure Platform Management: `authentication/SPM/`.

`kek` and `sk` hand the endorsement and the signing key's order to the firmware; `auth_token` holds an authorization `<BEAM/>...` for the
next setting, in place of the password, which could not hold its 387 characters; `status` asks the firmware at each reading.

Keys are bytes, not text, but the driver takes a newline off the end of its copy all the same, and then sends as many bytes as came: one
stray byte goes along. What is in it nobody tells; that it is zero is our reading, as distributions have the kernel clear memory. An order whose last byte
happens to be a newline, one certificate in 256, is spoiled like this; the quirk `linux_key_newline` sends what came.

`is_enabled` and `key_mechanism` tell what was found when the driver was loaded, the latter by an array in which the firmware's state
is the place: after `sk` or `kek` it is the name of that key.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping

from emulator.devices.firmware_attributes import written_line
from emulator.devices.firmware_attributes.files import Folder, raw, taken, told
from emulator.devices.firmware_attributes.loaded import LoadedDriver
from emulator.devices.firmware_attributes.printed import signed
from emulator.protocol import spm

COMMAND = 0x20010
GET_STATE, SET_KEK, SET_SK = 0x10, 0x11, 0x12
"""A client's own copy: a driver and a firmware have no header in common."""
STATE_SIZE = 552

STATES = ("not provisioned", "provisioned", "provisioning in progress")
MECHANISMS = ("not provisioned", "signing-key", "endorsement-key")
MECHANISM_OF = {SET_SK: 1, SET_KEK: 2}
STRAY = b"\0"


class SecurePlatformFolder:
    """The folder, and the mechanism that it remembers."""

    def __init__(self, driver: LoadedDriver, state: bytes) -> None:
        self._driver = driver
        self._state = spm.decode_state(state).state
        self._mechanism = self._state

    def files(self) -> Folder:
        keep = self._driver.credentials.keep_token
        return {
            "is_enabled": told(lambda: str(int(self._state != 0))),
            "role": told("enhanced-bios-auth"),
            "key_mechanism": told(lambda: MECHANISMS[self._mechanism]),
            "kek": taken(lambda data: self._send(SET_KEK, data)),
            "sk": taken(lambda data: self._send(SET_SK, data)),
            "status": raw(self._status),
            "auth_token": taken(lambda data: keep(written_line.token(data))),
        }

    def _send(self, command_type: int, data: bytes) -> None:
        if data.endswith(b"\n") and self._driver.quirks.linux_key_newline == "stray byte":
            data = data[:-1] + STRAY
        self._driver.firmware.command(COMMAND, command_type, data)
        self._mechanism = MECHANISM_OF[command_type]
        self._driver.changed(restart=True)

    def _status(self) -> bytes:
        state = spm.decode_state(self._driver.firmware.command(COMMAND, GET_STATE, output_size=STATE_SIZE))
        modulus = MODULUS[self._driver.quirks.linux_key_text]
        members = [
            ("State", f'"{STATES[state.state]}"'),
            ("Version", f'"{state.version_major}.{state.version_minor}"'),
        ]
        if state.state:
            members += [
                ("Nonce", str(signed(state.nonce))),
                ("FeaturesInUse", str(signed(state.features))),
                ("EndorsementKeyMod", f'"{modulus(state.endorsement_key)}"'),
                ("SigningKeyMod", f'"{modulus(state.signing_key)}"'),
            ]
        lines = ",\n".join(f'\t"{name}": {value}' for name, value in members)
        return f"{{\n{lines}\n}}\n".encode("ascii")


def _decimal(little_endian: bytes) -> str:
    return "".join(f" {octet}" for octet in reversed(little_endian)) + " "


def _base64(little_endian: bytes) -> str:
    return b64encode(little_endian[::-1]).decode("ascii")


MODULUS: Mapping[str, Callable[[bytes], str]] = {"decimal": _decimal, "base64": _base64}
"""Value of the quirk `linux_key_text`: how a modulus is told, its most significant byte first."""
