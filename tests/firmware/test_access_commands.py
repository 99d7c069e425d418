"""Every cell of the decision table about commands of Secure Platform Management, sent to a machine in each state of its keys."""

from dataclasses import replace
from functools import cache

import pytest

from emulator.firmware import access, secure_platform
from emulator.firmware import commands as c
from emulator.firmware.access import Column, Verdict, What, Who
from emulator.firmware.boot import Phase
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import (
    AlreadyProvisioned,
    CommandPasswordRefused,
    CommandSignatureRefused,
    NotProvisioned,
    Refused,
    StillInUse,
    WrongPhase,
)
from emulator.protocol.payload import Purpose
from emulator.protocol.spm import State
from tests.firmware.bench import (
    BOSS,
    MODE,
    NONCE,
    Bench,
    endorsement,
    factory_new,
    guarded,
    locked,
    made_by,
    mode_on,
    provisioned,
    public,
    shown_code,
    signed,
    signing,
    with_settings,
)
from tests.firmware.recovery import SERVICE_EVENT, endorsement_with, manifest, recover
from tests.firmware.table_deeds import Cell, cells, named

REFUSALS: dict[Verdict, type[Refused]] = {
    Verdict.NEEDS_PASSWORD: CommandPasswordRefused,
    Verdict.NEEDS_SIGNATURE: CommandSignatureRefused,
    Verdict.NEEDS_ENDORSEMENT: CommandSignatureRefused,
    Verdict.KEYS_FIRST: NotProvisioned,
    Verdict.ONCE_ONLY: AlreadyProvisioned,
}
COMMANDS = cells(access.COMMANDS)
LATER = NONCE + 5


@cache
def confirmed() -> Memory:
    """An endorsement key that somebody at the machine confirmed, and no signing key yet."""
    bench = Bench(made_by([endorsement()], factory_new()))
    bench.execute(c.PowerOn())
    bench.execute(c.AnswerPresence(shown_code(bench)))
    bench.execute(c.PowerOff())
    return bench.memory


@cache
def state_of(column: Column) -> Memory:
    return {
        Column.NOT_PROVISIONED: factory_new(),
        Column.ENDORSED: made_by([endorsement()], factory_new()),
        Column.BOTH_SENT: made_by([endorsement(), signing()], factory_new()),
        Column.CONFIRMED: confirmed(),
        Column.PROVISIONED: provisioned(),
    }[column]


def running(memory: Memory, **more: str) -> Bench:
    """In the operating system of a machine that started by itself, so that nothing was asked."""
    bench = Bench(with_settings(memory, **more))
    for command in (c.PowerOn(attended=False), c.Continue()):
        bench.execute(command)
    return bench


def commands_of(what: What, who: Who, column: Column) -> list[tuple[Memory, c.Command]]:
    """Machines in this state, and the command as somebody with this proof sends it."""
    memory = state_of(column)
    ours = "endorsement" if who is Who.SIGNED else "other"
    by = "signing" if who is Who.SIGNED else "other"
    if what is What.SET_ENDORSEMENT_KEY:
        with_password = [(locked(memory), endorsement_with(BOSS if who is Who.ADMINISTRATOR else ""))]
        free: list[tuple[Memory, c.Command]] = [(memory, endorsement())]
        return [*with_password, *free] if who is Who.ADMINISTRATOR else [*with_password]
    if what is What.SET_SIGNING_KEY:
        return [(memory, signing(LATER, "local_access", ours))]
    if what is What.DEPROVISION:
        return [(memory, signing(LATER, None, ours))]
    if what is What.SURE_RECOVER:
        orders = [recover(Purpose.RECOVER_AGENT, LATER, by=by), manifest(b"manifest", LATER, by=by)]
        return [(memory, order) for order in orders]
    return [(memory, SERVICE_EVENT)]


def with_verdict(*verdicts: Verdict) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "cell", [cell for cell in COMMANDS if access.TABLE[cell] in verdicts], ids=named
    )


@with_verdict(*REFUSALS)
def test_what_is_refused_is_refused_for_its_reason(cell: Cell) -> None:
    for memory, command in commands_of(*cell):
        running(memory).refused(command, REFUSALS[access.TABLE[cell]])


@with_verdict(Verdict.ALLOWED, Verdict.UNLESS_IN_USE)
def test_what_is_allowed_happens(cell: Cell) -> None:
    what = cell[0]
    for memory, command in commands_of(*cell):
        bench = running(memory)
        before = bench.memory
        bench.execute(command)
        if what is What.SET_SIGNING_KEY:
            assert secure_platform.verification_key(bench.memory.platform) == public("local_access")
        elif what is What.DEPROVISION:
            assert secure_platform.state(bench.memory.platform) is State.NOT_CONFIGURED
        else:
            assert bench.memory.recovery != before.recovery


@with_verdict(Verdict.UNLESS_IN_USE)
def test_what_is_in_use_is_refused_for_each_feature(cell: Cell) -> None:
    assert cell[0] is What.DEPROVISION
    in_use = [
        mode_on(),
        made_by([signed(MODE, "Disable")], guarded()),
        made_by([recover(Purpose.RECOVER_SCHEDULE)], provisioned()),
        made_by([manifest(b"manifest")], provisioned()),
    ]
    (_, command), *_ = commands_of(*cell)
    for memory in in_use:
        running(memory).refused(command, StillInUse)


@with_verdict(Verdict.WAITS_ALWAYS)
@pytest.mark.parametrize("presence", ["Enable", "Disable"])
def test_what_waits_always_waits_with_the_prompts_off_too(cell: Cell, presence: str) -> None:
    for memory, command in commands_of(*cell):
        bench = running(memory, physical_presence_interface=presence)
        bench.execute(command)
        assert secure_platform.awaits_presence(bench.memory.platform)
        assert secure_platform.verification_key(bench.memory.platform) is None
        bench.execute(c.PowerOff())
        bench.execute(c.PowerOn())
        assert bench.phase is Phase.PRESENCE


@with_verdict(Verdict.CONFIRMS)
def test_presence_carries_out_what_waits_and_orders_nothing(cell: Cell) -> None:
    bench = Bench(state_of(cell[2]))
    bench.execute(c.PowerOn())
    for command in (endorsement("other"), signing(LATER)):
        bench.refused(command, WrongPhase)
    before = bench.memory.platform
    bench.execute(c.AnswerPresence(shown_code(bench)))
    counter = before.pending_counter
    assert bench.memory.platform == replace(before, confirmed=True, counter=counter, pending_counter=0)


def test_each_cell_is_driven_by_one_of_these() -> None:
    driven = {*REFUSALS, Verdict.ALLOWED, Verdict.UNLESS_IN_USE, Verdict.WAITS_ALWAYS, Verdict.CONFIRMS}
    assert {access.TABLE[cell] for cell in COMMANDS} == driven
