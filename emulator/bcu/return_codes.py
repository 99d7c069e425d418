"""What BCU answers: one table of numbers, for single settings and for the whole run.

The numbers are those of the guide's appendix, the words are ours. 1 to 6 are what the firmware itself said. Windows takes any number as
a process's exit code; here a process has eight bits, so what does not fit is told in the report, and the process ends with 1.

Nothing here can produce `NEVER`: one number is reserved, the signing library is no file that could be missing, and neither the
firmware nor the way to it times out with a code of its own.
"""

from enum import IntEnum
from typing import Self

LARGEST_EXIT_CODE = 255


class ReturnCode(IntEnum):
    """A number and what it means."""

    sentence: str

    def __new__(cls, number: int, sentence: str = "") -> Self:
        code = int.__new__(cls, number)
        code._value_ = number
        code.sentence = sentence
        return code

    SUCCESS = 0, "done"
    NOT_SUPPORTED = 1, "the firmware does not support this"
    UNSPECIFIED_ERROR = 2, "the firmware gave no reason"
    TIMED_OUT = 3, "the firmware took too long"
    FAILED = 4, "the firmware failed, or knows no such name"
    INVALID_PARAMETER = 5, "the firmware does not take the value"
    ACCESS_DENIED = 6, "the firmware denies access"
    NO_VALID_PASSWORD = 10, "no valid password came"
    CONFIG_FILE_UNREADABLE = 11, "the settings file cannot be read or written"
    NO_HEADER = 12, "the settings file does not begin with its keyword and version"
    SETTING_FAILED = 13, "at least one setting failed"
    RESERVED = 14, "reserved"
    SYNTAX = 15, "the command line cannot be understood"
    NO_PROVIDER = 16, "the PC's firmware cannot be reached"
    HELP = 17, "help was shown"
    UNCHANGED = 18, "the setting has this value already"
    READ_ONLY = 19, "the setting cannot be changed"
    UNKNOWN_SETTING = 20, "there is no such setting"
    INVALID_VALUE = 21, "the setting does not take the value"
    NO_SETTINGS_NAMESPACE = 23, r"root\HP\InstrumentedBIOS cannot be reached"
    NO_HP_NAMESPACE = 24, r"root\HP cannot be reached"
    NO_CIM_NAMESPACE = 25, r"root\CIMV2 cannot be reached"
    PASSWORD_FILE_UNREADABLE = 30, "the password file cannot be read"
    PASSWORD_NOT_TYPEABLE = 31, "nobody can type the password in Computer Setup"
    NO_UNICODE = 32, "the firmware takes no Unicode passwords"
    NOTHING_TO_APPLY = 33, "the settings file holds nothing to apply"
    NO_ONE_TIME = 35, "/ot is missing"
    NO_ANTI_REPLAY = 36, "/ar is missing"
    NO_KEY = 37, "/pkey is missing"
    NO_SIGNING_LIBRARY = 38, "the signing library is missing"
    NO_SIGNING_ENTRY_POINT = 39, "an entry point of the signing library is missing"
    NO_SIGNING_ENTRY_POINTS = 40, "the entry points of the signing library are missing"
    BAD_UUID = 41, "the UUID of the target is not 32 hexadecimal digits"
    EXTENDED_ERROR = 0x8001, "the firmware's rules for security or passwords are not met"
    KEY_WITHOUT_PRIVATE = 0x80040002, "the PFX holds no private key"
    KEY_FILE_MISSING = 0x80070002, "the PFX cannot be found"
    KEY_PASSWORD_WRONG = 0x80070056, "the password does not open the PFX"
    KEY_FILE_INVALID = 0x80092009, "the file is no PFX that can sign"

    @property
    def exit_code(self) -> int:
        """What the process can say of it."""
        return int(self) if self <= LARGEST_EXIT_CODE else 1


NEVER = frozenset(
    {
        ReturnCode.TIMED_OUT,
        ReturnCode.RESERVED,
        ReturnCode.NO_SIGNING_LIBRARY,
        ReturnCode.NO_SIGNING_ENTRY_POINT,
        ReturnCode.NO_SIGNING_ENTRY_POINTS,
    }
)
"""What this platform never answers."""

WARNINGS = frozenset({ReturnCode.READ_ONLY, ReturnCode.UNKNOWN_SETTING})
"""What fails a run only where warnings count as errors. A value that BCU itself rejects has been an error since 4.0."""

_EXTENDED = 0x8000
"""From here on the firmware speaks of security and password policy, which BCU tells as an extended error."""


class Stopped(Exception):
    """A run that ends here; `code` says for the script why, the text for the person."""

    def __init__(self, code: ReturnCode, sentence: str = "") -> None:
        super().__init__(sentence or code.sentence)
        self.code = code


def of_firmware(status: int, *, about_password: bool = False) -> ReturnCode:
    """What the firmware answered to SetBIOSSetting or SetSystemDefaults, as BCU tells it."""
    if status >= _EXTENDED:
        return ReturnCode.NO_VALID_PASSWORD if about_password else ReturnCode.EXTENDED_ERROR
    if about_password and status in {6, 10}:
        return ReturnCode.NO_VALID_PASSWORD
    if status <= 6 or status == 10:
        return ReturnCode(status)
    return ReturnCode.UNSPECIFIED_ERROR
