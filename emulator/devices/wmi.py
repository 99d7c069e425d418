"""The two firmware interfaces that an operating system sees through ACPI-WMI.

* `SetBIOSSetting(Name, Value, Password)` and `SetSystemDefaults(Password)` return a code of the setting interface. The last string is
  empty, a password behind `<utf-16/>`, or an authorization `<BEAM/>...`.
* The command interface carries Secure Platform Management: command 0x20010 with the types GET_STATE, SET_KEK and SET_SK, and
  returns a code of its own table.

Both only translate: strings and bytes into firmware commands, refusals into their codes.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from emulator.firmware import bios_auth, secure_platform
from emulator.firmware.commands import (
    Command,
    SetEndorsementKey,
    SetSetting,
    SetSigningKey,
    SetSystemDefaults,
)
from emulator.firmware.events import Event
from emulator.firmware.firmware import Firmware
from emulator.firmware.refusals import Refused
from emulator.protocol import spm
from emulator.protocol.status import CommandStatus, SettingStatus

Execute = Callable[[Command], tuple[Event, ...]]
"""Carries out a firmware command and keeps what it changed; raises what the firmware raises."""

SECURE_PLATFORM = 0x20010


class CommandType(IntEnum):
    GET_STATE = 0x10
    SET_KEK = 0x11
    SET_SK = 0x12


class Answer(NamedTuple):
    """A code, the sentence behind a refusal (which the real interface keeps to itself), and what happened."""

    status: SettingStatus | CommandStatus
    sentence: str = ""
    events: tuple[Event, ...] = ()
    data: bytes = b""

    @property
    def accepted(self) -> bool:
        return self.status == 0


class WMI:
    """The interfaces of one machine."""

    def __init__(self, execute: Execute, firmware: Callable[[], Firmware]) -> None:
        self._execute = execute
        self._firmware = firmware

    def set_bios_setting(self, name: str, value: str, authorization: str = "") -> Answer:
        try:
            events = self._execute(SetSetting(name, value, authorization))
        except Refused as refusal:
            return Answer(refusal.setting_status, str(refusal))
        return Answer(SettingStatus.SUCCESS, events=events)

    def set_system_defaults(self, authorization: str = "") -> Answer:
        try:
            events = self._execute(SetSystemDefaults(authorization))
        except Refused as refusal:
            return Answer(refusal.setting_status, str(refusal))
        return Answer(SettingStatus.SUCCESS, events=events)

    def command(self, command: int, command_type: int, data: bytes = b"") -> Answer:
        if command != SECURE_PLATFORM or not self._firmware().catalogue.has_secure_platform:
            return Answer(CommandStatus.INVALID_COMMAND_VALUE, f"the command 0x{command:X} is not supported")
        if command_type == CommandType.GET_STATE:
            return Answer(CommandStatus.SUCCESS, data=self._state())
        if command_type == CommandType.SET_KEK:
            return self._ordered(SetEndorsementKey(data))
        if command_type == CommandType.SET_SK:
            return self._ordered(SetSigningKey(data))
        return Answer(CommandStatus.INVALID_COMMAND_TYPE, f"the command type 0x{command_type:X} is not known")

    def _ordered(self, command: SetEndorsementKey | SetSigningKey) -> Answer:
        try:
            events = self._execute(command)
        except Refused as refusal:
            return Answer(refusal.command_status, str(refusal))
        return Answer(CommandStatus.SUCCESS, events=events)

    def _state(self) -> bytes:
        memory = self._firmware().memory
        platform = memory.platform
        return spm.encode_state(
            secure_platform.state(platform),
            version=secure_platform.VERSION,
            features=bios_auth.features(memory.authentication),
            nonce=secure_platform.reported_nonce(platform),
            signing_key=platform.signing_key,
            endorsement_key=None if platform.certificate is None else platform.certificate.key,
        )
