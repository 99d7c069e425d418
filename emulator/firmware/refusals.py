"""Why the firmware refuses: one exception per reason, each with its code at every door and its event, if it has one.

Which code a real machine returns for each reason is not public beyond the two tables in `protocol.status`; the choice
here is ours: a bad signature 0x02 at the command interface and 6 at the setting interface, an old nonce 0x18 and 6, an unknown
name 4, a bad value 5, access denied 0x0B and 6. A refusal leaves settings and counters alone.
"""

from typing import ClassVar

from emulator.firmware.event_log import EventCode
from emulator.protocol.status import CommandStatus, SettingStatus


class Refused(Exception):
    """The firmware did not do what it was asked; the text says why and what to do."""

    command_status: ClassVar[CommandStatus] = CommandStatus.OTHER_ERROR
    setting_status: ClassVar[SettingStatus] = SettingStatus.UNSPECIFIED_ERROR
    event: ClassVar[EventCode | None] = None
    costs_a_try: ClassVar[bool] = False


class UnknownSetting(Refused):
    """A name that this model does not have."""

    setting_status = SettingStatus.UNKNOWN_SETTING


class ValueNotAllowed(Refused):
    """A value outside what the setting takes."""

    setting_status = SettingStatus.INVALID_PARAMETER


class PrerequisiteNotMet(Refused):
    """A grey setting: another one has to be changed first, and the text says which."""

    setting_status = SettingStatus.ACCESS_DENIED


class SetOnce(Refused):
    """A setting that was set for ever."""

    setting_status = SettingStatus.ACCESS_DENIED


class NotSupported(Refused):
    """Something that this model has not."""

    command_status = CommandStatus.INVALID_COMMAND_VALUE
    setting_status = SettingStatus.NOT_SUPPORTED


class PasswordNeeded(Refused):
    """A change without the password that guards it."""

    setting_status = SettingStatus.ACCESS_DENIED


class PasswordWrong(Refused):
    """A password that is not the one that was set. It costs a try."""

    setting_status = SettingStatus.ACCESS_DENIED
    costs_a_try = True


class PasswordsLocked(Refused):
    """Too many wrong passwords in a row: none is looked at before the next restart."""

    setting_status = SettingStatus.ACCESS_DENIED


class PasswordPolicyNotMet(Refused):
    """A new password that the policies of this machine do not allow."""

    setting_status = SettingStatus.PASSWORD_POLICY_NOT_MET


class ReadOnly(Refused):
    """A setting that only tells."""

    setting_status = SettingStatus.ACCESS_DENIED


class AccessDenied(Refused):
    """A change by someone who may not make it."""

    command_status = CommandStatus.AUTHENTICATION_FAILED
    setting_status = SettingStatus.ACCESS_DENIED


class SignatureNeeded(AccessDenied):
    """A change without the signature that it needs."""


class SignatureRefused(Refused):
    """An authorization that the provisioned signing key did not make for this change."""

    command_status = CommandStatus.INVALID_SIGNATURE
    setting_status = SettingStatus.ACCESS_DENIED
    event = EventCode.INVALID_SETTING_SIGNATURE


class NonceTooOld(Refused):
    """A good signature whose nonce is not new enough."""

    command_status = CommandStatus.NONCE_DID_NOT_MATCH
    setting_status = SettingStatus.ACCESS_DENIED


class AnotherMachine(Refused):
    """A payload bound to another machine's UUID."""

    command_status = CommandStatus.AUTHENTICATION_FAILED
    setting_status = SettingStatus.ACCESS_DENIED


class CommandRefused(Refused):
    """A Secure Platform Management command was refused; every such refusal is logged."""

    event = EventCode.COMMAND_REJECTED


class CommandMalformed(CommandRefused):
    command_status = CommandStatus.INVALID_DATA_SIZE


class CommandPasswordRefused(CommandRefused):
    """An endorsement key without the setup password, or with another one. A wrong one costs a try."""

    command_status = CommandStatus.INVALID_ADMINISTRATOR_PASSWORD


class CommandPasswordWrong(CommandPasswordRefused):
    costs_a_try = True


class CommandPasswordUnused(CommandRefused):
    """An endorsement key with a setup password where none is set."""

    command_status = CommandStatus.ADMINISTRATOR_PASSWORD_NOT_SET


class CertificateRefused(CommandRefused):
    command_status = CommandStatus.INVALID_COMMAND_PARAMETER


class SigningKeyRefused(CommandRefused):
    command_status = CommandStatus.INVALID_COMMAND_PARAMETER


class ContentRefused(CommandRefused):
    """An order of the right form that speaks of a key or a manifest that does not fit."""

    command_status = CommandStatus.INVALID_COMMAND_PARAMETER


class SureRunNotActive(CommandRefused):
    command_status = CommandStatus.SURE_RUN_NOT_ACTIVE


class CommandSignatureRefused(CommandRefused):
    command_status = CommandStatus.INVALID_SIGNATURE


class CommandNonceTooOld(CommandRefused):
    command_status = CommandStatus.NONCE_DID_NOT_MATCH


class NotProvisioned(CommandRefused):
    command_status = CommandStatus.NOT_PROVISIONED


class AlreadyProvisioned(CommandRefused):
    command_status = CommandStatus.ALREADY_PROVISIONED


class StillInUse(CommandRefused):
    command_status = CommandStatus.IN_USE


class WrongPhase(Refused):
    """A command that the machine cannot carry out in the phase it is in."""

    command_status = CommandStatus.COMMAND_FAILED


class MalformedCode(Refused):
    """Typed text that is no code at all; it costs no try."""


class NoLiveChallenge(Refused):
    """The challenge is used up, expired or not yet due."""


class MustWait(Refused):
    """After several misses a new challenge takes time."""
