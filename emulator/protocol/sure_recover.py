"""Sure Recover: orders about bringing the operating system back over the network, signed by the signing key.

Each is a signature and what it signs, which begins with a nonce: where an image lies and who signs it (provision, for the operating
system and for the recovery agent), what may be used (configure), do it at the next start (trigger), do it now and then (scheduler), forget
it (deprovision), and where else to look (failover). A service event is no order: it has no bytes and no signature.

**Known**: all layouts but failover; those of provisioning were checked against published payloads, though not with a user name. The days,
the window of 1 to 240 minutes and the parts are as the vendor's tool has them; where it takes a schedule back, it sends a
window of 0. **Ours**: a failover order begins with a nonce as the others do, and the rest of it is kept as it is; user name, password
and URL are printable; an empty URL, which the tool allows for failover, is allowed everywhere; reserved bytes are zeros; every order
fits into the 4096 bytes of the tool's buffer; the meaning of flags is not judged here.

**What the signatures do not bind.** Nothing signed names the kind of an order. So an order to provision the operating system also
verifies as one for the agent, and any order as a failover; that the nonce has to grow is all that stops a second use. A signed
setting would pass for a failover as well, with a nonce that nobody chose, and could spoil the counter; bytes that are laid out as those
of a setting are therefore refused here.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import field
from enum import IntFlag
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from emulator.protocol import authorization, formats, keys
from emulator.protocol.errors import ProtocolError
from emulator.protocol.frozen import frozen
from emulator.protocol.keys import SIGNATURE_SIZE, PublicKey
from emulator.protocol.payload import Purpose

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LARGEST = 4096
"""Bytes of an order: the buffer of the vendor's helper."""
LONGEST_WINDOW = 240
"""Minutes."""


class MalformedRecoverOrder(ProtocolError):
    """Bytes that are no order for Sure Recover, or values that fit into none."""


class Day(IntFlag):
    """Days of a schedule."""

    SUNDAY = 1
    MONDAY = 2
    TUESDAY = 4
    WEDNESDAY = 8
    THURSDAY = 16
    FRIDAY = 32
    SATURDAY = 64
    EVERY_WEEK = 128


class Part(IntFlag):
    """What can be deprovisioned."""

    AGENT = 1
    OS_IMAGE = 2
    CONFIGURATION = 4
    TRIGGER = 8
    SCHEDULE = 16


ALL_PARTS = Part(31)


@frozen
class SignedOrder:
    """What every order has. It is as it came; nothing in it is trusted."""

    signature: bytes = field(repr=False)
    signed: bytes = field(repr=False)
    nonce: int


@frozen
class ProvisionOrder(SignedOrder):
    """Where an image lies, and the key that must have signed it."""

    version: int
    image_key: PublicKey
    user_name: str
    password: str = field(repr=False)
    url: str = field(repr=False)
    """Not shown either, for a URL can hold a password of its own."""


@frozen
class ConfigureOrder(SignedOrder):
    os_flags: int
    agent_flags: int


@frozen
class TriggerOrder(SignedOrder):
    bios_flags: int
    agent_flags: int


@frozen
class ScheduleOrder(SignedOrder):
    days: Day
    hour: int
    minute: int
    window: int
    """Minutes, 0 where the schedule is taken back."""


@frozen
class DeprovisionOrder(SignedOrder):
    parts: Part


@frozen
class FailoverOrder(SignedOrder):
    opaque: bytes = field(repr=False)
    """Not public, and perhaps with a password in it."""


Order = TypeVar("Order", bound=SignedOrder)


@frozen
class VerifiedOrder(Generic[Order]):
    """An order that the signing key signed. Made by `verify` and nowhere else."""

    order: Order


def verify(order: Order, signing_key: PublicKey) -> VerifiedOrder[Order]:
    """Raise InvalidSignature unless the signing key ordered this."""
    signing_key.verify(order.signature, order.signed)
    return VerifiedOrder(order)


def parse_provision(data: bytes) -> ProvisionOrder:
    """Read an order about the image of the operating system or the agent. Raises MalformedRecoverOrder or UnusableKey."""
    form = formats.RECOVER_PROVISION
    fields = formats.RecoverProvision._make(_fields(form, data, open_ended=True))
    texts, user_end = data[form.size :], fields.user_name_length
    password_end = user_end + fields.password_length
    if password_end > len(texts):
        raise MalformedRecoverOrder(
            f"an image order has a user name and a password of {password_end} bytes; {len(texts)} came"
        )
    return ProvisionOrder(
        *_signature(data),
        fields.nonce,
        fields.version,
        PublicKey.from_little_endian(fields.image_key),
        _printable(texts[:user_end], "user name"),
        _printable(texts[user_end:password_end], "password"),
        _printable(texts[password_end:], "URL"),
    )


def parse_configure(data: bytes) -> ConfigureOrder:
    fields = formats.RecoverConfigure._make(_fields(formats.RECOVER_CONFIGURE, data))
    return ConfigureOrder(*_signature(data), fields.nonce, fields.os_flags, fields.agent_flags)


def parse_trigger(data: bytes) -> TriggerOrder:
    fields = formats.RecoverTrigger._make(_fields(formats.RECOVER_TRIGGER, data))
    if any(fields.reserved):
        raise MalformedRecoverOrder("a trigger ends in 256 reserved bytes of zero; others came")
    return TriggerOrder(*_signature(data), fields.nonce, fields.bios_flags, fields.agent_flags)


