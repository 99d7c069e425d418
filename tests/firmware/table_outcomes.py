"""What the verdicts of the decision table come to on a machine, for deeds on the screen and from the operating system."""

import pytest

from emulator.firmware import access
from emulator.firmware import commands as c
from emulator.firmware.access import Verdict, What
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import (
    AccessDenied,
    PasswordNeeded,
    ReadOnly,
    Refused,
    SignatureNeeded,
    WrongPhase,
)
from tests.firmware.bench import USB, Bench, shown_code
from tests.firmware.doors import opens
from tests.firmware.table_deeds import (
    NEW,
    PROOFS,
    Cell,
    change,
    named,
)

REFUSALS: dict[Verdict, type[Refused]] = {
    Verdict.NEEDS_PASSWORD: PasswordNeeded,
    Verdict.NEEDS_SIGNATURE: SignatureNeeded,
    Verdict.MODE_FIRST: AccessDenied,
    Verdict.ONLY_TELLS: ReadOnly,
    Verdict.OWN_COMMAND: AccessDenied,
}
POLICIES = {"No": (False, False), "Change Only": (True, False), "Change or Delete": (True, True)}
"""The policy for a user's power-on password: whether he may change it, and clear it."""


def with_verdict(place: list[Cell], *verdicts: Verdict) -> pytest.MarkDecorator:
    """For each of these cells, on each machine where its proof is brought."""
    wanted = [cell for cell in place if access.TABLE[cell] in verdicts]
    each = [(cell, passwords) for cell in wanted for passwords in PROOFS[cell[1]]]
    ids = [f"{named(cell)} {'+'.join(filter(None, passwords))}" for cell, passwords in each]
    return pytest.mark.parametrize(("cell", "passwords"), each, ids=ids)


def happened(bench: Bench, before: Bench, what: What, *, on: bool) -> bool:
    """Whether the change is in force, or will be at the next start."""
    if what is What.SET_CLOCK:
        return bench.memory.clock.offset != before.memory.clock.offset
    if what is What.ORDER_DEFAULTS:
        return bench.memory.settings[USB] == "Enable"
    name, value = change(what, on=on)
    if value == NEW:
        return opens(bench, name, NEW)
    assert before.firmware.value(name) != value
    return bench.firmware.value(name) == value


def confirms(bench: Bench, what: What, other: c.Command, *, on: bool) -> None:
    """At the prompt: nothing else can be ordered, and the code carries out what waits."""
    assert bench.phase is Phase.PRESENCE
    name, value = change(what, on=on)
    assert bench.memory.waiting == {name: value}
    bench.refused(other, WrongPhase)
    bench.execute(c.AnswerPresence(shown_code(bench)))
    assert bench.memory.waiting == {}
    if what in (What.STAGE_RESTORE, What.ORDER_RESTORE):
        assert (bench.memory.authentication.enabled, *bench.memory.authentication.keys) == (
            False,
            *[None] * 3,
        )
    else:
        assert bench.memory.settings[name] == value
    assert bench.memory.settings[USB] == "Enable"
