"""Signed orders for Sure Recover and Sure Run, which go through Secure Platform Management and cannot be bound to one machine.

All but one are signed by the signing key. A service event has no bytes and no signature: whoever can hand it over raises it.
"""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.admin.payloads import default_nonce, encoded
from emulator.protocol import sure_recover, sure_run
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Purpose
from emulator.protocol.sure_recover import Day, Part

IMAGES = {"os": Purpose.RECOVER_OS_IMAGE, "agent": Purpose.RECOVER_AGENT}
"""What can be provisioned, and the purpose for it."""


def image(
    signing: RSAPrivateKey,
    which: str,
    image_key: PublicKey,
    url: str,
    *,
    version: int = 1,
    user_name: str = "",
    password: str = "",
    now: datetime,
    nonce: int | None = None,
) -> bytes:
    """Say where an image lies, one of IMAGES, and which key must have signed it. Raises MalformedRecoverOrder."""
    data = sure_recover.make_provision(
        signing,
        image_key,
        url,
        nonce=_nonce(nonce, now),
        version=version,
        user_name=user_name,
        password=password,
    )
    return encoded(IMAGES[which], data, now)


def failover(signing: RSAPrivateKey, opaque: bytes, *, now: datetime, nonce: int | None = None) -> bytes:
    """Say where else to look, in bytes whose form is not public."""
    data = sure_recover.make_failover(signing, opaque, nonce=_nonce(nonce, now))
    return encoded(Purpose.RECOVER_FAILOVER, data, now)


def deprovision(signing: RSAPrivateKey, parts: Part, *, now: datetime, nonce: int | None = None) -> bytes:
    data = sure_recover.make_deprovision(signing, parts, nonce=_nonce(nonce, now))
    return encoded(Purpose.RECOVER_DEPROVISION, data, now)


def schedule(
    signing: RSAPrivateKey,
    days: Day,
    *,
    hour: int,
    minute: int,
    window: int,
    now: datetime,
    nonce: int | None = None,
) -> bytes:
    """Recover on these days within `window` minutes; 0 takes the schedule back."""
    data = sure_recover.make_schedule(
        signing, nonce=_nonce(nonce, now), days=days, hour=hour, minute=minute, window=window
    )
    return encoded(Purpose.RECOVER_SCHEDULE, data, now)


def configure(
    signing: RSAPrivateKey, *, os_flags: int, agent_flags: int, now: datetime, nonce: int | None = None
) -> bytes:
    data = sure_recover.make_configure(
        signing, nonce=_nonce(nonce, now), os_flags=os_flags, agent_flags=agent_flags
    )
    return encoded(Purpose.RECOVER_CONFIGURE, data, now)


def trigger(
    signing: RSAPrivateKey, *, bios_flags: int, agent_flags: int, now: datetime, nonce: int | None = None
) -> bytes:
    """Recover at the next start."""
    data = sure_recover.make_trigger(
        signing, nonce=_nonce(nonce, now), bios_flags=bios_flags, agent_flags=agent_flags
    )
    return encoded(Purpose.RECOVER_TRIGGER, data, now)


def service_event(*, now: datetime) -> bytes:
    return encoded(Purpose.RECOVER_SERVICE_EVENT, b"", now)


def manifest(
    signing: RSAPrivateKey, content: bytes | None, *, now: datetime, nonce: int | None = None
) -> bytes:
    """Order Sure Run to keep what `content` lists, or with None switch it off. Raises MalformedManifestOrder."""
    data = sure_run.make(signing, content, counter=_nonce(nonce, now))
    return encoded(Purpose.RUN_MANIFEST, data, now, content)


def _nonce(given: int | None, now: datetime) -> int:
    return default_nonce(now) if given is None else given
