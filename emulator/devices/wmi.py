"""The two firmware interfaces that an operating system sees through ACPI-WMI.

* `SetBIOSSetting(Name, Value, Password)` and `SetSystemDefaults(Password)` return a code of the setting interface. The last string is
  empty, a password behind `<utf-16/>`, or an authorization `<BEAM/>...`.
* The command interface carries Secure Platform Management: command 0x20010 with the types GET_STATE, SET_KEK and SET_SK, and reads
  the event log: command 0x20006. It returns a code of its own table. Which types carry orders for Sure Recover and Sure Run is not
  public, so those come by their purpose.

Beside them stands what the vendor's provider makes of the first: the settings as instances of classes, which queries find.

All only translate: strings and bytes into firmware commands, refusals into their codes.
"""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import NamedTuple

from emulator.devices import platform_state, setting_codes, told_entries, wmi_classes
from emulator.devices.told_entries import Told
from emulator.devices.wmi_schema import Instance
from emulator.firmware.commands import (
    ApplyList,
    Command,
    ConfigureRecovery,
    SetEndorsementKey,
    SetSetting,
    SetSettings,
    SetSigningKey,
    SetSystemDefaults,
    UpdateFirmware,
)
from emulator.firmware.event_log import encode_entry
from emulator.firmware.events import EntryRefused, Event
from emulator.firmware.firmware import Firmware
from emulator.firmware.refusals import (
    PasswordNeeded,
    PasswordsLocked,
    PasswordWrong,
    Refused,
    SignatureNeeded,
)
from emulator.protocol.status import CommandStatus, SettingStatus

Execute = Callable[[Command], tuple[Event, ...]]
"""Carries out a firmware command and keeps what it changed; raises what the firmware raises."""

SECURE_PLATFORM = 0x20010
SURE_START = 0x20006


class CommandType(IntEnum):
    GET_STATE = 0x10
    SET_KEK = 0x11
    SET_SK = 0x12


class LogType(IntEnum):
    """Types of the command that reads the event log."""

    COUNT = 0x01
    ENTRY = 0x02


LOG_ENTRY_REPLY = 128
"""Bytes, of which the first 16 are the entry."""


class Answer(NamedTuple):
    """A code, the sentence behind a refusal (which the real interface keeps to itself), and what happened."""

    status: SettingStatus | CommandStatus
    sentence: str = ""
    events: tuple[Event, ...] = ()
    data: bytes = b""
    about_password: bool = False
    """Whether it was refused for a password that is missing, wrong or no more looked at; the code does not tell."""

    @property
    def accepted(self) -> bool:
        return self.status.succeeded


