"""Every phase with every command: taken, or refused with the phase and the way on in the text."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args, get_type_hints

import pytest

from emulator.firmware import boot
from emulator.firmware import commands as c
from emulator.firmware.boot import Entry, Phase, Step
from emulator.firmware.firmware import HANDLERS, handler, manufactured
from emulator.firmware.refusals import Refused, WrongPhase
from emulator.models import packaged
from emulator.protocol.payload import Purpose
from tests.firmware.bench import (
    IDENTITY,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    answer,
    at_the_door,
    deprovisioning,
    each_of,
    endorsement,
    factory_new,
    guarded,
    locked,
    made_by,
    mode_on,
    pin,
    start,
    started,
)

OFF, LOCKED, COVER, PRESENCE, POST, STARTUP, CHALLENGE, PASSWORD, SETUP, BOOT_MENU, TOOL, SYSTEM = Phase

# command: the phases in which it is taken.
TAKEN: list[tuple[c.Command, set[Phase]]] = [
    (c.PowerOn(), {OFF}),
    (c.PowerOff(), set(Phase) - {OFF}),
    (c.Restart(), {LOCKED, COVER, STARTUP, PASSWORD, SETUP, BOOT_MENU, TOOL, SYSTEM}),
    (c.OpenStartupMenu(), {POST}),
    (c.EnterSetup(), {POST, STARTUP}),
    (c.OpenBootMenu(), {POST, STARTUP}),
    (c.OpenTool(Entry.DIAGNOSTICS), {POST, STARTUP}),
    (c.StartFrom("HDD:USB:1"), {BOOT_MENU}),
    (c.Continue(), {POST, STARTUP, CHALLENGE, PASSWORD, SETUP, BOOT_MENU, TOOL}),
    (c.TypePassword(""), {LOCKED, PASSWORD}),
    (c.ChangePassword(SETUP_PASSWORD, ""), {SETUP}),
    (c.OpenCover(), set(Phase)),
    (c.AcknowledgeCover(), {COVER}),
    (c.ClearCMOS(), {OFF}),
    (c.SetPasswordJumper(), {OFF}),
    (c.SetClock(2_000_000_000), {SETUP}),
    (c.AnswerPresence("0000"), {PRESENCE}),
    (c.RefusePresence(), {PRESENCE}),
    (c.RefreshChallenge(), {CHALLENGE}),
    (c.CountResponse("00000000"), {CHALLENGE}),
    (c.CompareResponse("00000000"), {CHALLENGE}),
    (c.StageSetting(USB, "Disable"), {SETUP}),
    (c.SaveAndExit(), {SETUP}),
    (c.SetSetting(USB, "Disable"), {SYSTEM}),
    (each_of((USB, "Disable")), {SYSTEM}),
    (c.ApplyList((c.SetSetting(USB, "Disable"),)), {SYSTEM}),
    (c.SetSystemDefaults(), {SYSTEM}),
    (c.UpdateFirmware("bios.bin", bytes(32)), {SYSTEM}),
    (endorsement(), {SYSTEM}),
    (deprovisioning(1), {SYSTEM}),
    (c.ConfigureRecovery(Purpose.RECOVER_SERVICE_EVENT, b""), {SYSTEM}),
]


def with_cover_off() -> Bench:
    """A desktop whose cover somebody took off while it was switched off."""
    desktop = packaged("elitedesk-800-g2")
    bench = Bench(manufactured(desktop, replace(IDENTITY, model=desktop.model)), settings=desktop)
    start(bench)
    bench.execute(c.SetSetting("Cover Removal Sensor", "Notify User"))
    bench.execute(c.PowerOff())
    bench.execute(c.OpenCover())
    return bench


# phase: a machine, which is guarded unless that would hide the phase, and the commands that bring it there.
WAYS: dict[Phase, tuple[Callable[[], Bench], list[c.Command]]] = {
    OFF: (lambda: Bench(guarded()), []),
    LOCKED: (lambda: Bench(locked(guarded(), "", USER)), [c.PowerOn()]),
    COVER: (with_cover_off, [c.PowerOn()]),
    PRESENCE: (lambda: Bench(made_by([endorsement()], factory_new())), [c.PowerOn()]),
    POST: (lambda: Bench(guarded()), [c.PowerOn()]),
    STARTUP: (lambda: Bench(guarded()), [c.PowerOn(), c.OpenStartupMenu()]),
    CHALLENGE: (at_the_door, []),
    PASSWORD: (lambda: Bench(locked(mode_on())), [c.PowerOn(), c.EnterSetup()]),
    SETUP: (at_the_door, []),
    BOOT_MENU: (lambda: Bench(guarded()), [c.PowerOn(), c.OpenBootMenu()]),
    TOOL: (lambda: Bench(guarded()), [c.PowerOn(), c.OpenTool(Entry.DIAGNOSTICS)]),
    SYSTEM: (lambda: started(guarded()), []),
}


def in_phase(phase: Phase) -> Bench:
    make, commands = WAYS[phase]
    bench = make()
    for command in commands:
        bench.execute(command)
    if phase is SETUP:
        answer(bench, pin(bench))
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


def test_every_command_is_in_the_table_above() -> None:
    assert {type(command) for command, _ in TAKEN} == set(HANDLERS) == set(get_args(c.Command))


@pytest.mark.parametrize("kind", HANDLERS, ids=lambda kind: kind.__name__)
def test_the_handler_of_every_command_is_there_and_takes_it(kind: type[object]) -> None:
    _, command, returned = get_type_hints(handler(HANDLERS[kind])).values()
    assert (command, returned) == (kind, type(None))


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
