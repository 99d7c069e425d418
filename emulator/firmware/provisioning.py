"""Secure Platform Management commands from the operating system."""

from dataclasses import replace

from emulator.firmware import bios_auth, boot, secure_platform
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Step
from emulator.firmware.refusals import NotSupported
from emulator.firmware.secure_platform import Accepted
from emulator.firmware.turn import Turn


def set_endorsement_key(turn: Turn, command: c.SetEndorsementKey) -> None:
    _require_ready(turn)
    take(turn, secure_platform.set_endorsement_key(turn.memory.platform, command.data))
    turn.events.append(e.KeysAccepted(restart_needed=True))


def set_signing_key(turn: Turn, command: c.SetSigningKey) -> None:
    _require_ready(turn)
    used = bios_auth.features(turn.memory.authentication)
    take(turn, secure_platform.set_signing_key(turn.memory.platform, command.data, used))
    turn.events.append(e.KeysAccepted(secure_platform.awaits_presence(turn.memory.platform)))


def _require_ready(turn: Turn) -> None:
    boot.require(turn.session.phase, Step.MANAGE)
    if not turn.catalogue.has_secure_platform:
        raise NotSupported("this model knows no Secure Platform Management")


def take(turn: Turn, accepted: Accepted) -> None:
    """Take over the new platform, and log what it says."""
    turn.memory = replace(turn.memory, platform=accepted.platform)
    if accepted.event is not None:
        turn.record(accepted.event)
