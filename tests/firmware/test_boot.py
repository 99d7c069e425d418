"""Every phase with every command: taken, or refused with the phase and the way on in the text."""

import pytest

from emulator.firmware import boot
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase, Step
from emulator.firmware.refusals import Refused, WrongPhase
from tests.firmware.bench import (
    USB,
    Bench,
    at_the_door,
    deprovisioning,
    endorsement,
    factory_new,
    guarded,
    made_by,
    pin,
    started,
)

OFF, PRESENCE, POST, CHALLENGE, SETUP, SYSTEM = (
    Phase.OFF,
    Phase.PRESENCE,
    Phase.POST,
    Phase.CHALLENGE,
    Phase.SETUP,
    Phase.OPERATING_SYSTEM,
)

# command: the phases in which it is taken.
TAKEN: list[tuple[c.Command, set[Phase]]] = [
    (c.PowerOn(), {OFF}),
    (c.PowerOff(), {PRESENCE, POST, CHALLENGE, SETUP, SYSTEM}),
    (c.Restart(), {SETUP, SYSTEM}),
    (c.EnterSetup(), {POST}),
    (c.Continue(), {POST, CHALLENGE, SETUP}),
    (c.AnswerPresence("0000"), {PRESENCE}),
    (c.RefusePresence(), {PRESENCE}),
    (c.RefreshChallenge(), {CHALLENGE}),
    (c.CountResponse("00000000"), {CHALLENGE}),
    (c.CompareResponse("00000000"), {CHALLENGE}),
    (c.StageSetting(USB, "Disable"), {SETUP}),
    (c.SaveAndExit(), {SETUP}),
    (c.SetSetting(USB, "Disable"), {SYSTEM}),
    (endorsement(), {SYSTEM}),
    (deprovisioning(1), {SYSTEM}),
]


def in_phase(phase: Phase) -> Bench:
    """A guarded machine in this phase; at the prompt, one whose keys wait."""
    if phase in (CHALLENGE, SETUP):
        bench = at_the_door()
        if phase is SETUP:
            bench.execute(c.CountResponse(code := pin(bench)))
            bench.execute(c.CompareResponse(code))
    elif phase is SYSTEM:
        bench = started(guarded())
    else:
        bench = Bench(made_by([endorsement()], factory_new()) if phase is PRESENCE else guarded())
        if phase is not OFF:
            bench.execute(c.PowerOn())
    assert bench.phase is phase
    return bench


def refusal_of(bench: Bench, command: c.Command) -> type[Refused] | None:
    try:
        bench.execute(command)
    except Refused as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(
    ("command", "phases"), TAKEN, ids=lambda value: type(value).__name__ if not isinstance(value, set) else ""
)
@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.name)
def test_a_command_is_taken_in_its_phases_and_refused_in_all_others(
    command: c.Command, phases: set[Phase], phase: Phase
) -> None:
    bench = in_phase(phase)
    if phase in phases:
        assert refusal_of(bench, command) is not WrongPhase
    else:
        text = str(bench.refused(command, WrongPhase))
        assert repr(phase.value) in text
        assert text.endswith(boot.WAY_ON[phase])


def test_every_step_has_its_phases_and_every_phase_a_way_on() -> None:
    assert set(boot.ALLOWED) == set(Step)
    assert set(boot.WAY_ON) == set(Phase)


def test_the_way_on_is_a_way_on() -> None:
    bench = Bench(made_by([endorsement()], factory_new()))
    seen = [bench.phase]
    for command in (
        c.PowerOn(),
        c.RefusePresence(),
        c.Continue(),
        c.Restart(),
        c.EnterSetup(),
        c.SaveAndExit(),
    ):
        bench.execute(command)
        seen.append(bench.phase)
    assert seen == [OFF, PRESENCE, POST, SYSTEM, POST, SETUP, POST]


def test_a_boot_is_counted_and_the_machine_knows_that_it_runs() -> None:
    bench = Bench()
    bench.execute(c.PowerOn())
    assert (bench.memory.boot.boots, bench.memory.boot.running) == (1, True)
    bench.execute(c.Continue())
    bench.execute(c.Restart())
    assert (bench.memory.boot.boots, bench.memory.boot.running) == (2, True)
    bench.execute(c.PowerOff())
    assert (bench.memory.boot.boots, bench.memory.boot.running) == (2, False)


def test_leaving_setup_without_saving_forgets_what_was_staged() -> None:
    for leave in (c.Continue(), c.Restart(), c.PowerOff()):
        bench = Bench()
        bench.execute(c.PowerOn())
        bench.execute(c.EnterSetup())
        bench.execute(c.StageSetting(USB, "Disable"))
        assert bench.firmware.session.staged == {USB: "Disable"}
        bench.execute(leave)
        assert bench.firmware.session.staged == {}
        assert bench.firmware.value(USB) == "Enable"
