"""WMI at the management door: settings asked and set, raw calls, and what is said where they cannot be."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import management_door as door
from emulator import management_verbs, models
from emulator.devices.wmi import SECURE_PLATFORM, CommandType
from emulator.firmware import commands as c
from emulator.firmware import quirks
from emulator.firmware.memory import Memory
from emulator.machine import TargetPC
from emulator.protocol import command_block, spm
from emulator.protocol.command_block import Block
from emulator.protocol.setting_buffers import INCREMENT
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests.firmware.bench import (
    BOSS,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    SETUP_PASSWORD,
    USB,
    factory_new,
    guarded,
    mode_on,
    signed,
    start,
    with_passwords,
)
from tests.machine.images import image_with


def pc(memory: Memory | None = None, *, running: bool = True, **differing: str) -> TargetPC:
    machine = TargetPC(image_with(memory or factory_new()), quirks=quirks.chosen(differing))
    if running:
        start(machine)
    return machine


def asked(machine: TargetPC, **request: object) -> door.Reply:
    return door.answer(machine, json.dumps(request).encode())


def set_(machine: TargetPC, name: str, value: str, proof: str = "") -> door.Reply:
    return asked(machine, verb="set", name=name, value=value, authorization=proof)


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


TPM = "TPM State"
STATE = in_base64(command_block.encode(Block(SECURE_PLATFORM, CommandType.GET_STATE)))
EVERY: tuple[dict[str, object], ...] = (
    {"verb": "get", "name": USB},
    {"verb": "query", "query": "SELECT * FROM HP_BIOSSetting"},
    {"verb": "instances"},
    {"verb": "set", "name": USB, "value": "Disable"},
    {"verb": "defaults"},
    {"verb": "apply-file", "file": in_base64(b"BIOSConfig 1.0\nUSB Storage Boot\n\t*Disable\n")},
    {"verb": "state"},
    {"verb": "attributes"},
    {"verb": "invoke", "guid": command_block.GUID, "method": 4, "input": STATE},
)
BELOW = EVERY[-1]
BELOW_THE_PROVIDER = EVERY[-2:]


def test_every_verb_is_tried_here() -> None:
    assert {each["verb"] for each in EVERY} == management_verbs.ALL


class TestAsking:
    def test_a_setting_is_told_by_its_name(self) -> None:
        reply = asked(pc(), verb="get", name=USB)
        assert reply["ok"] is True
        assert isinstance(instance := reply["instance"], dict)
        assert (instance["Name"], instance["CurrentValue"]) == (USB, "Enable")

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("usb storage boot", "'USB Storage Boot' may be meant"),
            ("Restore Defaults", "'Apply Factory Defaults and Exit' may be meant"),
        ],
        ids=["nearly", "another machine's name"],
    )
    def test_of_an_unknown_name_it_is_told_which_may_be_meant(self, name: str, meant: str) -> None:
        reply = asked(pc(), verb="get", name=name)
        assert (reply["ok"], reply["unknown"]) == (False, True)
        assert meant in str(reply["error"])
        assert meant in str(set_(pc(), name, "Disable")["sentence"])

    def test_a_query_and_all_instances(self) -> None:
        machine = pc()
        found = asked(machine, verb="query", query=f"SELECT Name FROM HP_BIOSSetting WHERE Name='{USB}'")
        assert found == {"ok": True, "instances": [{"Class": "HPBIOS_BIOSEnumeration", "Name": USB}]}
        everything = asked(machine, verb="instances")["instances"]
        assert everything == asked(machine, verb="query", query="SELECT * FROM HP_BIOSSetting")["instances"]
        wrong = asked(machine, verb="query", query="SELECT")
        assert wrong["ok"] is False
        assert "was expected" in str(wrong["error"])


class TestAttributes:
    def test_everything_that_a_driver_asks_for_when_it_is_loaded_comes_at_once(self) -> None:
        machine = pc(guarded())
        told = asked(machine, verb="attributes")
        identity = machine.firmware.memory.identity
        assert (told["ok"], told["machine"], told["model"]) == (True, str(identity.machine), identity.model)
        assert told["boots"] == machine.firmware.memory.boot.boots
        state = machine.wmi.command(SECURE_PLATFORM, CommandType.GET_STATE).data
        assert told["secure_platform"] == in_base64(state)

    def test_integers_bring_their_increment_and_all_else_is_as_wmi_tells_it(self) -> None:
        machine = pc()
        instances = asked(machine, verb="attributes")["instances"]
        assert isinstance(instances, list)
        wanted = asked(machine, verb="instances")["instances"]
        without = [{name: each[name] for name in each if name != INCREMENT} for each in instances]
        assert without == wanted
        with_increment = {each["Class"] for each in instances if INCREMENT in each}
        assert with_increment == {"HPBIOS_BIOSInteger"}

    def test_a_machine_that_has_no_secure_platform_says_so(self) -> None:
        old = models.packaged("elitebook-810-g1")
        machine = TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE), model=old)
        start(machine)
        told = asked(machine, verb="attributes")
        assert (told["model"], told["secure_platform"]) == (old.model, None)


class TestChanging:
    def test_a_setting_is_set_and_told_at_once(self) -> None:
        machine = pc()
        reply = set_(machine, USB, "Disable")
        assert (reply["ok"], reply["status"], reply["restart_needed"]) == (True, 0, True)
        assert machine.firmware.value(USB) == "Disable"

    def test_what_waits_for_presence_is_told(self) -> None:
        reply = set_(pc(), PRESENCE_INTERFACE, "Disable")
        assert (reply["ok"], reply["presence_needed"]) == (True, True)

    def test_a_password_and_a_signature_prove_a_change(self) -> None:
        locked, on = pc(with_passwords(BOSS)), pc(mode_on())
        assert set_(locked, USB, "Disable")["status_name"] == "ACCESS_DENIED"
        assert set_(locked, USB, "Disable", f"<utf-16/>{BOSS}")["ok"] is True
        assert set_(on, USB, "Disable", f"<utf-16/>{BOSS}")["status_name"] == "ACCESS_DENIED"
        assert set_(on, USB, "Disable", signed(USB, "Disable").authorization)["ok"] is True

    def test_no_reply_repeats_a_password(self) -> None:
        locked = pc(with_passwords(BOSS))
        for value, proof in (("<utf-16/>Secret-99", ""), ("<utf-16/>Secret-99", "<utf-16/>Secret-98")):
            assert "Secret" not in json.dumps(set_(locked, SETUP_PASSWORD, value, proof))

    def test_defaults(self) -> None:
        machine = pc()
        set_(machine, USB, "Disable")
        assert asked(machine, verb="defaults")["ok"] is True
        assert machine.firmware.value(USB) == "Enable"
        denied = asked(pc(mode_on()), verb="defaults", authorization=f"<utf-16/>{BOSS}")
        assert (denied["ok"], denied["status_name"]) == (False, "ACCESS_DENIED")


class TestFiles:
    FILE = f"BIOSConfig 1.0\n{USB}\n\t*Disable\n\tEnable\nNo Such Setting\n\tx\n{TPM}\n\t*Disable\n"

    def test_a_file_is_applied_with_a_result_for_each_entry(self) -> None:
        machine = pc()
        reply = asked(machine, verb="apply-file", file=in_base64(self.FILE.encode()), authorization="")
        assert isinstance(results := reply["results"], list)
        assert [(each["name"], each["outcome"], each["line"]) for each in results] == [
            (USB, "set", 2),
            ("No Such Setting", "unknown", 5),
            (TPM, "waits", 7),
        ]
        assert [each["presence_needed"] for each in results] == [False, False, True]
        assert (reply["ok"], reply["restart_needed"], reply["presence_needed"]) == (False, True, True)
        assert machine.firmware.value(USB) == "Disable"
        json.dumps(reply)

    def test_a_file_that_changes_nothing_needs_no_restart(self) -> None:
        file = in_base64(f"BIOSConfig 1.0\n{USB}\n\t*Enable\n".encode())
        reply = asked(pc(), verb="apply-file", file=file)
        assert (reply["ok"], reply["restart_needed"], reply["presence_needed"]) == (True, False, False)

    def test_a_file_that_is_none_changes_nothing_and_says_why(self) -> None:
        machine = pc()
        before = machine.firmware.memory
        reply = asked(machine, verb="apply-file", file=in_base64(b"<XML"))
        assert reply["ok"] is False
        assert reply["error"]
        assert machine.firmware.memory == before

    def test_a_signed_line_turns_the_mode_off_without_a_restart(self) -> None:
        order = signed(MODE, "Disable", NONCE + 5)
        file = f"BIOSConfig 1.0\n{MODE}\n\t*Disable\n\tEnable\n\t;Signature={order.authorization}\n"
        machine = pc(mode_on())
        reply = asked(machine, verb="apply-file", file=in_base64(file.encode()))
        assert (reply["ok"], reply["restart_needed"]) == (True, False)
        assert not machine.firmware.memory.authentication.enabled


class TestRaw:
    def test_the_state_is_told_in_all_its_forms(self) -> None:
        machine = pc(guarded())
        reply = asked(machine, verb="state")
        kernel, helper = (base64.b64decode(str(reply[form])) for form in ("kernel", "helper"))
        assert (len(kernel), len(helper)) == (552, 525)
        assert isinstance(state := reply["state"], dict)
        assert state["Nonce"] == spm.decode_state(kernel).nonce == spm.decode_helper_state(helper).nonce

    def test_a_raw_call_brings_bytes(self) -> None:
        reply = asked(pc(guarded()), **BELOW, output_size=552)
        assert len(base64.b64decode(str(reply["output"]))) == 8 + 552

    @pytest.mark.parametrize(
        "wrong", [{"method": -1}, {"method": True}, {"method": 9}, {"guid": 7}, {"guid": "x"}, {"input": "!"}]
    )
    def test_a_wrong_call_is_refused(self, wrong: dict[str, object]) -> None:
        reply = asked(pc(guarded()), **{**BELOW, **wrong})
        assert reply["ok"] is False
        assert reply["error"]


@pytest.mark.parametrize("request_", EVERY, ids=lambda each: str(each["verb"]))
def test_where_no_operating_system_runs_the_phase_and_the_key_are_told(request_: dict[str, object]) -> None:
    machine = pc(running=False)
    machine.execute(c.PowerOn())
    reply = asked(machine, **request_)
    assert reply["ok"] is False
    assert "power-on self-test" in str(reply["error"])
    assert "press Enter" in str(reply["error"])


@pytest.mark.parametrize(("value", "missing"), list(management_verbs.MISSING.items()))
@pytest.mark.parametrize("request_", EVERY, ids=lambda each: str(each["verb"]))
def test_without_the_provider_the_missing_namespace_is_told(
    request_: dict[str, object], value: str, missing: str
) -> None:
    machine = pc(guarded(), wmi_provider=value)
    before = machine.firmware.memory
    reply = asked(machine, **request_)
    if request_ in BELOW_THE_PROVIDER:
        assert reply["ok"] is True
        return
    assert (reply["ok"], reply["missing"]) == (False, missing)
    assert missing in str(reply["error"])
    assert machine.firmware.memory == before
    assert asked(machine, verb="status")["ok"] is True


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(USB) | st.just(STATE)
MEMBERS = ("name", "value", "authorization", "query", "file", "guid", "method", "input", "output_size")
MACHINE = pc()


@given(st.sampled_from(sorted(management_verbs.ALL)), st.dictionaries(st.sampled_from(MEMBERS), VALUES))
def test_no_request_makes_it_fail(verb: str, members: dict[str, object]) -> None:
    reply = asked(MACHINE, **{**members, "verb": verb})
    assert isinstance(reply["ok"], bool)
    json.dumps(reply)
