"""Sure Recover and Sure Run: orders that the signing key signed are checked, counted and kept; what they order is not emulated.

Their nonce is judged with that of Secure Platform Management, for no counter of their own is known. A trigger and a service event are
for the next start, which carries them out (`next_boot`). How these orders reach a real firmware through its command interface is not
public, so here they come by their purpose.
"""

from collections.abc import Mapping

from emulator.firmware import access, provisioning, recovery_parts, secure_platform
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Verdict, What, Who
from emulator.firmware.event_log import EventCode
from emulator.firmware.recovery_parts import Parts
from emulator.firmware.refusals import (
    CommandMalformed,
    CommandSignatureRefused,
    ContentRefused,
    NotProvisioned,
    SureRunNotActive,
)
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace
from emulator.protocol import sure_recover, sure_run
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey
from emulator.protocol.payload import Purpose
from emulator.protocol.sure_recover import DeprovisionOrder, Part, SignedOrder
from emulator.protocol.sure_run import AnotherManifest

_PARTS: Mapping[Purpose, str] = {
    Purpose.RECOVER_OS_IMAGE: recovery_parts.OS_IMAGE,
    Purpose.RECOVER_AGENT: recovery_parts.AGENT,
    Purpose.RECOVER_FAILOVER: recovery_parts.FAILOVER,
    Purpose.RECOVER_CONFIGURE: recovery_parts.CONFIGURATION,
    Purpose.RECOVER_SCHEDULE: recovery_parts.SCHEDULE,
    Purpose.RECOVER_TRIGGER: recovery_parts.TRIGGER,
}

# What a bit of the mask takes away. A failover is another place of the operating system's image, so it goes with that.
_TAKEN: Mapping[Part, tuple[str, ...]] = {
    Part.AGENT: (recovery_parts.AGENT,),
    Part.OS_IMAGE: (recovery_parts.OS_IMAGE, recovery_parts.FAILOVER),
    Part.CONFIGURATION: (recovery_parts.CONFIGURATION,),
    Part.TRIGGER: (recovery_parts.TRIGGER,),
    Part.SCHEDULE: (recovery_parts.SCHEDULE,),
}


def configure(turn: Turn, command: c.ConfigureRecovery) -> None:
    """Carry out an order of one of the purposes of Sure Recover and Sure Run."""
    provisioning.require_ready(turn)
    try:
        if command.purpose is Purpose.RECOVER_SERVICE_EVENT:
            _raise_service_event(turn, command)
        elif command.purpose is Purpose.RUN_MANIFEST:
            _take_manifest(turn, command)
        else:
            _take_order(turn, command)
    except InvalidSignature:
        raise CommandSignatureRefused(
            "the payload is not signed by the signing key of this machine"
        ) from None
    except (AnotherManifest, UnusableKey) as error:
        raise ContentRefused(str(error)) from None
    except ProtocolError as error:
        raise CommandMalformed(str(error)) from None
    turn.events.append(e.RecoveryConfigured(command.purpose))


def _raise_service_event(turn: Turn, command: c.ConfigureRecovery) -> None:
    _require_keys(turn, What.SERVICE_EVENT, Who.NOBODY)
    sure_recover.check_service_event(command.data)
    _keep(turn, {**turn.memory.recovery, recovery_parts.SERVICE_EVENT: b""})


def _take_order(turn: Turn, command: c.ConfigureRecovery) -> None:
    if command.purpose not in sure_recover.ORDERS:
        raise CommandMalformed(f"{command.purpose} is no order for Sure Recover or Sure Run")
    key = _require_keys(turn, What.SURE_RECOVER, Who.SIGNED)
    parsed = sure_recover.ORDERS[command.purpose](command.data)
    _judge_first(turn, parsed.nonce)
    order = sure_recover.verify(parsed, key).order
    _count(turn, order.nonce)
    _keep(turn, _with(turn.memory.recovery, command.purpose, order))


def _take_manifest(turn: Turn, command: c.ConfigureRecovery) -> None:
    key = _require_keys(turn, What.SURE_RECOVER, Who.SIGNED)
    order = sure_run.parse(command.data, command.manifest)
    _judge_first(turn, order.counter)
    verified = sure_run.verify(order, key)
    was = recovery_parts.MANIFEST in turn.memory.recovery
    if verified.manifest is None and not was:
        raise SureRunNotActive("Sure Run is not active, so there is nothing to switch off")
    _count(turn, verified.counter)
    _keep(turn, recovery_parts.with_manifest(turn.memory.recovery, order.signed, verified.manifest))
    runs = recovery_parts.MANIFEST in turn.memory.recovery
    if runs is not was:
        turn.record(EventCode.SURE_RUN_ACTIVATED if runs else EventCode.SURE_RUN_DEACTIVATED)


def _with(parts: Parts, purpose: Purpose, order: SignedOrder) -> Parts:
    if isinstance(order, DeprovisionOrder):
        taken = [name for part in order.parts for name in _TAKEN[part]]
        return recovery_parts.without(parts, *taken)
    return {**parts, _PARTS[purpose]: order.signed}


def _require_keys(turn: Turn, what: What, who: Who) -> PublicKey:
    platform = turn.memory.platform
    decided = access.verdict(what, who, secure_platform.column(platform))
    key = secure_platform.verification_key(platform)
    if decided is Verdict.KEYS_FIRST or key is None:
        raise NotProvisioned("Secure Platform Management is not provisioned; send its keys first")
    return key


def _judge_first(turn: Turn, nonce: int) -> None:
    """On machines that look at the nonce before the signature."""
    if turn.catalogue.quirks.checked_first == "nonce":
        secure_platform.require_nonce(turn.memory.platform, nonce, turn.catalogue.quirks)


def _count(turn: Turn, nonce: int) -> None:
    platform = secure_platform.counted(turn.memory.platform, nonce, turn.catalogue.quirks)
    turn.memory = replace(turn.memory, platform=platform)


def _keep(turn: Turn, parts: Parts) -> None:
    turn.memory = replace(turn.memory, recovery=parts)
