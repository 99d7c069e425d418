"""What can be asked of the firmware, as values; `Firmware.execute` carries them out."""

from dataclasses import field

from emulator.firmware.boot import Entry
from emulator.protocol.frozen import frozen
from emulator.protocol.payload import Purpose


@frozen
class PowerOn:
    """Switch on. Nobody answers prompts of a machine that is not `attended`; what they ask for stays waiting."""

    attended: bool = True


@frozen
class PowerOff:
    """Switch off."""


@frozen
class Restart:
    """Restart from the operating system, or from Computer Setup without saving."""


@frozen
class OpenStartupMenu:
    """Esc during POST."""


@frozen
class EnterSetup:
    """F10 during POST, or from the startup menu."""


@frozen
class OpenBootMenu:
    """F9 during POST, or from the startup menu."""


@frozen
class OpenTool:
    """F2, F3, F11 or F12 during POST, or from the startup menu: one of `boot.TOOLS`."""

    entry: Entry


@frozen
class StartFrom:
    """An entry of the boot menu was chosen."""

    device: str


@frozen
class TypePassword:
    """A password typed at the prompt on the screen."""

    password: str = field(repr=False)


@frozen
class ChangePassword:
    """In Computer Setup: set, change or (with an empty new one) clear a password. Acts at once."""

    name: str
    new: str = field(repr=False)
    current: str = field(default="", repr=False)


@frozen
class OpenCover:
    """Somebody takes the cover off the case, with the power on or off."""


@frozen
class AcknowledgeCover:
    """Enter at the notice that the cover was off, with the administrator password where the sensor's setting asks for it."""

    password: str = field(default="", repr=False)


@frozen
class ClearCMOS:
    """Take the battery out, or press the button on the board, with the power off."""


@frozen
class SetPasswordJumper:
    """Set the jumper on the board that clears the passwords, with the power off."""


@frozen
class SetClock:
    """Date and time in Computer Setup, as seconds of Unix time."""

    unix: int


@frozen
class Continue:
    """Go on to the operating system: POST ended, or Esc at the challenge or in Computer Setup."""


@frozen
class AnswerPresence:
    """The code typed at the physical-presence prompt."""

    code: str = field(repr=False)


@frozen
class RefusePresence:
    """Esc at the physical-presence prompt."""


@frozen
class RefreshChallenge:
    """Replace the challenge on the screen."""


@frozen
class CountResponse:
    """Pay for a try with this code. To be committed before `CompareResponse`."""

    code: str = field(repr=False)


@frozen
class CompareResponse:
    """Compare the code that was paid for."""

    code: str = field(repr=False)


@frozen
class StageSetting:
    """Change a setting in Computer Setup; nothing is stored before `SaveAndExit`."""

    name: str
    value: str = field(repr=False)


@frozen
class SaveAndExit:
    """Store what was staged, and restart."""


@frozen
class SetSetting:
    """SetBIOSSetting from the operating system: three strings, the third a signature or nothing."""

    name: str
    value: str = field(repr=False)
    authorization: str = field(default="", repr=False)


@frozen
class SetSettings:
    """A list of settings from the operating system, such as a file holds: entry by entry, in one turn, each with a result.

    `authorization` is for the entries that bring none of their own.
    """

    entries: tuple[SetSetting, ...]
    authorization: str = field(default="", repr=False)


@frozen
class ApplyList:
    """Entries of three strings each, in one turn: all or none."""

    entries: tuple[SetSetting, ...]


@frozen
class SetSystemDefaults:
    """SetSystemDefaults from the operating system: factory defaults for all settings that defaults reach."""

    authorization: str = field(default="", repr=False)


@frozen
class UpdateFirmware:
    """A firmware file for the next start: its name, its SHA-256, and a binary authorization or nothing."""

    name: str
    digest: bytes
    authorization: bytes = field(default=b"", repr=False)


@frozen
class SetEndorsementKey:
    """Secure Platform Management, SET_KEK."""

    data: bytes = field(repr=False)


@frozen
class SetSigningKey:
    """Secure Platform Management, SET_SK."""

    data: bytes = field(repr=False)


@frozen
class ConfigureRecovery:
    """A signed order for Sure Recover or Sure Run: the payload's purpose, its data, and the manifest of the last."""

    purpose: Purpose
    data: bytes = field(repr=False)
    manifest: bytes | None = field(default=None, repr=False)


Command = (
    PowerOn
    | PowerOff
    | Restart
    | OpenStartupMenu
    | EnterSetup
    | OpenBootMenu
    | OpenTool
    | StartFrom
    | TypePassword
    | ChangePassword
    | OpenCover
    | AcknowledgeCover
    | ClearCMOS
    | SetPasswordJumper
    | SetClock
    | Continue
    | AnswerPresence
    | RefusePresence
    | RefreshChallenge
    | CountResponse
    | CompareResponse
    | StageSetting
    | SaveAndExit
    | SetSetting
    | SetSettings
    | ApplyList
    | SetSystemDefaults
    | UpdateFirmware
    | SetEndorsementKey
    | SetSigningKey
    | ConfigureRecovery
)
