"""Signed settings, the mode, local access keys, and the two counters."""

import base64
import uuid
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.firmware import bios_auth, features
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Authentication, LocalAccessKey
from emulator.firmware.quirks import Quirks
from emulator.firmware.refusals import (
    AccessDenied,
    AnotherMachine,
    NonceTooOld,
    PasswordNeeded,
    Refused,
    SignatureNeeded,
    SignatureRefused,
    UnknownSetting,
    ValueNotAllowed,
)
from emulator.protocol.spm import Feature
from emulator.protocol.status import CommandStatus, SettingStatus
from tests.firmware.bench import (
    LAK_1,
    LAK_2,
    LAK_3,
    MACHINE,
    MODE,
    NONCE,
    USB,
    Bench,
    Events,
    factory_new,
    guarded,
    local_key_value,
    mode_on,
    provisioned,
    public,
    signed,
    started,
)


def recorded(events: Events) -> list[EventCode]:
    return [event.code for event in events if isinstance(event, e.Recorded)]


class TestMode:
    def test_it_is_switched_by_signed_commands_and_logged(self) -> None:
        bench = started(provisioned())
        events = bench.execute(signed(MODE, "Enable"))
        assert recorded(events) == [EventCode.AUTHENTICATION_MODE_ENABLED]
        assert events[-1] == e.SettingStored(MODE, "Enable")
        assert bench.firmware.value(MODE) == "Enable"
        assert recorded(bench.execute(signed(MODE, "Disable"))) == [EventCode.AUTHENTICATION_MODE_DISABLED]
        assert not bench.memory.authentication.enabled

    def test_what_it_is_already_is_not_logged(self) -> None:
        assert recorded(started(provisioned()).execute(signed(MODE, "Disable"))) == []
        assert recorded(started(mode_on()).execute(signed(MODE, "Enable"))) == []

    def test_it_takes_its_two_words(self) -> None:
        bench = started(provisioned())
        assert bench.refused(signed(MODE, "enable"), ValueNotAllowed).setting_status == 5

    def test_it_needs_provisioned_keys(self) -> None:
        bench = started(factory_new())
        refusal = bench.refused(signed(MODE, "Enable"), SignatureRefused)
        assert "no signing key is provisioned" in str(refusal)
        assert bench.logged() == [EventCode.INVALID_SETTING_SIGNATURE]

    @pytest.mark.parametrize("password", ["", "<utf-16/>"])
    def test_with_it_on_nothing_ordinary_changes_unsigned(self, password: str) -> None:
        started(mode_on()).refused(c.SetSetting(USB, "Disable", password), SignatureNeeded)

    def test_with_it_off_ordinary_settings_change_unsigned_and_signed(self) -> None:
        bench = started(provisioned())
        for command in (
            c.SetSetting(USB, "Disable", "<utf-16/>"),
            signed(USB, "Enable"),
            c.SetSetting(USB, "Disable"),
        ):
            bench.execute(command)
            assert bench.firmware.value(USB) == command.value

    def test_a_password_proves_nothing(self) -> None:
        for memory in (provisioned(), mode_on()):
            for password in ("<utf-16/>secret", "secret", "<beam/>AAAA"):
                refusal = started(memory).refused(
                    c.SetSetting(USB, "Disable", password), Refused, exact=False
                )
                unmarked = AccessDenied if password.startswith("<utf-16/>") else PasswordNeeded
                assert type(refusal) is (SignatureNeeded if memory is mode_on() else unmarked)
                assert "secret" not in str(refusal)


