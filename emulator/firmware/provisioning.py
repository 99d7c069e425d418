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
    turn.events.append(_accepted(turn))


def set_signing_key(turn: Turn, command: c.SetSigningKey) -> None:
    require_ready(turn)
    quirks = turn.catalogue.quirks
    used = features.in_use(turn.memory, quirks)
    take(turn, secure_platform.set_signing_key(turn.memory.platform, command.data, used, quirks))
    turn.events.append(_accepted(turn))


def require_ready(turn: Turn) -> None:
    """Raise unless the operating system runs, on a machine that knows these commands."""
    boot.require(turn.session.phase, Step.MANAGE)
    if not turn.catalogue.has_secure_platform:
        raise NotSupported("this model knows no Secure Platform Management")


def take(turn: Turn, accepted: Accepted) -> None:
    """Take over the new platform, and log what it says; an update that another key allowed is no more allowed."""
    before, after = turn.memory.platform, accepted.platform
    turn.memory = replace(turn.memory, platform=after)
    if before.signing_key != after.signing_key and turn.memory.update.authorized:
        turn.memory = replace(turn.memory, update=replace(turn.memory.update, authorized=False))
    if accepted.event is not None:
        turn.record(accepted.event)
    asked, asks = secure_platform.awaits_presence(before), secure_platform.awaits_presence(after)
    if asked is not asks:
        remind(turn, EventCode.PIN_REMINDER_SET if asks else EventCode.PIN_REMINDER_CLEARED)


def remind(turn: Turn, code: EventCode) -> None:
    """Log a reminder of the code for keys, on machines that do."""
    if turn.catalogue.quirks.pin_reminders == "logged":
        turn.record(code)


def confirm(turn: Turn) -> None:
    """Presence was proved. Keys that somebody began to use meanwhile are not given up."""
    platform = turn.memory.platform
    still_used = platform.leaving and features.in_use(turn.memory, turn.catalogue.quirks)
    take(turn, secure_platform.refuse(platform) if still_used else secure_platform.confirm(platform))
    if still_used:
        turn.events.append(e.KeysKept())


def confirm_unasked(turn: Turn) -> None:
    """Let new keys in where nobody is asked."""
    if secure_platform.awaits_presence(turn.memory.platform) and _asks_nobody(turn):
        confirm(turn)


def _asks_nobody(turn: Turn) -> bool:
    """Whether this machine spares the prompt while the interface is off; giving keys up is asked about all the same."""
    spares = turn.catalogue.quirks.presence_for_keys == "unless off"
    off = not turn.is_on(Role.PHYSICAL_PRESENCE_INTERFACE)
    return spares and off and not turn.memory.platform.leaving


def _accepted(turn: Turn) -> e.KeysAccepted:
    awaits = secure_platform.awaits_presence(turn.memory.platform)
    return e.KeysAccepted(awaits, unasked=awaits and _asks_nobody(turn))


def refuse(turn: Turn) -> None:
    """Whoever stands at the machine does not want the keys, or does not want them given up."""
    take(turn, secure_platform.refuse(turn.memory.platform))


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
