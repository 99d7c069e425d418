"""Bringing variables into an image: content is put in its place, requests are judged, what is volatile is passed over."""

from uuid import UUID

import pytest

from firmware_store import TINY, VariableStore, blank
from firmware_store.errors import OutOfResources, SecurityViolation, UnusableExchangeFile, WriteProtected
from firmware_store.exchange import Outcome, bring_in, read_auth_files, write_auth_files
from firmware_store.exchange_auth import GLOBAL, SECURITY_DATABASE, is_auth, read_auth, write_auth
from firmware_store.records import Variable
from firmware_store.redo import VENDOR as REDO_VENDOR

VENDOR = UUID(int=5)
STAMP = bytes.fromhex("ea070102030405") + bytes(9)
# A signature list with one SHA-256, and one with a certificate that is none.
LIST = (
    bytes.fromhex("2616c4c14c509240aca941f936934328") + bytes.fromhex("4c0000000000000030000000") + bytes(48)
)
DB_LIST = Variable(SECURITY_DATABASE, "db", 0x27, LIST, STAMP)
PK_LIST = Variable(GLOBAL, "PK", 0x27, LIST, STAMP)
DB = Variable(SECURITY_DATABASE, "db", 0x27, b"a signature list", STAMP)


@pytest.fixture
def store() -> VariableStore:
    return VariableStore.from_image(blank(TINY))


def test_content_is_put_in_its_place_time_stamp_and_all(store: VariableStore) -> None:
    plain = Variable(VENDOR, "Setting", 7, b"on")
    assert [each.outcome for each in bring_in(store, [plain, DB])] == [Outcome.PUT, Outcome.PUT]
    assert list(store) == [plain, DB]
    assert [each.outcome for each in bring_in(store, [plain, DB])] == [Outcome.SAME, Outcome.SAME]


def test_content_replaces_even_other_attributes(store: VariableStore) -> None:
    store.set(VENDOR, "Setting", b"on", 3)
    bring_in(store, [Variable(VENDOR, "Setting", 7, b"off")])
    assert store.get(VENDOR, "Setting") == Variable(VENDOR, "Setting", 7, b"off")


def test_volatile_and_empty_variables_are_passed_over(store: VariableStore) -> None:
    done = bring_in(store, [Variable(GLOBAL, "SetupMode", 6, b"\1"), Variable(VENDOR, "Empty", 7, b"")])
    assert {each.outcome for each in done} == {Outcome.PASSED_OVER}
    assert len(store) == 0


def test_one_that_does_not_fit_takes_all_of_them_back(store: VariableStore) -> None:
    many = [Variable(VENDOR, f"Setting {number}", 7, bytes(1000)) for number in range(1, 20)]
    with pytest.raises(OutOfResources), store.transaction():
        bring_in(store, many)
    assert len(store) == 0


def test_the_store_s_own_list_of_changes_is_not_brought_in(store: VariableStore) -> None:
    with pytest.raises(WriteProtected):
        bring_in(store, [Variable(REDO_VENDOR, "Transaction", 3, b"x")])


def test_progress_is_told_after_each_variable(store: VariableStore) -> None:
    told: list[tuple[int, int]] = []
    bring_in(store, [Variable(VENDOR, name, 7, b"x") for name in "AB"], lambda *each: told.append(each))
    assert told == [(1, 2), (2, 2)]


def test_a_payload_is_taken_apart_as_it_was_put_together() -> None:
    payload = write_auth(DB)
    assert is_auth(payload)
    assert read_auth(payload) == (STAMP, b"", b"a signature list")


@pytest.mark.parametrize("length", range(40))
def test_a_payload_that_ends_early_is_none(length: int) -> None:
    assert not is_auth(write_auth(DB)[:length])


def test_a_payload_whose_signature_leaves_it_is_none() -> None:
    payload = bytearray(write_auth(DB))
    for wrong in (23, 24 + len(DB.data) + 1, 0xFFFFFFFF):
        payload[16:20] = wrong.to_bytes(4, "little")
        assert not is_auth(bytes(payload))


def test_the_secure_boot_databases_are_loaded_before_the_key_that_locks_them() -> None:
    pk, kek = (Variable(GLOBAL, name, 0x27, b"list", STAMP) for name in ("PK", "KEK"))
    files = write_auth_files([pk, DB, kek, Variable(VENDOR, "db", 0x27, b"of another vendor", STAMP)])
    assert set(files) == {"PK.auth", "KEK.auth", "db.auth"}
    requests = read_auth_files(files)
    assert [each.name for each in requests] == ["db", "KEK", "PK"]
    assert read_auth(requests[0].data).value == DB.data


def test_a_signed_request_goes_through_the_authenticated_set_variable(store: VariableStore) -> None:
    """In setup mode a database needs no signature; the key that locks everything always does."""
    request, pk = (read_auth_files({f"{each.name}.auth": write_auth(each)})[0] for each in (DB_LIST, PK_LIST))
    assert [each.outcome for each in bring_in(store, [request])] == [Outcome.SIGNED]
    assert store.get(SECURITY_DATABASE, "db") == DB_LIST
    with pytest.raises(SecurityViolation):
        bring_in(store, [pk])


def test_a_signed_file_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnusableExchangeFile, match=r"PK\.auth"):
        read_auth_files({"mine.auth": b""})
