"""What the machine remembers without power, as values; `variables` turns them into UEFI variables and back.

Everything here is immutable: a command makes a new memory or leaves the old one, so nothing is ever half done, and what
changed is found by comparing identities. `tail` is what a later version may have appended to a record: it is kept.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.firmware.event_log import EventLog
from emulator.protocol.certificate import EndorsementCertificate
from emulator.protocol.keys import PublicKey

LOCAL_ACCESS_KEYS = 3
LONGEST_NAME = 32
"""Of a serial number, as in a challenge, and of a model."""


@dataclass(frozen=True, slots=True)
class Identity:
    """SMBIOS identity of one machine, and the model whose settings it has.

    Serial number and model reach screens and the challenge, so nothing in them may steer a terminal.
    """

    machine: uuid.UUID
    serial: str
    model: str
    tail: bytes = b""

    def __post_init__(self) -> None:
        for what, text in (("serial number", self.serial), ("model", self.model)):
            if len(text) > LONGEST_NAME or not (text.isascii() and text.isprintable()):
                raise ValueError(
                    f"a {what} has at most {LONGEST_NAME} characters of printable ASCII; {text[:80]!r} came"
                )


@dataclass(frozen=True, slots=True)
class SecurePlatform:
    """Keys of Secure Platform Management.

    `counter` is the highest nonce accepted while the keys were confirmed, and never falls. Keys that still await physical
    presence bring their nonce in `pending_counter`, which is dropped with them: an unconfirmed stranger cannot use the counter up.
    """

    certificate: EndorsementCertificate | None = None
    signing_key: PublicKey | None = None
    confirmed: bool = False
    counter: int = 0
    pending_counter: int = 0
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class LocalAccessKey:
    """A key that opens the machine locally, and the text that the administrator stored behind it."""

    key: PublicKey
    enrolment: str = ""
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class Authentication:
    """Enhanced BIOS Authentication Mode and its local access keys 1 to 3."""

    enabled: bool = False
    keys: tuple[LocalAccessKey | None, ...] = (None,) * LOCAL_ACCESS_KEYS
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class Counters:
    """Anti-replay counters of signed settings and of single-use commands. They never fall."""

    settings: int = 0
    actions: int = 0
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class Guard:
    """Wrong response codes since the last right one, and the seconds that the next challenge still has to wait."""

    misses: int = 0
    wait: int = 0
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class Boot:
    """How often the machine was switched on, and whether it is: a machine found running at power-on lost its power."""

    boots: int = 0
    running: bool = False
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class Memory:
    """All that lies in the image. `waiting` are settings that take effect when physical presence is proved."""

    identity: Identity
    settings: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)
    platform: SecurePlatform = SecurePlatform()
    authentication: Authentication = Authentication()
    counters: Counters = Counters()
    guard: Guard = Guard()
    boot: Boot = Boot()
    log: EventLog = EventLog()
    setting_tails: Mapping[str, bytes] = field(default_factory=dict)
