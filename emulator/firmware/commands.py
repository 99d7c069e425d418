"""What can be asked of the firmware, as values; `Firmware.execute` carries them out."""

from dataclasses import dataclass, field

from emulator.firmware.boot import Entry
from emulator.protocol.payload import Purpose


@dataclass(frozen=True, slots=True)
class PowerOn:
    """Switch on. Nobody answers prompts of a machine that is not `attended`; what they ask for stays waiting."""

    attended: bool = True


@dataclass(frozen=True, slots=True)
class PowerOff:
    """Switch off."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Restart from the operating system, or from Computer Setup without saving."""


@dataclass(frozen=True, slots=True)
class OpenStartupMenu:
    """Esc during POST."""


@dataclass(frozen=True, slots=True)
class EnterSetup:
    """F10 during POST, or from the startup menu."""


@dataclass(frozen=True, slots=True)
class OpenBootMenu:
    """F9 during POST, or from the startup menu."""


@dataclass(frozen=True, slots=True)
class OpenTool:
    """F2, F3, F11 or F12 during POST, or from the startup menu: one of `boot.TOOLS`."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class StartFrom:
    """An entry of the boot menu was chosen."""

    device: str


@dataclass(frozen=True, slots=True)
class TypePassword:
    """A password typed at the prompt on the screen."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """In Computer Setup: set, change or (with an empty new one) clear a password. Acts at once."""

    name: str
    new: str = field(repr=False)
    current: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenCover:
    """Somebody takes the cover off the case, with the power on or off."""


@dataclass(frozen=True, slots=True)
class AcknowledgeCover:
    """Enter at the notice that the cover was off, with the administrator password where the sensor's setting asks for it."""

    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ClearCMOS:
    """Take the battery out, or press the button on the board, with the power off."""


@dataclass(frozen=True, slots=True)
class SetPasswordJumper:
    """Set the jumper on the board that clears the passwords, with the power off."""


@dataclass(frozen=True, slots=True)
class SetClock:
    """Date and time in Computer Setup, as seconds of Unix time."""

    unix: int


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on to the operating system: POST ended, or Esc at the challenge or in Computer Setup."""


@dataclass(frozen=True, slots=True)
class AnswerPresence:
    """The code typed at the physical-presence prompt."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefusePresence:
    """Esc at the physical-presence prompt."""


@dataclass(frozen=True, slots=True)
class RefreshChallenge:
    """Replace the challenge on the screen."""


@dataclass(frozen=True, slots=True)
class CountResponse:
    """Pay for a try with this code. To be committed before `CompareResponse`."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CompareResponse:
    """Compare the code that was paid for."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StageSetting:
    """Change a setting in Computer Setup; nothing is stored before `SaveAndExit`."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SaveAndExit:
    """Store what was staged, and restart."""


@dataclass(frozen=True, slots=True)
class SetSetting:
    """SetBIOSSetting from the operating system: three strings, the third a signature or nothing."""

    name: str
    value: str = field(repr=False)
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SetSettings:
    """A list of settings from the operating system, such as a file holds: entry by entry, in one turn, each with a result."""

    settings: tuple[tuple[str, str], ...] = field(repr=False)
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ApplyList:
    """Entries of three strings each, in one turn: all or none."""

    entries: tuple[SetSetting, ...]


@dataclass(frozen=True, slots=True)
class SetSystemDefaults:
    """SetSystemDefaults from the operating system: factory defaults for all settings that defaults reach."""

    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class UpdateFirmware:
    """A firmware file for the next start: its name, its SHA-256, and a binary authorization or nothing."""

    name: str
    digest: bytes
    authorization: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class SetEndorsementKey:
    """Secure Platform Management, SET_KEK."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetSigningKey:
    """Secure Platform Management, SET_SK."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
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
