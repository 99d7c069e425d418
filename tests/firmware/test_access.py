"""The decision table as such: each combination once, the rules that it must keep, and why some cells never come up.

What a cell says is done on a machine by `test_access_screen.py`, `test_access_system.py`, `test_access_doors.py` and
`test_access_commands.py`.
"""

from collections.abc import Callable

import pytest

from emulator.firmware import access, boot
from emulator.firmware import commands as c
from emulator.firmware.access import Column, Place, Verdict, What, Who
from emulator.firmware.boot import Phase, Step
from emulator.firmware.doors import DOORS
from emulator.firmware.refusals import AccessDenied, PasswordNeeded, ReadOnly, SignatureNeeded, WrongPhase
from tests.firmware.bench import (
    USB,
    Bench,
    at_the_door,
    endorsement,
    factory_new,
    guarded,
    locked,
    made_by,
    signed,
    start,
)
from tests.firmware.recovery import UNSIGNED
from tests.firmware.table_deeds import Cell, cells, named

PLACES = (access.SCREEN, access.SYSTEM, access.DOORS, access.BOARD, access.COMMANDS)
NEVER = [cell for cell, verdict in access.TABLE.items() if verdict is Verdict.NEVER_COMES_UP]
CONFIRMABLE = {
    What.STAGE_GUARDED_SETTING,
    What.STAGE_RESTORE,
    What.ORDER_GUARDED_SETTING,
    What.ORDER_RESTORE,
    What.SET_ENDORSEMENT_KEY,
    What.SET_SIGNING_KEY,
}


class TestShape:
    def test_each_combination_is_there_exactly_once(self) -> None:
        wanted = [
            (what, who, column)
            for what, place in access.PLACES.items()
            for who in Who
            for column in place.columns
        ]
        assert len(set(wanted)) == len(wanted) == len(access.TABLE)
        assert set(wanted) == set(access.TABLE)

    def test_each_deed_has_one_place_and_they_are_told_in_order(self) -> None:
        told = [(place, list(deeds)) for place, deeds in access.deeds()]
        assert [place for place, _ in told] == list(PLACES)
        assert [deed for _, deeds in told for deed in deeds] == list(What)
        assert list(access.PLACES) == list(What)

    def test_every_verdict_is_used_and_has_its_meaning_and_a_letter_of_its_own(self) -> None:
        assert set(access.TABLE.values()) == set(Verdict) == set(access.MEANINGS)
        assert len({verdict.value for verdict in Verdict}) == len(Verdict)
        assert all(len(verdict.value) == 1 for verdict in Verdict)

    def test_every_cell_comes_up_somewhere_or_is_explained_here(self) -> None:
        driven = [cell for place in PLACES for cell in cells(place)]
        assert len(driven) + len(NEVER) == len(access.TABLE)


