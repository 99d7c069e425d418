"""Policies: what a plan asks for, as signed payloads in the one order in which a PC takes them, and the way back.

**Taking back** goes the other way round than bringing: a PC does not give up keys that a feature counts on (0x1002).

**Nonces.** A PC takes a nonce that is at least the last one, of each counter. So all steps of a policy share one, the Unix time in
seconds, and then two policies of the same second do not get in each other's way, whichever comes first. A PC that takes no nonce
twice (a quirk here) needs `rising` ones, each above the one before; then two policies of the same second need nonces of their own.

**What is bound.** Settings can be bound to one machine. Orders of Secure Platform Management cannot.

Everything here is pure: keys and the clock come in, a policy or the bytes of a payload come out.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.admin import arguments, payloads
from emulator.companions.admin.plan import (
    MODE_FIRST,
    NO_ENDORSEMENT,
    NO_SIGNING,
    NOT_SIGNED,
    PROVISIONING_FIRST,
    NothingPlanned,
    OutOfOrder,
    Plan,
    Stage,
)
from emulator.protocol import payload, policy
from emulator.protocol.keys import PublicKey
from emulator.protocol.policy import Policy, PolicyStep

__all__ = [
    "LOCAL_ACCESS_KEYS",
    "MODE_FIRST",
    "NOT_BOUND",
    "NOT_SIGNED",
    "NO_ENDORSEMENT",
    "NO_SIGNING",
    "PROVISIONING_FIRST",
    "RESTORE",
    "EXPLAINS_0x1002",
    "NothingPlanned",
    "OutOfOrder",
    "Plan",
    "Stage",
    "make",
    "restore_security",
    "take_back",
]

LOCAL_ACCESS_KEYS = payloads.LOCAL_ACCESS_KEYS
EXPLAINS_0x1002 = policy.EXPLAINS_IN_USE
NOT_BOUND = arguments.NOT_BOUND
RESTORE = "Restore Security Settings to Factory Defaults"


def make(plan: Plan, name: str, *, now: datetime, nonce: int | None = None) -> Policy:
    """The policy for a plan. Raises OutOfOrder with the reason, NothingPlanned, SameKeys or ProtocolError."""
    if not plan.stages:
        raise NothingPlanned("this policy would bring nothing: name keys, or what shall be turned on")
    for stage in plan.stages:
        if (reason := plan.why_not(stage)) is not None:
            raise OutOfOrder(reason)
    first = payloads.default_nonce(now) if nonce is None else nonce
    makers = [*_provisioning(plan, now), *_settings(plan, now)]
    return _policy(name, now, makers, first, rising=plan.rising)


def take_back(
    name: str,
    *,
    endorsement: RSAPrivateKey,
    signing: RSAPrivateKey,
    numbers: Iterable[int] = LOCAL_ACCESS_KEYS,
    now: datetime,
    nonce: int | None = None,
    target: uuid.UUID | None = None,
    rising: bool = False,
) -> Policy:
    """The mode off, then the local access keys cleared, then both keys taken back, which cannot be bound to `target`."""

    def cleared(number: int) -> "_Maker":
        return lambda each: PolicyStep(
            f"Clear local access key {number}",
            payloads.local_access_key(signing, None, number=number, now=now, nonce=each, target=target),
        )

    makers: list[_Maker] = [
        lambda each: PolicyStep(
            "Turn Enhanced BIOS Authentication Mode off",
            payloads.authentication_mode(signing, on=False, now=now, nonce=each, target=target),
        ),
        *(cleared(number) for number in numbers),
        lambda each: PolicyStep(
            "Take both keys back (deprovision Secure Platform Management)",
            payloads.deprovision(endorsement, now=now, nonce=each),
        ),
    ]
    first = payloads.default_nonce(now) if nonce is None else nonce
    return _policy(name, now, makers, first, rising=rising)


def restore_security(
    signing: RSAPrivateKey,
    *,
    now: datetime,
    nonce: int | None = None,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> bytes:
    """The other way to take a PC back from afar: its security settings to factory defaults, once somebody typed the code there."""
    return payloads.setting(
        signing, RESTORE, "Yes", now=now, nonce=nonce, target=target, single_use=single_use
    )


_Maker = Callable[[int], PolicyStep]
"""Makes a step with a nonce."""


def _provisioning(plan: Plan, now: datetime) -> list[_Maker]:
    der, endorsement, signing = plan.endorsement_certificate, plan.endorsement, plan.signing
    if Stage.PROVISIONING not in plan.stages or der is None or endorsement is None or signing is None:
        return []
    return [
        lambda _: PolicyStep("Provision the endorsement key", payloads.endorsement_key(der, now=now)),
        lambda each: PolicyStep(
            "Provision the signing key",
            payloads.signing_key(endorsement, PublicKey.of(signing), now=now, nonce=each),
        ),
    ]


def _settings(plan: Plan, now: datetime) -> list[_Maker]:
    signing = plan.signing
    if signing is None:
        return []

    def key_set(number: int, key: PublicKey) -> _Maker:
        return lambda each: PolicyStep(
            f"Set local access key {number}",
            payloads.local_access_key(signing, key, number=number, now=now, nonce=each, target=plan.target),
        )

    def mode(each: int) -> PolicyStep:
        return PolicyStep(
            "Turn Enhanced BIOS Authentication Mode on",
            payloads.authentication_mode(signing, on=True, now=now, nonce=each, target=plan.target),
        )

    keys = [key_set(number, key) for number, key in sorted(plan.local_access.items())]
    return [mode, *keys] if plan.mode else keys


def _policy(name: str, now: datetime, makers: list[_Maker], first: int, *, rising: bool) -> Policy:
    steps = tuple(make_step(first + rising * at) for at, make_step in enumerate(makers))
    made = Policy(name, payload.timestamp(now), steps)
    # Nobody gets a policy that cannot be read back.
    return policy.parse(policy.encode(made))
