"""Three wrong passwords in a row, at whatever doors, and none is looked at before the next restart."""

import itertools
from collections.abc import Callable
from functools import cache

import pytest

from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import (
    AccessDenied,
    PasswordNeeded,
    PasswordPolicyNotMet,
    PasswordsLocked,
    ValueNotAllowed,
)
from emulator.protocol.password import utf_16
from tests.firmware.bench import (
    BOSS,
    POWER_ON_PASSWORD,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    locked,
    provisioned,
    signed,
    started,
    with_passwords,
    with_settings,
)
from tests.firmware.doors import desktop, inside, running

WRONG = "wrong one"


def at(*keys: c.Command, administrator: str = BOSS, power_on: str = "", **settings: str) -> Bench:
    """A machine that was switched on, and these keys were pressed."""
    bench = Bench(with_settings(with_passwords(administrator, power_on), **settings))
    for key in (c.PowerOn(), *keys):
        bench.execute(key)
    return bench


def at_cover_notice() -> Bench:
    bench = desktop("Administrator Password", administrator=BOSS)
    bench.execute(c.OpenCover())
    bench.execute(c.PowerOn())
    assert bench.phase is Phase.COVER_NOTICE
    return bench


Try = Callable[[str], c.Command]
# door: a machine at it, and what is done there with a password; the right one is the administrator's.
DOORS: dict[str, tuple[Callable[[], Bench], Try]] = {
    "power-on prompt": (lambda: at(power_on=USER), c.TypePassword),
    "Computer Setup": (lambda: at(c.EnterSetup()), c.TypePassword),
    "boot menu": (lambda: at(c.OpenBootMenu(), prompt_on_boot_menu="Enable"), c.TypePassword),
    "cover notice": (at_cover_notice, c.AcknowledgeCover),
    "change on the screen": (
        lambda: inside(BOSS, "", BOSS),
        lambda typed: c.ChangePassword(SETUP_PASSWORD, "Another-333", typed),
    ),
    "setting": (lambda: running(BOSS), lambda typed: c.SetSetting(USB, "Disable", utf_16(typed))),
    "defaults": (lambda: running(BOSS), lambda typed: c.SetSystemDefaults(utf_16(typed))),
    "change from the system": (
        lambda: running(BOSS, USER),
        lambda typed: c.SetSetting(POWER_ON_PASSWORD, utf_16("Another-333"), utf_16(typed)),
    ),
}


@pytest.mark.parametrize("door", DOORS)
class TestEachDoor:
    def test_three_wrong_ones_lock_it_even_for_the_right_one_until_the_restart(self, door: str) -> None:
        make, attempt = DOORS[door]
        bench = make()
        texts = [str(bench.costs_a_try(attempt(WRONG))) for _ in range(3)]
        assert [("2 tries left" in text, "1 try left" in text, "restart" in text) for text in texts] == [
            (True, False, False),
            (False, True, False),
            (False, False, True),
        ]
        for typed in (BOSS, WRONG, ""):
            assert "restart the machine" in str(bench.refused(attempt(typed), PasswordsLocked))
        bench.execute(c.Restart())
        assert bench.firmware.session.password_tries == 3

    def test_the_right_one_after_two_wrong_ones_is_taken_and_gives_all_tries_back(self, door: str) -> None:
        make, attempt = DOORS[door]
        bench = make()
        for _ in range(2):
            bench.costs_a_try(attempt(WRONG))
        bench.execute(attempt(BOSS))
        assert bench.firmware.session.password_tries == 3

    def test_no_password_at_all_costs_no_try(self, door: str) -> None:
        make, attempt = DOORS[door]
        bench = make()
        assert "this needs the" in str(bench.refused(attempt(""), PasswordNeeded))


# Doors that stand one behind the other in one boot.
ON_THE_WAY = ["power-on prompt", "Computer Setup", "change on the screen", "setting"]


def went(bench: Bench, door: int) -> None:
    """Go on to this door; the power-on password opens the first two, but gives no tries back."""
    phases = [Phase.POWER_ON_PASSWORD, Phase.PASSWORD, Phase.SETUP, Phase.OPERATING_SYSTEM]
    while bench.phase is not phases[door]:
        if bench.phase is Phase.SETUP:
            bench.execute(c.Continue())
        else:
            bench.execute(c.EnterSetup() if bench.phase is Phase.POST else c.TypePassword(USER))


def attempt_at(door: int, typed: str) -> c.Command:
    if ON_THE_WAY[door] == "change on the screen":
        return c.ChangePassword(POWER_ON_PASSWORD, "Another-333", typed)
    return DOORS[ON_THE_WAY[door]][1](typed)


