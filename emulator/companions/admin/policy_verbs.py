"""The verbs of `f10 admin` about policies."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator.companions import refuse_existing, write_private
from emulator.companions.admin import key_files, payloads, policies
from emulator.companions.admin.orders import UnclearOrder, moment, private_key, public_key, write
from emulator.companions.admin.passphrase import Passphrases
from emulator.companions.admin.policies import OutOfOrder, Plan
from emulator.protocol import policy
from emulator.protocol.policy import Policy

_WAYS_OUT = {
    policies.NO_ENDORSEMENT: "Name it with --endorsement, or say --provisioned if the PCs have both keys already.",
    policies.NO_SIGNING: "Name it with --signing.",
    policies.NOT_SIGNED: "Name it with --signing.",
    policies.MODE_FIRST: "Turn it on with --enable, or say --enabled if the PCs have it on already.",
}


def make(words: Namespace, folder: Path) -> None:
    if not words.name.strip():
        raise UnclearOrder("a policy needs a name, by which whoever applies it knows it")
    refuse_existing(words.output, replace=words.force)
    if len(words.local_access) > len(payloads.LOCAL_ACCESS_KEYS):
        raise UnclearOrder(f"a PC has three local access keys; {len(words.local_access)} were named")
    if words.endorsement is not None and (words.provisioned or words.enabled):
        raise UnclearOrder(
            "PCs that have their keys already take no endorsement key: leave --endorsement away"
        )
    known = Passphrases(words.passphrase_fd)
    try:
        made = policies.make(_plan(words, folder, known), words.name, **moment(words))
    except OutOfOrder as refusal:
        reason = str(refusal)
        raise OutOfOrder(f"{reason} {_WAYS_OUT[reason]}" if reason in _WAYS_OUT else reason) from None
    _write(words, made)


def deprovision(words: Namespace, folder: Path) -> None:
    known = Passphrases(words.passphrase_fd)
    if words.signing is None:
        if words.target is not None:
            raise UnclearOrder(policies.NOT_BOUND)
        endorsement = private_key(words.endorsement, folder, known)
        write(words, payloads.deprovision(endorsement, **moment(words)), "takes both keys back")
        print(
            "A PC refuses it with 0x1002 until its authentication mode is off (disable) and its local access keys are cleared "
            "(local-access-key --clear); with --signing, a policy does all of it."
        )
        return
    if words.timestamp != "iso" or words.bom:
        raise UnclearOrder("a policy has one spelling: --timestamp and --bom are for single payloads")
    refuse_existing(words.output, replace=words.force)
    made = policies.take_back(
        "Take back",
        endorsement=private_key(words.endorsement, folder, known),
        signing=private_key(words.signing, folder, known),
        numbers=sorted(set(words.number or payloads.LOCAL_ACCESS_KEYS)),
        target=words.target,
        rising=words.rising,
        **moment(words),
    )
    _write(words, made)


def _plan(words: Namespace, folder: Path, known: Passphrases) -> Plan:
    certificate = endorsement = None
    if words.endorsement is not None:
        path = key_files.find(words.endorsement, folder)
        loaded, endorsement = key_files.load_private(path, known.for_file(path))
        certificate = loaded.certificate
    return Plan(
        endorsement_certificate=certificate,
        endorsement=endorsement,
        signing=None if words.signing is None else private_key(words.signing, folder, known),
        provisioned=words.provisioned,
        mode=words.enable,
        enabled=words.enabled,
        local_access={
            number: public_key(name, folder, known) for number, name in enumerate(words.local_access, 1)
        },
        target=words.target,
        rising=words.rising,
    )


def _write(words: Namespace, made: Policy) -> None:
    write_private(words.output, policy.encode(made), replace=words.force)
    print(f"Saved successfully: {words.output}, the policy {made.name!r} of {len(made.steps)} steps")
    for number, step in enumerate(made.steps, 1):
        print(f"  {number}. {step.title}")
    if words.target is not None:
        print(f"Its settings are good for the machine {words.target} only. {policies.NOT_BOUND}")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {"policy": make, "deprovision": deprovision}
