"""The two interfaces that an operating system sees: strings and bytes in, codes out."""

import pytest

from emulator.devices.wmi import SECURE_PLATFORM, WMI, CommandType
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Memory
from emulator.protocol import spm
from emulator.protocol.spm import Feature, State
from emulator.protocol.status import CommandStatus, SettingStatus
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    SETUP_PASSWORD,
    USB,
    Bench,
    deprovisioning,
    endorsement,
    factory_new,
    guarded,
    mode_on,
    provisioned,
    public,
    signed,
    signing,
    start,
    started,
    with_passwords,
)
from tests.firmware.doors import desktop


def wmi(bench: Bench) -> WMI:
    return WMI(bench.execute, lambda: bench.firmware)


def of(memory: Memory) -> WMI:
    return wmi(started(memory))


class TestSetBIOSSetting:
    def test_success_tells_what_happened(self) -> None:
        answer = of(factory_new()).set_bios_setting(USB, "Disable")
        assert (answer.status, answer.sentence, answer.accepted) == (SettingStatus.SUCCESS, "", True)
        assert answer.events == (e.SettingStored(USB, "Disable"),)

    def test_a_change_that_waits_for_presence_is_a_success_too(self) -> None:
        answer = of(factory_new()).set_bios_setting(PRESENCE_INTERFACE, "Disable")
        assert answer.accepted
        assert answer.events == (e.SettingWaits(PRESENCE_INTERFACE, "Disable"),)

    @pytest.mark.parametrize(
        ("memory", "command", "status"),
        [
            (factory_new(), c.SetSetting("No Such Setting", "1"), SettingStatus.UNKNOWN_SETTING),
            (factory_new(), c.SetSetting(USB, "Perhaps"), SettingStatus.INVALID_PARAMETER),
            (factory_new(), c.SetSetting("Product Name", "Mine"), SettingStatus.ACCESS_DENIED),
            (factory_new(), c.SetSetting(USB, "Disable", "<utf-16/>secret"), SettingStatus.ACCESS_DENIED),
            (factory_new(), c.SetSetting(MODE, "Enable"), SettingStatus.ACCESS_DENIED),
            (factory_new(), signed(MODE, "Enable"), SettingStatus.ACCESS_DENIED),
            (mode_on(), c.SetSetting(USB, "Disable"), SettingStatus.ACCESS_DENIED),
            (mode_on(), signed(USB, "Disable", by="other"), SettingStatus.ACCESS_DENIED),
            (mode_on(), signed(USB, "Disable", NONCE - 1), SettingStatus.ACCESS_DENIED),
            (mode_on(), signed(LAK_1, "AAAA"), SettingStatus.INVALID_PARAMETER),
        ],
    )
    def test_each_refusal_has_its_code_and_its_sentence(
        self, memory: Memory, command: c.SetSetting, status: SettingStatus
    ) -> None:
        answer = of(memory).set_bios_setting(command.name, command.value, command.authorization)
        assert (answer.status, answer.events, answer.accepted) == (status, (), False)
        assert "secret" not in answer.sentence
        assert answer.sentence

    def test_a_machine_that_is_not_in_its_operating_system_says_so(self) -> None:
        answer = wmi(Bench()).set_bios_setting(USB, "Disable")
        assert answer.status is SettingStatus.UNSPECIFIED_ERROR
        assert "switch it on" in answer.sentence


class TestPasswords:
    """The third string as a password, and what comes of it."""

    @pytest.mark.parametrize(
        ("name", "value", "proof", "status"),
        [
            (USB, "Disable", "", SettingStatus.ACCESS_DENIED),
            (USB, "Disable", "<utf-16/>wrong one", SettingStatus.ACCESS_DENIED),
            (USB, "Disable", BOSS, SettingStatus.ACCESS_DENIED),
            (USB, "Perhaps", f"<utf-16/>{BOSS}", SettingStatus.INVALID_PARAMETER),
            ("Proxy Address", "x", f"<utf-16/>{BOSS}", SettingStatus.ACCESS_DENIED),
            (SETUP_PASSWORD, "<utf-16/>short", f"<utf-16/>{BOSS}", SettingStatus.PASSWORD_POLICY_NOT_MET),
            (SETUP_PASSWORD, "no mark", f"<utf-16/>{BOSS}", SettingStatus.INVALID_PARAMETER),
        ],
    )
    def test_each_refusal_has_its_code_and_tells_no_password(
        self, name: str, value: str, proof: str, status: SettingStatus
    ) -> None:
        answer = of(with_passwords(BOSS)).set_bios_setting(name, value, proof)
        assert (answer.status, answer.accepted) == (status, False)
        assert not any(secret in answer.sentence for secret in (BOSS, "wrong one", "short;", "no mark"))

    def test_three_wrong_ones_are_said_to_be_too_many(self) -> None:
        door = of(with_passwords(BOSS))
        for _ in range(3):
            assert "restart" not in door.set_bios_setting(USB, "Disable").sentence
            door.set_bios_setting(USB, "Disable", "<utf-16/>wrong one")
        answer = door.set_bios_setting(USB, "Disable", f"<utf-16/>{BOSS}")
        assert answer.status is SettingStatus.ACCESS_DENIED
        assert "restart the machine" in answer.sentence

    def test_a_password_is_set_used_and_cleared(self) -> None:
        door = of(factory_new())
        assert door.set_bios_setting(SETUP_PASSWORD, f"<utf-16/>{BOSS}").events == (
            e.PasswordChanged(SETUP_PASSWORD, is_set=True),
        )
        assert door.set_bios_setting(USB, "Disable", f"<utf-16/>{BOSS}").accepted
        assert door.set_bios_setting(SETUP_PASSWORD, "<utf-16/>", f"<utf-16/>{BOSS}").accepted
        assert door.set_bios_setting(USB, "Enable").accepted


