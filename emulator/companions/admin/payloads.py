"""Signed orders as payload files: what an administrator sends out and a PC carries out.

Two keys sign. The endorsement key signs who may be the signing key, or takes everything back; the signing key signs settings, and
Enhanced BIOS Authentication Mode and its local access keys are settings too. Only settings can be bound to one machine: an
order of Secure Platform Management is good on every PC that holds the same endorsement key.

The nonce is, unless given, the Unix time in whole seconds, as the vendor's tool has it: a PC refuses one that is older than the last
it took. So two orders made in the same second, or by clocks that disagree, need nonces of their own.

The functions are pure: `now`, which must know its time zone, comes in and the bytes of the file come out.
"""

import base64
import math
import uuid
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError
from emulator.protocol import authorization, certificate, password, payload, spm
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Envelope, Purpose, SettingChange

AUTHENTICATION_MODE = "Enhanced BIOS Authentication Mode"
LOCAL_ACCESS_KEYS = (1, 2, 3)


class SameKeys(CompanionError):
    """One key as endorsement key and signing key, which the vendor's service refuses as well (error 606)."""


def default_nonce(now: datetime) -> int:
    return math.floor(now.timestamp())


def endorsement_key(certificate_der: bytes, *, setup_password: str = "", now: datetime) -> bytes:
    """Provision an endorsement key. Raises UnusableCertificate, UnusableKey or MalformedCommand.

    A PC with a setup password wants it, and it travels in clear: such a payload is as secret as the password.
    """
    certificate.parse(certificate_der)
    return encoded(Purpose.ENDORSEMENT_KEY, spm.endorsement_data(certificate_der, setup_password), now)


def signing_key(
    endorsement: RSAPrivateKey, signing: PublicKey, *, now: datetime, nonce: int | None = None
) -> bytes:
    """Provision or replace the signing key."""
    if PublicKey.of(endorsement) == signing:
        raise SameKeys("endorsement key and signing key are the same key; they must be two")
    return _signing_key(endorsement, signing, now, nonce)


def deprovision(endorsement: RSAPrivateKey, *, now: datetime, nonce: int | None = None) -> bytes:
    """Take both keys back. A PC whose authentication mode is still on refuses with 0x1002."""
    return _signing_key(endorsement, None, now, nonce)


def setting(
    signing: RSAPrivateKey,
    name: str,
    value: str,
    *,
    now: datetime,
    nonce: int | None = None,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> bytes:
    """Change one setting, on any machine or on `target` only."""
    change = signed_change(
        signing,
        name,
        value,
        nonce=default_nonce(now) if nonce is None else nonce,
        target=target,
        single_use=single_use,
    )
    return encoded(Purpose.SETTING, payload.encode_setting(change), now)


def signed_change(
    signing: RSAPrivateKey,
    name: str,
    value: str,
    *,
    nonce: int,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> SettingChange:
    """One change of a setting with its authorization."""
    # The mark stands before a password wherever firmware sees it: it is signed, but whoever applies the payload writes it.
    seen = password.utf_16(value) if name in password.SETTINGS else value
    token = authorization.make(signing, name, seen, nonce=nonce, target=target, single_use=single_use)
    return SettingChange(name, value, token)


def authentication_mode(
    signing: RSAPrivateKey,
    *,
    on: bool,
    now: datetime,
    nonce: int | None = None,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> bytes:
    """Turn Enhanced BIOS Authentication Mode on or off."""
    value = "Enable" if on else "Disable"
    return setting(
        signing, AUTHENTICATION_MODE, value, now=now, nonce=nonce, target=target, single_use=single_use
    )


def local_access_key(
    signing: RSAPrivateKey,
    local_access: PublicKey | None,
    *,
    number: int = 1,
    text: str = "",
    now: datetime,
    nonce: int | None = None,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> bytes:
    """Set one of the three local access keys, with free enrolment `text` behind it, or clear it with None.

    It must reach the PC after the order that turns the authentication mode on: before, tools send it without its signature.
    """
    value = ""
    if local_access is not None:
        value = "".join(
            base64.b64encode(part).decode("ascii") for part in (local_access.modulus, text.encode())
        )
    name = f"{AUTHENTICATION_MODE} Local Access Key {number}"
    return setting(signing, name, value, now=now, nonce=nonce, target=target, single_use=single_use)


def _signing_key(
    endorsement: RSAPrivateKey, signing: PublicKey | None, now: datetime, nonce: int | None
) -> bytes:
    counter = default_nonce(now) if nonce is None else nonce
    return encoded(Purpose.SIGNING_KEY, spm.make_signing_key(endorsement, signing, counter=counter), now)


def encoded(purpose: Purpose, data: bytes, now: datetime, meta: bytes | None = None) -> bytes:
    """The file of a payload made at `now`; `meta` goes into its first Meta key."""
    return payload.encode(Envelope(purpose, data, payload.timestamp(now), (meta, None, None, None)))
