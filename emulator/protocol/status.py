"""Return codes of the firmware's two command doors.

Both tables are the real ones (`hp-bioscfg` in Linux and the messages of the vendor's PowerShell modules): the command
interface, which carries Secure Platform Management, and the setting interface behind `SetBIOSSetting`. A refusal has a
code in each, because the same rule can be met through either door. Names are ours where the sources only have sentences.
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
    NONCE_DID_NOT_MATCH = 0x18
    OTHER_ERROR = 0x1C
    PASSWORD_POLICY_NOT_MET = 0x28
    ADMINISTRATOR_PASSWORD_NOT_SET = 0x38
    NOT_PROVISIONED = 0x1000
    ALREADY_PROVISIONED = 0x1001
    IN_USE = 0x1002


class SettingStatus(IntEnum):
    """`Return` of SetBIOSSetting and SetSystemDefaults."""

    SUCCESS = 0
    NOT_SUPPORTED = 1
    UNSPECIFIED_ERROR = 2
    TIMED_OUT = 3
    UNKNOWN_SETTING = 4
    INVALID_PARAMETER = 5
    ACCESS_DENIED = 6
    PASSWORD_POLICY_NOT_MET = 32768
