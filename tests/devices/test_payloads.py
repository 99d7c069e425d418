"""Portable payloads at the machine's door."""

import json

import pytest

from emulator.devices import payloads
from emulator.devices.wmi import WMI, Answer
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import passwords
from emulator.firmware.memory import FirmwareFile, FirmwareUpdate
from emulator.protocol import firmware_update, payload
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
from tests.firmware.recovery import (
    DIGEST,
    FILE,
    MAKERS,
    deprovision,
    manifest,
    recover,
    signed_defaults,
    update,
)


def applied(bench: Bench, purpose: Purpose, data: bytes, file_digest: bytes | None = None) -> Answer:
    raw = payload.encode(Envelope(purpose, data))
    return payloads.apply(WMI(bench.execute, lambda: bench.firmware), raw, file_digest)


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


def listed(*commands: c.SetSetting) -> bytes:
    return payload.encode_settings(
        [SettingChange(each.name, each.value, each.authorization) for each in commands]
    )


def test_a_list_is_carried_out_all_or_none() -> None:
    bench = started(mode_on())
    good, bad = signed(USB, "Disable"), signed("Fast Boot", "Disable", by="other")
    answer = applied(bench, Purpose.SETTINGS_LIST, listed(good, bad))
    assert answer.status is SettingStatus.ACCESS_DENIED
    assert "entry 2 of 2" in answer.sentence
    assert bench.firmware.value(USB) == "Enable"
    assert applied(bench, Purpose.SETTINGS_LIST, listed(good, signed("Fast Boot", "Disable"))).accepted
    assert [bench.firmware.value(name) for name in (USB, "Fast Boot")] == ["Disable", "Disable"]


def test_a_list_of_one_entry_may_come_without_its_array() -> None:
    bench = started(mode_on())
    assert applied(bench, Purpose.SETTINGS_LIST, setting(signed(USB, "Disable"))).accepted
    assert bench.firmware.value(USB) == "Disable"


def test_a_password_in_a_list_gets_its_mark_too() -> None:
    bench = started(mode_on())
    command = signed(SETUP_PASSWORD, f"<utf-16/>{BOSS}")
    data = payload.encode_settings([SettingChange(SETUP_PASSWORD, BOSS, command.authorization)])
    assert applied(bench, Purpose.SETTINGS_LIST, data).accepted
    assert passwords.matches(bench.memory.passwords.administrator, BOSS)


def test_a_signed_reset_puts_the_factory_defaults() -> None:
    bench = started(mode_on())
    bench.execute(signed(USB, "Disable"))
    assert not applied(bench, Purpose.RESET_SETTINGS, payload.encode_reset("")).accepted
    reset = payload.encode_reset(signed_defaults().authorization)
    answer = applied(bench, Purpose.RESET_SETTINGS, reset)
    assert answer.status is SettingStatus.SUCCESS
    assert bench.firmware.value(USB) == "Enable"


class TestFirmwareUpdate:
    def data(self) -> bytes:
        return firmware_update.encode(firmware_update.UpdateOrder(FILE, update().authorization))

    def test_it_waits_for_the_next_start_and_names_the_file(self) -> None:
        bench = started(mode_on())
        answer = applied(bench, Purpose.FIRMWARE_UPDATE, self.data(), DIGEST)
        assert answer.events == (e.UpdateWaits(FILE, asked=False),)
        assert bench.memory.update == FirmwareUpdate(FirmwareFile(FILE, DIGEST), authorized=True)

    def test_without_the_file_it_says_which_one_is_missing(self) -> None:
        bench = started(mode_on())
        answer = applied(bench, Purpose.FIRMWARE_UPDATE, self.data())
        assert answer.status is CommandStatus.INVALID_COMMAND_PARAMETER
        assert FILE in answer.sentence
        assert bench.memory.update == FirmwareUpdate()

    def test_with_another_file_it_is_refused(self) -> None:
        bench = started(mode_on())
        answer = applied(bench, Purpose.FIRMWARE_UPDATE, self.data(), bytes(32))
        assert answer.status is SettingStatus.ACCESS_DENIED
        assert bench.memory.update == FirmwareUpdate()


@pytest.mark.parametrize("purpose", MAKERS)
def test_an_order_for_sure_recover_reaches_it_by_its_purpose(purpose: Purpose) -> None:
    bench = started(provisioned())
    answer = applied(bench, purpose, recover(purpose).data)
    assert answer.events == (e.RecoveryConfigured(purpose),)
    assert len(bench.memory.recovery) == 1
    refused = applied(bench, purpose, recover(purpose, by="other").data)
    assert refused.status is CommandStatus.INVALID_SIGNATURE


def test_a_service_event_has_no_data() -> None:
    bench = started(provisioned())
    assert applied(bench, Purpose.RECOVER_SERVICE_EVENT, b"").accepted
    refused = applied(bench, Purpose.RECOVER_SERVICE_EVENT, b"x")
    assert refused.status is CommandStatus.INVALID_DATA_SIZE


def test_everything_is_given_up_by_the_order_to_deprovision() -> None:
    bench = started(provisioned())
    bench.execute(recover(Purpose.RECOVER_AGENT))
    assert applied(bench, Purpose.RECOVER_DEPROVISION, deprovision().data).accepted
    assert bench.memory.recovery == {}


def test_a_manifest_travels_beside_its_order() -> None:
    bench = started(provisioned())
    order = manifest(b"watch this")
    envelope = Envelope(Purpose.RUN_MANIFEST, order.data, meta=(order.manifest, None, None, None))
    answer = payloads.apply(WMI(bench.execute, lambda: bench.firmware), payload.encode(envelope))
    assert answer.accepted
    assert bench.memory.recovery["SureRunManifest0"] == b"watch this"
    assert not applied(bench, Purpose.RUN_MANIFEST, order.data).accepted


def test_every_purpose_is_tried_here_and_none_is_forgotten() -> None:
    tried = {*MAKERS, Purpose.RECOVER_SERVICE_EVENT, Purpose.RECOVER_DEPROVISION, Purpose.RUN_MANIFEST}
    settings = {Purpose.SETTING, Purpose.SETTINGS_LIST, Purpose.RESET_SETTINGS, Purpose.FIRMWARE_UPDATE}
    assert tried | settings | {Purpose.ENDORSEMENT_KEY, Purpose.SIGNING_KEY} == set(Purpose)


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