def parse_schedule(data: bytes) -> ScheduleOrder:
    fields = formats.RecoverSchedule._make(_fields(formats.RECOVER_SCHEDULE, data))
    if fields.hour > 23 or fields.minute > 59 or fields.window > LONGEST_WINDOW:
        raise MalformedRecoverOrder(
            f"a schedule has an hour to 23, a minute to 59 and a window to {LONGEST_WINDOW} minutes; "
            f"{fields.hour}, {fields.minute} and {fields.window} came"
        )
    days = Day(fields.days)
    return ScheduleOrder(*_signature(data), fields.nonce, days, fields.hour, fields.minute, fields.window)


def parse_deprovision(data: bytes) -> DeprovisionOrder:
    fields = formats.RecoverDeprovision._make(_fields(formats.RECOVER_DEPROVISION, data))
    if not 1 <= fields.parts <= ALL_PARTS:
        raise MalformedRecoverOrder(
            f"the parts to deprovision are a mask from 1 to {int(ALL_PARTS)}; {fields.parts} came"
        )
    return DeprovisionOrder(*_signature(data), fields.nonce, Part(fields.parts))


def parse_failover(data: bytes) -> FailoverOrder:
    form = formats.RECOVER_FAILOVER
    fields = formats.RecoverFailover._make(_fields(form, data, open_ended=True))
    return FailoverOrder(*_signature(data), fields.nonce, data[form.size :])


ORDERS: Mapping[Purpose, Callable[[bytes], SignedOrder]] = {
    Purpose.RECOVER_OS_IMAGE: parse_provision,
    Purpose.RECOVER_AGENT: parse_provision,
    Purpose.RECOVER_CONFIGURE: parse_configure,
    Purpose.RECOVER_TRIGGER: parse_trigger,
    Purpose.RECOVER_SCHEDULE: parse_schedule,
    Purpose.RECOVER_DEPROVISION: parse_deprovision,
    Purpose.RECOVER_FAILOVER: parse_failover,
}
"""Who reads the `Data` of each purpose that is signed."""


def check_service_event(data: bytes) -> None:
    """Raise MalformedRecoverOrder unless these are the data of a service event: none."""
    if data:
        raise MalformedRecoverOrder(f"a service event has no data; {len(data)} bytes came")


def make_provision(
    key: "RSAPrivateKey",
    image_key: PublicKey,
    url: str,
    *,
    nonce: int,
    version: int = 1,
    user_name: str = "",
    password: str = "",
) -> bytes:
    """`Data` of an image order, for whichever image the purpose of the envelope names."""
    try:
        texts = [text.encode("ascii") for text in (user_name, password, url)]
    except UnicodeEncodeError:
        raise MalformedRecoverOrder(
            "user name, password and URL of an image are ASCII; others came"
        ) from None
    fields = (nonce, version, image_key.little_endian, len(texts[0]), len(texts[1]))
    return _made(key, parse_provision, formats.RECOVER_PROVISION, fields, b"".join(texts))


def make_configure(key: "RSAPrivateKey", *, nonce: int, os_flags: int, agent_flags: int) -> bytes:
    return _made(key, parse_configure, formats.RECOVER_CONFIGURE, (nonce, os_flags, agent_flags))


def make_trigger(key: "RSAPrivateKey", *, nonce: int, bios_flags: int, agent_flags: int) -> bytes:
    return _made(key, parse_trigger, formats.RECOVER_TRIGGER, (nonce, bios_flags, agent_flags, b""))


def make_schedule(
    key: "RSAPrivateKey", *, nonce: int, days: Day, hour: int, minute: int, window: int
) -> bytes:
    return _made(key, parse_schedule, formats.RECOVER_SCHEDULE, (nonce, days, hour, minute, window))


def make_deprovision(key: "RSAPrivateKey", parts: Part = ALL_PARTS, *, nonce: int) -> bytes:
    return _made(key, parse_deprovision, formats.RECOVER_DEPROVISION, (nonce, parts))


def make_failover(key: "RSAPrivateKey", opaque: bytes, *, nonce: int) -> bytes:
    return _made(key, parse_failover, formats.RECOVER_FAILOVER, (nonce,), opaque)


def _made(
    key: "RSAPrivateKey",
    parse: Callable[[bytes], SignedOrder],
    form: struct.Struct,
    fields: tuple[int | bytes, ...],
    rest: bytes = b"",
) -> bytes:
    try:
        signed = form.pack(b"", *fields)[SIGNATURE_SIZE:] + rest
    except struct.error as error:
        raise MalformedRecoverOrder(f"a number does not fit into its field: {error}") from None
    # Nobody signs what no PC would take, so it is read before.
    parse(bytes(SIGNATURE_SIZE) + signed)
    return keys.sign(key, signed) + signed


def _fields(form: struct.Struct, data: bytes, *, open_ended: bool = False) -> tuple[Any, ...]:
    most = LARGEST if open_ended else form.size
    if not form.size <= len(data) <= most:
        raise MalformedRecoverOrder(f"this order has {form.size} to {most} bytes; {len(data)} came")
    if open_ended and _is_a_setting(data[SIGNATURE_SIZE:]):
        raise MalformedRecoverOrder("an order for Sure Recover was expected; a signed setting came")
    return form.unpack_from(data)


def _is_a_setting(signed: bytes) -> bool:
    form = formats.AUTHORIZATION_HEADER
    if len(signed) < form.size:
        return False
    header = formats.AuthorizationHeader._make(form.unpack_from(signed))
    size = form.size + header.name_length + header.value_length
    return header.version == authorization.VERSION and len(signed) == size


def _signature(data: bytes) -> tuple[bytes, bytes]:
    return data[:SIGNATURE_SIZE], data[SIGNATURE_SIZE:]


def _printable(octets: bytes, what: str) -> str:
    text = octets.decode("ascii", "replace")
    if not octets.isascii() or not text.isprintable() or (what == "URL" and " " in text):
        # It may be a password, so it is not repeated.
        raise MalformedRecoverOrder(f"the {what} of an image is printable ASCII; other bytes came")
    return text
