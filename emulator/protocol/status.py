"""Return codes of the firmware's two command doors.

Both tables are the real ones (`hp-bioscfg` in Linux and the messages of the vendor's PowerShell modules): the command
interface, which carries Secure Platform Management, and the setting interface behind `SetBIOSSetting`. A refusal has a
code in each, because the same rule can be met through either door. Names are ours where the sources only have sentences.

Both tables are whole, also where this machine has nothing that would answer so: tools have a sentence for every code. Those
from 0x10 to 0x15 belong to flashing, 0x40 and 0x41 to firmware logs, those from 0x1000 to Secure Platform Management.
"""

from enum import IntEnum


class CommandStatus(IntEnum):
    """Codes of the command interface, `5FB7F034-2C63-45e9-BE91-3D44E2C707E4`."""

    SUCCESS = 0x00
    COMMAND_FAILED = 0x01
    INVALID_SIGNATURE = 0x02
    INVALID_COMMAND_VALUE = 0x03
    INVALID_COMMAND_TYPE = 0x04
    INVALID_DATA_SIZE = 0x05
    INVALID_COMMAND_PARAMETER = 0x06
    SECURE_COMMAND_REQUIRED = 0x07
    NO_SECURE_SESSION = 0x08
    SECURE_SESSION_FOUND = 0x09
    SECURE_SESSION_FAILED = 0x0A
    AUTHENTICATION_FAILED = 0x0B
    INVALID_ADMINISTRATOR_PASSWORD = 0x0E
    INVALID_FLASH_OFFSET = 0x10
    INVALID_FLASH_INTERFACE_VERSION = 0x11
    INVALID_FLASH_CHECKSUM = 0x12
    FLASH_IN_PROGRESS = 0x13
    FLASH_IN_PROGRESS_NOT_SET = 0x14
    FLASH_NOT_ALLOWED = 0x15
    NONCE_DID_NOT_MATCH = 0x18
    OTHER_ERROR = 0x1C
    PASSWORD_POLICY_NOT_MET = 0x28
    ADMINISTRATOR_PASSWORD_NOT_SET = 0x38
    LOGS_NOT_SUPPORTED = 0x40
    TIMED_OUT = 0x41
    MORE_DATA = 0xEA
    NOT_PROVISIONED = 0x1000
    ALREADY_PROVISIONED = 0x1001
    IN_USE = 0x1002
    SURE_RUN_NOT_ACTIVE = 0x1004
    SURE_RUN_TRANSPORT_ALREADY_SET = 0x1006
    CHECK_SURE_RUN_STATE = 0x1007

    @property
    def succeeded(self) -> bool:
        """More data is a success too: the reply was longer than the buffer, and what fitted is right."""
        return self in {CommandStatus.SUCCESS, CommandStatus.MORE_DATA}


class SettingStatus(IntEnum):
    """`Return` of SetBIOSSetting and SetSystemDefaults."""

    SUCCESS = 0
    NOT_SUPPORTED = 1
    UNSPECIFIED_ERROR = 2
    TIMED_OUT = 3
    UNKNOWN_SETTING = 4
    INVALID_PARAMETER = 5
    ACCESS_DENIED = 6
    USER_EXISTS = 7
    USER_NOT_FOUND = 8
    USER_NAME_TOO_LONG = 9
    USER_PASSWORD_POLICY_NOT_MET = 10
    INVALID_KEYBOARD_LAYOUT = 11
    TOO_MANY_USERS = 12
    PASSWORD_POLICY_NOT_MET = 32768
    """The one for setup and power-on passwords; 10 says the same in the table of BIOS users."""

    @property
    def succeeded(self) -> bool:
        return self is SettingStatus.SUCCESS
