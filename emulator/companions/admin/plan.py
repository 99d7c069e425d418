"""What a policy shall bring to a fleet, and the order that it must keep.

First security provisioning: the endorsement key, then the signing key that it signed, and a restart at which somebody types the code. Then
Enhanced BIOS Authentication Mode, which is a setting that the signing key signed, so the PC must know that key. Then local access keys:
before the mode is on, the vendor's tool sends them without their signature. A plan says of each stage why it cannot be done yet.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError
from emulator.protocol.keys import PublicKey

NO_ENDORSEMENT = (
    "Security provisioning needs the endorsement key with its certificate: every order to a PC rests on it."
)
NO_SIGNING = "Security provisioning needs the signing key: it signs every setting that comes after."
PROVISIONING_FIRST = "Security provisioning comes first: the mode is a setting that the signing key signs, and a PC without that key refuses it."
NOT_SIGNED = "The signing key is needed here: it signs the settings."
MODE_FIRST = "Enhanced BIOS Authentication Mode comes first: a local access key that reaches a PC before it is refused or arrives unsigned."


class Stage(Enum):
    """The three parts of bringing a fleet under Sure Admin, in their order."""

    PROVISIONING = "security provisioning"
    MODE = "Enhanced BIOS Authentication Mode"
    KEYS = "local access keys"


class OutOfOrder(CompanionError):
    """A plan with a stage before the one that it rests on; the text is the reason."""


class NothingPlanned(CompanionError):
    """A plan that would bring nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a policy shall bring."""

    endorsement_certificate: bytes | None = None
    """DER."""
    endorsement: RSAPrivateKey | None = field(default=None, repr=False)
    signing: RSAPrivateKey | None = field(default=None, repr=False)
    provisioned: bool = False
    """The fleet has its endorsement and signing key already."""
    mode: bool = False
    """Turn Enhanced BIOS Authentication Mode on."""
    enabled: bool = False
    """The fleet has the mode on already."""
    local_access: Mapping[int, PublicKey] = field(default_factory=dict)
    """Keys by their number, 1 to 3."""
    target: uuid.UUID | None = None
    """Binds the settings; orders of Secure Platform Management cannot be bound."""
    rising: bool = False
    """Each nonce above the one before, for PCs that take none twice."""

    def why_not(self, stage: Stage) -> str | None:
        """Why this stage cannot be done yet, or None if it can."""
        has_keys = self.provisioned or self.enabled
        if not has_keys and (self.endorsement is None or self.endorsement_certificate is None):
            return NO_ENDORSEMENT if stage is Stage.PROVISIONING else PROVISIONING_FIRST
        if stage is Stage.PROVISIONING:
            return None if has_keys or self.signing is not None else NO_SIGNING
        if self.signing is None:
            return NOT_SIGNED if has_keys else PROVISIONING_FIRST
        return MODE_FIRST if stage is Stage.KEYS and not (self.mode or self.enabled) else None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that this plan asks for."""
        asked = {
            Stage.PROVISIONING: not (self.provisioned or self.enabled),
            Stage.MODE: self.mode,
            Stage.KEYS: bool(self.local_access),
        }
        return tuple(stage for stage in Stage if asked[stage])
