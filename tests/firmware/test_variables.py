"""Memory as UEFI variables and back: round trips, and the least that must be written."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.firmware import recovery_parts, variables
from emulator.firmware.cover import Cover
from emulator.firmware.event_log import SLOTS, EventCode
from emulator.firmware.memory import (
    LARGEST_OFFSET,
    Authentication,
    Boot,
    Counters,
    FirmwareFile,
    FirmwareUpdate,
    Guard,
    Heeded,
    Identity,
    LocalAccessKey,
    Memory,
    PasswordHash,
    Passwords,
    RealTimeClock,
    SecureBoot,
    SecurePlatform,
)
from emulator.firmware.variables import VariableName
from emulator.protocol import certificate as certificates
from tests.firmware.bench import (
    IDENTITY,
    LAK_1,
    NONCE,
    USB,
    certificate,
    local_key_value,
    made_by,
    public,
    signed,
)
from tests.firmware.held import carried_out, full, load, log_of, written

NUMBER = st.integers(0, 0xFFFFFFFF)
TAIL = st.binary(max_size=6)
NAME = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=32)
TEXTS = st.dictionaries(st.sampled_from(["USB Storage Boot", "Asset", "Größe"]), st.text(max_size=20))
KEY = st.sampled_from([public(name) for name in ("endorsement", "signing", "local_access", "other")])
CERTIFICATE = st.sampled_from([certificates.parse(certificate(name)) for name in ("endorsement", "other")])
PLATFORM = st.builds(
    SecurePlatform,
    st.none() | CERTIFICATE,
    st.none() | KEY,
    st.booleans(),
    st.booleans(),
    NUMBER,
    NUMBER,
    TAIL,
)
LOCAL_KEY = st.none() | st.builds(LocalAccessKey, KEY, st.text(max_size=20), TAIL)
AUTHENTICATION = st.builds(Authentication, st.booleans(), st.tuples(LOCAL_KEY, LOCAL_KEY, LOCAL_KEY), TAIL)
PASSWORD = st.none() | st.builds(
    PasswordHash,
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
    st.integers(14, 17),
    st.just(8),
    st.integers(1, 4),
    TAIL,
)

FILE = st.none() | st.builds(
    FirmwareFile,
    st.text(min_size=1, max_size=20).filter(str.isprintable),
    st.binary(min_size=32, max_size=32),
)


MEMORY = st.builds(
    Memory,
    identity=st.builds(Identity, st.uuids(), NAME, NAME, NAME, NAME.map(lambda name: name[:16]), TAIL),
    settings=TEXTS,
    waiting=TEXTS,
    custom=TEXTS,
    platform=PLATFORM,
    authentication=AUTHENTICATION,
    passwords=st.builds(Passwords, PASSWORD, PASSWORD),
    counters=st.builds(Counters, NUMBER, NUMBER, TAIL),
    guard=st.builds(Guard, NUMBER, NUMBER, TAIL),
    boot=st.builds(Boot, NUMBER, st.booleans(), TAIL),
    log=st.lists(st.sampled_from(EventCode), max_size=12).map(log_of),
    cover=st.builds(Cover, NUMBER, st.integers(0, 2**64 - 1), st.booleans(), st.booleans(), TAIL),
    clock=st.builds(RealTimeClock, st.integers(-LARGEST_OFFSET, LARGEST_OFFSET), TAIL),
    update=st.builds(FirmwareUpdate, FILE, st.booleans(), FILE, TAIL),
    secure_boot=st.builds(
        SecureBoot,
        st.dictionaries(st.sampled_from(list(variables.DATABASES)), st.binary(min_size=1, max_size=40)),
        st.none() | st.booleans(),
        st.none() | st.builds(Heeded, st.integers(0, 255), st.booleans(), TAIL),
    ),
    recovery=st.dictionaries(
        st.sampled_from([recovery_parts.AGENT, recovery_parts.SERVICE_EVENT, recovery_parts.MANIFEST]),
        st.binary(max_size=20),
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(MEMORY)
def test_what_is_written_is_read_again(memory: Memory) -> None:
    assert load(written(memory)) == memory


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
@given(MEMORY, MEMORY)
def test_a_change_written_over_what_was_there_reads_as_the_new_memory(before: Memory, after: Memory) -> None:
    # The log only ever grows.
    after = replace(after, log=before.log.appended(EventCode.COMMAND_REJECTED, NONCE))
    held = carried_out(written(before), variables.changes(before, after))
    assert held == written(after)
    assert load(held) == after


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
    assert load(held) == after


def test_variables_without_an_identity_are_no_machine() -> None:
    held = written(full())
    del held[variables.IDENTITY]
    assert load(held) is None
    assert load({}) is None


def test_an_identity_alone_is_a_machine_with_nothing_in_it() -> None:
    held = written(full())
    assert load({variables.IDENTITY: held[variables.IDENTITY]}) == Memory(IDENTITY)


def test_only_variables_of_ours_are_ours() -> None:
    shared = {*variables.DATABASES.values(), variables.SECURE_BOOT_SWITCH}
    assert {name for name in written(full()) if not variables.is_ours(name.guid)} == shared - {
        variables.DATABASES["dbt"]
    }
    assert not variables.is_ours(uuid.UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c"))


@pytest.mark.parametrize(
    "theirs",
    [
        uuid.UUID(
            "8be4df61-93ca-11d2-aa0d-00e098032b8c"
        ),  # the specification's own, where some are looked at
        uuid.UUID("c3b1a7a2-5d0e-4a57-9d3c-0f6a0c1be2d4"),
    ],
    ids=str,
)
def test_variables_of_others_are_passed_over_whatever_they_hold(theirs: uuid.UUID) -> None:
    held = [(*name, data) for name, data in written(full()).items()]
    assert variables.load([(theirs, "Identity", b"noise"), *held, (theirs, USB, b"")]) == full()


def test_settings_alone_are_seen_by_an_operating_system() -> None:
    visible = {guid for guid, attributes in variables.ATTRIBUTES.items() if attributes & 4}
    assert visible == {variables.SETTINGS}


@pytest.mark.parametrize("serial", ["x" * 33, "Größe", "\x1b[2J", "a\nb"])
def test_an_identity_that_would_steer_a_terminal_or_not_fit_is_none(serial: str) -> None:
    with pytest.raises(ValueError, match="32 characters of printable ASCII"):
        Identity(uuid.UUID(int=1), serial, "model")


def test_a_replaced_local_access_key_keeps_nothing_of_the_old_one() -> None:
    memory = made_by([signed(LAK_1, local_key_value("other"))], full())
    assert memory.authentication.keys[0] == LocalAccessKey(public("other"))
