"""One machine through thousands of provisionings, unlocks and signed changes; and that the soak would notice what it looks for."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from emulator.firmware import variables
from tests.machine.soak import CASES, MOST_BLOCKS, WARM, Drift, Soak

TRIED = 3000


def test_a_machine_lives_through_thousands_of_cases_without_a_leak_or_a_drift() -> None:
    soak, kinds = Soak(random.Random("soak")), Counter[str]()
    for _ in range(TRIED):
        kinds[soak.case()] += 1
    soak.audit()
    assert set(kinds) == set(CASES)
    assert kinds["provisioned"] >= 5


def counter_back(soak: Soak) -> None:
    memory = soak.pc.firmware.memory
    soak.pc.firmware.memory = replace(
        memory, counters=replace(memory.counters, settings=memory.counters.settings - 1)
    )


def setting_moved(soak: Soak) -> None:
    memory = soak.pc.firmware.memory
    soak.pc.firmware.memory = replace(memory, settings={**memory.settings, "Ownership Tag": "somebody else"})


def event_lost(soak: Soak) -> None:
    memory = soak.pc.firmware.memory
    soak.pc.firmware.memory = replace(memory, log=replace(memory.log, events=memory.log.events[1:]))


def variable_left(soak: Soak) -> None:
    with soak.image.transaction() as store:
        store.set(variables.KEYS, "LocalAccessKey9", b"left", 3)


def variable_stale(soak: Soak) -> None:
    with soak.image.transaction() as store:
        store.delete(variables.GUARD.guid, variables.GUARD.name)


def objects_kept(soak: Soak) -> None:
    soak.cases = WARM
    soak.audit()
    blocks, kilobytes = soak.weight
    soak.weight = blocks - MOST_BLOCKS - 1000, kilobytes


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("happens", "noticed"),
    [
        (counter_back, "the counters are"),
        (setting_moved, "Ownership Tag"),
        (event_lost, "events of"),
        (variable_left, "other variables"),
        (variable_stale, "other variables"),
        (objects_kept, "objects more"),
    ],
)
def test_a_soak_notices(happens: Callable[[Soak], None], noticed: str) -> None:
    soak = Soak(random.Random("noticed"))
    soak.case()
    happens(soak)
    with pytest.raises(Drift, match=noticed) as told:
        soak.audit()
    assert len(told.value.image) == soak.size
