"""A PC that takes what the console signs: factory-new or with the fixed keys, in memory and flash of a test."""

from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.devices.wmi import Answer
from emulator.firmware import commands as c
from emulator.firmware.quirks import Quirks
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder
from emulator.protocol.policy import Policy
from tests import provisioning


def factory_new(folder: Path, quirks: Quirks | None = None) -> TargetPC:
    """A PC without keys, whose operating system runs."""
    pc = TargetPC.manufacture(PCFolder(folder / "pc").new_image(), quirks=quirks)
    provisioning.start(pc)
    return pc


def provisioned(
    folder: Path,
    certificate_der: bytes,
    endorsement: RSAPrivateKey,
    signing: RSAPrivateKey,
    quirks: Quirks | None = None,
) -> TargetPC:
    """A PC with both keys, whose nonces are small, and whose operating system runs."""
    pc = factory_new(folder, quirks)
    for each in (
        provisioning.endorsement_payload(certificate_der),
        provisioning.signing_payload(endorsement, signing, 1),
    ):
        assert pc.apply(each).accepted
    restart(pc)
    return pc


def restart(pc: TargetPC) -> None:
    """Off and on again, with every prompt answered by somebody who reads it."""
    pc.execute(c.PowerOff())
    provisioning.start(pc)


def apply(pc: TargetPC, policy: Policy, steps: Iterable[int]) -> list[Answer]:
    return [pc.apply(policy.steps[number - 1].payload) for number in steps]