class TestLocalAccessKeys:
    def test_a_key_is_set_changed_and_cleared_by_signed_commands(self) -> None:
        bench = started(mode_on())
        value = local_key_value(enrolment="Für die Technik")
        assert recorded(bench.execute(signed(LAK_1, value))) == [EventCode.LOCAL_ACCESS_KEY_SET]
        assert bench.firmware.value(LAK_1) == value
        assert recorded(bench.execute(signed(LAK_1, value))) == []
        other = signed(LAK_1, local_key_value("other"))
        assert recorded(bench.execute(other)) == [EventCode.LOCAL_ACCESS_KEY_CHANGED]
        assert recorded(bench.execute(signed(LAK_1, ""))) == [EventCode.LOCAL_ACCESS_KEY_CLEARED]
        assert bench.firmware.value(LAK_1) == ""

    @pytest.mark.parametrize("name", [LAK_2, LAK_3])
    def test_the_log_knows_a_change_of_the_further_keys_only(self, name: str) -> None:
        bench = started(mode_on())
        for value in (local_key_value(), local_key_value("other"), ""):
            events = bench.execute(signed(name, value))
            assert recorded(events) == [EventCode.LOCAL_ACCESS_KEY_CHANGED]
        assert recorded(bench.execute(signed(name, ""))) == []

    def test_the_three_keys_are_kept_apart(self) -> None:
        bench = started(mode_on())
        bench.execute(signed(LAK_2, local_key_value()))
        bench.execute(signed(LAK_3, local_key_value("other")))
        assert [bench.firmware.value(name) for name in (LAK_1, LAK_2, LAK_3)] == [
            "",
            local_key_value(),
            local_key_value("other"),
        ]
        guarding = bios_auth.guarding_key(bench.memory.authentication, Quirks())
        assert guarding == LocalAccessKey(public("local_access"))

    def test_a_key_is_not_set_while_the_mode_is_off(self) -> None:
        refusal = started(provisioned()).refused(signed(LAK_1, local_key_value()), AccessDenied)
        assert "enable the mode first" in str(refusal)

    @pytest.mark.parametrize(
        "value",
        [
            "AAAA",
            "A" * 344,
            "!" * 344,
            "ü" * 344,
            local_key_value()[:-1],
            local_key_value() + "A",
            local_key_value() + "!!!!",
            local_key_value() + base64.b64encode(b"\xff\xfe").decode(),
            " " + local_key_value(),
        ],
    )
    def test_what_is_no_key_is_refused(self, value: str) -> None:
        refusal = started(mode_on()).refused(signed(LAK_1, value), ValueNotAllowed)
        assert refusal.setting_status is SettingStatus.INVALID_PARAMETER
        assert len(str(refusal)) < 200

    @given(st.text(max_size=40).filter(str.isprintable))
    def test_the_text_behind_a_key_is_kept(self, text: str) -> None:
        value = local_key_value(enrolment=text)
        changed = bios_auth.with_key(Authentication(enabled=True), 2, value)
        assert bios_auth.key_text(changed.authentication.keys[1]) == value


class TestFeatures:
    @pytest.mark.parametrize(
        ("authentication", "used"),
        [
            (Authentication(), Feature(0)),
            (Authentication(enabled=True), Feature.SURE_ADMIN),
            (Authentication(keys=(None, None, LocalAccessKey(public("other")))), Feature.SURE_ADMIN),
        ],
    )
    def test_the_mode_or_a_key_keeps_the_platform_in_use(
        self, authentication: Authentication, used: Feature
    ) -> None:
        memory = replace(factory_new(), authentication=authentication)
        assert features.in_use(memory, Quirks()) == used


class TestCounters:
    def test_an_ordinary_nonce_may_be_repeated_and_raises_its_counter(self) -> None:
        bench = started(mode_on())
        for nonce in (NONCE, NONCE, NONCE + 5, NONCE + 5):
            bench.execute(signed(USB, "Disable", nonce))
            assert bench.memory.counters.settings == nonce
        assert bench.refused(signed(USB, "Enable", NONCE + 4), NonceTooOld).setting_status == 6
        assert bench.memory.counters.actions == 0

    def test_a_single_use_nonce_is_good_once(self) -> None:
        bench = started(mode_on())
        bench.execute(signed(USB, "Disable", NONCE, single_use=True))
        assert (bench.memory.counters.actions, bench.memory.counters.settings) == (NONCE, NONCE)
        for nonce in (NONCE, NONCE - 1):
            refusal = bench.refused(signed(USB, "Enable", nonce, single_use=True), NonceTooOld)
            assert refusal.command_status is CommandStatus.NONCE_DID_NOT_MATCH
        bench.execute(signed(USB, "Enable", NONCE + 1, single_use=True))
        assert (bench.memory.counters.actions, bench.memory.counters.settings) == (NONCE + 1, NONCE)

    def test_the_two_counters_are_apart(self) -> None:
        bench = started(mode_on())
        bench.execute(signed(USB, "Disable", NONCE + 100, single_use=True))
        bench.execute(signed(USB, "Enable", NONCE))
        bench.execute(signed(USB, "Disable", NONCE + 200))
        bench.execute(signed(USB, "Enable", NONCE + 101, single_use=True))
        assert (bench.memory.counters.settings, bench.memory.counters.actions) == (NONCE + 200, NONCE + 101)

    def test_a_signed_command_that_is_refused_uses_up_no_nonce(self) -> None:
        bench = started(mode_on())
        bench.refused(signed(USB, "Perhaps", NONCE + 9, single_use=True), ValueNotAllowed)
        bench.refused(signed("Serial Number", "1", NONCE + 9), Refused, exact=False)
        bench.refused(signed("No Such Setting", "1", NONCE + 9), UnknownSetting)
        bench.execute(signed(USB, "Disable", NONCE + 1, single_use=True))

    def test_a_nonce_counts_also_for_a_change_that_waits_for_presence(self) -> None:
        bench = started(mode_on())
        command = signed("Physical Presence Interface", "Disable", NONCE, single_use=True)
        assert bench.execute(command) == (e.SettingWaits("Physical Presence Interface", "Disable"),)
        bench.refused(command, NonceTooOld)

    @settings(max_examples=40)
    @given(
        st.lists(
            st.tuples(st.booleans(), st.integers(0, 4), st.sampled_from(["Enable", "Disable"])), max_size=12
        )
    )
    def test_neither_ever_falls_and_no_single_use_command_applies_twice(
        self, steps: list[tuple[bool, int, str]]
    ) -> None:
        bench, used = started(mode_on()), set[int]()
        for single_use, ahead, value in steps:
            before = bench.memory.counters
            try:
                bench.execute(signed(USB, value, NONCE + ahead, single_use=single_use))
            except NonceTooOld:
                continue
            assert not (single_use and ahead in used)
            used |= {ahead} if single_use else set()
            assert bench.memory.counters.settings >= before.settings
            assert bench.memory.counters.actions >= before.actions


