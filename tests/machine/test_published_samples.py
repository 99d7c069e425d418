"""Payloads that the vendor's own tool made, on a PC of ours."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.devices.wmi import SECURE_PLATFORM, CommandType
from emulator.firmware import commands as c
from emulator.firmware import secure_platform
from emulator.firmware.boot import Phase
from emulator.firmware.memory import Memory
from emulator.firmware.quirks import Quirks
from emulator.machine import TargetPC, memory_in
from emulator.protocol import authorization, payload, spm
from emulator.protocol.payload import Envelope, Purpose
from emulator.protocol.spm import State
from emulator.protocol.status import CommandStatus, SettingStatus
from tests.firmware.bench import USB, factory_new, mode_on, shown_code, start, wrong
from tests.machine.images import image_with, pc_in

COUNTER = 1674912404
ENDORSEMENT_KEY_ID = "VWhHe/naNUraXVE2Fi6tZdXF07qHnyDCt59D8qEQxjM="
SIGNING_KEY_ID = "mwa97/fwUloNJ2QeuBVv58M9NmmeofXzX/aVKBR/VR4="


@pytest.fixture(scope="module")
def endorsement(samples: Path) -> bytes:
    return (samples / "sureadmin" / "spm-set-a-endorsementkey.json").read_bytes()


@pytest.fixture(scope="module")
def signing(samples: Path) -> bytes:
    return (samples / "sureadmin" / "spm-set-a-signingkey.json").read_bytes()


@pytest.fixture(scope="module")
def setting(samples: Path) -> bytes:
    return (samples / "sureadmin" / "lkml-biossetting-payload.json").read_bytes()


def on(memory: Memory) -> TargetPC:
    pc = pc_in(image_with(memory))
    start(pc)
    return pc


def confirm(pc: TargetPC) -> None:
    """The presence page, read and answered: first with a wrong code."""
    pc.execute(c.Restart())
    prompt = pc.firmware.session.prompt
    assert prompt is not None
    page = "\n".join(prompt.lines)
    certificate = pc.firmware.memory.platform.certificate
    assert certificate is not None
    assert certificate.subject in page
    assert "OU=" in page
    assert ENDORSEMENT_KEY_ID in page
    pc.execute(c.AnswerPresence(wrong(shown_code(pc))))
    assert pc.firmware.session.phase is Phase.PRESENCE
    pc.execute(c.AnswerPresence(shown_code(pc)))
    pc.execute(c.Continue())


def assert_provisioned(pc: TargetPC) -> None:
    platform = memory_in(pc.image.open()).platform
    assert platform == pc.firmware.memory.platform
    assert secure_platform.state(platform) is State.PROVISIONED
    assert platform.certificate is not None
    assert platform.signing_key is not None
    assert platform.certificate.key.key_id == ENDORSEMENT_KEY_ID
    assert platform.signing_key.key_id == SIGNING_KEY_ID
    assert platform.counter == COUNTER
    state = spm.decode_state(pc.wmi.command(SECURE_PLATFORM, CommandType.GET_STATE).data)
    assert (state.state, state.nonce) == (State.PROVISIONED, COUNTER)


def test_endorsement_key_restart_presence_signing_key(endorsement: bytes, signing: bytes) -> None:
    pc = on(factory_new())
    assert pc.apply(endorsement).accepted
    confirm(pc)
    assert pc.apply(signing).accepted
    assert_provisioned(pc)


def test_endorsement_key_signing_key_restart_presence(endorsement: bytes, signing: bytes) -> None:
    pc = on(factory_new())
    assert pc.apply(endorsement).accepted
    assert pc.apply(signing).accepted
    platform = pc.firmware.memory.platform
    assert secure_platform.state(platform) is State.PROVISIONING_IN_PROGRESS
    assert secure_platform.reported_nonce(platform, Quirks()) == COUNTER
    confirm(pc)
    assert_provisioned(pc)


def test_refused_at_the_prompt_it_never_was(endorsement: bytes, signing: bytes) -> None:
    pc = on(factory_new())
    pc.apply(endorsement)
    pc.apply(signing)
    pc.execute(c.Restart())
    pc.execute(c.RefusePresence())
    assert pc.firmware.memory.platform == factory_new().platform


def test_the_signing_key_alone_is_refused(signing: bytes) -> None:
    assert on(factory_new()).apply(signing).status is CommandStatus.NOT_PROVISIONED


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bit=st.integers(0, 8 * 516 - 1))
def test_any_flipped_bit_is_refused_and_changes_nothing_but_the_log(
    endorsement: bytes, signing: bytes, bit: int
) -> None:
    pc = on(factory_new())
    pc.apply(endorsement)
    data = bytearray(payload.parse(signing).data)
    data[bit // 8] ^= 1 << bit % 8
    refuse(pc, payload.encode(Envelope(Purpose.SIGNING_KEY, bytes(data))))


def test_the_other_order_of_signature_bytes_is_refused(endorsement: bytes, signing: bytes) -> None:
    pc = on(factory_new())
    pc.apply(endorsement)
    data = payload.parse(signing).data
    turned = payload.encode(Envelope(Purpose.SIGNING_KEY, data[255::-1] + data[256:]))
    assert refuse(pc, turned) is CommandStatus.INVALID_SIGNATURE


def refuse(pc: TargetPC, raw: bytes) -> int:
    """Apply a payload that is refused with an entry in the log and no other change; its code."""
    before = pc.firmware.memory
    answer = pc.apply(raw)
    after = memory_in(pc.image.open())
    assert not answer.accepted
    assert replace(after, log=before.log) == before
    assert len(after.log.events) == len(before.log.events) + 1
    return answer.status


@pytest.mark.parametrize("memory", [mode_on(), factory_new()], ids=["another signing key", "no key"])
def test_a_setting_of_another_signing_key_is_refused_with_6_and_logged(
    setting: bytes, memory: Memory
) -> None:
    pc = on(memory)
    assert refuse(pc, setting) is SettingStatus.ACCESS_DENIED
    assert pc.firmware.memory.log.events[-1].code == 0x881F
    assert pc.firmware.value(USB) == "Enable"


def test_the_bare_token_is_refused_likewise(samples: Path) -> None:
    token = (samples / "sureadmin" / "lkml-authtoken-2.txt").read_text("ascii").strip()
    assert authorization.parse(token).header.nonce == 1665179445
    pc = on(mode_on())
    answer = pc.wmi.set_bios_setting(USB, "Enable", token)
    assert answer.status is SettingStatus.ACCESS_DENIED
    assert pc.firmware.memory.log.events[-1].code == 0x881F