@cache
def missed(doors: tuple[int, ...]) -> Bench:
    """A machine at whose doors wrong passwords were typed, one after the other."""
    if not doors:
        return at(power_on=USER)
    bench = missed(doors[:-1]).twin()
    went(bench, doors[-1])
    bench.costs_a_try(attempt_at(doors[-1], WRONG))
    return bench


@pytest.mark.sampled(4)
@pytest.mark.parametrize("doors", list(itertools.combinations_with_replacement(range(4), 3)), ids=str)
def test_wrong_ones_are_counted_over_all_doors_of_one_boot(doors: tuple[int, ...]) -> None:
    bench = missed(doors).twin()
    assert bench.firmware.session.password_tries == 0
    bench.refused(attempt_at(doors[-1], BOSS), PasswordsLocked)
    bench.refused(attempt_at(doors[-1], USER), PasswordsLocked)
    if bench.phase in (Phase.PASSWORD, Phase.SETUP):
        bench.execute(c.Continue())
        bench.refused(attempt_at(3, BOSS), PasswordsLocked)


class TestWhatCounts:
    def test_whoever_knows_the_power_on_password_buys_no_tries_at_the_administrator_s(self) -> None:
        bench = running(BOSS, USER)
        bench.costs_a_try(c.SetSetting(POWER_ON_PASSWORD, utf_16(USER), utf_16(WRONG)))
        bench.costs_a_try(c.SetSetting(POWER_ON_PASSWORD, utf_16(USER), utf_16(WRONG)))
        bench.execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(USER), utf_16(USER)))
        bench.costs_a_try(c.SetSetting(USB, "Disable", utf_16(WRONG)))
        bench.refused(c.SetSetting(USB, "Disable", utf_16(BOSS)), PasswordsLocked)

    def test_where_there_is_no_administrator_the_power_on_password_gives_the_tries_back(self) -> None:
        bench = at(administrator="", power_on=USER)
        bench.costs_a_try(c.TypePassword(WRONG))
        bench.costs_a_try(c.TypePassword(WRONG))
        bench.execute(c.TypePassword(USER))
        assert bench.firmware.session.password_tries == 3

    def test_what_is_refused_for_another_reason_costs_no_try(self) -> None:
        proof = utf_16(BOSS)
        bench = running(BOSS, USER)
        bench.refused(c.SetSetting(USB, "Perhaps", proof), ValueNotAllowed)
        bench.refused(c.SetSetting(SETUP_PASSWORD, utf_16("x"), proof), PasswordPolicyNotMet)
        bench.refused(c.SetSetting(USB, "Disable", "no mark"), PasswordNeeded)
        bench = inside(BOSS, USER, USER, "No")
        bench.refused(c.ChangePassword(POWER_ON_PASSWORD, "Another-333", WRONG), AccessDenied)
        bench.refused(c.ChangePassword(SETUP_PASSWORD, "Another-333", WRONG), PasswordNeeded)

    def test_a_wrong_one_is_not_forgotten_between_doors_that_were_left(self) -> None:
        bench = at(c.OpenStartupMenu(), c.EnterSetup())
        bench.costs_a_try(c.TypePassword(WRONG))
        bench.execute(c.Continue())
        bench.costs_a_try(c.SetSetting(USB, "Disable", utf_16(WRONG)))
        bench.costs_a_try(c.SetSystemDefaults(utf_16(WRONG)))
        bench.refused(c.SetSetting(USB, "Disable", utf_16(BOSS)), PasswordsLocked)

    @pytest.mark.parametrize("again", [[c.Restart()], [c.PowerOff(), c.PowerOn()]])
    def test_every_start_gives_three_tries(self, again: list[c.Command]) -> None:
        bench = at(c.EnterSetup())
        for _ in range(3):
            bench.costs_a_try(c.TypePassword(WRONG))
        for command in (*again, c.EnterSetup(), c.TypePassword(BOSS)):
            bench.execute(command)
        assert bench.phase is Phase.SETUP

    def test_a_machine_that_is_locked_still_starts_and_takes_signed_commands(self) -> None:
        bench = started(locked(provisioned()))
        for _ in range(3):
            bench.costs_a_try(c.SetSetting(USB, "Disable", utf_16(WRONG)))
        bench.execute(signed(USB, "Disable"))
        assert bench.firmware.value(USB) == "Disable"

    def test_the_refusal_names_the_passwords_that_would_do(self) -> None:
        texts = {
            "power-on password or the administrator password": at(power_on=USER),
            "power-on password": at(administrator="", power_on=USER),
            "administrator password": at(c.EnterSetup()),
        }
        for names, bench in texts.items():
            assert str(bench.refused(c.TypePassword(""), PasswordNeeded)) == f"this needs the {names}"
        bench = inside(BOSS, USER, BOSS)
        refusal = bench.refused(c.ChangePassword(SETUP_PASSWORD, ""), PasswordNeeded)
        assert str(refusal) == "this needs the administrator password"
