"""Secure Platform Management: the two keys everything else is checked against.

Not provisioned → an endorsement key is accepted on first use (in progress) → a signing key, signed by the endorsement key, in either
documented order with the reboot → physical presence confirmed at that reboot → provisioned. Then the endorsement key may replace the
signing key, or take both back while no feature uses them. Another endorsement key is refused.

The nonce rule: at least the counter, or on stricter machines above it; then the counter is the nonce. Keys not yet confirmed keep
their nonce apart.
Functions take the platform and return the new one, or raise; they change nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

from emulator.firmware import access
from emulator.firmware.access import Column, Verdict, What, Who
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import SecurePlatform
from emulator.firmware.quirks import Quirks
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
from emulator.firmware.values import replace
from emulator.protocol import certificate, spm
from emulator.protocol.certificate import EndorsementCertificate, UnusableCertificate
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey
from emulator.protocol.spm import Feature, MalformedCommand, State, VerifiedSigningKeyOrder

VERSION = (1, 0)
"""As published state outputs show it."""

# State of the keys: who may send what is in the table of `access` under these columns.
_COLUMNS: Mapping[tuple[bool, bool], Column] = {
    (False, False): Column.ENDORSED,
    (True, False): Column.BOTH_SENT,
    (False, True): Column.CONFIRMED,
    (True, True): Column.PROVISIONED,
}


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


def column(platform: SecurePlatform) -> Column:
    """The state as the decision table knows it."""
    if platform.certificate is None:
        return Column.NOT_PROVISIONED
    return _COLUMNS[platform.signing_key is not None, platform.confirmed]


def reported_nonce(platform: SecurePlatform, quirks: Quirks) -> int:
    """What GET_STATE tells: as a rule 0 when not configured, although the counter never falls."""
    if platform.certificate is None and quirks.nonce_when_not_configured == "zero":
        return 0
    return max(platform.counter, platform.pending_counter)


def awaits_presence(platform: SecurePlatform) -> bool:
    return platform.certificate is not None and (not platform.confirmed or platform.leaving)


def verification_key(platform: SecurePlatform) -> PublicKey | None:
    """The signing key, if it may already order anything."""
    return platform.signing_key if state(platform) is State.PROVISIONED else None


def require_unendorsed(platform: SecurePlatform) -> None:
    """Raise AlreadyProvisioned unless an endorsement key may come."""
    if access.verdict(What.SET_ENDORSEMENT_KEY, Who.ADMINISTRATOR, column(platform)) is Verdict.ONCE_ONLY:
        raise AlreadyProvisioned(
            "an endorsement key is already here; deprovision Secure Platform Management to take another"
        )


def set_endorsement_key(platform: SecurePlatform, certificate_der: bytes) -> Accepted:
    """Carry out SET_KEK, whose password was looked at before: trust on first use, pending physical presence."""
    require_unendorsed(platform)
    return Accepted(replace(platform, certificate=_certificate(certificate_der)))


def set_signing_key(platform: SecurePlatform, data: bytes, features: Feature, quirks: Quirks) -> Accepted:
    """Carry out SET_SK: first signing key, replacement, or (zero modulus) deprovisioning."""
    order = _verified(platform, data, quirks)
    if order.key is None:
        return _deprovisioned(platform, order.counter, features, quirks)
    decided = access.verdict(What.SET_SIGNING_KEY, Who.SIGNED, column(platform))
    if decided is Verdict.ONCE_ONLY:
        raise AlreadyProvisioned(
            "a signing key was already sent; restart and confirm it with physical presence"
        )
    if decided is Verdict.WAITS_ALWAYS:
        return Accepted(replace(platform, signing_key=order.key, pending_counter=order.counter))
    replaced = platform.signing_key is not None
    event = EventCode.SIGNING_KEY_UPDATED if replaced else EventCode.PLATFORM_INITIALISED
    return Accepted(replace(platform, signing_key=order.key, counter=order.counter), event)


def counted(platform: SecurePlatform, nonce: int, quirks: Quirks) -> SecurePlatform:
    """The platform after another command with this nonce was accepted. Raises CommandNonceTooOld."""
    require_nonce(platform, nonce, quirks)
    return replace(platform, counter=nonce)


def confirm(platform: SecurePlatform) -> Accepted:
    """Physical presence was proved for the keys that await it, or for giving them up."""
    if platform.leaving:
        return given_up(platform)
    event = None if platform.signing_key is None else EventCode.PLATFORM_INITIALISED
    counter = max(platform.counter, platform.pending_counter)
    return Accepted(replace(platform, confirmed=True, counter=counter, pending_counter=0), event)


def refuse(platform: SecurePlatform) -> Accepted:
    """The person at the machine refused the keys that await presence, and they are forgotten; or to give them up, and they stay."""
    return Accepted(replace(platform, leaving=False) if platform.leaving else _empty(platform))


def given_up(platform: SecurePlatform) -> Accepted:
    """No keys any more; the counter stays."""
    event = EventCode.PLATFORM_UNCONFIGURED if platform.confirmed else None
    return Accepted(_empty(platform), event)


def _deprovisioned(platform: SecurePlatform, counter: int, features: Feature, quirks: Quirks) -> Accepted:
    decided = access.verdict(What.DEPROVISION, Who.SIGNED, column(platform))
    if features and decided is Verdict.UNLESS_IN_USE:
        raise StillInUse(
            "Secure Platform Management is in use: " + ", and ".join(_WAYS_OUT[each] for each in features)
        )
    taken = replace(platform, counter=counter) if platform.confirmed else platform
    if platform.confirmed and quirks.deprovisioning == "with presence":
        return Accepted(replace(taken, leaving=True))
    return given_up(taken)


_WAYS_OUT: Mapping[Feature, str] = {
    Feature.SURE_RUN: "switch Sure Run off",
    Feature.SURE_RECOVER: "deprovision Sure Recover",
    Feature.SURE_ADMIN: "disable Enhanced BIOS Authentication Mode and clear the local access keys first",
}


def _empty(platform: SecurePlatform) -> SecurePlatform:
    return SecurePlatform(counter=platform.counter, tail=platform.tail)


def _certificate(der: bytes) -> EndorsementCertificate:
    try:
        return certificate.parse(der)
    except (UnusableCertificate, UnusableKey) as error:
        raise CertificateRefused(str(error)) from None


def _verified(platform: SecurePlatform, data: bytes, quirks: Quirks) -> VerifiedSigningKeyOrder:
    if platform.certificate is None:
        raise NotProvisioned(
            "no endorsement key is here that could vouch for a signing key; provision it first"
        )
    try:
        parsed = spm.parse_signing_key(data)
        if quirks.checked_first == "nonce":
            require_nonce(platform, parsed.counter, quirks)
        order = spm.verify(parsed, platform.certificate.key)
    except InvalidSignature:
        raise CommandSignatureRefused(
            "the payload is not signed by the endorsement key of this machine, "
            f"{platform.certificate.key.key_id}"
        ) from None
    except UnusableKey as error:
        raise SigningKeyRefused(str(error)) from None
    except MalformedCommand as error:
        raise CommandMalformed(str(error)) from None
    require_nonce(platform, order.counter, quirks)
    return order


def require_nonce(platform: SecurePlatform, nonce: int, quirks: Quirks) -> None:
    """Raise CommandNonceTooOld unless a command with this nonce may come."""
    strict = quirks.spm_nonce == "above"
    last = max(platform.counter, platform.pending_counter)
    if nonce < last + strict:
        least = f"above {last}" if strict else f"at least {last}"
        raise CommandNonceTooOld(f"the nonce must be {least}; {nonce} came: sign it anew with such a nonce")
