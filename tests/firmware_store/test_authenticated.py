"""Who may change which variable, in which mode; and what changes with it."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from firmware_store import (
    FOUR_MEGABYTE,
    TINY,
    TWO_MEGABYTE,
    VariableStore,
    authenticated,
    blank,
    certdb,
    redo,
)
from firmware_store import secure_boot as sb
from firmware_store.errors import (
    DamagedSignerList,
    InvalidParameter,
    MalformedDescriptor,
    NotFound,
    OutOfResources,
    PresenceRequired,
    SecurityViolation,
    TimeStampTooOld,
    UntrustedSigner,
    VariableError,
    WriteProtected,
    WrongSignature,
)
from firmware_store.records import Variable
from tests.firmware_store.signed_writes import (
    EXCHANGE,
    FINE,
    PLATFORM,
    STRANGER,
    USER,
    answer,
    differences,
    fraction,
    steps,
)
from tests.firmware_store.signing import (
    APPEND,
    DATABASE,
    GLOBAL,
    SIGNED,
    VENDOR,
    X509,
    bare,
    certificate,
    certificates,
    der,
    descriptor,
    digests,
    sign,
    signature_list,
    signed,
    time,
    unsigned,
)


@pytest.fixture
def store() -> VariableStore:
    """A machine after its first start."""
    made = VariableStore.from_image(blank(FOUR_MEGABYTE))
    sb.start(made)
    return made


@pytest.fixture
def enrolled(store: VariableStore) -> VariableStore:
    """A machine in user mode."""
    put(store, GLOBAL, "KEK", unsigned(time(1), certificates(EXCHANGE)))
    put(store, GLOBAL, "PK", signed(GLOBAL, "PK", certificates(PLATFORM), time(1), PLATFORM))
    return store


def put(
    store: VariableStore,
    guid: UUID,
    name: str,
    data: bytes,
    attributes: int = SIGNED,
    *,
    physically_present: bool = False,
) -> None:
    authenticated.set_variable(store, guid, name, data, attributes, physically_present=physically_present)


def everything(store: VariableStore) -> set[Variable]:
    return set(store)


def value(store: VariableStore, place: sb.Place) -> bytes | None:
    held = store.find(*place)
    return None if held is None else held.data


# --- As firmware answers ---------------------------------------------------------------------------------------------


def test_every_step_of_the_long_history_gets_the_status_that_firmware_gives(store: VariableStore) -> None:
    for step in steps():
        before = everything(store)
        assert answer(store, step) == step.status, step.what
        if step.status != FINE:
            assert everything(store) == before, f"{step.what}: refused, and something changed"
    assert everything(VariableStore.from_image(bytes(store.flash.content))) == everything(store)


def test_where_we_answer_otherwise_there_is_a_reason(store: VariableStore) -> None:
    for step, ours, why in differences():
        assert answer(store, step) == ours, why


def test_a_refused_request_does_not_touch_the_flash(enrolled: VariableStore) -> None:
    put(enrolled, VENDOR, "Private", signed(VENDOR, "Private", b"1", time(1), USER))
    operations = enrolled.flash.operations
    for guid, name in ((GLOBAL, "PK"), (GLOBAL, "KEK"), (DATABASE, "db"), (VENDOR, "Private")):
        with pytest.raises(SecurityViolation):
            put(enrolled, guid, name, signed(guid, name, certificates(STRANGER), time(9), STRANGER))
    assert enrolled.flash.operations == operations


# --- Modes -----------------------------------------------------------------------------------------------------------


def test_the_first_start_makes_the_variables_that_firmware_makes(store: VariableStore) -> None:
    assert everything(store) == {
        Variable(*sb.CUSTOM_MODE, 0x03, b"\0"),
        Variable(*sb.VENDOR_KEYS, 0x23, b"\1"),
        Variable(certdb.CERTDB_GUID, "certdb", 0x27, b"\4\0\0\0"),
    }
    operations = store.flash.operations
    sb.start(store)
    assert store.flash.operations == operations, "a second start changes nothing"


def test_secure_boot_comes_and_goes_with_the_platform_key(store: VariableStore) -> None:
    assert sb.setup_mode(store)
    put(store, GLOBAL, "PK", signed(GLOBAL, "PK", certificates(PLATFORM), time(1), PLATFORM))
    assert not sb.setup_mode(store)
    assert store.get(*sb.SECURE_BOOT_ENABLE) == Variable(*sb.SECURE_BOOT_ENABLE, 0x03, b"\1")
    put(store, GLOBAL, "PK", signed(GLOBAL, "PK", b"", time(2), PLATFORM))
    assert sb.setup_mode(store)
    assert value(store, sb.SECURE_BOOT_ENABLE) is None


@pytest.mark.parametrize("data", [b"", b"no list", digests(1), certificates(USER)[:-1]])
def test_only_a_certificate_that_signed_itself_becomes_the_platform_key(
    store: VariableStore, data: bytes
) -> None:
    with pytest.raises(UntrustedSigner):
        put(store, GLOBAL, "PK", signed(GLOBAL, "PK", data, time(1), USER))


def test_a_new_platform_key_signed_by_the_present_one_leaves_the_switch_alone(
    enrolled: VariableStore,
) -> None:
    put(enrolled, *sb.SECURE_BOOT_ENABLE, b"\0", 3, physically_present=True)
    put(enrolled, GLOBAL, "PK", signed(GLOBAL, "PK", certificates(USER), time(2), PLATFORM))
    assert value(enrolled, sb.SECURE_BOOT_ENABLE) == b"\0"
    sb.start(enrolled)
    assert value(enrolled, sb.SECURE_BOOT_ENABLE) == b"\0"


@pytest.mark.parametrize("held", [None, b"\1"])
def test_a_start_sets_the_switch_right_after_somebody_changed_the_key_behind_its_back(
    store: VariableStore, held: bytes | None
) -> None:
    if held is None:
        store.put(Variable(*sb.PK, SIGNED, certificates(PLATFORM), time(1)))
    else:
        store.put(Variable(*sb.SECURE_BOOT_ENABLE, 3, held))
    sb.start(store)
    assert value(store, sb.SECURE_BOOT_ENABLE) == (b"\1" if held is None else None)


def test_custom_mode_needs_somebody_in_front_of_the_machine(enrolled: VariableStore) -> None:
    with pytest.raises(PresenceRequired, match="in front of the machine"):
        put(enrolled, *sb.CUSTOM_MODE, b"\1", 3)
    put(enrolled, *sb.CUSTOM_MODE, b"\1", 3, physically_present=True)
    request = unsigned(time(9), certificates(STRANGER))
    with pytest.raises(SecurityViolation):
        put(enrolled, GLOBAL, "KEK", request)
    assert value(enrolled, sb.VENDOR_KEYS) == b"\1"
    put(enrolled, GLOBAL, "KEK", request, physically_present=True)
    assert value(enrolled, sb.VENDOR_KEYS) == b"\0"


def test_a_start_ends_custom_mode_and_keeps_the_note_on_the_keys(enrolled: VariableStore) -> None:
    put(enrolled, *sb.CUSTOM_MODE, b"\1", 3, physically_present=True)
    put(enrolled, GLOBAL, "PK", unsigned(time(1), certificates(USER)), physically_present=True)
    sb.start(enrolled)
    assert (value(enrolled, sb.CUSTOM_MODE), value(enrolled, sb.VENDOR_KEYS)) == (b"\0", b"\0")
    with pytest.raises(SecurityViolation):
        put(enrolled, GLOBAL, "PK", unsigned(time(2), certificates(USER)), physically_present=True)


def test_custom_mode_without_presence_is_no_way_to_delete_the_switches(enrolled: VariableStore) -> None:
    for place in sb.SWITCHES:
        with pytest.raises(PresenceRequired):
            put(enrolled, *place, b"", 0)
        with pytest.raises((PresenceRequired, InvalidParameter)):
            put(enrolled, *place, unsigned(time(1), b""))


# --- Keys ------------------------------------------------------------------------------------------------------------


def test_appends_merge_signature_lists(enrolled: VariableStore) -> None:
    for data, day, attributes in (
        (digests(1, 2), 3, SIGNED),
        (digests(2, 3), 2, APPEND),
        (certificates(USER) + digests(3, 4, 4), 5, APPEND),
        (certificates(USER, STRANGER), 4, APPEND),
    ):
        put(
            enrolled,
            DATABASE,
            "db",
            signed(DATABASE, "db", data, time(day), EXCHANGE, attributes=attributes),
            attributes,
        )
    db = enrolled.get(DATABASE, "db")
    assert db.data == digests(1, 2) + digests(3) + certificates(USER) + digests(4, 4) + certificates(STRANGER)
    assert (db.time_stamp, db.attributes) == (time(5), SIGNED)


def test_nothing_is_filtered_where_data_is_no_signature_list(store: VariableStore) -> None:
    for day, data in ((1, b"12"), (3, b"2"), (2, b"2")):
        put(store, VENDOR, "V", signed(VENDOR, "V", data, time(day), USER, attributes=APPEND), APPEND)
    assert store.get(VENDOR, "V") == Variable(VENDOR, "V", SIGNED, b"1222", time(3))


def test_what_an_append_creates_has_no_time_stamp_as_in_firmware(store: VariableStore) -> None:
    put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(9), USER, attributes=APPEND), APPEND)
    assert store.get(VENDOR, "V").time_stamp == bytes(16)


def test_names_of_keys_mean_nothing_under_another_vendor(store: VariableStore) -> None:
    put(store, VENDOR, "PK", b"plain", 7)
    put(store, DATABASE, "KEK", signed(DATABASE, "KEK", b"no list", time(1), USER))
    assert sb.setup_mode(store)


def test_damaged_keys_trust_nobody(enrolled: VariableStore) -> None:
    enrolled.put(Variable(*sb.PK, SIGNED, certificates(PLATFORM)[:-1], time(1)))
    enrolled.put(Variable(*sb.KEK, SIGNED, b"\xff" * 60, time(1)))
    for key in (PLATFORM, EXCHANGE):
        for place in sb.KEYS:
            with pytest.raises(VariableError):
                put(enrolled, *place, signed(*place, digests(1), time(9), key))


def test_a_certificate_in_kek_that_cannot_be_read_is_passed_over(store: VariableStore) -> None:
    """Firmware lets it in, behind one that it can read."""
    known = der(certificate(EXCHANGE))
    for order in ((known, bytes(len(known))), (known[:-1] + b"\0", bytes(len(known)))):
        store.put(Variable(*sb.PK, SIGNED, certificates(PLATFORM), time(1)))
        store.put(Variable(*sb.KEK, SIGNED, signature_list(X509, *order), time(1)))
        with pytest.raises(UntrustedSigner):
            put(store, DATABASE, "db", signed(DATABASE, "db", digests(1), time(2), STRANGER))


def test_lists_without_certificates_trust_nobody(enrolled: VariableStore) -> None:
    enrolled.put(Variable(*sb.KEK, SIGNED, digests(1), time(1)))
    enrolled.put(Variable(*sb.PK, SIGNED, digests(1), time(1)))
    for key in (PLATFORM, EXCHANGE):
        with pytest.raises(UntrustedSigner, match="no certificate in PK or KEK"):
            put(enrolled, DATABASE, "db", signed(DATABASE, "db", digests(1), time(9), key))
        with pytest.raises(UntrustedSigner, match="not the platform key"):
            put(enrolled, GLOBAL, "KEK", signed(GLOBAL, "KEK", digests(1), time(9), key))


# --- Private variables -----------------------------------------------------------------------------------------------


def test_certdb_names_the_signer_of_each_private_variable(store: VariableStore) -> None:
    for name, key in (("One", USER), ("Zwei \ud800", STRANGER)):
        put(store, VENDOR, name, signed_surrogate(name, b"1", 1, key))
    first, second = certdb.bindings(store)
    assert (first.key, second.key) == ((VENDOR, "One"), (VENDOR, "Zwei \ud800"))
    assert len(first.digest) == len(second.digest) == 32
    assert first.digest != second.digest
    held = store.get(certdb.CERTDB_GUID, "certdb")
    assert int.from_bytes(held.data[:4], "little") == len(held.data)
    assert (held.attributes, held.time_stamp) == (SIGNED, bytes(16))


def signed_surrogate(name: str, data: bytes, day: int, key: str) -> bytes:
    """Like `signed`, for names that are not UTF-16."""
    encoded = name.encode("utf-16-le", "surrogatepass")
    over = encoded + VENDOR.bytes_le + SIGNED.to_bytes(4, "little") + time(day) + data
    return descriptor(time(day), bare(sign(over, key))) + data


def test_its_signer_deletes_a_private_variable_and_then_it_is_anybodys(store: VariableStore) -> None:
    put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER))
    with pytest.raises(UntrustedSigner):
        put(store, VENDOR, "V", signed(VENDOR, "V", b"", time(2), STRANGER))
    put(store, VENDOR, "V", signed(VENDOR, "V", b"", time(2), USER))
    assert certdb.bindings(store) == []
    put(store, VENDOR, "V", signed(VENDOR, "V", b"2", time(1), STRANGER))
    assert store.get(VENDOR, "V").data == b"2"


def test_somebody_in_front_of_the_machine_deletes_without_a_signature(store: VariableStore) -> None:
    put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER))
    with pytest.raises(SecurityViolation):
        put(store, VENDOR, "V", unsigned(time(1), b""))
    put(store, VENDOR, "V", unsigned(time(1), b""), physically_present=True)
    assert certdb.bindings(store) == []
    with pytest.raises(SecurityViolation):
        put(store, VENDOR, "V", unsigned(time(1), b""), physically_present=True)


def test_a_list_of_signers_without_the_variables_entry_locks_the_variable(store: VariableStore) -> None:
    put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER))
    certdb.unbind(store, VENDOR, "V")
    with pytest.raises(UntrustedSigner):
        put(store, VENDOR, "V", signed(VENDOR, "V", b"2", time(2), USER))


def test_an_entry_without_a_variable_binds_nobody_and_goes_at_the_next_start(store: VariableStore) -> None:
    orphan = certdb.Binding(VENDOR, "V", bytes(32))
    certdb.bind(store, orphan)
    put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER))
    assert [each.key for each in certdb.bindings(store)] == [(VENDOR, "V")]
    put(store, VENDOR, "Plain", b"1", 7)
    certdb.bind(store, certdb.Binding(VENDOR, "Plain", bytes(32)))
    certdb.bind(store, certdb.Binding(VENDOR, "Missing", bytes(32)))
    sb.start(store)
    assert [each.key for each in certdb.bindings(store)] == [(VENDOR, "V")]


def test_a_damaged_list_of_signers_is_a_security_violation(store: VariableStore) -> None:
    store.put(Variable(certdb.CERTDB_GUID, "certdb", SIGNED, b"\5\0\0\0"))
    with pytest.raises(DamagedSignerList):
        put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER))


def test_a_full_list_of_signers_takes_no_more(store: VariableStore) -> None:
    room = FOUR_MEGABYTE.largest_authenticated - 60 - 14
    entry = certdb.Binding(VENDOR, "V" * 1000, b"")
    many = [entry._replace(digest=bytes([number]) * 32) for number in range(16)]
    left = room - len(certdb.write_certdb(many))
    fill = certdb.Binding(VENDOR, "W", bytes(left - 28 - 2 - 30 - 32 - 2))
    store.put(Variable(certdb.CERTDB_GUID, "certdb", SIGNED, certdb.write_certdb([*many, fill])))
    put(store, VENDOR, "V", b"plain", 7)
    with pytest.raises(SecurityViolation, match="delete some"):
        put(store, VENDOR, "TooLong", signed(VENDOR, "TooLong", b"1", time(1), USER))
    put(store, VENDOR, "Fi", signed(VENDOR, "Fi", b"1", time(1), USER))
    assert len(store.get(certdb.CERTDB_GUID, "certdb").data) == room


# --- Limits and refusals ---------------------------------------------------------------------------------------------


def test_authenticated_variables_of_the_small_layout_may_be_larger_than_plain_ones() -> None:
    store = VariableStore.from_image(blank(TWO_MEGABYTE))
    room = 10180 - 4
    put(store, VENDOR, "V", signed(VENDOR, "V", bytes(room), time(1), USER))
    assert len(store.get(VENDOR, "V").data) == room
    with pytest.raises(InvalidParameter, match="largest authenticated variable"):
        put(store, VENDOR, "W", signed(VENDOR, "W", bytes(room + 1), time(1), USER))
    with pytest.raises(InvalidParameter, match="appending makes"):
        put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(2), USER, attributes=APPEND), APPEND)
    with pytest.raises(InvalidParameter):
        put(store, VENDOR, "W", bytes(room), 7)


def test_a_full_flash_refuses_both_the_variable_and_its_signer() -> None:
    store = VariableStore.from_image(blank(TINY))
    for number in range(9):
        store.set(VENDOR, f"{number}", bytes(750), 7)
    before = everything(store)
    with pytest.raises(OutOfResources):
        put(store, VENDOR, "V", signed(VENDOR, "V", bytes(1000), time(1), USER))
    assert everything(store) == before


@pytest.mark.parametrize("name", ["", "A\0B"])
def test_a_name_has_at_least_one_character_and_no_terminator_inside(store: VariableStore, name: str) -> None:
    with pytest.raises(InvalidParameter, match="name"):
        put(store, VENDOR, name, unsigned(time(1), b"1"))


@pytest.mark.parametrize("attributes", [0x20, 0x21, 0x22, 0x24, 0x26, 0xA7, 0x127])
def test_attributes_that_no_signed_variable_has(store: VariableStore, attributes: int) -> None:
    with pytest.raises(InvalidParameter):
        put(store, VENDOR, "V", unsigned(time(1), b"1"), attributes)


def test_nobody_writes_what_belongs_to_the_firmware_or_to_the_store(store: VariableStore) -> None:
    for place in (*sb.OURS, sb.Place(redo.VENDOR, "Anything")):
        for data, attributes in ((b"1", 7), (b"", 0), (unsigned(time(1), b"1"), SIGNED)):
            with pytest.raises(WriteProtected):
                put(store, *place, data, attributes, physically_present=True)


def test_plain_variables_go_on_as_before(store: VariableStore) -> None:
    put(store, VENDOR, "V", b"1", 7)
    put(store, VENDOR, "V", b"2", 0x47)
    assert store.get(VENDOR, "V").data == b"12"
    put(store, VENDOR, "V", b"", 7)
    with pytest.raises(NotFound):
        put(store, VENDOR, "V", b"", 0)


def test_a_plain_request_on_an_authenticated_variable(store: VariableStore) -> None:
    put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER))
    with pytest.raises(InvalidParameter, match="attributes never change"):
        put(store, VENDOR, "V", b"1", 7)
    with pytest.raises(WriteProtected):
        put(store, VENDOR, "V", b"", 0)


def refusals() -> Iterator[tuple[str, bytes, type[VariableError]]]:
    good = signed(VENDOR, "V", b"2", time(2), USER)
    yield "replayed", signed(VENDOR, "V", b"1", time(1), USER), TimeStampTooOld
    yield "a fraction of a second", signed(VENDOR, "V", b"2", fraction(time(2)), USER), MalformedDescriptor
    yield "another revision of the certificate", good[:22] + b"\0\0" + good[24:], MalformedDescriptor
    yield "another kind of signature", good[:24] + bytes(16) + good[40:], MalformedDescriptor
    yield "another value", good[:-1] + b"3", WrongSignature
    yield "another time", time(3) + good[16:], WrongSignature
    yield "another variable", signed(VENDOR, "W", b"2", time(2), USER), WrongSignature
    yield "another vendor", signed(GLOBAL, "V", b"2", time(2), USER), WrongSignature
    yield "other attributes", signed(VENDOR, "V", b"2", time(2), USER, attributes=APPEND), WrongSignature
    yield "another signer", signed(VENDOR, "V", b"2", time(2), STRANGER), UntrustedSigner
    forged = signed(VENDOR, "V", b"2", time(2), STRANGER, signer=certificate(USER))
    yield "the signature of another key", forged, WrongSignature


@pytest.mark.parametrize("case", list(refusals()), ids=lambda case: case[0])
def test_each_fault_has_its_own_refusal(
    store: VariableStore, case: tuple[str, bytes, type[VariableError]]
) -> None:
    put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER))
    with pytest.raises(case[2]) as caught:
        put(store, VENDOR, "V", case[1])
    assert type(caught.value) is case[2]
    assert caught.value.status == "EFI_SECURITY_VIOLATION"
    assert store.get(VENDOR, "V").data == b"1"


def test_a_certificate_that_ended_years_ago_still_signs(store: VariableStore) -> None:
    assert certificate(USER).not_valid_after_utc.year == 2021
    put(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER))