class TestTarget:
    def test_a_payload_for_this_machine_is_good(self) -> None:
        bench = started(mode_on())
        bench.execute(signed(USB, "Disable", target=MACHINE))
        assert bench.firmware.value(USB) == "Disable"

    @pytest.mark.parametrize(
        "target", [uuid.UUID(int=0), uuid.UUID(bytes=MACHINE.bytes_le), uuid.UUID(int=MACHINE.int ^ 1)]
    )
    def test_a_payload_for_another_machine_is_refused(self, target: uuid.UUID) -> None:
        bench = started(mode_on())
        refusal = bench.refused(signed(USB, "Disable", target=target), AnotherMachine)
        assert (refusal.setting_status, refusal.event) == (SettingStatus.ACCESS_DENIED, None)


class TestSignature:
    """Each is refused with 6, logged as 0x881F, and changes nothing."""

    @pytest.mark.parametrize(
        "token",
        [
            "<BEAM/>",
            "<BEAM/>AAAA",
            "<BEAM/>====",
            "<BEAM/>" + base64.b64encode(bytes(283)).decode(),
            "<BEAM/> " + signed(USB, "Disable").authorization[7:],
            signed(USB, "Disable").authorization + "\n",
            signed(USB, "Disable").authorization[:-4],
            signed(USB, "Enable").authorization,
            signed("Fast Boot", "Disable").authorization,
            signed("USB Storage Boos", "Disable").authorization,
            signed(USB, "Disable", by="other").authorization,
            signed(USB, "Disable", by="endorsement").authorization,
            signed(USB, "Disable", by="local_access").authorization,
        ],
    )
    def test_a_token_that_is_not_for_this_change(self, token: str) -> None:
        self.refused(started(mode_on()), c.SetSetting(USB, "Disable", token))

    @settings(max_examples=60)
    @given(st.integers(0, 8 * 283 - 1))
    def test_any_flipped_bit(self, bit: int) -> None:
        block = bytearray(base64.b64decode(signed(USB, "Disable").authorization[7:]))
        block[bit // 8] ^= 1 << bit % 8
        bench = started(mode_on())
        refused = bench.refused(
            c.SetSetting(USB, "Disable", "<BEAM/>" + base64.b64encode(block).decode()), Refused, exact=False
        )
        assert refused.setting_status is SettingStatus.ACCESS_DENIED
        in_target = 11 <= bit // 8 < 27
        assert type(refused) is (AnotherMachine if in_target else SignatureRefused)

    def test_the_other_byte_order(self) -> None:
        block = base64.b64decode(signed(USB, "Disable").authorization[7:])
        turned = base64.b64encode(block[:27] + block[:26:-1]).decode()
        self.refused(started(mode_on()), c.SetSetting(USB, "Disable", "<BEAM/>" + turned))

    def test_another_value_or_name_than_was_signed(self) -> None:
        token = signed(USB, "Disable").authorization
        for name, value in (("Fast Boot", "Disable"), (USB, "Enable"), ("Network (PXE) Boot", "Disable")):
            self.refused(started(guarded()), c.SetSetting(name, value, token))

    def refused(self, bench: Bench, command: c.SetSetting) -> None:
        refusal = bench.refused(command, SignatureRefused)
        assert refusal.setting_status is SettingStatus.ACCESS_DENIED
        assert refusal.command_status is CommandStatus.INVALID_SIGNATURE
        assert bench.logged()[-1] == EventCode.INVALID_SETTING_SIGNATURE
