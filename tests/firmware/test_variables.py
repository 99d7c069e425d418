"""Memory as UEFI variables and back: round trips, the least that must be written, damage, and bytes of later versions."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.firmware import variables
from emulator.firmware.event_log import SLOTS, EventCode, EventLog
from emulator.firmware.memory import (
    Authentication,
    Boot,
    Counters,
    Guard,
    Identity,
    LocalAccessKey,
    Memory,
    SecurePlatform,
)
from emulator.firmware.records import unwrap, wrap
from emulator.firmware.variables import DamagedVariable, VariableName
from emulator.protocol import certificate as certificates
from tests.firmware.bench import (
    IDENTITY,
    LAK_1,
    NONCE,
    PRESENCE_INTERFACE,
    USB,
    certificate,
    guarded,
    local_key_value,
    made_by,
    public,
    signed,
    signing,
)

Variables = dict[VariableName, bytes]

NUMBER = st.integers(0, 0xFFFFFFFF)
TAIL = st.binary(max_size=6)
NAME = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=32)
TEXTS = st.dictionaries(st.sampled_from(["USB Storage Boot", "Asset", "Größe"]), st.text(max_size=20))
KEY = st.sampled_from([public(name) for name in ("endorsement", "signing", "local_access", "other")])
CERTIFICATE = st.sampled_from([certificates.parse(certificate(name)) for name in ("endorsement", "other")])
PLATFORM = st.builds(
    SecurePlatform, st.none() | CERTIFICATE, st.none() | KEY, st.booleans(), NUMBER, NUMBER, TAIL
)
LOCAL_KEY = st.none() | st.builds(LocalAccessKey, KEY, st.text(max_size=20), TAIL)
AUTHENTICATION = st.builds(Authentication, st.booleans(), st.tuples(LOCAL_KEY, LOCAL_KEY, LOCAL_KEY), TAIL)


def log_of(codes: list[EventCode]) -> EventLog:
    log = EventLog()
    for number, code in enumerate(codes):
        log = log.appended(code, NONCE + number, bytes([number % 256]))
    return log


MEMORY = st.builds(
    Memory,
    identity=st.builds(Identity, st.uuids(), NAME, NAME, TAIL),
    settings=TEXTS,
    waiting=TEXTS,
    platform=PLATFORM,
    authentication=AUTHENTICATION,
    counters=st.builds(Counters, NUMBER, NUMBER, TAIL),
    guard=st.builds(Guard, NUMBER, NUMBER, TAIL),
    boot=st.builds(Boot, NUMBER, st.booleans(), TAIL),
    log=st.lists(st.sampled_from(EventCode), max_size=12).map(log_of),
)


def carried_out(held: Variables, told: dict[VariableName, bytes | None]) -> Variables:
    """What the flash holds after it was told; deleting what is not there would be a fault."""
    after = dict(held)
    for name, data in told.items():
        if data is None:
            del after[name]
        else:
            after[name] = data
    return after


def written(memory: Memory) -> Variables:
    return carried_out({}, variables.changes(None, memory))


def full() -> Memory:
    """A memory in which nothing is empty."""
    memory = made_by([signed(PRESENCE_INTERFACE, "Disable")], guarded())
    return replace(memory, guard=Guard(2, 5), log=log_of([EventCode.COMMAND_REJECTED] * 3))


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(MEMORY)
def test_what_is_written_is_read_again(memory: Memory) -> None:
    assert variables.load(written(memory)) == memory


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
@given(MEMORY, MEMORY)
def test_a_change_written_over_what_was_there_reads_as_the_new_memory(before: Memory, after: Memory) -> None:
    # The log only ever grows.
    after = replace(after, log=before.log.appended(EventCode.COMMAND_REJECTED, NONCE))
    held = carried_out(written(before), variables.changes(before, after))
    assert held == written(after)
    assert variables.load(held) == after


def test_what_did_not_change_is_not_written() -> None:
    memory = full()
    assert variables.changes(memory, memory) == {}
    assert variables.changes(memory, replace(memory, settings=dict(memory.settings))) == {}
    changed = replace(memory, settings={**memory.settings, USB: "Disable"})
    assert list(variables.changes(memory, changed)) == [VariableName(variables.SETTINGS, USB)]


def test_a_setting_with_bytes_of_a_later_version_is_not_written_when_another_changes() -> None:
    memory = replace(full(), setting_tails={USB: b"later"})
    changed = replace(memory, settings={**memory.settings, "Fast Boot": "Disable"})
    assert list(variables.changes(memory, changed)) == [VariableName(variables.SETTINGS, "Fast Boot")]


def test_a_key_that_is_cleared_is_deleted() -> None:
    memory = full()
    cleared = replace(memory, authentication=Authentication(enabled=True))
    assert variables.changes(memory, cleared) == {variables.local_access_key_variable(1): None}


def test_one_more_event_costs_one_record_and_the_ring_reuses_the_oldest() -> None:
    log = log_of([EventCode.COMMAND_REJECTED] * SLOTS)
    before = replace(full(), log=log)
    held = written(before)
    after = replace(before, log=log.appended(EventCode.SIGNING_KEY_UPDATED, NONCE))
    told = variables.changes(before, after)
    assert list(told) == [VariableName(variables.EVENT_LOG, "Event001")]
    held = carried_out(held, told)
    assert sum(name.guid == variables.EVENT_LOG for name in held) == SLOTS
    assert variables.load(held) == after


def test_variables_without_an_identity_are_no_machine() -> None:
    held = written(full())
    del held[variables.IDENTITY]
    assert variables.load(held) is None
    assert variables.load({}) is None


def test_an_identity_alone_is_a_machine_with_nothing_in_it() -> None:
    held = written(full())
    assert variables.load({variables.IDENTITY: held[variables.IDENTITY]}) == Memory(IDENTITY)


def test_only_variables_of_ours_are_ours() -> None:
    assert all(variables.is_ours(name.guid) for name in written(full()))
    assert not variables.is_ours(uuid.UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c"))


def test_settings_alone_are_seen_by_an_operating_system() -> None:
    visible = {guid for guid, attributes in variables.ATTRIBUTES.items() if attributes & 4}
    assert visible == {variables.SETTINGS}


EVENT = VariableName(variables.EVENT_LOG, "Event001")
KINDS = {
    "identity": variables.IDENTITY,
    "setting": VariableName(variables.SETTINGS, USB),
    "waiting": VariableName(variables.WAITING, PRESENCE_INTERFACE),
    "platform": variables.PLATFORM,
    "mode": variables.AUTHENTICATION,
    "local access key": variables.local_access_key_variable(1),
    "counters": variables.ANTI_REPLAY,
    "guard": variables.GUARD,
    "boot": variables.BOOT,
    "event": EVENT,
}


@pytest.mark.parametrize("name", KINDS.values(), ids=list(KINDS))
class TestDamage:
    """Every kind of record, damaged in every way: named, with what to do, and never a machine half read."""

    def damaged(self, name: VariableName, data: bytes) -> None:
        held = written(full())
        assert name in held
        with pytest.raises(DamagedVariable) as refused:
            variables.load({**held, name: data})
        assert repr(name.name) in str(refused.value)
        assert "put back a good copy" in str(refused.value)

    def test_nothing(self, name: VariableName) -> None:
        self.damaged(name, b"")

    def test_a_flipped_bit(self, name: VariableName) -> None:
        record = bytearray(written(full())[name])
        record[-1] ^= 1
        self.damaged(name, bytes(record))

    def test_an_empty_body_in_a_good_frame(self, name: VariableName) -> None:
        self.damaged(name, wrap(b""))

    def test_a_body_one_byte_short_in_a_good_frame(self, name: VariableName) -> None:
        self.damaged(name, wrap(unwrap(written(full())[name])[:-1]))

    def test_bytes_of_a_later_version_survive_a_rewrite(self, name: VariableName) -> None:
        held = written(full())
        held[name] = wrap(unwrap(held[name]) + b"later")
        memory = variables.load(held)
        assert memory is not None
        after = REWRITES[name](memory)
        told = variables.changes(memory, after)
        if name in (KINDS["waiting"], EVENT):
            # These are never rewritten: they are taken away, or another entry takes their place.
            assert told.get(name) is None
            assert carried_out(held, told).get(name, held[name]) == held[name]
            return
        rewritten = told[name]
        assert rewritten is not None
        assert rewritten != held[name]
        assert rewritten.endswith(b"later")
        assert variables.load(carried_out(held, told)) == after


# What makes the firmware write each kind of record again.
REWRITES: dict[VariableName, Callable[[Memory], Memory]] = {
    KINDS["identity"]: lambda memory: replace(memory, identity=replace(memory.identity, serial="NEW")),
    KINDS["setting"]: lambda memory: replace(memory, settings={**memory.settings, USB: "Disable"}),
    KINDS["waiting"]: lambda memory: replace(memory, waiting={}),
    KINDS["platform"]: lambda memory: made_by([signing(NONCE + 1, "other")], memory),
    KINDS["mode"]: lambda memory: made_by([signed("Enhanced BIOS Authentication Mode", "Disable")], memory),
    KINDS["local access key"]: lambda memory: replace(
        memory,
        authentication=replace(
            memory.authentication,
            keys=tuple(
                None if key is None else replace(key, enrolment="new") for key in memory.authentication.keys
            ),
        ),
    ),
    KINDS["counters"]: lambda memory: made_by([signed(USB, "Disable", NONCE + 1)], memory),
    KINDS["guard"]: lambda memory: made_by([signed(USB, "Disable")], memory),
    KINDS["boot"]: lambda memory: made_by([], memory),
    EVENT: lambda memory: replace(memory, log=memory.log.appended(EventCode.COMMAND_REJECTED, NONCE)),
}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (variables.IDENTITY, bytes(16) + b"caf\xc3\xa9".ljust(32, b"\0") + bytes(32)),
        (variables.IDENTITY, bytes(16) + b"\x1b[2J".ljust(32, b"\0") + bytes(32)),
        (variables.local_access_key_variable(1), bytes(256) + b"\0\0"),
        (variables.local_access_key_variable(1), public("other").modulus + b"\x02\0\xff\xff"),
        (variables.PLATFORM, b"\x01\x01\0\0" + bytes(8) + bytes(256)),
        (variables.PLATFORM, b"\x01\0\x04\0" + bytes(8) + bytes(256) + b"\x30\x82\0\0"),
        (VariableName(variables.SETTINGS, USB), b"\x02\0\xff\xff"),
    ],
)
def test_content_that_cannot_be_in_a_good_frame_is_damage(name: VariableName, body: bytes) -> None:
    with pytest.raises(DamagedVariable):
        variables.load({**written(full()), name: wrap(body)})


@pytest.mark.parametrize("serial", ["x" * 33, "Größe", "\x1b[2J", "a\nb"])
def test_an_identity_that_would_steer_a_terminal_or_not_fit_is_none(serial: str) -> None:
    with pytest.raises(ValueError, match="32 characters of printable ASCII"):
        Identity(uuid.UUID(int=1), serial, "model")


def test_a_replaced_local_access_key_keeps_nothing_of_the_old_one() -> None:
    memory = made_by([signed(LAK_1, local_key_value("other"))], full())
    assert memory.authentication.keys[0] == LocalAccessKey(public("other"))
