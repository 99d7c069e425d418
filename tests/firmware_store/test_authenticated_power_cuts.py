"""A signed request that changes several variables changes all of them or none, wherever the power fails."""

import random

import pytest

from firmware_store import TINY, VariableStore, authenticated, blank, certdb
from firmware_store import secure_boot as sb
from firmware_store.records import Variable
from tests.firmware_store.crashes import crash
from tests.firmware_store.signed_writes import PLATFORM, USER
from tests.firmware_store.signing import GLOBAL, SIGNED, VENDOR, certificates, signed, time, unsigned


def started(*variables: Variable) -> bytes:
    """A small image after its first start, with some variables more."""
    store = VariableStore.from_image(blank(TINY))
    for each in variables:
        store.put(each)
    sb.start(store)
    return bytes(store.flash.content)


BOUND = certdb.Binding(VENDOR, "V", bytes(32))
PRESENT = Variable(*sb.PK, SIGNED, certificates(PLATFORM), time(1))
HELD = (
    Variable(VENDOR, "V", SIGNED, b"1", time(1)),
    Variable(certdb.CERTDB_GUID, certdb.CERTDB_NAME, SIGNED, certdb.write_certdb([BOUND])),
)
# What is there, and the request: its name, its data, and how many variables it changes.
CASES = {
    "enrolling the platform key": (
        (),
        GLOBAL,
        "PK",
        signed(GLOBAL, "PK", certificates(USER), time(1), USER),
        2,
    ),
    "deleting it": ((PRESENT,), GLOBAL, "PK", signed(GLOBAL, "PK", b"", time(2), PLATFORM), 2),
    "a first private variable": ((), VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER), 2),
    "deleting one": (HELD, VENDOR, "V", unsigned(time(1), b""), 2),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("case", CASES)
def test_all_or_nothing(case: str) -> None:
    there, guid, name, data, changed = CASES[case]
    image = started(*there)

    def change(store: VariableStore) -> None:
        authenticated.set_variable(store, guid, name, data, SIGNED, physically_present=True)

    before = set(VariableStore.from_image(image))
    finished, cases = crash(image, change, random.Random(case), nested=1499)
    after = set(VariableStore.from_image(finished))
    assert len({(each.guid, each.name) for each in before ^ after}) == changed
    assert cases > 300
