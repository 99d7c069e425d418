"""What the machine remembers without power, as values; `variables` turns them into UEFI variables and back.

Everything here is immutable: a command makes a new memory or leaves the old one, so nothing is ever half done, and what
changed is found by comparing identities. `tail` is what a later version may have appended to a record: it is kept.
"""

import uuid
from collections.abc import Mapping
from dataclasses import field

from emulator.firmware.cover import Cover
from emulator.firmware.event_log import EventLog
from emulator.protocol.certificate import EndorsementCertificate
from emulator.protocol.frozen import frozen, frozen_open
from emulator.protocol.keys import PublicKey

LOCAL_ACCESS_KEYS = 3
LONGEST: Mapping[str, int] = {"serial": 32, "model": 32, "product": 64, "board": 16}
"""Characters of each part of an identity; a serial number's as in a challenge."""
_SPOKEN = {"serial": "serial number"}


@frozen
class Identity:
    """SMBIOS identity of one machine, and the model whose settings it has. An empty product or board is the model's.

    These texts reach screens and the challenge, so nothing in them may steer a terminal.
    """

    machine: uuid.UUID
    serial: str
    model: str
    product: str = ""
    board: str = ""
    tail: bytes = b""

    def __post_init__(self) -> None:
        for what, longest in LONGEST.items():
            text: str = getattr(self, what)
            if len(text) > longest or not (text.isascii() and text.isprintable()):
                raise ValueError(
                    f"a {_SPOKEN.get(what, what)} has at most {longest} characters of printable ASCII; {text[:80]!r} came"
                )


@frozen
class SecurePlatform:
    """Keys of Secure Platform Management.

    `counter` is the highest nonce accepted while the keys were confirmed, and never falls. Keys that still await physical
    presence bring their nonce in `pending_counter`, which is dropped with them: an unconfirmed stranger cannot use the counter up.
    `leaving` says that the keys are given up as soon as presence is proved, on machines that ask for it.
    """

    certificate: EndorsementCertificate | None = None
    signing_key: PublicKey | None = None
    confirmed: bool = False
    leaving: bool = False
    counter: int = 0
    pending_counter: int = 0
    tail: bytes = b""


@frozen
class LocalAccessKey:
    """A key that opens the machine locally, and the text that the administrator stored behind it."""

    key: PublicKey
    enrolment: str = ""
    tail: bytes = b""


@frozen
class Authentication:
    """Enhanced BIOS Authentication Mode and its local access keys 1 to 3."""

    enabled: bool = False
    keys: tuple[LocalAccessKey | None, ...] = (None,) * LOCAL_ACCESS_KEYS
    tail: bytes = b""


@frozen
class Counters:
    """Anti-replay counters of signed settings and of single-use commands. They never fall."""

    settings: int = 0
    actions: int = 0
    tail: bytes = b""


@frozen
class PasswordHash:
    """What is kept of a password: salt, digest, and what the stretching costs."""

    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    log2_cost: int
    block_size: int
    lanes: int
    tail: bytes = field(default=b"", repr=False)


@frozen
class Passwords:
    """Of the administrator, and to switch on; None where none is set."""

    administrator: PasswordHash | None = None
    power_on: PasswordHash | None = None


LARGEST_OFFSET = 1 << 32
"""Seconds; nothing sets a clock farther off, for it runs to the end of 2099."""


@frozen
class RealTimeClock:
    """How many seconds the machine's clock is ahead of the host's."""

    offset: int = 0
    tail: bytes = b""


@frozen_open
class Guard:
    """Wrong response codes since the last right one, and the seconds that the next challenge still has to wait."""

    misses: int = 0
    wait: int = 0
    tail: bytes = b""


@frozen
class FirmwareFile:
    """A firmware file by its name, which reaches screens, and its SHA-256."""

    name: str
    digest: bytes

    def __post_init__(self) -> None:
        if not self.name.isprintable():
            raise ValueError("the name of a firmware file is printable")


@frozen
class FirmwareUpdate:
    """The file that waits for the next start, whether the signing key allowed it, and the one installed last."""

    waiting: FirmwareFile | None = None
    authorized: bool = False
    installed: FirmwareFile | None = None
    tail: bytes = b""


@frozen
class Heeded:
    """Settings that act upon the databases of Secure Boot, as the firmware heeded them last: only a change of one is an order.

    `authorities` has a bit for each of `secure_boot.AUTHORITIES`.
    """

    authorities: int = 0
    customer: bool = False
    tail: bytes = b""


@frozen_open
class SecureBoot:
    """The databases of Secure Boot by name, signature lists byte for byte, and the switch that EDK2's firmware looks at.

    Nothing was ever `heeded` by a machine that an earlier release made, or whose model knows no Secure Boot.
    """

    databases: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    switch: bool | None = None
    heeded: Heeded | None = None


@frozen
class Boot:
    """How often the machine was switched on, and whether it is: a machine found running at power-on lost its power."""

    boots: int = 0
    running: bool = False
    tail: bytes = b""


@frozen_open
class Memory:
    """All that lies in the image.

    `waiting` are settings that take effect when physical presence is proved; `custom` are custom defaults that differ from the factory's;
    `recovery` is what Sure Recover and Sure Run were given, by the names of `recovery_parts`.
    """

    identity: Identity
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    waiting: Mapping[str, str] = field(default_factory=dict, repr=False)
    custom: Mapping[str, str] = field(default_factory=dict, repr=False)
    platform: SecurePlatform = SecurePlatform()
    authentication: Authentication = Authentication()
    passwords: Passwords = Passwords()
    counters: Counters = Counters()
    guard: Guard = Guard()
    boot: Boot = Boot()
    log: EventLog = EventLog()
    cover: Cover = Cover()
    clock: RealTimeClock = RealTimeClock()
    update: FirmwareUpdate = FirmwareUpdate()
    secure_boot: SecureBoot = SecureBoot()
    recovery: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    setting_tails: Mapping[str, bytes] = field(default_factory=dict)
