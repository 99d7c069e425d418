"""What an export lists, and how values stand in a replicated setup."""

import pytest

from emulator.protocol.setting_files_listed import is_listed, lines


@pytest.mark.parametrize(
    ("kind", "shown", "listed"),
    [
        ("String", 1, True),
        ("String", 0, False),
        ("Enumeration", 0, False),
        ("OrderedList", 0, False),
        ("Integer", 1, True),
        ("Integer", 0, True),
        ("Password", 1, False),
        ("Password", 0, False),
    ],
)
def test_what_the_screen_shows_is_listed_and_each_number_but_no_password(
    kind: str, shown: int, listed: bool
) -> None:
    assert is_listed({"Class": f"HPBIOS_BIOS{kind}", "DisplayInUI": shown}) is listed


@pytest.mark.parametrize(
    ("instance", "said"),
    [
        (
            {"Class": "Enumeration", "CurrentValue": "b", "PossibleValues": ["a", "b"], "Value": "a,*b"},
            ["a", "*b"],
        ),
        ({"Class": "Enumeration", "CurrentValue": "c", "PossibleValues": ["a"], "Value": "a"}, ["a"]),
        ({"Class": "Enumeration", "CurrentValue": "c", "PossibleValues": [], "Value": ""}, ["c"]),
        ({"Class": "OrderedList", "Elements": ["x", "y"], "Value": "x,y"}, ["x", "y"]),
        ({"Class": "OrderedList", "Elements": (), "Value": ""}, [""]),
        ({"Class": "String", "Value": "x,y"}, ["x,y"]),
        ({"Class": "Integer", "Value": "07", "IntValue": 7}, ["07"]),
    ],
)
def test_a_value_stands_below_its_name_as_its_kind_wants_it(
    instance: dict[str, object], said: list[str]
) -> None:
    assert lines({**instance, "Class": f"HPBIOS_BIOS{instance['Class']}"}) == said
