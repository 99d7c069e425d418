"""Every cell of the decision table about the operating system, done from there.

What a cell says is taken from the table; that the table says what it should is `test_access.py`'s.
"""

from dataclasses import replace

import pytest

from emulator.firmware import access, passwords
from emulator.firmware import commands as c
from emulator.firmware.access import Column, Verdict, What, Who
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import (
    AccessDenied,
    PasswordNeeded,
)
from tests.firmware.bench import BOSS, USB, USER, Bench, signed
from tests.firmware.doors import opens
from tests.firmware.recovery import DIGEST, FILE, UNSIGNED, update
from tests.firmware.table_deeds import (
    BOTH,
    NEW,
    NONE,
    ONLY_POWER_ON,
    Cell,
    Passwords,
    by_signature,
    cells,
    change,
    from_the_system,
    named,
    proof,
    running,
)
from tests.firmware.table_outcomes import POLICIES, REFUSALS, confirms, happened, with_verdict

SYSTEM = cells(access.SYSTEM)


def command_of(cell: Cell, passwords: Passwords) -> c.Command:
    what, who, on = cell[0], cell[1], cell[2] is Column.MODE_ON
    if who is Who.SIGNED:
        return by_signature(what, on=on)
    return from_the_system(what, proof(who, passwords, what), on=on)


def order(bench: Bench, cell: Cell, passwords: Passwords) -> None:
    bench.execute(command_of(cell, passwords))


SETTINGS_ONLY = [cell for cell in SYSTEM if cell[0] is not What.ORDER_UPDATE]


class TestOperatingSystem:
    @with_verdict(SETTINGS_ONLY, Verdict.ALLOWED)
    def test_what_is_allowed_happens(self, cell: Cell, passwords: Passwords) -> None:
        on = cell[2] is Column.MODE_ON
        bench = running(on=on, passwords=passwords)
        if cell[0] is What.ORDER_DEFAULTS:
            bench.firmware.memory = replace(bench.memory, settings={**bench.memory.settings, USB: "Disable"})
        before = bench.twin()
        order(bench, cell, passwords)
        assert happened(bench, before, cell[0], on=on)

    @with_verdict(SETTINGS_ONLY, *REFUSALS)
    def test_what_is_refused_is_refused_for_its_reason(self, cell: Cell, passwords: Passwords) -> None:
        who, on, verdict = cell[1], cell[2] is Column.MODE_ON, access.TABLE[cell]
        bench = running(on=on, passwords=passwords)
        command = command_of(cell, passwords)
        # Where a password could help, another one is a wrong one.
        if who is Who.POWER_ON and verdict is Verdict.NEEDS_PASSWORD:
            bench.costs_a_try(command)
        else:
            bench.refused(command, REFUSALS[verdict])

    @with_verdict(SETTINGS_ONLY, Verdict.WAITS, Verdict.WAITS_ALWAYS)
    def test_what_waits_waits_and_where_prompts_are_off_only_some_does(
        self, cell: Cell, passwords: Passwords
    ) -> None:
        on = cell[2] is Column.MODE_ON
        name, value = change(cell[0], on=on)
        for presence in ("Enable", "Disable"):
            bench = running(on=on, passwords=passwords, physical_presence_interface=presence)
            before = bench.twin()
            order(bench, cell, passwords)
            waits = presence == "Enable" or access.TABLE[cell] is Verdict.WAITS_ALWAYS
            assert bench.memory.waiting == ({name: value} if waits else {})
            assert waits or happened(bench, before, cell[0], on=on)
            assert not waits or bench.memory.settings == before.memory.settings

    @with_verdict(SETTINGS_ONLY, Verdict.BY_PASSWORD_POLICY)
    def test_a_user_changes_his_password_as_the_policy_lets_him(
        self, cell: Cell, passwords: Passwords
    ) -> None:
        what, who, on = cell[0], cell[1], cell[2] is Column.MODE_ON
        for policy, may in POLICIES.items():
            for new, allowed in zip((NEW, ""), may, strict=True):
                bench = running(on=on, passwords=passwords, user_changes_power_on=policy)
                command = from_the_system(what, proof(who, passwords, what), on=on, new=new)
                if allowed:
                    bench.execute(command)
                    assert not opens(bench, "Power-On Password", USER)
                else:
                    bench.refused(command, AccessDenied)

    @with_verdict(SETTINGS_ONLY, Verdict.CONFIRMS)
    def test_presence_carries_out_what_waits_and_orders_nothing(
        self, cell: Cell, passwords: Passwords
    ) -> None:
        on = cell[2] is Column.MODE_ON
        bench = running(on=on, passwords=passwords)
        bench.execute(by_signature(cell[0], on=on))
        bench.execute(c.PowerOff())
        bench.execute(c.PowerOn())
        confirms(bench, cell[0], c.SetSetting(USB, "Disable"), on=on)

    def test_each_cell_is_driven_by_one_of_these(self) -> None:
        driven = {
            *REFUSALS,
            Verdict.ALLOWED,
            Verdict.WAITS,
            Verdict.WAITS_ALWAYS,
            Verdict.BY_PASSWORD_POLICY,
            Verdict.CONFIRMS,
        }
        assert {access.TABLE[cell] for cell in SETTINGS_ONLY} <= driven

    def test_where_only_a_power_on_password_is_set_it_guards_its_own_change(self) -> None:
        bench = running(on=False, passwords=ONLY_POWER_ON)
        bench.refused(from_the_system(What.ORDER_POWER_ON, "", on=False), PasswordNeeded)


class TestUpdate:
    """A file that nobody signed is taken from anybody, and the next start asks; one that the signing key allowed asks nobody."""

    def ordered(self, cell: Cell, administrator: str = BOSS) -> Bench:
        who, on = cell[1], cell[2] is Column.MODE_ON
        bench = running(on=on, passwords=(administrator, ""), prompt_on_capsule_update="Enable")
        bench.execute(update() if who is Who.SIGNED else UNSIGNED)
        assert bench.memory.update.waiting is not None
        assert bench.memory.update.installed is None
        bench.execute(c.PowerOff())
        bench.execute(c.PowerOn())
        return bench

    @pytest.mark.parametrize("cell", [each for each in SYSTEM if each[0] is What.ORDER_UPDATE], ids=named)
    def test_the_next_start_asks_or_does_not(self, cell: Cell) -> None:
        bench = self.ordered(cell)
        if access.TABLE[cell] is Verdict.ALLOWED:
            assert bench.phase is Phase.POST
            installed = bench.memory.update.installed
            assert installed is not None
            assert (installed.name, installed.digest) == (FILE, DIGEST)
        else:
            assert access.TABLE[cell] is Verdict.ASKED_AT_START
            assert bench.phase is Phase.CHALLENGE
            assert bench.memory.update.installed is None


def test_a_signature_is_looked_at_whatever_password_is_set() -> None:
    for given in (NONE, BOTH):
        bench = running(on=False, passwords=given)
        bench.execute(signed(USB, "Disable"))
        assert bench.memory.settings[USB] == "Disable"
        assert passwords.matches(bench.memory.passwords.administrator, BOSS) is bool(given[0])
