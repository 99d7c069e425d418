"""A firmware file that an operating system hands over: whether it may wait for the next start, and whether somebody is asked then.

Of its signature counts what `bios_auth` says; what becomes of a file that waits is in `update`.
"""

from emulator.firmware import access, bios_auth, boot, doors, secure_platform
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Verdict, What, Who
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Role
from emulator.firmware.memory import FirmwareFile
from emulator.firmware.refusals import AccessDenied, SignatureNeeded, ValueNotAllowed
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace
from emulator.protocol import firmware_update
from emulator.protocol.firmware_update import MalformedUpdate

DIGEST_SIZE = 32


def order(turn: Turn, command: c.UpdateFirmware) -> None:
    """From the operating system: let a file wait for the next start."""
    boot.require(turn.session.phase, Step.MANAGE)
    file = _file(command)
    if turn.is_on(Role.LOCK_BIOS_VERSION):
        name = turn.catalogue.roles[Role.LOCK_BIOS_VERSION].name
        raise AccessDenied(f"{name!r} is on: no update is taken before it is off")
    if turn.memory.update.authorized and not command.authorization:
        raise AccessDenied("an update that the signing key allowed waits already; restart the machine first")
    mode_on = turn.memory.authentication.enabled
    if mode_on and not command.authorization and turn.catalogue.quirks.update_while_mode_on == "refused":
        raise SignatureNeeded("firmware changes only by a payload that the signing key signed")
    who = Who.SIGNED if command.authorization else Who.NOBODY
    column = access.mode(on=mode_on)
    asked = access.verdict(What.ORDER_UPDATE, who, column) is Verdict.ASKED_AT_START
    if command.authorization:
        _require_authorized(turn, command)
    turn.memory = replace(turn.memory, update=replace(turn.memory.update, waiting=file, authorized=not asked))
    turn.events.append(e.UpdateWaits(file.name, asked))


def _file(command: c.UpdateFirmware) -> FirmwareFile:
    try:
        name = firmware_update.file_name(command.name)
    except MalformedUpdate as error:
        raise ValueNotAllowed(str(error)) from None
    if len(command.digest) != DIGEST_SIZE:
        raise ValueNotAllowed(f"a SHA-256 has {DIGEST_SIZE} bytes; {len(command.digest)} came")
    return FirmwareFile(name, command.digest)


def _require_authorized(turn: Turn, command: c.UpdateFirmware) -> None:
    """Raise unless the signing key allowed this file on this machine, and count the command."""
    change = bios_auth.verified_update(
        command.authorization,
        command.digest,
        secure_platform.verification_key(turn.memory.platform),
        bios_auth.receiver(turn.memory, turn.catalogue),
    )
    doors.count(turn, bios_auth.counted(turn.memory.counters, change))