class WMI:
    """The interfaces of one machine."""

    def __init__(self, execute: Execute, firmware: Callable[[], Firmware]) -> None:
        self._execute = execute
        self._firmware = firmware

    @property
    def firmware(self) -> Firmware:
        return self._firmware()

    def instances(self) -> list[Instance]:
        """Each setting that the machine lists, by Sequence."""
        return wmi_classes.instances(self.firmware)

    def get(self, name: str) -> Instance | None:
        """The setting of exactly this name, also one that the firmware takes and no list names; None for an unknown one."""
        setting = self.firmware.catalogue.every.get(name)
        return None if setting is None else wmi_classes.instance(self.firmware, setting)

    def query(self, text: str) -> list[Instance]:
        """What WMI answers to a query. Raises MalformedQuery."""
        from emulator.devices import wql

        return wql.parse(text).answered([*self.instances(), wmi_classes.interface()])

    def invoke(self, guid: str, method: int | None, data: bytes = b"", output_size: int = 0) -> bytes:
        """The firmware's own interface, as a driver calls it: see `raw_wmi`. Raises ProtocolError."""
        from emulator.devices import raw_wmi

        return raw_wmi.invoke(self, guid, method, data, output_size)

    def helper_state(self) -> bytes:
        """The state of Secure Platform Management in the 525 bytes of the vendor's helper."""
        return platform_state.for_helper(self.firmware)

    def set_bios_setting(self, name: str, value: str, authorization: str = "") -> Answer:
        return self._set(SetSetting(name, value, authorization))

    def set_bios_settings(self, entries: Iterable[tuple[str, str, str]]) -> list[Answer]:
        """A list as the vendor's tools send it: entry by entry, each with an answer of its own, in one turn.

        For whoever holds the machine as an object, as tests of scripts do. Files of settings go through `settings_applied`, which also
        tells what an entry asks for.
        """
        command = SetSettings(tuple(SetSetting(*entry) for entry in entries))
        try:
            told = told_entries.of(self._execute(command))
        except Refused as refusal:
            return [self._refused(command, refusal) for _ in command.entries]
        return [self._told(command, each) for each in told]

    def apply_list(self, entries: Iterable[tuple[str, str, str]]) -> Answer:
        """A list that is carried out all or none."""
        return self._set(ApplyList(tuple(SetSetting(*entry) for entry in entries)))

    def set_system_defaults(self, authorization: str = "") -> Answer:
        return self._set(SetSystemDefaults(authorization))

    def update_firmware(self, name: str, digest: bytes, authorization: bytes = b"") -> Answer:
        """Let a firmware file wait for the next start; `digest` is its SHA-256, `authorization` what the signing key made."""
        return self._set(UpdateFirmware(name, digest, authorization))

    def command(self, command: int, command_type: int, data: bytes = b"") -> Answer:
        if command == SURE_START:
            return self._log(command_type, data)
        if command != SECURE_PLATFORM or not self.firmware.catalogue.has_secure_platform:
            return Answer(CommandStatus.INVALID_COMMAND_VALUE, f"the command 0x{command:X} is not supported")
        if command_type == CommandType.GET_STATE:
            return Answer(CommandStatus.SUCCESS, data=platform_state.for_driver(self.firmware))
        if command_type == CommandType.SET_KEK:
            return self.order(SetEndorsementKey(data))
        if command_type == CommandType.SET_SK:
            return self.order(SetSigningKey(data))
        return Answer(CommandStatus.INVALID_COMMAND_TYPE, f"the command type 0x{command_type:X} is not known")

    def order(self, command: SetEndorsementKey | SetSigningKey | ConfigureRecovery) -> Answer:
        """A command of Secure Platform Management, or of what stands on its keys."""
        try:
            events = self._execute(command)
        except Refused as refusal:
            return Answer(refusal.command_status, str(refusal))
        return Answer(CommandStatus.SUCCESS, events=events)

    def _set(self, command: Command) -> Answer:
        try:
            events = self._execute(command)
        except Refused as refusal:
            return self._refused(command, refusal)
        return Answer(SettingStatus.SUCCESS, events=events)

    def _told(self, command: SetSettings, told: Told) -> Answer:
        if isinstance(told.word, EntryRefused):
            return self._refused(command, told.word.refusal)
        return Answer(SettingStatus.SUCCESS, events=told.events)

    def _refused(self, command: Command, refusal: Refused) -> Answer:
        """What the setting interface returns. A list that is all or none has no counterpart on a real machine, which might drop it."""
        if isinstance(command, ApplyList) and isinstance(refusal, SignatureNeeded):
            return Answer(refusal.setting_status, str(refusal))
        about_password = isinstance(refusal, (PasswordNeeded, PasswordWrong, PasswordsLocked))
        return Answer(*setting_codes.told(self.firmware, refusal), about_password=about_password)

    def _log(self, command_type: int, data: bytes) -> Answer:
        """How many events there are, or one of them by its number, 1 for the newest."""
        logged = self.firmware.memory.log.events
        if command_type == LogType.COUNT:
            return Answer(CommandStatus.SUCCESS, data=len(logged).to_bytes(4, "little"))
        if command_type != LogType.ENTRY:
            sentence = f"the command type 0x{command_type:X} is not known"
            return Answer(CommandStatus.INVALID_COMMAND_TYPE, sentence)
        if len(data) != 1 or not 1 <= data[0] <= len(logged):
            sentence = f"one byte with the number of an event, 1 to {len(logged)}, was expected"
            wrong = (
                CommandStatus.INVALID_DATA_SIZE if len(data) != 1 else CommandStatus.INVALID_COMMAND_PARAMETER
            )
            return Answer(wrong, sentence)
        entry = encode_entry(logged[-data[0]].entry)
        return Answer(CommandStatus.SUCCESS, data=entry.ljust(LOG_ENTRY_REPLY, b"\0"))
