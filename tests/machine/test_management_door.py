"""The management door: what it takes in which phase, and that no request can make it fail."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import management_door as door
from emulator.firmware import commands as c
from emulator.machine import TargetPC
from emulator.protocol import firmware_update, payload
from emulator.protocol.payload import Envelope, Purpose
from tests.firmware.bench import NONCE, guarded, key, start
from tests.machine.images import image_with

FIRMWARE = b"firmware"
DIGEST = hashlib.sha256(FIRMWARE).digest()


def pc(*, running: bool = True) -> TargetPC:
    machine = TargetPC(image_with(guarded()))
    if running:
        start(machine)
    return machine


def asked(machine: TargetPC, request: object) -> door.Reply:
    return door.answer(machine, json.dumps(request).encode())


def allowed() -> bytes:
    block = firmware_update.make(key("signing"), DIGEST, nonce=NONCE)
    data = firmware_update.encode(firmware_update.UpdateOrder("new.bin", block))
    return payload.encode(Envelope(Purpose.FIRMWARE_UPDATE, data))


def test_a_firmware_file_is_handed_over_by_its_name_and_digest() -> None:
    machine = pc()
    reply = asked(machine, door.update_request("new.bin", DIGEST))
    assert (reply["ok"], reply["restart_needed"], reply["presence_needed"]) == (True, True, False)
    update = machine.firmware.memory.update
    assert update.waiting is not None
    assert (update.waiting.name, update.waiting.digest, update.authorized) == ("new.bin", DIGEST, False)


def test_a_payload_that_allows_a_file_comes_with_the_digest() -> None:
    machine = pc()
    assert asked(machine, door.apply_request(allowed()))["ok"] is False
    assert asked(machine, door.apply_request(allowed(), bytes(32)))["ok"] is False
    assert asked(machine, door.apply_request(allowed(), DIGEST))["ok"] is True
    assert machine.firmware.memory.update.authorized


@pytest.mark.parametrize(
    "request_",
    [
        {"verb": "update"},
        {"verb": "update", "name": "new.bin"},
        {"verb": "update", "name": None, "sha256": DIGEST.hex()},
        {"verb": "update", "name": "new.bin", "sha256": "no hexadecimal"},
        {"verb": "update", "name": "new.bin", "sha256": "00"},
        {"verb": "update", "name": "", "sha256": DIGEST.hex()},
        {"verb": "apply"},
        {"verb": "apply", "payload": "no base64!"},
        {"verb": "apply", "payload": "", "sha256": 7},
        {"verb": "no such verb"},
        {},
        [],
    ],
    ids=str,
)
def test_a_malformed_request_is_refused_and_changes_nothing(request_: object) -> None:
    machine = pc()
    before = machine.firmware.memory
    reply = asked(machine, request_)
    assert reply["ok"] is False
    assert reply.get("error") or reply["sentence"]
    assert machine.firmware.memory == before


@pytest.mark.parametrize(
    "request_", [door.update_request("new.bin", DIGEST), door.apply_request(allowed(), DIGEST)]
)
def test_orders_to_the_operating_system_are_refused_where_none_runs(request_: door.Reply) -> None:
    machine = pc(running=False)
    machine.execute(c.PowerOn())
    reply = asked(machine, request_)
    assert reply["ok"] is False
    assert "power-on self-test" in str(reply["sentence"])
    assert asked(machine, {"verb": "status"})["ok"] is True


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(DIGEST.hex())
REQUESTS = st.dictionaries(st.sampled_from(["verb", "payload", "name", "sha256"]), VALUES).map(
    lambda request: {**request, "verb": request.get("verb", "update")}
)
MACHINE = pc()


@given(REQUESTS, st.sampled_from(["update", "apply", "status", None]))
def test_no_request_makes_it_fail(request_: dict[str, object], verb: str | None) -> None:
    reply = asked(MACHINE, {**request_, "verb": verb} if verb else request_)
    assert isinstance(reply["ok"], bool)
    json.dumps(reply)
