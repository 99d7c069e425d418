"""What orders of Secure Platform Management say: keys, Sure Recover and Sure Run. None of them can be bound to one machine."""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from emulator.companions.admin.judge import Finding, Judge, Verdict
from emulator.companions.admin.reading_settings import HIDDEN, Contents, Fields, Reader
from emulator.protocol import certificate, spm, sure_recover, sure_run
from emulator.protocol.payload import Envelope, Purpose
from emulator.protocol.sure_recover import (
    ConfigureOrder,
    DeprovisionOrder,
    FailoverOrder,
    ProvisionOrder,
    ScheduleOrder,
    SignedOrder,
    TriggerOrder,
)

NOT_BOUND = "any machine that holds the keys for it (cannot be bound)"
NEW = "any machine without keys (cannot be bound)"


def endorsement_key(envelope: Envelope, judge: Judge) -> Contents:
    order = spm.parse_endorsement(envelope.data)
    held, outline = certificate.parse(order.certificate), certificate.outline(order.certificate)
    fields: Fields = {
        "setup_password": HIDDEN if order.password else "none",
        "subject": held.subject,
        "key_id": held.key.key_id,
        "valid_from": outline.valid_from.isoformat(),
        "valid_until": outline.valid_until.isoformat(),
        "certificate_size": len(held.der),
        "certificate_sha256": hashlib.sha256(held.der).hexdigest(),
        "machine": NEW,
    }
    finding = judge.carried("the endorsement key", held.key)
    return "brings an endorsement key to a PC that has none", fields, (finding,)


def signing_key(envelope: Envelope, judge: Judge) -> Contents:
    order = spm.parse_signing_key(envelope.data)
    what = "the order to take both keys back" if order.key is None else "the signing key"
    finding = judge.signature(what, lambda key: spm.verify(order, key))
    fields: Fields = {
        "key_id": None if order.key is None else order.key.key_id,
        "nonce": order.counter,
        "machine": NOT_BOUND,
    }
    if order.key is None:
        return "takes both keys back (deprovisions)", fields, (finding,)
    if finding.verdict is Verdict.GOOD:
        judge.trust(order.key)
    return "brings or replaces the signing key", fields, (finding,)


def recover(envelope: Envelope, judge: Judge) -> Contents:
    order = sure_recover.ORDERS[envelope.purpose](envelope.data)
    does = _RECOVER[envelope.purpose]
    finding = judge.signature("the order for Sure Recover", lambda key: sure_recover.verify(order, key))
    return does, {**_order(order), "nonce": order.nonce, "machine": NOT_BOUND}, (finding,)


def service_event(envelope: Envelope, _judge: Judge) -> Contents:
    sure_recover.check_service_event(envelope.data)
    finding = Finding("the service event", Verdict.UNSIGNED, why="nobody signs a service event")
    return "raises a service event of Sure Recover", {"machine": NOT_BOUND}, (finding,)


def run_manifest(envelope: Envelope, judge: Judge) -> Contents:
    order = sure_run.parse(envelope.data, envelope.meta[0])
    came = hashlib.sha256(order.manifest).digest() if order.manifest else sure_run.NO_HASH
    fields: Fields = {
        "manifest_size": order.total_size,
        "manifest_sha256": order.manifest_hash.hex(),
        "manifest_came": len(order.manifest),
        "manifest_fits": len(order.manifest) == order.total_size
        and hmac.compare_digest(came, order.manifest_hash),
        "nonce": order.counter,
        "machine": NOT_BOUND,
    }
    finding = judge.signature("the manifest for Sure Run", lambda key: sure_run.verify(order, key))
    does = "tells Sure Run what must keep running" if order.total_size else "switches Sure Run off"
    return does, fields, (finding,)


_RECOVER: Mapping[Purpose, str] = {
    Purpose.RECOVER_OS_IMAGE: "says where the operating system's image lies",
    Purpose.RECOVER_AGENT: "says where the recovery agent lies",
    Purpose.RECOVER_FAILOVER: "says where else the operating system's image lies",
    Purpose.RECOVER_DEPROVISION: "makes Sure Recover forget what was ordered",
    Purpose.RECOVER_SCHEDULE: "sets or takes back the days of recovery",
    Purpose.RECOVER_CONFIGURE: "says what Sure Recover may use",
    Purpose.RECOVER_TRIGGER: "makes the PC recover at its next start",
}
READERS: Mapping[Purpose, Reader] = {
    Purpose.ENDORSEMENT_KEY: endorsement_key,
    Purpose.SIGNING_KEY: signing_key,
    Purpose.RECOVER_SERVICE_EVENT: service_event,
    Purpose.RUN_MANIFEST: run_manifest,
    **dict.fromkeys(_RECOVER, recover),
}


def _order(order: SignedOrder) -> Fields:
    match order:
        case ProvisionOrder():
            return {
                "version": order.version,
                "image_key_id": order.image_key.key_id,
                "user_name": order.user_name,
                "password": HIDDEN if order.password else "none",
                "url": _place(order.url),
            }
        case ConfigureOrder():
            return {"os_flags": order.os_flags, "agent_flags": order.agent_flags}
        case TriggerOrder():
            return {"bios_flags": order.bios_flags, "agent_flags": order.agent_flags}
        case ScheduleOrder():
            days = [str(day.name).lower().replace("_", "-") for day in order.days]
            return {"days": days, "at": f"{order.hour:02}:{order.minute:02}", "window_minutes": order.window}
        case DeprovisionOrder():
            return {"parts": [str(part.name).lower().replace("_", "-") for part in order.parts]}
        case FailoverOrder():
            return {"opaque_size": len(order.opaque)}
    raise AssertionError(order)


def _place(url: str) -> str:
    """An address without what could be a password in it: what stands before @, and behind a question mark or a cross."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    host = parts.netloc.rpartition("@")
    shown = parts._replace(
        netloc=f"***@{host[2]}" if host[1] else parts.netloc, query="", fragment=""
    ).geturl()
    return shown + ("?***" if parts.query or parts.fragment else "")
