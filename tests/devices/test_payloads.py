"""Portable payloads at the machine's door."""

import json

import pytest

from emulator.devices import payloads
from emulator.devices.wmi import WMI, Answer
from emulator.firmware import commands as c
from emulator.firmware import passwords
from emulator.protocol import payload
from emulator.protocol.errors import ProtocolError
from emulator.protocol.payload import Envelope, MalformedPayload, Purpose, SettingChange, UnknownPurpose
from emulator.protocol.status import CommandStatus, SettingStatus
from emulator.protocol.strict_json import NotAnObject, NotJSON
from tests.firmware.bench import (
    BOSS,
    MODE,
    POWER_ON_PASSWORD,
    SETUP_PASSWORD,
    USB,
    Bench,
    deprovisioning,
    endorsement,
    factory_new,
    mode_on,
    provisioned,
    signed,
    signing,
    started,
)


def applied(bench: Bench, purpose: Purpose, data: bytes) -> Answer:
    raw = payload.encode(Envelope(purpose, data))
    return payloads.apply(WMI(bench.execute, lambda: bench.firmware), raw)


def setting(command: c.SetSetting) -> bytes:
    return payload.encode_setting(SettingChange(command.name, command.value, command.authorization))


def test_both_keys_of_a_provisioning_reach_their_command() -> None:
    bench = started(factory_new())
    assert applied(bench, Purpose.ENDORSEMENT_KEY, endorsement().data).accepted
    assert applied(bench, Purpose.SIGNING_KEY, signing().data).accepted
    assert bench.memory.platform.signing_key is not None


def test_taking_the_keys_back_is_a_signing_key_payload_too() -> None:
    bench = started(provisioned())
    assert applied(bench, Purpose.SIGNING_KEY, deprovisioning(2**32 - 1).data).accepted
    assert bench.memory.platform.certificate is None


def test_a_signed_setting_reaches_the_setting_interface() -> None:
    bench = started(provisioned())
    assert applied(bench, Purpose.SETTING, setting(signed(MODE, "Enable"))).accepted
    assert bench.memory.authentication.enabled
    refused = applied(bench, Purpose.SETTING, setting(c.SetSetting(USB, "Disable")))
    assert refused.status is SettingStatus.ACCESS_DENIED


@pytest.mark.parametrize("name", [SETUP_PASSWORD, POWER_ON_PASSWORD])
def test_a_signed_password_travels_without_its_mark_and_is_set_with_it(name: str) -> None:
    bench = started(mode_on())
    command = signed(name, f"<utf-16/>{BOSS}")
    change = SettingChange(name, BOSS, command.authorization)
    assert applied(bench, Purpose.SETTING, payload.encode_setting(change)).accepted
    kept = bench.memory.passwords.administrator or bench.memory.passwords.power_on
    assert passwords.matches(kept, BOSS)
    again = SettingChange(name, f"<utf-16/>{BOSS}", command.authorization)
    assert not applied(bench, Purpose.SETTING, payload.encode_setting(again)).accepted


LATER = set(Purpose) - {Purpose.ENDORSEMENT_KEY, Purpose.SIGNING_KEY, Purpose.SETTING}


@pytest.mark.parametrize("purpose", sorted(LATER))
def test_a_purpose_that_is_not_carried_out_yet_says_so(purpose: Purpose) -> None:
    bench = started(provisioned())
    before = bench.memory
    answer = applied(bench, purpose, bytes(300))
    assert answer.status is CommandStatus.INVALID_COMMAND_VALUE
    assert purpose in answer.sentence
    assert bench.memory is before


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"", NotJSON),
        (b"no JSON", NotJSON),
        (b"[]", NotAnObject),
        (b"{}", MalformedPayload),
        (json.dumps({"purpose": "hp:make:coffee", "Data": []}).encode(), UnknownPurpose),
        (payload.encode(Envelope(Purpose.SETTING, b"{}")), MalformedPayload),
        (payload.encode(Envelope(Purpose.SIGNING_KEY, bytes(516)))[:-9], NotJSON),
        (b" " * (payload.LARGEST + 1), NotJSON),
    ],
)
def test_bytes_that_are_no_payload_reach_no_interface(raw: bytes, refusal: type[ProtocolError]) -> None:
    bench = started(provisioned())
    before = bench.memory
    with pytest.raises(refusal):
        payloads.apply(WMI(bench.execute, lambda: bench.firmware), raw)
    assert bench.memory is before
