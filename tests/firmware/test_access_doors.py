"""Every cell of the decision table about the doors of the machine and the board behind its cover, done on a machine."""

from dataclasses import replace
from functools import cache

import pytest

from emulator.firmware import access
from emulator.firmware import commands as c
from emulator.firmware.access import Column, Verdict, What, Who
from emulator.firmware.boot import Entry, Phase
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.memory import Memory, Passwords
from emulator.firmware.refusals import WrongPhase
from emulator.models import packaged
from tests.firmware.bench import (
    BOSS,
    USB,
    USER,
    Bench,
    answer,
    factory_new,
    guarded,
    locked,
    model,
    pin,
    with_passwords,
    with_settings,
)
from tests.firmware.recovery import FILE, UNSIGNED
from tests.firmware.table_deeds import Cell, cells, named, standing

KEYS: dict[What, c.Command] = {
    What.ENTER_SETUP: c.EnterSetup(),
    What.OPTION_ROMS: c.OpenTool(Entry.OPTION_ROMS),
    What.BOOT_MENU: c.OpenBootMenu(),
    What.RECOVERY: c.OpenTool(Entry.RECOVERY),
    What.NETWORK_BOOT: c.OpenTool(Entry.NETWORK_BOOT),
}
BEHIND = {What.ENTER_SETUP: Phase.SETUP, What.BOOT_MENU: Phase.BOOT_MENU}
"""What lies behind a door; behind every other is a tool."""
POLICIES = {
    What.BOOT_MENU: "prompt_on_boot_menu",
    What.RECOVERY: "prompt_on_recovery",
    What.NETWORK_BOOT: "prompt_on_network_boot",
    What.INSTALL_UPDATE: "prompt_on_capsule_update",
}
OPEN = frozenset({Verdict.ALLOWED, Verdict.AS_USER})
DOORS = [cell for cell in cells(access.DOORS) if cell[0] is not What.START]
STARTS = [cell for cell in cells(access.DOORS) if cell[0] is What.START]


def _memory(what: What, who: Who, column: Column) -> Memory:
    """The machine that a column means, with the passwords that a proof needs."""
    typed = USER if who in (Who.POWER_ON, Who.ADMINISTRATOR) else ""
    if column is Column.KEY_LEFT:
        memory = locked(guarded(), BOSS, typed)
    elif column is Column.NOTHING:
        # Whoever typed the power-on password counts as the administrator where none is set, and it guards Computer Setup.
        memory = with_passwords("", typed if what is not What.ENTER_SETUP else "")
    else:
        memory = with_passwords(BOSS, typed)
    if what in POLICIES:
        policy = "Disable" if column is Column.POLICY_OFF else "Enable"
        memory = with_settings(memory, **{POLICIES[what]: policy})
    if what is What.INSTALL_UPDATE:
        bench = Bench(with_settings(memory, wake_on_lan_policy="Bypass Password"))
        for command in (c.PowerOn(attended=False), c.Continue(), UNSIGNED, c.PowerOff()):
            bench.execute(command)
        return bench.memory
    return memory


def _typed(who: Who, memory: Memory) -> str:
    return BOSS if who is Who.ADMINISTRATOR and memory.passwords.administrator is not None else USER


@cache
def _at_the_door(cell: Cell) -> Bench:
    what, who, _ = cell
    memory = _memory(*cell)
    bench = Bench(memory)
    bench.execute(c.PowerOn())
    if bench.phase is Phase.POWER_ON_PASSWORD:
        bench.execute(c.TypePassword(_typed(who, memory)))
    if what in KEYS:
        bench.execute(KEYS[what])
    # Whoever would come in by the lesser password is asked, for he may have the greater.
    # And an update is let in knowingly, by what is typed on the page that names it.
    knowingly = what is What.INSTALL_UPDATE and who is Who.ADMINISTRATOR
    if bench.phase is Phase.PASSWORD and (access.TABLE[cell] is Verdict.AS_USER or knowingly):
        bench.execute(c.TypePassword(_typed(who, memory)))
    return bench


def at_the_door(cell: Cell) -> Bench:
    """A machine whose door was knocked at by somebody with this proof, typed when the machine was switched on."""
    return _at_the_door(cell).twin()


def is_through(bench: Bench, what: What) -> bool:
    if what is What.INSTALL_UPDATE:
        installed = bench.memory.update.installed
        assert (installed is None) is (bench.memory.update.waiting is not None)
        return bench.phase is Phase.POST and installed is not None and installed.name == FILE
    return bench.phase is BEHIND.get(what, Phase.TOOL)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("cell", DOORS, ids=named)