class TestSetSystemDefaults:
    def test_success_tells_what_was_put(self) -> None:
        door = of(factory_new())
        door.set_bios_setting(USB, "Disable")
        answer = door.set_system_defaults()
        assert (answer.status, answer.events) == (SettingStatus.SUCCESS, (e.SettingStored(USB, "Enable"),))

    @pytest.mark.parametrize(
        ("memory", "proof"),
        [
            (with_passwords(BOSS), ""),
            (with_passwords(BOSS), "<utf-16/>wrong one"),
            (factory_new(), "<utf-16/>wrong one"),
            (mode_on(), ""),
            (mode_on(), signed(USB, "Disable").authorization),
        ],
    )
    def test_each_refusal_is_access_denied(self, memory: Memory, proof: str) -> None:
        answer = of(memory).set_system_defaults(proof)
        assert (answer.status, answer.accepted) == (SettingStatus.ACCESS_DENIED, False)
        assert "wrong one" not in answer.sentence

    def test_a_machine_that_is_not_in_its_operating_system_says_so(self) -> None:
        assert wmi(Bench()).set_system_defaults().status is SettingStatus.UNSPECIFIED_ERROR


class TestCommands:
    def test_a_model_of_before_secure_platform_management_has_no_such_command(self) -> None:
        bench = desktop("Disable")
        start(bench)
        for type_ in (*CommandType, 0x13):
            answer = wmi(bench).command(SECURE_PLATFORM, type_, endorsement().data)
            assert answer.status is CommandStatus.INVALID_COMMAND_VALUE

    def test_keys_are_taken(self) -> None:
        door = of(factory_new())
        taken = door.command(SECURE_PLATFORM, CommandType.SET_KEK, endorsement().data)
        reminder = e.Recorded(EventCode.PIN_REMINDER_SET)
        assert taken.status is CommandStatus.SUCCESS
        assert taken.events == (reminder, e.KeysAccepted(restart_needed=True))
        assert door.command(SECURE_PLATFORM, CommandType.SET_SK, signing().data).accepted

    @pytest.mark.parametrize(
        ("memory", "type_", "data", "status"),
        [
            (factory_new(), CommandType.SET_KEK, b"", CommandStatus.INVALID_DATA_SIZE),
            (factory_new(), CommandType.SET_KEK, bytes(66), CommandStatus.INVALID_COMMAND_PARAMETER),
            (factory_new(), CommandType.SET_SK, signing().data, CommandStatus.NOT_PROVISIONED),
            (provisioned(), CommandType.SET_KEK, endorsement().data, CommandStatus.ALREADY_PROVISIONED),
            (provisioned(), CommandType.SET_SK, b"", CommandStatus.INVALID_DATA_SIZE),
            (provisioned(), CommandType.SET_SK, signing(NONCE - 1).data, CommandStatus.NONCE_DID_NOT_MATCH),
            (provisioned(), CommandType.SET_SK, signing(by="other").data, CommandStatus.INVALID_SIGNATURE),
            (guarded(), CommandType.SET_SK, deprovisioning(NONCE).data, CommandStatus.IN_USE),
        ],
    )
    def test_each_refusal_has_its_code(
        self, memory: Memory, type_: CommandType, data: bytes, status: CommandStatus
    ) -> None:
        answer = of(memory).command(SECURE_PLATFORM, type_, data)
        assert (answer.status, answer.accepted) == (status, False)
        assert answer.sentence

    def test_unknown_commands_and_types_are_refused(self) -> None:
        door = of(factory_new())
        assert door.command(0x20008, 1).status is CommandStatus.INVALID_COMMAND_VALUE
        assert door.command(SECURE_PLATFORM, 0x13).status is CommandStatus.INVALID_COMMAND_TYPE

    def test_a_machine_that_is_off_takes_no_keys(self) -> None:
        door = wmi(Bench())
        answer = door.command(SECURE_PLATFORM, CommandType.SET_KEK, endorsement().data)
        assert answer.status is CommandStatus.COMMAND_FAILED


class TestState:
    def test_a_new_machine_shows_the_published_idle_state(self) -> None:
        reply = of(factory_new()).command(SECURE_PLATFORM, CommandType.GET_STATE)
        assert reply.accepted
        assert reply.data == bytes([0, 1, 0]) + bytes(549)

    def test_a_guarded_machine_shows_its_keys_little_endian(self) -> None:
        reply = of(guarded()).command(SECURE_PLATFORM, CommandType.GET_STATE)
        state = spm.decode_state(reply.data)
        assert (state.state, state.features, state.nonce) == (State.PROVISIONED, Feature.SURE_ADMIN, NONCE)
        assert state.signing_key[::-1] == public("signing").modulus
        assert state.endorsement_key[::-1] == public("endorsement").modulus
