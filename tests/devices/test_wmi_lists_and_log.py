"""What the two interfaces have besides single settings and keys: lists, firmware files, the event log, and what quirks change of them."""

import uuid

import pytest

from emulator.devices.wmi import (
    LOG_ENTRY_REPLY,
    SECURE_PLATFORM,
    SURE_START,
    WMI,
    CommandType,
    LogType,
)
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.event_log import EventCode, decode_entry, encode_entry
from emulator.firmware.memory import Memory
from emulator.firmware.quirks import DOUBTS
from emulator.protocol import spm
from emulator.protocol.password import utf_16
from emulator.protocol.payload import Purpose
from emulator.protocol.spm import Feature
from emulator.protocol.status import CommandStatus, SettingStatus
from tests.firmware.bench import (
    BOSS,
    MODE,
    NONCE,
    USB,
    Bench,
    endorsement,
    factory_new,
    guarded,
    locked,
    made_by,
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
from tests.firmware.recovery import (
    DIGEST,
    FILE,
    SERVICE_EVENT,
    manifest,
    recover,
    signed_defaults,
    update,
)

OK, DENIED = SettingStatus.SUCCESS, SettingStatus.ACCESS_DENIED
ANOTHER = uuid.UUID(int=7)


def wmi(bench: Bench) -> WMI:
    return WMI(bench.execute, lambda: bench.firmware)


def of(memory: Memory, **differing: str) -> WMI:
    return wmi(started(memory, **differing))


def strings(*commands: c.SetSetting) -> list[tuple[str, str, str]]:
    return [(each.name, each.value, each.authorization) for each in commands]


class TestLists:
    def test_the_tools_send_it_entry_by_entry_and_each_has_its_answer(self) -> None:
        bench = started(mode_on())
        answers = wmi(bench).set_bios_settings(
            strings(
                signed(USB, "Disable"),
                signed(USB, "Perhaps"),
                c.SetSetting("Fast Boot", "Disable"),
                signed("Nothing", "x"),
                signed("Fast Boot", "Disable"),
            )
        )
        assert [answer.status for answer in answers] == [
            OK,
            SettingStatus.INVALID_PARAMETER,
            DENIED,
            SettingStatus.UNKNOWN_SETTING,
            OK,
        ]
        assert [answer.events for answer in answers if answer.accepted] == [
            (e.SettingStored(USB, "Disable"),),
            (e.SettingStored("Fast Boot", "Disable"),),
        ]
        assert all(answer.sentence for answer in answers if not answer.accepted)

    def test_no_entries_have_no_answers(self) -> None:
        assert of(mode_on()).set_bios_settings([]) == []

    def test_all_or_none_has_one_answer(self) -> None:
        bench = started(mode_on())
        good, bad = signed(USB, "Disable"), signed("Fast Boot", "Perhaps")
        refused = wmi(bench).apply_list(strings(good, bad))
        assert refused.status is SettingStatus.INVALID_PARAMETER
        assert bench.firmware.value(USB) == "Enable"
        assert wmi(bench).apply_list(strings(good)).events == (e.SettingStored(USB, "Disable"),)


class TestUpdate:
    def test_a_file_waits_whether_the_signing_key_allowed_it_or_not(self) -> None:
        for authorization, asked in ((b"", True), (update().authorization, False)):
            answer = of(mode_on()).update_firmware(FILE, DIGEST, authorization)
            assert (answer.status, answer.events) == (OK, (e.UpdateWaits(FILE, asked),))

    def test_each_refusal_has_its_code(self) -> None:
        door = of(mode_on())
        assert door.update_firmware("", DIGEST).status is SettingStatus.INVALID_PARAMETER
        assert door.update_firmware(FILE, b"short").status is SettingStatus.INVALID_PARAMETER
        assert door.update_firmware(FILE, bytes(32), update().authorization).status is DENIED


class TestEventLog:
    def test_a_new_machine_has_none(self) -> None:
        door = of(factory_new())
        assert door.command(SURE_START, LogType.COUNT, b"\0").data == bytes(4)
        assert not door.command(SURE_START, LogType.ENTRY, b"\1").accepted

    def test_entries_are_read_by_number_newest_first(self) -> None:
        bench = started(guarded())
        door, logged = wmi(bench), bench.memory.log.events
        count = int.from_bytes(door.command(SURE_START, LogType.COUNT, b"\0").data, "little")
        assert count == len(logged)
        for number, expected in enumerate(reversed(logged), 1):
            answer = door.command(SURE_START, LogType.ENTRY, bytes([number]))
            assert answer.status is CommandStatus.SUCCESS
            assert len(answer.data) == LOG_ENTRY_REPLY
            assert answer.data == encode_entry(expected.entry) + bytes(LOG_ENTRY_REPLY - 16)
            assert decode_entry(answer.data[:16]) == expected.entry
        newest = decode_entry(door.command(SURE_START, LogType.ENTRY, b"\1").data[:16])
        assert newest.source << 8 | newest.event == EventCode.LOCAL_ACCESS_KEY_SET

    @pytest.mark.parametrize("data", [b"", b"\0", b"\xff", b"\1\0"])
    def test_what_is_no_number_of_an_entry_is_refused(self, data: bytes) -> None:
        answer = of(guarded()).command(SURE_START, LogType.ENTRY, data)
        parameter, size = CommandStatus.INVALID_COMMAND_PARAMETER, CommandStatus.INVALID_DATA_SIZE
        assert answer.status is (parameter if len(data) == 1 else size)
        assert "1 to 6" in answer.sentence

    def test_an_unknown_type_is_refused(self) -> None:
        answer = of(guarded()).command(SURE_START, 0x03)
        assert answer.status is CommandStatus.INVALID_COMMAND_TYPE
        assert "0x3" in answer.sentence

    def test_a_model_of_before_the_keys_has_a_log_too(self) -> None:
        bench = desktop("Notify User")
        bench.execute(c.OpenCover())
        bench.execute(c.PowerOn(attended=False))
        assert wmi(bench).command(SURE_START, LogType.COUNT).data == (1).to_bytes(4, "little")

    def test_it_keeps_the_254_newest(self) -> None:
        bench = started(factory_new())
        for _ in range(300):
            wmi(bench).command(SECURE_PLATFORM, CommandType.SET_SK, signing().data)
        assert wmi(bench).command(SURE_START, LogType.COUNT).data == (254).to_bytes(4, "little")
        assert wmi(bench).command(SURE_START, LogType.ENTRY, bytes([254])).accepted


class TestQuirks:
    @pytest.mark.parametrize("code", DOUBTS["refusal_code"].values)
    def test_what_is_wrong_with_a_signed_command_has_this_code(self, code: str) -> None:
        door = of(mode_on(), refusal_code=code)
        wrong = strings(
            signed(USB, "Disable", by="other"),
            signed(USB, "Disable", NONCE - 1),
            signed(USB, "Disable", target=ANOTHER),
        )
        for name, value, token in wrong:
            answer = door.set_bios_setting(name, value, token)
            assert (answer.status, answer.accepted) == (int(code), False)
        assert door.set_system_defaults(signed_defaults(by="other").authorization).status == int(code)
        assert door.update_firmware(FILE, DIGEST, update(by="other").authorization).status == int(code)

    @pytest.mark.parametrize("code", DOUBTS["refusal_code"].values)
    def test_other_refusals_keep_their_codes(self, code: str) -> None:
        door = of(mode_on(), refusal_code=code)
        assert door.set_bios_setting(USB, "Disable").status is DENIED
        answer = door.set_bios_setting(*strings(signed(USB, "Perhaps"))[0])
        assert answer.status is SettingStatus.INVALID_PARAMETER

    @pytest.mark.parametrize(("value", "status"), [("refused", DENIED), ("dropped", OK)])
    def test_an_unsigned_change_while_the_mode_is_on_is_refused_or_dropped(
        self, value: str, status: SettingStatus
    ) -> None:
        bench = started(locked(mode_on()), unsigned_while_mode_on=value)
        before = bench.memory
        for proof in ("", utf_16(BOSS), utf_16("wrong one")):
            for answer in (
                wmi(bench).set_bios_setting(USB, "Disable", proof),
                wmi(bench).set_bios_setting(MODE, "Disable", proof),
                wmi(bench).set_system_defaults(proof),
            ):
                assert (answer.status, answer.events) == (status, ())
        assert bench.memory == before

    def test_nothing_else_is_dropped(self) -> None:
        for memory in (factory_new(), provisioned()):
            assert (
                of(memory, unsigned_while_mode_on="dropped").set_bios_setting(MODE, "Enable").status is DENIED
            )
        door = of(mode_on(), unsigned_while_mode_on="dropped")
        assert door.set_bios_setting(*strings(signed(USB, "Disable", by="other"))[0]).status is DENIED
        assert door.set_bios_setting("Serial Number", "x").status is DENIED
        door = of(with_passwords(BOSS), unsigned_while_mode_on="dropped")
        assert door.set_bios_setting(USB, "Disable").status is DENIED

    def test_a_list_with_an_unsigned_entry_is_refused_whole_and_says_so(self) -> None:
        door = of(mode_on(), unsigned_while_mode_on="dropped")
        entries = [*strings(signed(USB, "Disable")), ("Fast Boot", "Disable", "")]
        assert door.apply_list(entries).status is DENIED

    @pytest.mark.parametrize("order", DOUBTS["state_order"].values)
    def test_the_state_has_the_two_keys_in_this_order(self, order: str) -> None:
        reply = of(provisioned(), state_order=order).command(SECURE_PLATFORM, CommandType.GET_STATE)
        state = spm.decode_state(reply.data)
        first, second = (
            ("signing", "endorsement") if order == "signing key first" else ("endorsement", "signing")
        )
        assert state.signing_key[::-1] == public(first).modulus
        assert state.endorsement_key[::-1] == public(second).modulus

    @pytest.mark.parametrize("order", DOUBTS["state_order"].values)
    def test_a_key_that_is_not_there_is_zeros_in_its_place(self, order: str) -> None:
        door = of(factory_new(), state_order=order)
        assert door.command(SECURE_PLATFORM, CommandType.SET_KEK, endorsement().data).accepted
        reply = door.command(SECURE_PLATFORM, CommandType.GET_STATE)
        state = spm.decode_state(reply.data)
        assert bytes(256) in (state.signing_key, state.endorsement_key)
        assert (state.signing_key == bytes(256)) is (order == "signing key first")


class TestFeatures:
    def test_the_state_tells_each_that_is_in_use(self) -> None:
        memories = [
            (provisioned(), Feature(0)),
            (mode_on(), Feature.SURE_ADMIN),
            (made_by([recover(Purpose.RECOVER_CONFIGURE)], provisioned()), Feature.SURE_RECOVER),
            (made_by([manifest(b"manifest")], mode_on()), Feature.SURE_RUN | Feature.SURE_ADMIN),
        ]
        for memory, features in memories:
            reply = of(memory).command(SECURE_PLATFORM, CommandType.GET_STATE)
            assert spm.decode_state(reply.data).features == features

    def test_orders_come_by_their_purpose(self) -> None:
        bench = started(provisioned())
        assert wmi(bench).order(SERVICE_EVENT).accepted
        refused = wmi(bench).order(recover(Purpose.RECOVER_AGENT, by="other"))
        assert refused.status is CommandStatus.INVALID_SIGNATURE
        bench = Bench()
        start(bench)
        assert wmi(bench).order(SERVICE_EVENT).status is CommandStatus.NOT_PROVISIONED