class TestRules:
    """What no edit of the table may break."""

    def test_no_verdict_of_a_password_or_of_nobody_opens_the_mode(self) -> None:
        for what in (What.STAGE_MODE, What.ORDER_MODE):
            for who in set(Who) - {Who.SIGNED}:
                for column in (Column.MODE_OFF, Column.MODE_ON):
                    verdict = access.verdict(what, who, column)
                    assert verdict in (Verdict.NEEDS_SIGNATURE, Verdict.NEVER_COMES_UP)

    def test_with_the_mode_on_the_operating_system_changes_nothing_without_a_signature(self) -> None:
        for what, place in access.PLACES.items():
            if place is not access.SYSTEM or what is What.ORDER_UPDATE:
                continue
            for who in (Who.NOBODY, Who.POWER_ON, Who.ADMINISTRATOR):
                verdict = access.verdict(what, who, Column.MODE_ON)
                assert access.MEANINGS[verdict].refusal is not None

    def test_a_local_access_key_is_set_by_nothing_but_a_signature_with_the_mode_on(self) -> None:
        granted = {
            (who, column)
            for (what, who, column), verdict in access.TABLE.items()
            if what in (What.STAGE_KEY, What.ORDER_KEY) and verdict is Verdict.ALLOWED
        }
        assert granted == {(Who.SIGNED, Column.MODE_ON)}

    def test_platform_keys_change_by_no_setting(self) -> None:
        verdicts = {
            verdict
            for (what, _, _), verdict in access.TABLE.items()
            if what in (What.STAGE_PLATFORM_KEY, What.ORDER_PLATFORM_KEY)
        }
        assert verdicts == {Verdict.OWN_COMMAND, Verdict.NEVER_COMES_UP}

    def test_presence_confirms_and_orders_nothing(self) -> None:
        confirmed = {
            (what, verdict) for (what, who, _), verdict in access.TABLE.items() if who is Who.PRESENCE
        }
        assert {verdict for _, verdict in confirmed} == {Verdict.CONFIRMS, Verdict.NEVER_COMES_UP}
        assert {what for what, verdict in confirmed if verdict is Verdict.CONFIRMS} == CONFIRMABLE

    def test_where_a_key_is_left_a_response_code_alone_opens_a_door(self) -> None:
        for what, place in access.PLACES.items():
            if place is access.DOORS and what is not What.START:
                opening = [
                    who for who in Who if access.verdict(what, who, Column.KEY_LEFT) is Verdict.ALLOWED
                ]
                assert opening == [Who.RESPONSE_CODE]


class TestRequire:
    @pytest.mark.parametrize(
        ("what", "who", "refusal"),
        [
            (What.STAGE_SETTING, Who.POWER_ON, AccessDenied),
            (What.STAGE_RESTORE, Who.POWER_ON, PasswordNeeded),
            (What.STAGE_READ_ONLY, Who.ADMINISTRATOR, ReadOnly),
            (What.ORDER_SETTING, Who.ADMINISTRATOR, SignatureNeeded),
        ],
    )
    def test_a_refusal_names_what_it_is_about(self, what: What, who: Who, refusal: type[Exception]) -> None:
        with pytest.raises(refusal) as came:
            access.require("Thing", what, who, Column.MODE_ON)
        assert type(came.value) is refusal
        assert str(came.value).startswith("'Thing' ")

    def test_what_is_allowed_and_what_waits_is_not_refused(self) -> None:
        for cell, verdict in access.TABLE.items():
            if access.MEANINGS[verdict].refusal is None:
                access.require("Thing", *cell)


# Why a cell never comes up: whoever has the proof is not at this place, or has no use for it there.
def _at(place: Place, *who: Who) -> Callable[[Cell], bool]:
    return lambda cell: access.PLACES[cell[0]] is place and cell[1] in who


REASONS: dict[str, Callable[[Cell], bool]] = {
    "nobody is in Computer Setup without having come through its door, and who came is one of three": _at(
        access.SCREEN, Who.NOBODY, Who.LOCAL_USER, Who.SIGNED
    ),
    "a code of the screen's prompt is asked for what waits, and this does not wait": lambda cell: (
        cell[1] is Who.PRESENCE and cell[0] not in CONFIRMABLE
    ),
    "no key of a state is still to be confirmed, or there is none": lambda cell: (
        access.PLACES[cell[0]] is access.COMMANDS and cell[1] is Who.PRESENCE and cell[0] in CONFIRMABLE
    ),
    "the operating system knows nobody who stands before the machine, and no response code": _at(
        access.SYSTEM, Who.LOCAL_USER, Who.RESPONSE_CODE
    ),
    "a door is passed by somebody who stands before it, and nothing that was sent": _at(
        access.DOORS, Who.NOBODY, Who.SIGNED
    ),
    "a response code is asked for only where a key is left": lambda cell: (
        access.PLACES[cell[0]] is access.DOORS
        and cell[1] is Who.RESPONSE_CODE
        and (cell[2] is not Column.KEY_LEFT or cell[0] is What.START)
    ),
    "no password is typed where none is set": lambda cell: (
        cell[2] is Column.NOTHING
        and (cell[1] is Who.POWER_ON or (cell[0] is What.START and cell[1] is Who.ADMINISTRATOR))
    ),
    "a local access key stops no start": lambda cell: (
        cell[0] is What.START and cell[2] is Column.KEY_LEFT and cell[1] is not Who.RESPONSE_CODE
    ),
    "no policy takes this door away": lambda cell: (
        cell[0] in (What.ENTER_SETUP, What.OPTION_ROMS) and cell[2] is Column.POLICY_OFF
    ),
    "a hand on the board brings no proof": lambda cell: (
        access.PLACES[cell[0]] is access.BOARD and cell[1] is not Who.LOCAL_USER
    ),
    "a command of Secure Platform Management carries no other proof than its signature": _at(
        access.COMMANDS, Who.LOCAL_USER, Who.POWER_ON, Who.RESPONSE_CODE
    ),
    "an endorsement key is not signed, and what is signed carries no password": lambda cell: (
        access.PLACES[cell[0]] is access.COMMANDS
        and cell[1] is (Who.SIGNED if cell[0] is What.SET_ENDORSEMENT_KEY else Who.ADMINISTRATOR)
    ),
    "a service event is not signed": lambda cell: cell[0] is What.SERVICE_EVENT and cell[1] is Who.SIGNED,
}


