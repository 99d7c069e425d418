"""Signed orders about several settings at once: a list of changes, and the reset of all settings to their defaults.

A list is signed entry by entry, each with the same nonce and target, and never for one use: a PC that counts single uses would refuse
the second entry. Entries that bring an authorization of their own are left as they are. The vendor's tool writes a list of one entry as
a bare object, so we do too unless told otherwise. All as the vendor's tool has it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.admin.payloads import default_nonce, encoded, signed_change
from emulator.protocol import authorization, payload
from emulator.protocol.payload import Purpose, SettingChange


def settings_list(
    signing: RSAPrivateKey,
    changes: Sequence[SettingChange],
    *,
    now: datetime,
    nonce: int | None = None,
    target: uuid.UUID | None = None,
    bare_single: bool = True,
) -> bytes:
    """Change several settings, in this order. Raises MalformedPayload for none, MalformedAuthorization for what is too long."""
    shared = default_nonce(now) if nonce is None else nonce
    signed = [
        each
        if each.authorization
        else signed_change(signing, each.name, each.value, nonce=shared, target=target)
        for each in changes
    ]
    return encoded(Purpose.SETTINGS_LIST, payload.encode_settings(signed, bare_single=bare_single), now)


def reset_to_defaults(
    signing: RSAPrivateKey,
    *,
    now: datetime,
    nonce: int | None = None,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> bytes:
    """Put all settings back to their factory defaults."""
    token = authorization.make(
        signing,
        payload.RESET_NAME,
        "",
        nonce=default_nonce(now) if nonce is None else nonce,
        target=target,
        single_use=single_use,
    )
    return encoded(Purpose.RESET_SETTINGS, payload.encode_reset(token), now)
