"""Which proof each change needs, judged apart from the model: what a command brings, and what has changed without it.

Proofs that were typed count until the operating system runs; those that travel with a command count for that command.
"""

from collections.abc import Iterator
from enum import Enum, auto

from emulator.firmware import commands as c
from emulator.firmware import passwords
from emulator.firmware.boot import Phase
from emulator.firmware.firmware import Firmware
from emulator.firmware.memory import Memory, Passwords
from emulator.protocol import authorization, password, spm
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import InvalidSignature
from tests.firmware.bench import RESTORE, public


class Proof(Enum):
    NONE_IS_SET = auto()
    ADMINISTRATOR = auto()
    POWER_ON = auto()
    RESPONSE = auto()
    SIGNING_KEY = auto()
    ENDORSEMENT_KEY = auto()
    PRESENCE = auto()


Proofs = frozenset[Proof]
GREATEST = frozenset({Proof.NONE_IS_SET, Proof.ADMINISTRATOR})


def brought(firmware: Firmware, command: c.Command) -> Proofs:
    """What whoever sends this command proves by it, to the machine as it is before."""
    memory, session = firmware.memory, firmware.session
    match command:
        case c.TypePassword(word) | c.ChangePassword(_, _, word):
            return known(memory, word)
        case c.SetSetting(name, value, text):
            return ordered(memory, name, value, text)
        case c.ApplyList(entries):
            every = [ordered(memory, each.name, each.value, each.authorization) for each in entries]
            return frozenset[Proof]().union(*every)
        case c.SetEndorsementKey(data):
            return known(memory, spm.parse_endorsement(data).password)
        case c.SetSigningKey(data):
            return endorsed(data)
        case c.CompareResponse(code) if session.door.live and code == session.door.live.pin:
            return frozenset({Proof.RESPONSE})
        case c.AnswerPresence(code) if session.prompt and code == session.prompt.code:
            return frozenset({Proof.PRESENCE})
    return known(memory, "")


def known(memory: Memory, word: str) -> Proofs:
    kept = {Proof.ADMINISTRATOR: memory.passwords.administrator, Proof.POWER_ON: memory.passwords.power_on}
    found = {proof for proof, each in kept.items() if passwords.matches(each, word)}
    return frozenset(found if kept[Proof.ADMINISTRATOR] else found | {Proof.NONE_IS_SET})


def ordered(memory: Memory, name: str, value: str, text: str) -> Proofs:
    if not text.startswith(authorization.PREFIX):
        return known(memory, text.removeprefix(password.UTF_16))
    try:
        authorization.verify(authorization.parse(text), public("signing"), name, value)
    except (ProtocolError, InvalidSignature):
        return frozenset()
    return frozenset({Proof.SIGNING_KEY})


def endorsed(data: bytes) -> Proofs:
    try:
        spm.verify(spm.parse_signing_key(data), public("endorsement"))
    except (ProtocolError, InvalidSignature):
        return frozenset()
    return frozenset({Proof.ENDORSEMENT_KEY})


def unproved(before: tuple[Memory, Phase], after: tuple[Memory, Phase], proofs: Proofs) -> list[str]:
    """What happened although none of the proofs was brought that allow it."""
    return [what for what, allowing in happened(*before, *after) if not allowing & proofs]


def happened(old: Memory, phase: Phase, new: Memory, after: Phase) -> Iterator[tuple[str, Proofs]]:
    """What is different, with the proofs each of which allows it."""
    yield from keys_changed(old, new, phase)
    restored = frozenset({Proof.PRESENCE} if RESTORE in old.waiting and RESTORE not in new.waiting else ())
    signed, guarding = frozenset({Proof.SIGNING_KEY}), any(old.authentication.keys)
    here = GREATEST
    if phase is Phase.OPERATING_SYSTEM and old.authentication.enabled:
        here = frozenset()
    elif phase is not Phase.OPERATING_SYSTEM and guarding:
        here = frozenset({Proof.RESPONSE})
    if old.authentication.enabled is not new.authentication.enabled:
        yield "mode", signed | (frozenset() if new.authentication.enabled else restored)
    if old.authentication.keys != new.authentication.keys:
        mode_off = frozenset() if old.authentication.enabled or any(new.authentication.keys) else here
        yield "local access key", signed | restored | mode_off
    if old.passwords.administrator != new.passwords.administrator:
        yield "administrator password", signed | restored | here
    if old.passwords.power_on != new.passwords.power_on:
        shut = phase is Phase.OPERATING_SYSTEM and old.authentication.enabled
        own = frozenset(() if shut else {Proof.POWER_ON})
        yield "power-on password", signed | restored | here | own
    for name in old.settings.keys() | new.settings.keys():
        if old.settings.get(name) != new.settings.get(name):
            waited = old.waiting.get(name) == new.settings.get(name)
            yield (
                name,
                signed | restored | frozenset({Proof.PRESENCE}) if waited else signed | restored | here,
            )
    for name in new.waiting.keys() - old.waiting.keys():
        yield f"{name} waits", signed | here
    if after is Phase.SETUP is not phase:
        free = frozenset({Proof.NONE_IS_SET} if old.passwords == Passwords() else ())
        typed = free | {Proof.ADMINISTRATOR, Proof.POWER_ON}
        yield "Computer Setup", frozenset({Proof.RESPONSE}) if guarding else typed
    if phase is Phase.POWER_ON_PASSWORD and after not in (phase, Phase.OFF):
        yield "start", frozenset({Proof.ADMINISTRATOR, Proof.POWER_ON})


def keys_changed(old: Memory, new: Memory, phase: Phase) -> Iterator[tuple[str, Proofs]]:
    before, now = old.platform, new.platform
    vouched, present = frozenset({Proof.ENDORSEMENT_KEY}), frozenset({Proof.PRESENCE})
    if before.certificate is None is not now.certificate:
        yield "endorsement key", GREATEST
    if now.signing_key not in (before.signing_key, None):
        yield "signing key", vouched
    if now.confirmed and not before.confirmed:
        yield "keys confirmed", present
    escaped = phase is Phase.PRESENCE and not before.confirmed
    if before.certificate is not None and now.certificate is None and not escaped:
        yield "keys given up", vouched
