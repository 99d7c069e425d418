"""The two interfaces that an operating system sees: strings and bytes in, codes out."""

import pytest

from emulator.devices.wmi import SECURE_PLATFORM, WMI, CommandType
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.memory import Memory
from emulator.protocol import spm
from emulator.protocol.spm import Feature, State
from emulator.protocol.status import CommandStatus, SettingStatus
from tests.firmware.bench import (
    LAK_1,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
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
    started,
)


def wmi(bench: Bench) -> WMI:
    return WMI(bench.execute, lambda: bench.memory)


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


class TestCommands:
    def test_keys_are_taken(self) -> None:
        door = of(factory_new())
        taken = door.command(SECURE_PLATFORM, CommandType.SET_KEK, endorsement().data)
        assert (taken.status, taken.events) == (CommandStatus.SUCCESS, (e.KeysAccepted(restart_needed=True),))
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
        assert door.command(0x20006, 1).status is CommandStatus.INVALID_COMMAND_VALUE
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
