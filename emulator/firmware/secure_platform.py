"""Secure Platform Management: the two keys everything else is checked against.

Not provisioned → an endorsement key is accepted on first use (in progress) → a signing key, signed by the endorsement key, in either
documented order with the reboot → physical presence confirmed at that reboot → provisioned. Then the endorsement key may replace the
signing key, or take both back while no feature uses them. Another endorsement key is refused.

The nonce rule: at least the counter; then the counter is the nonce. Keys not yet confirmed keep their nonce apart.
Functions take the platform and return the new one, or raise; they change nothing.
"""

from dataclasses import replace
from typing import NamedTuple

from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import SecurePlatform
from emulator.firmware.refusals import (
    AlreadyProvisioned,
    CertificateRefused,
    CommandMalformed,
    CommandNonceTooOld,
    CommandSignatureRefused,
    NotProvisioned,
    SigningKeyRefused,
    StillInUse,
)
from emulator.protocol import certificate, spm
from emulator.protocol.certificate import EndorsementCertificate, UnusableCertificate
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey
from emulator.protocol.spm import Feature, MalformedCommand, State, VerifiedSigningKeyOrder

VERSION = (1, 0)
"""As published state outputs show it."""


class Accepted(NamedTuple):
    """The new platform and the event to log, if any."""

    platform: SecurePlatform
    event: EventCode | None = None


def state(platform: SecurePlatform) -> State:
    if platform.certificate is None:
        return State.NOT_CONFIGURED
    if platform.confirmed and platform.signing_key is not None:
        return State.PROVISIONED
    return State.PROVISIONING_IN_PROGRESS


def reported_nonce(platform: SecurePlatform) -> int:
    """What GET_STATE tells: 0 when not configured, although the counter never falls."""
    if platform.certificate is None:
        return 0
    return max(platform.counter, platform.pending_counter)


def awaits_presence(platform: SecurePlatform) -> bool:
    return platform.certificate is not None and not platform.confirmed


def verification_key(platform: SecurePlatform) -> PublicKey | None:
    """The signing key, if it may already order anything."""
    return platform.signing_key if state(platform) is State.PROVISIONED else None


def set_endorsement_key(platform: SecurePlatform, data: bytes) -> Accepted:
    """Carry out SET_KEK: trust on first use, pending physical presence."""
    if platform.certificate is not None:
        raise AlreadyProvisioned(
            "an endorsement key is already here; deprovision Secure Platform Management to take another"
        )
    return Accepted(replace(platform, certificate=_certificate(data)))


def set_signing_key(platform: SecurePlatform, data: bytes, features: Feature) -> Accepted:
    """Carry out SET_SK: first signing key, replacement, or (zero modulus) deprovisioning."""
    order = _verified(platform, data)
    if order.key is None:
        return _deprovisioned(platform, order.counter, features)
    now = state(platform)
    if now is State.PROVISIONING_IN_PROGRESS and platform.signing_key is not None:
        raise AlreadyProvisioned(
            "a signing key was already sent; restart and confirm it with physical presence"
        )
    if not platform.confirmed:
        return Accepted(replace(platform, signing_key=order.key, pending_counter=order.counter))
    event = EventCode.SIGNING_KEY_UPDATED if now is State.PROVISIONED else EventCode.PLATFORM_INITIALISED
    return Accepted(replace(platform, signing_key=order.key, counter=order.counter), event)


def confirm(platform: SecurePlatform) -> Accepted:
    """Physical presence was proved for the keys that await it."""
    event = None if platform.signing_key is None else EventCode.PLATFORM_INITIALISED
    counter = max(platform.counter, platform.pending_counter)
    return Accepted(replace(platform, confirmed=True, counter=counter, pending_counter=0), event)


def refuse(platform: SecurePlatform) -> Accepted:
    """The person at the machine refused the keys that await presence; they are forgotten."""
    return Accepted(_empty(platform))


def _deprovisioned(platform: SecurePlatform, counter: int, features: Feature) -> Accepted:
    if features:
        raise StillInUse(
            "Secure Platform Management is in use; disable Enhanced BIOS Authentication Mode and clear the "
            "local access keys first"
        )
    counted = replace(platform, counter=counter) if platform.confirmed else platform
    return Accepted(_empty(counted), EventCode.PLATFORM_UNCONFIGURED)


def _empty(platform: SecurePlatform) -> SecurePlatform:
    return SecurePlatform(counter=platform.counter, tail=platform.tail)


def _certificate(data: bytes) -> EndorsementCertificate:
    try:
        return certificate.parse(spm.certificate_in(data))
    except MalformedCommand as error:
        raise CommandMalformed(str(error)) from None
    except (UnusableCertificate, UnusableKey) as error:
        raise CertificateRefused(str(error)) from None


def _verified(platform: SecurePlatform, data: bytes) -> VerifiedSigningKeyOrder:
    if platform.certificate is None:
        raise NotProvisioned(
            "no endorsement key is here that could vouch for a signing key; provision it first"
        )
    try:
        order = spm.verify(spm.parse_signing_key(data), platform.certificate.key)
    except InvalidSignature:
        raise CommandSignatureRefused(
            "the payload is not signed by the endorsement key of this machine, "
            f"{platform.certificate.key.key_id}"
        ) from None
    except UnusableKey as error:
        raise SigningKeyRefused(str(error)) from None
    except MalformedCommand as error:
        raise CommandMalformed(str(error)) from None
    least = max(platform.counter, platform.pending_counter)
    if order.counter < least:
        raise CommandNonceTooOld(
            f"the nonce must be at least {least}; {order.counter} came: sign a new payload"
        )
    return order
