"""Enhanced BIOS Authentication Mode: signed settings, local access keys, and the counters against replay.

* Settings counter (ordinary commands): a nonce of at least the counter is good, so the newest may be repeated; then the counter
  is the larger of the two. Actions counter (single-use commands): the nonce must be above it. Neither ever falls.
* A local access key is base64 of the big-endian modulus, 344 characters, directly followed by base64 of text that the
  administrator wants to keep with it, or the empty string to clear it.

Functions take values and return new ones, or raise; they change nothing.
"""

import base64
import binascii
from dataclasses import replace
from typing import NamedTuple

from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Authentication, Counters, LocalAccessKey
from emulator.firmware.refusals import AnotherMachine, NonceTooOld, SignatureRefused, ValueNotAllowed
from emulator.protocol import authorization
from emulator.protocol.authorization import ANY_MACHINE, VerifiedChange
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey, UnusableKey
from emulator.protocol.spm import Feature

MODE = "Enhanced BIOS Authentication Mode"
MODE_ON = "Enable"
MODE_OFF = "Disable"
LOCAL_ACCESS_KEY = "Enhanced BIOS Authentication Mode Local Access Key "
"""Followed by 1, 2 or 3."""
VERSION = "1.01"
"""As a dump of a real machine shows it."""
MODULUS_TEXT = 344


class Changed(NamedTuple):
    """The new state and the events to log."""

    authentication: Authentication
    events: tuple[EventCode, ...] = ()


def features(authentication: Authentication) -> Feature:
    """What keeps Secure Platform Management in use: the mode, or a local access key that is left."""
    used = authentication.enabled or any(authentication.keys)
    return Feature.SURE_ADMIN if used else Feature(0)


def local_access_key(authentication: Authentication) -> LocalAccessKey | None:
    """The key that local challenges are made for: the first that is set. The prompt stays while one is left."""
    return next((key for key in authentication.keys if key is not None), None)


def verified(
    name: str, value: str, token: str, key: PublicKey | None, machine: bytes, counters: Counters
) -> VerifiedChange:
    """What `token` orders, when everything about it is right: form, target, signature and nonce, in this order."""
    try:
        parsed = authorization.parse(token)
        _require_target(parsed.header.target, machine)
        if key is None:
            raise SignatureRefused("no signing key is provisioned that could have signed this")
        change = authorization.verify(parsed, key, name, value)
    except ProtocolError as error:
        raise SignatureRefused(f"{name!r} stays as it is: {error}") from None
    _require_nonce(change, counters)
    return change


def counted(counters: Counters, change: VerifiedChange) -> Counters:
    """The counters after a command was accepted."""
    if change.single_use:
        return replace(counters, actions=change.nonce)
    return replace(counters, settings=max(counters.settings, change.nonce))


def switched(authentication: Authentication, value: str) -> Changed:
    """The mode switched on or off; nothing is logged when it was so already."""
    enabled = value == MODE_ON
    if enabled is authentication.enabled:
        return Changed(authentication)
    event = EventCode.AUTHENTICATION_MODE_ENABLED if enabled else EventCode.AUTHENTICATION_MODE_DISABLED
    return Changed(replace(authentication, enabled=enabled), (event,))


def with_key(authentication: Authentication, number: int, value: str) -> Changed:
    """Local access key `number` set to `value`, or cleared by the empty string. Raises ValueNotAllowed."""
    old = authentication.keys[number - 1]
    new = _local_access_key(value) if value else None
    if new == old:
        return Changed(authentication)
    keys = (*authentication.keys[: number - 1], new, *authentication.keys[number:])
    if new is None:
        event = EventCode.LOCAL_ACCESS_KEY_CLEARED
    else:
        event = EventCode.LOCAL_ACCESS_KEY_SET if old is None else EventCode.LOCAL_ACCESS_KEY_CHANGED
    return Changed(replace(authentication, keys=keys), (event,))


def key_text(key: LocalAccessKey | None) -> str:
    """A local access key as the value of its setting."""
    if key is None:
        return ""
    text = base64.b64encode(key.enrolment.encode("utf-8", "surrogatepass")).decode("ascii")
    return base64.b64encode(key.key.modulus).decode("ascii") + text


def _require_target(target: bytes, machine: bytes) -> None:
    if target not in (ANY_MACHINE, machine):
        raise AnotherMachine(
            "the payload is bound to another machine's UUID; sign one for this machine, or for any"
        )


def _require_nonce(change: VerifiedChange, counters: Counters) -> None:
    if change.single_use and change.nonce <= counters.actions:
        raise NonceTooOld(
            f"a single-use nonce must be above {counters.actions}; {change.nonce} came: sign a new payload"
        )
    if not change.single_use and change.nonce < counters.settings:
        raise NonceTooOld(
            f"the nonce must be at least {counters.settings}; {change.nonce} came: sign a new payload"
        )


def _local_access_key(value: str) -> LocalAccessKey:
    try:
        modulus = base64.b64decode(value[:MODULUS_TEXT], validate=True)
        enrolment = base64.b64decode(value[MODULUS_TEXT:], validate=True).decode("utf-8")
        return LocalAccessKey(PublicKey(modulus), enrolment)
    except (binascii.Error, ValueError, UnusableKey) as error:
        raise ValueNotAllowed(
            f"a local access key is {MODULUS_TEXT} characters of base64 of an RSA-2048 modulus, perhaps followed by base64 of text: "
            f"{type(error).__name__}"
        ) from None