@pytest.mark.parametrize("cell", NEVER, ids=named)
def test_what_never_comes_up_has_its_reason(cell: Cell) -> None:
    assert any(holds(cell) for holds in REASONS.values())


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_one(reason: str) -> None:
    assert any(REASONS[reason](cell) for cell in NEVER)


class TestWhatNeverComesUp:
    """The reasons, where a machine can be asked about them."""

    def test_a_change_on_the_screen_is_taken_past_the_door_alone(self) -> None:
        assert boot.ALLOWED[Step.EDIT] == {Phase.SETUP}
        for command in (c.StageSetting(USB, "Disable"), c.SetClock(2_000_000_000), c.SaveAndExit()):
            at_the_door().refused(command, WrongPhase)

    def test_a_visitor_is_one_of_three(self) -> None:
        reached = {
            who
            for (what, who, _), verdict in access.TABLE.items()
            if what is What.ENTER_SETUP and verdict in (Verdict.ALLOWED, Verdict.AS_USER)
        }
        # A local user who comes in where nothing guards counts as the administrator.
        assert reached - {Who.LOCAL_USER} == {Who.POWER_ON, Who.ADMINISTRATOR, Who.RESPONSE_CODE}

    def test_an_order_from_the_operating_system_is_taken_while_it_runs_alone(self) -> None:
        assert boot.ALLOWED[Step.MANAGE] == {Phase.OPERATING_SYSTEM}
        for command in (signed(USB, "Disable"), c.SetSystemDefaults(), UNSIGNED, endorsement()):
            for bench in (Bench(), at_the_door()):
                bench.refused(command, WrongPhase)

    def test_a_presence_code_is_taken_at_its_prompt_alone(self) -> None:
        assert boot.ALLOWED[Step.ANSWER_PRESENCE] == {Phase.PRESENCE}
        bench = Bench(guarded())
        start(bench)
        bench.refused(c.AnswerPresence("0000"), WrongPhase)

    def test_the_board_is_touched_with_the_power_off(self) -> None:
        bench = Bench(factory_new())
        start(bench)
        for command in (c.ClearCMOS(), c.SetPasswordJumper()):
            bench.refused(command, WrongPhase)

    def test_two_doors_have_no_policy(self) -> None:
        free = {door.what for door in DOORS.values() if door.policy is None}
        assert free == {What.ENTER_SETUP, What.OPTION_ROMS}

    def test_a_local_access_key_stops_no_start(self) -> None:
        for memory in (guarded(), locked(guarded()), made_by([], guarded())):
            bench = Bench(memory)
            bench.execute(c.PowerOn())
            assert bench.phase is Phase.POST
