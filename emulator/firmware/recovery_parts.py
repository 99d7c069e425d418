"""What Sure Recover and Sure Run were given: parts that are kept byte for byte, each in a variable of its own.

A part is what the signing key signed of its order, nonce first. A manifest is cut into pieces, because no variable is as long as one may
be. A trigger and a service event are orders for the next start.
"""

from collections.abc import Mapping

OS_IMAGE = "SureRecoverOSImage"
AGENT = "SureRecoverAgent"
FAILOVER = "SureRecoverFailover"
CONFIGURATION = "SureRecoverConfiguration"
SCHEDULE = "SureRecoverSchedule"
TRIGGER = "SureRecoverTrigger"
SERVICE_EVENT = "SureRecoverServiceEvent"
MANIFEST = "SureRunManifest"
"""The signed words about the manifest; its pieces have a number behind the name."""

PIECE = 16 * 1024
NEXT_START = frozenset({TRIGGER, SERVICE_EVENT})

_LONGEST_MANIFEST = 1 << 16
KNOWN = frozenset(
    {
        OS_IMAGE,
        AGENT,
        FAILOVER,
        CONFIGURATION,
        SCHEDULE,
        TRIGGER,
        SERVICE_EVENT,
        MANIFEST,
        *(f"{MANIFEST}{number}" for number in range(_LONGEST_MANIFEST // PIECE)),
    }
)

Parts = Mapping[str, bytes]


def provisioned(parts: Parts) -> bool:
    """Whether Sure Recover was given anything that lasts."""
    return bool(parts.keys() & {OS_IMAGE, AGENT, FAILOVER, CONFIGURATION, SCHEDULE})


def without(parts: Parts, *names: str) -> Parts:
    return {name: part for name, part in parts.items() if name not in names}


def with_manifest(parts: Parts, signed: bytes, manifest: bytes | None) -> Parts:
    """Sure Run with another manifest, or off."""
    others = {name: part for name, part in parts.items() if not name.startswith(MANIFEST)}
    if manifest is None:
        return others
    pieces = {
        f"{MANIFEST}{number}": manifest[start : start + PIECE]
        for number, start in enumerate(range(0, len(manifest), PIECE))
    }
    return {**others, MANIFEST: signed, **pieces}