def test_a_door_opens_or_asks_as_the_table_says(cell: Cell) -> None:
    what, who, _ = cell
    verdict = access.TABLE[cell]
    bench = at_the_door(cell)
    if who is Who.RESPONSE_CODE:
        assert not is_through(bench, what)
        answer(bench, pin(bench))
    assert is_through(bench, what) is (verdict in OPEN)
    if verdict is Verdict.NEEDS_RESPONSE_CODE:
        assert bench.phase is Phase.CHALLENGE
        bench.refused(c.TypePassword(BOSS), WrongPhase)
    elif verdict is Verdict.NEEDS_PASSWORD:
        assert bench.phase is Phase.PASSWORD
        bench.refused(c.StageSetting(USB, "Disable"), WrongPhase)
        bench.execute(c.TypePassword(BOSS))
        assert is_through(bench, what)


VISITORS = {
    Verdict.AS_USER: {Who.POWER_ON: Who.POWER_ON},
    Verdict.ALLOWED: {
        # Where nothing guards, whoever comes counts as the administrator.
        Who.LOCAL_USER: Who.ADMINISTRATOR,
        Who.ADMINISTRATOR: Who.ADMINISTRATOR,
        Who.RESPONSE_CODE: Who.RESPONSE_CODE,
    },
}


@pytest.mark.parametrize("cell", [cell for cell in DOORS if cell[0] is What.ENTER_SETUP], ids=named)
def test_computer_setup_knows_who_came_in(cell: Cell) -> None:
    _, who, _ = cell
    verdict = access.TABLE[cell]
    if verdict in OPEN:
        bench = at_the_door(cell)
        if bench.phase is Phase.CHALLENGE:
            answer(bench, pin(bench))
        assert bench.firmware.session.visitor is VISITORS[verdict][who]


@pytest.mark.parametrize("cell", STARTS, ids=named)
def test_the_machine_starts_or_asks_as_the_table_says(cell: Cell) -> None:
    _, who, column = cell
    memory = with_passwords() if column is Column.NOTHING else with_passwords(BOSS, USER)
    memory = guarded() if column is Column.KEY_LEFT else memory
    shown = "Disable" if column is Column.POLICY_OFF else "Enable"
    bench = Bench(with_settings(memory, administrator_at_power_on=shown))
    bench.execute(c.PowerOn())
    typed = {Who.POWER_ON: USER, Who.ADMINISTRATOR: BOSS}.get(who)
    if access.TABLE[cell] is Verdict.ALLOWED:
        if typed:
            bench.execute(c.TypePassword(typed))
        assert bench.phase is Phase.POST
        return
    assert access.TABLE[cell] is Verdict.NEEDS_PASSWORD
    assert bench.phase is Phase.POWER_ON_PASSWORD
    if typed:
        bench.costs_a_try(c.TypePassword(typed))
    for command in (c.Continue(), c.EnterSetup()):
        bench.refused(command, WrongPhase)


@cache
def with_a_board() -> Catalogue:
    """The model with a jumper and a cover, which machines of its kind have not."""
    desktop = packaged("elitedesk-800-g2")
    added = {each.name: each for role, each in desktop.roles.items() if role not in model().roles}
    return replace(model(), settings={**model().settings, **added})


@pytest.mark.parametrize("cell", cells(access.BOARD), ids=named)
def test_the_board_does_what_is_done_to_it_whatever_the_mode_is(cell: Cell) -> None:
    what, _, column = cell
    assert access.TABLE[cell] is Verdict.ALLOWED
    memory = locked(standing(on=column is Column.MODE_ON, key=True), BOSS, USER)
    sensor = {"Cover Removal Sensor": "Notify User", USB: "Disable"}
    bench = Bench(replace(memory, settings={**memory.settings, **sensor}), settings=with_a_board())
    deeds: dict[What, c.Command] = {
        What.CLEAR_CMOS: c.ClearCMOS(),
        What.PASSWORD_JUMPER: c.SetPasswordJumper(),
        What.OPEN_COVER: c.OpenCover(),
    }
    bench.execute(deeds[what])
    assert (bench.memory.settings[USB] == "Enable") is (what is What.CLEAR_CMOS)
    assert (bench.memory.passwords == Passwords()) is (what is What.PASSWORD_JUMPER)
    assert (bench.memory.cover.count == 1) is (what is What.OPEN_COVER)
    assert bench.memory.authentication == memory.authentication
    assert bench.memory.platform == memory.platform


def test_diagnostics_have_no_door() -> None:
    for memory in (factory_new(), with_passwords(BOSS), guarded()):
        bench = Bench(memory)
        for command in (c.PowerOn(), c.OpenTool(Entry.DIAGNOSTICS)):
            bench.execute(command)
        assert bench.phase is Phase.TOOL
