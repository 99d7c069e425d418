"""What has been chosen in the wizard, and what may be done next: its state, which knows no widget.

The order is that of `policies`: security provisioning, then Enhanced BIOS Authentication Mode, then local access keys. A place that cannot
be used yet has a reason. The other places (taking back, restoring, the key store) can be used at any time.
"""

from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from uuid import UUID

from emulator.companions.admin import policies
from emulator.companions.admin.key_files import KeyFile, UnusableKeyFile
from emulator.companions.admin.payloads import SameKeys
from emulator.companions.admin.policies import Plan, Stage
from emulator.protocol import certificate
from emulator.protocol.keys import PublicKey


class Place(Enum):
    """The pages, in the order of the menu."""

    PROVISIONING = "provisioning"
    MODE = "mode"
    KEYS = "keys"
    SUMMARY = "summary"
    DEPROVISION = "deprovision"
    RESTORE = "restore"
    STORE = "store"


WAY = (Place.PROVISIONING, Place.MODE, Place.KEYS, Place.SUMMARY)
"""The wizard proper; Next and Back go along it."""
STAGES = {Place.PROVISIONING: Stage.PROVISIONING, Place.MODE: Stage.MODE, Place.KEYS: Stage.KEYS}

NOTHING_CHOSEN = "Nothing has been chosen yet that a policy could bring."
NO_PRIVATE = "This file holds no private key, and signing needs one."
NO_CERTIFICATE = "This file holds no certificate, and a PC takes an endorsement key only in one."
TWO_KEYS = "Endorsement key and signing key are the same key; they must be two."


@dataclass(frozen=True, slots=True)
class ChosenKey:
    """A key file that was opened. Of its passphrase nothing is kept."""

    path: Path
    key: KeyFile

    @classmethod
    def of(cls, path: Path, key: KeyFile) -> "ChosenKey":
        return cls(path, replace(key, passphrase=""))

    @property
    def name(self) -> str:
        return self.key.common_name or self.path.stem


@dataclass(frozen=True, slots=True)
class LocalKey:
    """A local access key that the policy shall bring, with what was made for its phones."""

    name: str
    public: PublicKey
    folder: Path | None = None
    files: tuple[Path, ...] = ()
    model: str = ""
    serial: str = ""


@dataclass(slots=True)
class Wizard:
    """The choices. Whoever changes one forgets the policy that was saved of the others."""

    provisioned: bool = False
    endorsement: ChosenKey | None = None
    signing: ChosenKey | None = None
    mode: bool = False
    enabled: bool = False
    local_access: dict[int, LocalKey] = field(default_factory=dict)
    target: UUID | None = None
    unsaved: bool = False
    """Something was chosen that no policy file has yet."""

    @property
    def plan(self) -> Plan:
        endorsement, signing = self.endorsement, self.signing
        return Plan(
            endorsement_certificate=endorsement.key.certificate if endorsement else None,
            endorsement=endorsement.key.private if endorsement else None,
            signing=signing.key.private if signing else None,
            provisioned=self.provisioned,
            mode=self.mode and not self.enabled,
            enabled=self.enabled,
            local_access={number: each.public for number, each in self.local_access.items()},
            target=self.target,
        )

    def why_not(self, place: Place) -> str | None:
        """Why a place cannot be used yet, or None if it can."""
        if place in {Place.MODE, Place.KEYS}:
            return self.plan.why_not(STAGES[place])
        return self._why_no_summary() if place is Place.SUMMARY else None

    def is_done(self, place: Place) -> bool:
        """Whether a place of the way has all that it asks for."""
        return {
            Place.PROVISIONING: self.plan.why_not(Stage.PROVISIONING) is None and self.signing is not None,
            Place.MODE: (self.mode or self.enabled) and self.why_not(Place.MODE) is None,
            Place.KEYS: bool(self.local_access) and self.why_not(Place.KEYS) is None,
            Place.SUMMARY: not self.unsaved and self.why_not(Place.SUMMARY) is None,
        }.get(place, False)

    def choose_endorsement(self, chosen: ChosenKey) -> None:
        """Raises UnusableKeyFile, UnusableCertificate or SameKeys."""
        refuse_endorsement(chosen)
        refuse_equal(chosen, self.signing)
        self.endorsement, self.unsaved = chosen, True

    def choose_signing(self, chosen: ChosenKey) -> None:
        """Raises UnusableKeyFile or SameKeys."""
        refuse_certificate_alone(chosen)
        refuse_equal(chosen, self.endorsement)
        self.signing, self.unsaved = chosen, True

    def say(
        self, *, provisioned: bool | None = None, mode: bool | None = None, enabled: bool | None = None
    ) -> None:
        """Take over what was ticked."""
        before = (self.provisioned, self.mode, self.enabled)
        self.provisioned = self.provisioned if provisioned is None else provisioned
        self.mode = self.mode if mode is None else mode
        self.enabled = self.enabled if enabled is None else enabled
        self.unsaved |= before != (self.provisioned, self.mode, self.enabled)

    def add_local_access(self, number: int, key: LocalKey) -> None:
        self.local_access[number], self.unsaved = key, True

    def leave_out(self, number: int) -> None:
        del self.local_access[number]
        self.unsaved = True

    def free_number(self) -> int:
        """The first of the three local access keys that this policy leaves alone, else the first."""
        free = (number for number in policies.LOCAL_ACCESS_KEYS if number not in self.local_access)
        return next(free, policies.LOCAL_ACCESS_KEYS[0])

    def _why_no_summary(self) -> str | None:
        plan = self.plan
        reasons = (plan.why_not(stage) for stage in plan.stages)
        if (reason := next(filter(None, reasons), None)) is not None:
            return reason
        if plan.signing is None:
            return plan.why_not(Stage.PROVISIONING) or policies.NOT_SIGNED
        return None if plan.stages else NOTHING_CHOSEN


def refuse_certificate_alone(chosen: ChosenKey) -> None:
    if chosen.key.private is None:
        raise UnusableKeyFile(NO_PRIVATE)


def refuse_endorsement(chosen: ChosenKey) -> None:
    refuse_certificate_alone(chosen)
    if chosen.key.certificate is None:
        raise UnusableKeyFile(NO_CERTIFICATE)
    certificate.parse(chosen.key.certificate)


def refuse_equal(one: ChosenKey, other: ChosenKey | None) -> None:
    if other is not None and one.key.public == other.key.public:
        raise SameKeys(TWO_KEYS)
