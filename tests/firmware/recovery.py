"""Orders of an administrator besides settings: firmware files, Sure Recover, Sure Run, factory defaults, keys with a password."""

import hashlib
import uuid
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.firmware import commands as c
from emulator.protocol import authorization, firmware_update, spm, sure_recover, sure_run
from emulator.protocol.payload import Purpose
from emulator.protocol.sure_recover import ALL_PARTS, Day, Part
from tests.firmware.bench import NONCE, certificate, key, public

FILE = "T75_012402.bin"
DIGEST = hashlib.sha256(b"another firmware").digest()
UNSIGNED = c.UpdateFirmware(FILE, DIGEST)
URL = "https://recovery.example/"


def update(
    nonce: int = NONCE,
    *,
    digest: bytes = DIGEST,
    target: uuid.UUID | None = None,
    single_use: bool = False,
    by: str = "signing",
) -> c.UpdateFirmware:
    """A file that the signing key allowed by its `digest`."""
    block = firmware_update.make(key(by), digest, nonce=nonce, target=target, single_use=single_use)
    return c.UpdateFirmware(FILE, DIGEST, block)


def signed_defaults(
    nonce: int = NONCE, *, by: str = "signing", name: str = "SetSystemDefaults", single_use: bool = False
) -> c.SetSystemDefaults:
    return c.SetSystemDefaults(authorization.make(key(by), name, "", nonce=nonce, single_use=single_use))


def endorsement_with(
    password: str, name: str = "endorsement", *, length_last: bool = False
) -> c.SetEndorsementKey:
    """An endorsement key with a setup password in the area before its certificate."""
    data = spm.endorsement_data(certificate(name), password)
    area = data[1:65] + data[:1] if length_last else data[:65]
    return c.SetEndorsementKey(area + data[65:])


def _image(signing: RSAPrivateKey, nonce: int) -> bytes:
    return sure_recover.make_provision(signing, public("other"), URL, nonce=nonce)


# Purpose: what an administrator's console makes for it.
MAKERS: Mapping[Purpose, Callable[[RSAPrivateKey, int], bytes]] = {
    Purpose.RECOVER_OS_IMAGE: _image,
    Purpose.RECOVER_AGENT: _image,
    Purpose.RECOVER_FAILOVER: lambda signing, nonce: sure_recover.make_failover(
        signing, b"elsewhere", nonce=nonce
    ),
    Purpose.RECOVER_CONFIGURE: lambda signing, nonce: sure_recover.make_configure(
        signing, nonce=nonce, os_flags=3, agent_flags=1
    ),
    Purpose.RECOVER_SCHEDULE: lambda signing, nonce: sure_recover.make_schedule(
        signing, nonce=nonce, days=Day.MONDAY, hour=3, minute=30, window=60
    ),
    Purpose.RECOVER_TRIGGER: lambda signing, nonce: sure_recover.make_trigger(
        signing, nonce=nonce, bios_flags=1, agent_flags=2
    ),
}


def recover(purpose: Purpose, nonce: int = NONCE, *, by: str = "signing") -> c.ConfigureRecovery:
    return c.ConfigureRecovery(purpose, MAKERS[purpose](key(by), nonce))


def deprovision(parts: Part = ALL_PARTS, nonce: int = NONCE, *, by: str = "signing") -> c.ConfigureRecovery:
    data = sure_recover.make_deprovision(key(by), parts, nonce=nonce)
    return c.ConfigureRecovery(Purpose.RECOVER_DEPROVISION, data)


def manifest(octets: bytes | None, counter: int = NONCE, *, by: str = "signing") -> c.ConfigureRecovery:
    """A manifest for Sure Run, or with None that it is switched off."""
    return c.ConfigureRecovery(Purpose.RUN_MANIFEST, sure_run.make(key(by), octets, counter=counter), octets)


SERVICE_EVENT = c.ConfigureRecovery(Purpose.RECOVER_SERVICE_EVENT, b"")
