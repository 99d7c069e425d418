"""Secure Platform Management commands from the operating system.

An endorsement key comes without a signature, so a machine with a setup password asks for it, in the area before the certificate.
"""

from emulator.firmware import boot, features, password_proofs, secure_platform
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Step
from emulator.firmware.catalogue import Role
from emulator.firmware.event_log import EventCode
from emulator.firmware.refusals import (
    CommandMalformed,
    CommandPasswordRefused,
    CommandPasswordUnused,
    CommandPasswordWrong,
    NotSupported,
    PasswordNeeded,
    PasswordsLocked,
    PasswordWrong,
)
from emulator.firmware.secure_platform import Accepted
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace
from emulator.protocol import spm
from emulator.protocol.spm import MalformedCommand

ADMINISTRATOR = Role.ADMINISTRATOR_PASSWORD
_REMINDERS = frozenset({EventCode.PIN_REMINDER_SET, EventCode.PIN_REMINDER_CLEARED, EventCode.PIN_REQUESTED})


def set_endorsement_key(turn: Turn, command: c.SetEndorsementKey) -> None:
    require_ready(turn)
    secure_platform.require_unendorsed(turn.memory.platform)
    length_last = turn.catalogue.quirks.length_place == "last"
    try:
        order = spm.parse_endorsement(command.data, length_last=length_last)
    except MalformedCommand as error:
        raise CommandMalformed(str(error)) from None
    _require_password(turn, order.password)
    take(turn, secure_platform.set_endorsement_key(turn.memory.platform, order.certificate))
    turn.events.append(e.KeysAccepted(restart_needed=True))


def set_signing_key(turn: Turn, command: c.SetSigningKey) -> None:
    require_ready(turn)
    quirks = turn.catalogue.quirks
    used = features.in_use(turn.memory, quirks)
    take(turn, secure_platform.set_signing_key(turn.memory.platform, command.data, used, quirks))
    turn.events.append(e.KeysAccepted(secure_platform.awaits_presence(turn.memory.platform)))


def require_ready(turn: Turn) -> None:
    """Raise unless the operating system runs, on a machine that knows these commands."""
    boot.require(turn.session.phase, Step.MANAGE)
    if not turn.catalogue.has_secure_platform:
        raise NotSupported("this model knows no Secure Platform Management")


def take(turn: Turn, accepted: Accepted) -> None:
    """Take over the new platform, and log what it says."""
    turn.memory = replace(turn.memory, platform=accepted.platform)
    if accepted.event is not None:
        record(turn, accepted.event)


def record(turn: Turn, code: EventCode) -> None:
    """Log what happened to the keys; whether reminders are logged is a quirk."""
    if code not in _REMINDERS or turn.catalogue.quirks.pin_reminders == "logged":
        turn.record(code)


def confirm(turn: Turn) -> None:
    """Presence was proved. Keys that somebody began to use meanwhile are not given up."""
    platform = turn.memory.platform
    still_used = platform.leaving and features.in_use(turn.memory, turn.catalogue.quirks)
    take(turn, secure_platform.refuse(platform) if still_used else secure_platform.confirm(platform))
    record(turn, EventCode.PIN_REMINDER_CLEARED)


def confirm_unasked(turn: Turn) -> None:
    """Let new keys in without a prompt, on machines that do so; giving keys up is asked about all the same."""
    platform = turn.memory.platform
    if secure_platform.awaits_presence(platform) and not platform.leaving:
        confirm(turn)


def refuse(turn: Turn) -> None:
    """Whoever stands at the machine does not want the keys, or does not want them given up."""
    take(turn, secure_platform.refuse(turn.memory.platform))
    record(turn, EventCode.PIN_REMINDER_CLEARED)


def _require_password(turn: Turn, sent: str) -> None:
    if not turn.password_is_set(ADMINISTRATOR):
        if sent:
            raise CommandPasswordUnused("a setup password came, but none is set on this machine; send none")
        return
    try:
        password_proofs.require_one_of(turn, sent, (ADMINISTRATOR,))
    except PasswordWrong as refusal:
        raise CommandPasswordWrong(str(refusal)) from None
    except (PasswordNeeded, PasswordsLocked) as refusal:
        raise CommandPasswordRefused(f"an endorsement key: {refusal}") from None
