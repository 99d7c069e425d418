"""Every cell of the decision table about Computer Setup, done on its screen.

What a cell says is taken from the table; that the table says what it should is `test_access.py`'s.
"""

from emulator.firmware import access
from emulator.firmware import commands as c
from emulator.firmware.access import Column, Verdict, What, Who
from emulator.firmware.refusals import (
    AccessDenied,
)
from tests.firmware.bench import BOSS, USER, Bench
from tests.firmware.doors import opens
from tests.firmware.table_deeds import (
    BOTH,
    NEW,
    Cell,
    Passwords,
    cells,
    change,
    in_setup,
    in_setup_by_level,
    on_the_screen,
)
from tests.firmware.table_outcomes import POLICIES, REFUSALS, confirms, happened, with_verdict

SCREEN = cells(access.SCREEN)


def saved(bench: Bench, command: c.Command) -> None:
    """Done on the screen, and stored."""
    bench.execute(command)
    if isinstance(command, c.StageSetting):
        bench.execute(c.SaveAndExit())


def typed(passwords: Passwords, who: Who) -> str:
    return passwords[0] if passwords[0] and who is not Who.POWER_ON else passwords[1]


class TestComputerSetup:
    @with_verdict(SCREEN, Verdict.ALLOWED)
    def test_what_is_allowed_happens(self, cell: Cell, passwords: Passwords) -> None:
        what, who, on = cell[0], cell[1], cell[2] is Column.MODE_ON
        bench = in_setup(who, on=on, passwords=passwords)
        before = bench.twin()
        current = typed(passwords, who) or BOSS
        saved(bench, on_the_screen(what, on=on, current=current))
        assert happened(bench, before, what, on=on)

    @with_verdict(SCREEN, *REFUSALS)
    def test_what_is_refused_is_refused_for_its_reason(self, cell: Cell, passwords: Passwords) -> None:
        what, who, on = cell[0], cell[1], cell[2] is Column.MODE_ON
        for presence in ("Enable", "Disable"):
            bench = in_setup(who, on=on, passwords=passwords, physical_presence_interface=presence)
            command = on_the_screen(what, on=on, current=typed(passwords, who))
            bench.refused(command, REFUSALS[access.TABLE[cell]])

    @with_verdict(SCREEN, Verdict.WAITS, Verdict.WAITS_ALWAYS)
    def test_what_waits_waits_and_where_prompts_are_off_only_some_does(
        self, cell: Cell, passwords: Passwords
    ) -> None:
        what, who, on = cell[0], cell[1], cell[2] is Column.MODE_ON
        name, value = change(what, on=on)
        for presence in ("Enable", "Disable"):
            bench = in_setup(who, on=on, passwords=passwords, physical_presence_interface=presence)
            before = bench.twin()
            saved(bench, on_the_screen(what, on=on))
            waits = presence == "Enable" or access.TABLE[cell] is Verdict.WAITS_ALWAYS
            assert bench.memory.waiting == ({name: value} if waits else {})
            assert waits or happened(bench, before, what, on=on)
            assert not waits or bench.memory.settings == before.memory.settings

    @with_verdict(SCREEN, Verdict.BY_SECURITY_LEVEL)
    def test_a_user_changes_what_its_security_level_lets_him(self, cell: Cell, passwords: Passwords) -> None:
        what, on = cell[0], cell[2] is Column.MODE_ON
        assert passwords == BOTH
        name, value = change(what, on=on)
        for level in ("View", "Hide"):
            in_setup_by_level(level, on=on).refused(on_the_screen(what, on=on), AccessDenied)
        bench = in_setup_by_level("Change", on=on)
        saved(bench, on_the_screen(what, on=on))
        assert value in (bench.memory.settings[name], bench.memory.waiting.get(name))

    @with_verdict(SCREEN, Verdict.BY_PASSWORD_POLICY)
    def test_a_user_changes_his_password_as_the_policy_lets_him(
        self, cell: Cell, passwords: Passwords
    ) -> None:
        what, who, on = cell[0], cell[1], cell[2] is Column.MODE_ON
        for policy, may in POLICIES.items():
            for new, allowed in zip((NEW, ""), may, strict=True):
                bench = in_setup(who, on=on, passwords=passwords, user_changes_power_on=policy)
                command = on_the_screen(what, on=on, current=USER, new=new)
                if allowed:
                    bench.execute(command)
                    assert not opens(bench, "Power-On Password", USER)
                else:
                    bench.refused(command, AccessDenied)

    @with_verdict(SCREEN, Verdict.CONFIRMS)
    def test_presence_carries_out_what_waits_and_orders_nothing(
        self, cell: Cell, passwords: Passwords
    ) -> None:
        what, on = cell[0], cell[2] is Column.MODE_ON
        bench = in_setup(Who.RESPONSE_CODE, on=on, passwords=passwords)
        saved(bench, on_the_screen(what, on=on))
        confirms(bench, what, on_the_screen(What.STAGE_SETTING, on=on), on=on)

    def test_no_security_level_is_no_change_for_a_user(self) -> None:
        for on in (True, False):
            bench = in_setup(Who.POWER_ON, on=on, passwords=BOTH)
            bench.refused(c.StageSetting("Fast Boot", "Disable"), AccessDenied)

    def test_each_cell_is_driven_by_one_of_these(self) -> None:
        waits = {Verdict.WAITS, Verdict.WAITS_ALWAYS, Verdict.CONFIRMS}
        by_user = {Verdict.BY_SECURITY_LEVEL, Verdict.BY_PASSWORD_POLICY}
        assert {access.TABLE[cell] for cell in SCREEN} <= {*REFUSALS, Verdict.ALLOWED} | waits | by_user
