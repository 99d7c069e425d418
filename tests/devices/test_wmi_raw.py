"""The firmware's own interface, as a driver calls it, and the state of the keys as its readers get it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import models
from emulator.devices import platform_state
from emulator.devices.raw_wmi import NoSuchInstance, NoSuchInterface
from emulator.devices.wmi import SECURE_PLATFORM, SURE_START, WMI, CommandType, LogType
from emulator.firmware.event_log import EventCode
from emulator.firmware.firmware import manufactured
from emulator.protocol import command_block, setting_buffers, spm
from emulator.protocol.command_block import Block, NoSuchMethod
from emulator.protocol.errors import ProtocolError
from emulator.protocol.status import CommandStatus, SettingStatus
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    MODE,
    NONCE,
    USB,
    Bench,
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

COMMANDS, SETTING = command_block.GUID, setting_buffers.GUID
STATE = command_block.encode(Block(SECURE_PLATFORM, CommandType.GET_STATE))


def wmi(bench: Bench) -> WMI:
    return WMI(bench.execute, lambda: bench.firmware)


def commanded(bench: Bench, block: Block, output_size: int = 0) -> tuple[int, bytes]:
    method = command_block.method_for(output_size)
    return command_block.decode_reply(
        wmi(bench).invoke(COMMANDS, method, command_block.encode(block), output_size)
    )


def set_by(bench: Bench, name: str, value: str, proof: str = "") -> int:
    data = setting_buffers.encode_setting(name, value, proof)
    return int.from_bytes(wmi(bench).invoke(SETTING, 1, data), "little")


class TestCommands:
    def test_a_driver_provisions_a_machine_and_reads_its_state(self) -> None:
        bench = started(factory_new())
        for command_type, data in (
            (CommandType.SET_KEK, endorsement().data),
            (CommandType.SET_SK, signing().data),
        ):
            assert commanded(bench, Block(SECURE_PLATFORM, command_type, data)) == (0, b"")
        code, output = commanded(bench, Block(SECURE_PLATFORM, CommandType.GET_STATE), 552)
        state = spm.decode_state(output)
        assert (code, state.state, state.nonce) == (0, spm.State.PROVISIONING_IN_PROGRESS, NONCE)
        assert state.signing_key == public("signing").little_endian

    def test_a_refusal_is_its_code_and_nothing_else(self) -> None:
        order = Block(SECURE_PLATFORM, CommandType.SET_SK, signing().data)
        assert commanded(started(factory_new()), order) == (CommandStatus.NOT_PROVISIONED, b"")

    def test_what_a_machine_does_not_know_is_an_invalid_command(self) -> None:
        assert (
            commanded(started(factory_new()), Block(0x20008, 1), 4)[0] == CommandStatus.INVALID_COMMAND_VALUE
        )
        old = models.packaged("elitebook-810-g1")
        bench = Bench(manufactured(old, IDENTITY), settings=old)
        start(bench)
        assert commanded(bench, Block(SECURE_PLATFORM, 0x10), 552)[0] == CommandStatus.INVALID_COMMAND_VALUE

    def test_the_event_log_is_counted_and_read(self) -> None:
        bench = started(guarded())
        code, count = commanded(bench, Block(SURE_START, LogType.COUNT, b"\0"), 4)
        assert (code, int.from_bytes(count, "little")) == (0, len(bench.memory.log.events))
        code, entry = commanded(bench, Block(SURE_START, LogType.ENTRY, b"\x01"), 128)
        assert (code, len(entry)) == (0, 128)
        assert (entry[8] << 8 | entry[9]) == EventCode(bench.logged()[-1])
        assert entry[16:] == bytes(112)

    def test_output_that_does_not_fit_is_cut_and_the_code_says_so(self) -> None:
        bench = started(guarded())
        code, cut = commanded(bench, Block(SECURE_PLATFORM, CommandType.GET_STATE), 128)
        assert (code, cut) == (CommandStatus.MORE_DATA, wmi(bench).command(SECURE_PLATFORM, 0x10).data[:128])

    def test_output_that_is_shorter_ends_in_zeros(self) -> None:
        _, output = commanded(started(guarded()), Block(SECURE_PLATFORM, CommandType.GET_STATE), 1024)
        assert (len(output), output[552:]) == (1024, bytes(472))

    def test_a_method_alone_has_the_room_of_its_kind(self) -> None:
        bench = started(guarded())
        for method, size in ((1, 0), (2, 4), (3, 128), (4, 552), (5, 552)):
            code, output = command_block.decode_reply(wmi(bench).invoke(COMMANDS, method, STATE))
            assert (code == CommandStatus.MORE_DATA) is (size < 552)
            assert len(output) == size

    def test_the_method_must_have_room_for_what_is_asked(self) -> None:
        with pytest.raises(NoSuchMethod, match="an output of 552 bytes has the method 4; 1 came"):
            wmi(started(guarded())).invoke(COMMANDS, 1, STATE, 552)

    def test_bytes_that_are_no_block_get_a_code(self) -> None:
        reply = wmi(started(guarded())).invoke(COMMANDS, 1, b"nonsense")
        assert command_block.decode_reply(reply) == (CommandStatus.INVALID_COMMAND_PARAMETER, b"")


class TestSettings:
    def test_a_driver_sets_a_setting(self) -> None:
        bench = started(factory_new())
        assert set_by(bench, USB, "Disable") == 0
        assert bench.firmware.value(USB) == "Disable"

    def test_with_a_password_and_with_a_signature(self) -> None:
        locked, on = started(with_passwords(BOSS)), started(mode_on())
        assert set_by(locked, USB, "Disable") == SettingStatus.ACCESS_DENIED
        assert set_by(locked, USB, "Disable", f"<utf-16/>{BOSS}") == 0
        assert set_by(on, USB, "Disable") == SettingStatus.ACCESS_DENIED
        assert set_by(on, USB, "Disable", signed(USB, "Disable").authorization) == 0

    def test_bytes_that_are_no_three_strings_are_an_invalid_parameter(self) -> None:
        reply = wmi(started(factory_new())).invoke(SETTING, 1, b"\x07\0abc")
        assert reply == b"\x05\0\0\0"

    def test_there_is_one_method(self) -> None:
        with pytest.raises(NoSuchMethod, match="method 1; 2 came"):
            wmi(started(factory_new())).invoke(SETTING, 2, b"")

    @pytest.mark.parametrize(("guid", "kind"), list(setting_buffers.INSTANCES.items()))
    def test_a_driver_reads_every_instance_of_a_class(self, guid: str, kind: str) -> None:
        door = wmi(Bench(guarded()))
        wanted = [each for each in door.instances() if each["Class"] == kind]
        for number, each in enumerate(wanted):
            read = setting_buffers.decode_instance(kind, door.invoke(guid.lower(), number))
            shared = read.keys() - {setting_buffers.INCREMENT}
            assert {name: read[name] for name in shared} == {name: each[name] for name in shared}
        with pytest.raises(NoSuchInstance, match=f"has {len(wanted)} instances of {kind}"):
            door.invoke(guid, len(wanted))

    def test_an_integer_brings_its_increment(self) -> None:
        guid = next(guid for guid, kind in setting_buffers.INSTANCES.items() if kind.endswith("Integer"))
        read = setting_buffers.decode_instance("HPBIOS_BIOSInteger", wmi(Bench(guarded())).invoke(guid, 0))
        assert read[setting_buffers.INCREMENT] == 1


@pytest.mark.parametrize("guid", ["", "no guid", "00000000-0000-0000-0000-000000000000"])
def test_a_guid_that_is_not_there_is_refused_with_those_that_are(guid: str) -> None:
    with pytest.raises(NoSuchInterface, match=COMMANDS):
        wmi(started(guarded())).invoke(guid, 1)


GUIDS = st.sampled_from([COMMANDS, SETTING, f"{{{COMMANDS.lower()}}}", *setting_buffers.INSTANCES, "x"])
INPUTS = st.binary(max_size=40) | st.builds(
    lambda command, kind, data: command_block.encode(Block(command, kind, data)),
    st.sampled_from([SECURE_PLATFORM, SURE_START, 7]),
    st.integers(0, 0x20),
    st.binary(max_size=20),
)


@given(GUIDS, st.integers(0, 300), INPUTS, st.sampled_from([0, 1, 4, 128, 552, 4096, 5000]))
def test_any_call_ends_in_bytes_or_in_our_own_error(guid: str, method: int, data: bytes, output: int) -> None:
    try:
        reply = wmi(started(guarded())).invoke(guid, method, data, output)
    except ProtocolError:
        return
    assert len(reply) >= 4


class TestState:
    def test_the_helper_has_the_endorsement_key_first_whatever_the_driver_reads(self) -> None:
        for order in ("signing key first", "endorsement key first"):
            bench = started(guarded(), state_order=order)
            state = spm.decode_helper_state(wmi(bench).helper_state())
            assert state.endorsement_key == public("endorsement").little_endian
            assert state.signing_key == public("signing").little_endian
            assert len(wmi(bench).helper_state()) == 525
            first = spm.decode_state(platform_state.for_driver(bench.firmware)).signing_key
            assert (first == state.signing_key) is (order == "signing key first")

    def test_people_read_names(self) -> None:
        assert platform_state.told(Bench(factory_new()).firmware) == {
            "State": "NotConfigured",
            "Version": "1.0",
            "Nonce": 0,
            "FeaturesInUse": "None",
            "EndorsementKeyID": "",
            "SigningKeyID": "",
        }
        told = platform_state.told(Bench(guarded()).firmware)
        assert told["State"] == "Provisioned"
        assert told["FeaturesInUse"] == "SureAdmin (On, Local Access - Configured)"
        assert told["SigningKeyID"] == base64.b64encode(public("signing").modulus).decode()

    def test_a_key_that_is_left_is_in_use_with_the_mode_off(self) -> None:
        bench = started(guarded())
        bench.execute(signed(MODE, "Disable"))
        assert platform_state.told(bench.firmware)["FeaturesInUse"] == "SureAdmin (Off, Local Access - )"

    def test_keys_without_use_have_no_features(self) -> None:
        assert platform_state.told(Bench(provisioned()).firmware)["FeaturesInUse"] == "None"
