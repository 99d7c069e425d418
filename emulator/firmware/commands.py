"""What can be asked of the firmware, as values; `Firmware.execute` carries them out."""

from dataclasses import dataclass, field


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
class EnterSetup:
    """F10 during POST."""


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
    value: str


@dataclass(frozen=True, slots=True)
class SaveAndExit:
    """Store what was staged, and restart."""


@dataclass(frozen=True, slots=True)
class SetSetting:
    """SetBIOSSetting from the operating system: three strings, the third a signature or nothing."""

    name: str
    value: str
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SetEndorsementKey:
    """Secure Platform Management, SET_KEK."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetSigningKey:
    """Secure Platform Management, SET_SK."""

    data: bytes = field(repr=False)


Command = (
    PowerOn
    | PowerOff
    | Restart
    | EnterSetup
    | Continue
    | AnswerPresence
    | RefusePresence
    | RefreshChallenge
    | CountResponse
    | CompareResponse
    | StageSetting
    | SaveAndExit
    | SetSetting
    | SetEndorsementKey
    | SetSigningKey
)
