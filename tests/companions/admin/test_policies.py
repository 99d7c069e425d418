"""Policies: the order that a plan must keep, what its steps carry, and PCs that take them."""

import itertools
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.admin import payloads, policies
from emulator.companions.admin.payloads import SameKeys
from emulator.companions.admin.policies import NothingPlanned, OutOfOrder, Plan, Stage
from emulator.firmware.quirks import Quirks
from emulator.machine import TargetPC
from emulator.protocol import authorization, payload, policy, spm
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Purpose
from emulator.protocol.policy import Policy
from emulator.protocol.status import CommandStatus, SettingStatus
from tests.companions.admin import fleet

NOW = datetime(2026, 11, 22, 13, 14, 15, tzinfo=UTC)
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
STRICT = Quirks(spm_nonce="above", settings_nonce="above")

Planned = Callable[..., Plan]


@pytest.fixture
def planned(
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> Planned:
    """A plan for everything, but for what a test says otherwise."""

    def plan(**otherwise: Any) -> Plan:
        everything: dict[str, Any] = {
            "endorsement_certificate": certificate_der,
            "endorsement": endorsement_key,
            "signing": signing_key,
            "mode": True,
            "local_access": {1: PublicKey.of(local_access_key)},
        }
        return Plan(**{**everything, **otherwise})

    return plan


@pytest.fixture
def back(endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey) -> Callable[..., Policy]:
    """Makes the policy that takes everything back."""

    def made(**how: Any) -> Policy:
        both = {"endorsement": endorsement_key, "signing": signing_key}
        return policies.take_back("Take back", **{**both, "now": NOW, **how})

    return made


def purposes(made: Policy) -> list[Purpose]:
    return [payload.parse(step.payload).purpose for step in made.steps]


def nonces(made: Policy) -> list[int]:
    """Of each step that has one."""
    found = []
    for step in made.steps:
        envelope = payload.parse(step.payload)
        if envelope.purpose is Purpose.SIGNING_KEY:
            found.append(spm.parse_signing_key(envelope.data).counter)
        elif envelope.purpose is Purpose.SETTING:
            found.append(authorization.parse(payload.parse_setting(envelope.data).authorization).header.nonce)
    return found


def test_a_plan_that_has_all_it_needs_has_no_reason_against_any_stage(planned: Planned) -> None:
    assert [planned().why_not(stage) for stage in Stage] == [None] * 3
    assert planned().stages == tuple(Stage)


@pytest.mark.parametrize(
    ("otherwise", "reasons"),
    [
        (
            {"endorsement": None},
            (policies.NO_ENDORSEMENT, policies.PROVISIONING_FIRST, policies.PROVISIONING_FIRST),
        ),
        (
            {"endorsement_certificate": None},
            (policies.NO_ENDORSEMENT, policies.PROVISIONING_FIRST, policies.PROVISIONING_FIRST),
        ),
        ({"signing": None}, (policies.NO_SIGNING, policies.PROVISIONING_FIRST, policies.PROVISIONING_FIRST)),
        ({"mode": False}, (None, None, policies.MODE_FIRST)),
        ({"provisioned": True, "endorsement": None}, (None, None, None)),
        ({"provisioned": True, "signing": None}, (None, policies.NOT_SIGNED, policies.NOT_SIGNED)),
        ({"provisioned": True, "mode": False}, (None, None, policies.MODE_FIRST)),
        ({"enabled": True, "mode": False, "endorsement": None}, (None, None, None)),
        ({"enabled": True, "mode": False, "signing": None}, (None, policies.NOT_SIGNED, policies.NOT_SIGNED)),
    ],
)
def test_the_reason_against_each_stage(
    planned: Planned, otherwise: dict[str, Any], reasons: tuple[str | None, ...]
) -> None:
    plan = planned(**otherwise)
    assert tuple(plan.why_not(stage) for stage in Stage) == reasons
    wanted = [plan.why_not(stage) for stage in plan.stages]
    if any(wanted):
        with pytest.raises(OutOfOrder) as refused:
            policies.make(plan, "Fleet", now=NOW)
        assert str(refused.value) == next(filter(None, wanted))
    else:
        assert policies.make(plan, "Fleet", now=NOW).steps


def test_a_plan_that_brings_nothing_makes_no_policy(signing_key: RSAPrivateKey) -> None:
    with pytest.raises(NothingPlanned):
        policies.make(Plan(signing=signing_key, provisioned=True), "Fleet", now=NOW)


def test_no_plan_shows_a_private_key(planned: Planned) -> None:
    assert "RSAPrivateKey" not in repr(planned())


def test_a_policy_has_its_steps_in_the_one_order(planned: Planned, other_key: RSAPrivateKey) -> None:
    local = {3: PublicKey.of(other_key), **planned().local_access}
    made = policies.make(planned(local_access=local), "Fleet", now=NOW)
    assert (made.name, made.made) == ("Fleet", "2026-11-22T13:14:15.0000000+00:00")
    assert [step.title for step in made.steps] == [
        "Provision the endorsement key",
        "Provision the signing key",
        "Turn Enhanced BIOS Authentication Mode on",
        "Set local access key 1",
        "Set local access key 3",
    ]
    assert policy.parse(policy.encode(made)) == made


def test_only_what_is_planned_is_in_it(planned: Planned) -> None:
    for otherwise, expected in (
        ({"mode": False, "local_access": {}}, [Purpose.ENDORSEMENT_KEY, Purpose.SIGNING_KEY]),
        ({"provisioned": True, "local_access": {}}, [Purpose.SETTING]),
        ({"enabled": True, "mode": False}, [Purpose.SETTING]),
    ):
        assert purposes(policies.make(planned(**otherwise), "Fleet", now=NOW)) == expected


def test_settings_are_bound_to_the_target_and_other_orders_cannot_be(
    planned: Planned, back: Callable[..., Policy]
) -> None:
    for made in (policies.make(planned(target=MACHINE), "Fleet", now=NOW), back(target=MACHINE)):
        for step in made.steps:
            envelope = payload.parse(step.payload)
            if envelope.purpose is Purpose.SETTING:
                token = payload.parse_setting(envelope.data).authorization
                assert authorization.parse(token).header.target == MACHINE.bytes_le


def test_the_steps_share_one_nonce_unless_each_shall_have_its_own(
    planned: Planned, back: Callable[..., Policy]
) -> None:
    seconds = int(NOW.timestamp())
    assert nonces(policies.make(planned(), "Fleet", now=NOW)) == [seconds] * 3
    assert nonces(back()) == [seconds] * 5
    assert nonces(policies.make(planned(rising=True), "Fleet", now=NOW, nonce=7)) == [8, 9, 10]
    assert nonces(back(rising=True, nonce=7)) == [7, 8, 9, 10, 11]


def test_one_key_cannot_be_both(planned: Planned, endorsement_key: RSAPrivateKey) -> None:
    with pytest.raises(SameKeys):
        policies.make(planned(signing=endorsement_key), "Fleet", now=NOW)


def test_a_name_that_no_file_can_hold_is_refused(planned: Planned) -> None:
    with pytest.raises(ProtocolError, match="printable"):
        policies.make(planned(), "a\nb", now=NOW)


def brought(pc: TargetPC, made: Policy) -> None:
    """Both keys, the code of the next start, then the rest."""
    assert all(answer.accepted for answer in fleet.apply(pc, made, (1, 2)))
    (refused,) = fleet.apply(pc, made, (3,))
    assert refused.status is SettingStatus.ACCESS_DENIED
    fleet.restart(pc)
    assert all(answer.accepted for answer in fleet.apply(pc, made, range(3, len(made.steps) + 1)))


@pytest.mark.parametrize(("quirks", "rising"), [(Quirks(), False), (Quirks(), True), (STRICT, True)])
def test_a_new_pc_takes_the_policy_and_gives_everything_back(
    tmp_path: Path, planned: Planned, back: Callable[..., Policy], quirks: Quirks, rising: bool
) -> None:
    pc = fleet.factory_new(tmp_path, quirks)
    brought(pc, policies.make(planned(rising=rising), "Fleet", now=NOW))
    assert pc.firmware.memory.authentication.enabled
    assert pc.firmware.memory.authentication.keys[0] is not None
    later = NOW + timedelta(minutes=rising)
    assert all(answer.accepted for answer in fleet.apply(pc, back(rising=rising, now=later), range(1, 6)))
    assert pc.firmware.memory.platform.certificate is None
    assert not any(pc.firmware.memory.authentication.keys)


def test_policies_of_the_same_second_do_not_get_in_each_other_s_way(
    tmp_path: Path, planned: Planned, back: Callable[..., Policy]
) -> None:
    pc = fleet.factory_new(tmp_path)
    made, taken = policies.make(planned(), "Fleet", now=NOW), back()
    for _ in range(2):
        brought(pc, made)
        assert all(answer.accepted for answer in fleet.apply(pc, taken, range(1, 6)))


def test_any_other_order_of_a_policy_is_refused_by_a_pc(tmp_path: Path, planned: Planned) -> None:
    """The order that the console enforces is the one that a PC enforces."""
    made = policies.make(planned(), "Fleet", now=NOW)
    for number, order in enumerate(itertools.permutations(range(1, 4))):
        if order != (1, 2, 3):
            pc = fleet.factory_new(tmp_path / str(number))
            assert not all(answer.accepted for answer in fleet.apply(pc, made, order))


def test_taking_only_the_keys_back_is_refused_with_0x1002_until_the_features_are_off(
    tmp_path: Path, planned: Planned, back: Callable[..., Policy], endorsement_key: RSAPrivateKey
) -> None:
    pc = fleet.factory_new(tmp_path)
    brought(pc, policies.make(planned(), "Fleet", now=NOW))
    alone = payloads.deprovision(endorsement_key, now=NOW)
    assert pc.apply(alone).status is CommandStatus.IN_USE
    assert fleet.apply(pc, back(), (1,))[0].accepted
    assert pc.apply(alone).status is CommandStatus.IN_USE
    assert fleet.apply(pc, back(), (2,))[0].accepted
    assert pc.apply(alone).accepted
    assert "0x1002" in policies.EXPLAINS_0x1002


def test_which_local_access_keys_are_cleared_can_be_said(back: Callable[..., Policy]) -> None:
    titles = [step.title for step in back(numbers=(2,)).steps]
    assert [title for title in titles if title.startswith("Clear")] == ["Clear local access key 2"]


def test_restoring_the_security_settings_waits_for_the_code_and_then_takes_mode_and_key_off(
    tmp_path: Path, planned: Planned, signing_key: RSAPrivateKey
) -> None:
    pc = fleet.factory_new(tmp_path)
    brought(pc, policies.make(planned(), "Fleet", now=NOW))
    machine = pc.firmware.memory.identity.machine
    answer = pc.apply(policies.restore_security(signing_key, now=NOW, target=machine))
    assert answer.accepted
    assert pc.firmware.memory.authentication.enabled
    fleet.restart(pc)
    assert not pc.firmware.memory.authentication.enabled
    assert not any(pc.firmware.memory.authentication.keys)
    assert pc.firmware.memory.platform.signing_key == PublicKey.of(signing_key)
