"""Enhanced BIOS Authentication Mode: signed settings, local access keys, and the counters against replay.

* Settings counter (ordinary commands): a nonce of at least the counter is good, so the newest may be repeated; then the counter
  is the larger of the two. Actions counter (single-use commands): the nonce must be above it. Neither ever falls.
  Stricter machines are a quirk.
* A local access key is base64 of the big-endian modulus, 344 characters, directly followed by base64 of text that the
  administrator wants to keep with it, or the empty string to clear it.

Functions take values and return new ones, or raise; they change nothing.
"""

import base64
import binascii
import uuid
from typing import TYPE_CHECKING, NamedTuple

from emulator.firmware.catalogue import Catalogue
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Authentication, Counters, LocalAccessKey, Memory
from emulator.firmware.quirks import Quirks
from emulator.firmware.refusals import AnotherMachine, NonceTooOld, SignatureRefused, ValueNotAllowed
from emulator.firmware.values import replace
from emulator.protocol import authorization
from emulator.protocol.authorization import ANY_MACHINE, VerifiedChange
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey, UnusableKey

if TYPE_CHECKING:
    from emulator.protocol.firmware_update import VerifiedUpdate

MODE = "Enhanced BIOS Authentication Mode"
MODE_ON = "Enable"
MODE_OFF = "Disable"
LOCAL_ACCESS_KEY = "Enhanced BIOS Authentication Mode Local Access Key "
"""Followed by 1, 2 or 3."""
VERSION = "1.01"
"""As a dump of a real machine shows it."""
MODULUS_TEXT = 344


class Receiver(NamedTuple):
    """The machine that a signed command came to: its UUID, its counters, and how it judges."""

    machine: uuid.UUID
    counters: Counters
    quirks: Quirks


class Changed(NamedTuple):
    """The new state and the events to log."""

    authentication: Authentication
    events: tuple[EventCode, ...] = ()


def receiver(memory: Memory, catalogue: Catalogue) -> Receiver:
    """The machine with this memory."""
    return Receiver(memory.identity.machine, memory.counters, catalogue.quirks)


def guarding_key(authentication: Authentication, quirks: Quirks) -> LocalAccessKey | None:
    """The key that local challenges are made for: the first that is set. The prompt stays while one is left."""
    if not authentication.enabled and quirks.prompt_after_disabling == "goes":
        return None
    for key in usable_keys(authentication, quirks):
        if key is not None:
            return key
    return None


def usable_keys(authentication: Authentication, quirks: Quirks) -> tuple[LocalAccessKey | None, ...]:
    """The local access keys that this machine knows."""
    return authentication.keys[: int(quirks.local_access_keys)]


def verified(name: str, value: str, token: str, key: PublicKey | None, to: Receiver) -> VerifiedChange:
    """What `token` orders, when everything about it is right: form, target, signature and nonce, in this order."""
    try:
        parsed = authorization.parse(token)
        usable = _usable(key, parsed.header.target, parsed.header.nonce, to, single_use=parsed.single_use)
        change = authorization.verify(parsed, usable, name, value)
    except ProtocolError as error:
        raise SignatureRefused(f"{name!r} stays as it is: {error}") from None
    _require_nonce(change.nonce, to, single_use=change.single_use)
    return change


def verified_update(block: bytes, digest: bytes, key: PublicKey | None, to: Receiver) -> "VerifiedUpdate":
    """What a binary authorization allows, checked in the same order; the file's hash comes before the signature."""
    from emulator.protocol import firmware_update

    try:
        parsed = firmware_update.parse_authorization(block)
        usable = _usable(key, parsed.header.target, parsed.header.nonce, to, single_use=parsed.single_use)
        allowed = firmware_update.verify(parsed, usable, digest)
    except ProtocolError as error:
        raise SignatureRefused(f"the firmware stays as it is: {error}") from None
    _require_nonce(allowed.nonce, to, single_use=allowed.single_use)
    return allowed


def counted(counters: Counters, change: "VerifiedChange | VerifiedUpdate") -> Counters:
    """The counters after a command was accepted."""
    if change.single_use:
        return Counters(counters.settings, max(counters.actions, change.nonce), counters.tail)
    return Counters(max(counters.settings, change.nonce), counters.actions, counters.tail)


def switched(authentication: Authentication, value: str) -> Changed:
    """The mode switched on or off; nothing is logged when it was so already."""
    enabled = value == MODE_ON
    if enabled is authentication.enabled:
        return Changed(authentication)
    event = EventCode.AUTHENTICATION_MODE_ENABLED if enabled else EventCode.AUTHENTICATION_MODE_DISABLED
    return Changed(replace(authentication, enabled=enabled), (event,))


def with_key(authentication: Authentication, number: int, value: str) -> Changed:
    """Local access key `number` set to `value`, or cleared by the empty string. Raises ValueNotAllowed.

    The log has codes for the first key; any other that is set or cleared counts as a change.
    """
    old = authentication.keys[number - 1]
    new = _local_access_key(value) if value else None
    if new == old:
        return Changed(authentication)
    keys = (*authentication.keys[: number - 1], new, *authentication.keys[number:])
    event = EventCode.LOCAL_ACCESS_KEY_CHANGED
    if number == 1 and (old is None or new is None):
        event = EventCode.LOCAL_ACCESS_KEY_SET if old is None else EventCode.LOCAL_ACCESS_KEY_CLEARED
    return Changed(replace(authentication, keys=keys), (event,))


def key_text(key: LocalAccessKey | None) -> str:
    """A local access key as the value of its setting."""
    if key is None:
        return ""
    text = base64.b64encode(key.enrolment.encode("utf-8", "surrogatepass")).decode("ascii")
    return base64.b64encode(key.key.modulus).decode("ascii") + text


def _usable(key: PublicKey | None, target: bytes, nonce: int, to: Receiver, *, single_use: bool) -> PublicKey:
    """The key to check a signature with, after what comes before that."""
    if target != ANY_MACHINE and target != to.machine.bytes_le:  # noqa: PLR1714 -- most are for any machine
        raise AnotherMachine(
            "the payload is bound to another machine's UUID; sign one for this machine, or for any"
        )
    if to.quirks.checked_first == "nonce":
        _require_nonce(nonce, to, single_use=single_use)
    if key is None:
        raise SignatureRefused(
            "no signing key is provisioned that could have signed this; one that waits for its code at the machine does not count yet"
        )
    return key


def _require_nonce(nonce: int, to: Receiver, *, single_use: bool) -> None:
    if single_use and nonce <= to.counters.actions:
        raise NonceTooOld(
            f"a single-use nonce must be above {to.counters.actions}; {nonce} came: sign it anew with such a nonce"
        )
    if not single_use and to.quirks.settings_nonce == "above" and nonce <= to.counters.settings:
        raise NonceTooOld(
            f"the nonce must be above {to.counters.settings}; {nonce} came: sign it anew with such a nonce"
        )
    if not single_use and nonce < to.counters.settings:
        raise NonceTooOld(
            f"the nonce must be at least {to.counters.settings}; {nonce} came: sign it anew with such a nonce"
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
