"""Rules of the firmware, as an author meets them: each with its line, and each alone refuses what breaks it."""

import pytest

from emulator.firmware.catalogue import Keeper
from emulator.firmware.derived import TELLERS
from emulator.firmware.model_rules import IDLE, TELLS
from tests.models.authoring import (
    ADMINISTRATOR,
    KEY,
    NUMBER,
    ORDER,
    PASSWORD,
    SECRET,
    SMALL,
    SWITCH,
    TEXT,
    assert_refused,
    compiled,
    edited,
    faults,
    other,
)


def conditions(*entries: str, name: str = "Other") -> str:
    """Each entry is a setting and what it must be; the last entry is marked."""
    told = [
        f'{{ setting = "{each.split("=")[0]}", is = {each.split("=")[1]}, because = "So." }},'
        for each in entries
    ]
    return "requires = [\n" + "\n".join(told) + " #!\n]\n"


VALUES = [
    (
        'kind = "enumeration"\nvalues = ["A,B", "C"] #!\ndefault = "C"\n',
        "has the value 'A,B': no value holds a comma",
    ),
    ('kind = "enumeration"\nvalues = ["A", "*B"] #!\ndefault = "A"\n', "begins with '*' or ';'"),
    ('kind = "enumeration"\nvalues = ["A", ";B"] #!\ndefault = "A"\n', "begins with '*' or ';'"),
    ('kind = "ordered list"\nvalues = ["A", "A,B"] #!\ndefault = ["A", "A,B"]\n', "no value holds a comma"),
    (
        'kind = "ordered list"\nvalues = ["A", "B Disabled"] #!\ndefault = ["A"]\n',
        "' Disabled' behind one means off",
    ),
    (
        NUMBER.replace("lower_bound = 10", "lower_bound = 60 #!"),
        "has a 'lower_bound' above its 'upper_bound'",
    ),
    (TEXT + "min_length = 9 #!\n", "has a 'min_length' above its 'max_length'"),
    ('kind = "string"\nmax_length = 8001 #!\n', "has a 'max_length' above 8000"),
]
DEFAULTS = [
    (
        SWITCH.replace('default = "Disable"', 'default = "Off" #!'),
        "the default is refused: 'Other' takes 'Disable', 'Enable'",
    ),
    (NUMBER.replace("default = 10", "default = 5 #!"), "'Other' takes 10 to 50 in steps of 5; 5 came"),
    (NUMBER.replace("default = 10", "default = 55 #!"), "takes 10 to 50"),
    (NUMBER.replace("default = 10", "default = 12 #!"), "in steps of 5"),
    (NUMBER.replace("default = 10", 'default = "010" #!'), "would keep its default as '10'"),
    (NUMBER.replace("default = 10", 'default = "ten" #!'), "takes a decimal number"),
    (TEXT + 'default = "too long it is" #!\n', "takes 0 to 8 characters"),
    (ORDER.replace('["A", "B Disabled"]', '["A", "A"] #!'), "'Other'"),
    (ORDER.replace('["A", "B Disabled"]', '["A"] #!'), "would keep its default as 'A,B'"),
    (ORDER.replace('["A", "B Disabled"]', '["A", "C"] #!'), "would keep its default as 'A,B'"),
    (ORDER.replace('["A", "B Disabled"]', "[] #!"), "'Other'"),
    ('read_only = true\nkind = "enumeration"\nvalues = ["A"]\ndefault = "B" #!\n', "takes 'A'; 'B' came"),
]
FLAGS = [
    (SWITCH + "momentary = true\nset_once = true #!\n", "cannot be set for ever and be back at its default"),
    (TEXT + "momentary = true #!\n", "only an enumeration is an order"),
    (TEXT + 'tells = "product" #!\n', "needs 'read_only = true'"),
    *(
        (f"read_only = true\n{TEXT}{flag} = true #!\n", f"is read-only, so {flag!r} has no effect")
        for flag in ("physical_presence", "set_once", "at_once", "secret")
    ),
    (
        f'read_only = true\n{TEXT}requires = [{{ setting = "Switch", is = "Enable", because = "So." }}] #!\n',
        "is read-only, so 'requires' has no effect",
    ),
    (
        f'role = "administrator password"\n{PASSWORD}set_once = true #!\n',
        "is a password, so 'set_once' has no effect",
    ),
    (
        f'role = "administrator password"\n{PASSWORD}requires = [{{ setting = "Switch", is = "Enable", because = "So." }}] #!\n',
        "is a password, so 'requires' has no effect",
    ),
    (f'role = "restore security settings"\n{SWITCH}set_once = true #!\n', "'set_once' has no effect"),
    (f'role = "signing key"\n{KEY}secret = true #!\n', "is a key, so 'secret' has no effect"),
]


@pytest.mark.parametrize(("keys", "sentence"), [*VALUES, *DEFAULTS, *FLAGS])
def test_a_setting_is_what_the_firmware_can_keep(keys: str, sentence: str) -> None:
    assert_refused(other(keys), sentence)


@pytest.mark.parametrize(
    "keys", [SWITCH, TEXT, NUMBER, ORDER, f'role = "administrator password"\n{PASSWORD}']
)
def test_what_the_rules_change_nothing_about_is_good(keys: str) -> None:
    assert compiled(other(keys)).every["Other"]


def test_what_the_machine_tells_needs_no_default() -> None:
    told = 'read_only = true\ntells = "authentication mode"\nkind = "enumeration"\nvalues = ["Disable", "Enable"]\n'
    assert compiled(other(told)).settings["Other"].default == ""


def test_a_default_of_an_entry_that_is_off_is_good() -> None:
    assert compiled(other(ORDER)).settings["Other"].default == "A,B Disabled"


def test_a_string_without_its_least_length_needs_a_default() -> None:
    text = other(TEXT + "min_length = 1\n").replace("[setting.Other]", "[setting.Other] #!")
    assert_refused(text, "the default is refused: 'Other' takes 1 to 8 characters; 0 came")


def test_what_stands_on_a_page_is_shown() -> None:
    assert_refused(
        edited('default = "Enable"\n', 'default = "Enable"\nshown = false #!\n'), "stands on a page"
    )


LEVELS = [
    ('security_level = "Nothing" #!\n', ""),
    ('security_level = "Switch" #!\n', ""),
    (
        'security_level = "Level" #!\n',
        '[setting.Level]\nlisted = false\nkind = "enumeration"\nvalues = ["Change", "View", "Hide"]\ndefault = "View"\n',
    ),
    (
        'security_level = "Level" #!\n',
        '[setting.Level]\nshown = false\nread_only = true\nkind = "enumeration"\nvalues = ["Change", "View", "Hide"]\ndefault = "View"\n',
    ),
    (
        'security_level = "Level" #!\n',
        '[setting.Level]\nshown = false\nkind = "enumeration"\nvalues = ["Change", "View"]\ndefault = "View"\n',
    ),
]


@pytest.mark.parametrize(("keys", "level"), LEVELS)
def test_a_security_level_is_a_listed_setting_that_can_be_changed(keys: str, level: str) -> None:
    assert_refused(other(SWITCH + keys) + level, "no listed setting with the values Change, View, Hide")


CONDITIONS = [
    (['Nothing="A"'], "a condition on 'Nothing', which the model has not"),
    (['Switch="On"'], "waits for 'Switch' to be 'On', which it cannot be"),
    (['Switch=["Enable", "On", "Off"]'], "waits for 'Switch' to be 'On' or 'Off'"),
    (['Switch="Enable"', 'Number="12"'], "waits for 'Number' to be '12'"),
    (['Number="010"'], "waits for 'Number' to be '010'"),
    (['Text="far too long"'], "waits for 'Text' to be 'far too long'"),
    (['Order="B"'], "waits for 'Order' to be 'B'"),
    (['Fixed="2.0"'], "waits for 'Fixed' to be '2.0'"),
    (['State="Good"'], "waits for 'State' to be 'Good'"),
    (['Administrator="Enable"'], "waits for 'Administrator' to be 'Enable'"),
    (['Secret=""'], "'Secret', which is secret and never told"),
]
ALL = (
    "".join(
        f"[setting.{name}]\nshown = false\n{keys}"
        for name, keys in {"Number": NUMBER, "Text": TEXT, "Order": ORDER}.items()
    )
    + SECRET
    + ADMINISTRATOR
    + '[setting.Fixed]\nshown = false\nread_only = true\nkind = "string"\ndefault = "1.2"\n[setting.Told]\nshown = false\nread_only = true\nkind = "string"\ntells = "serial number"\n'
    + '[setting.State]\nshown = false\nread_only = true\nkind = "enumeration"\ndefault = "Bad"\n'
)


@pytest.mark.parametrize(("entries", "sentence"), CONDITIONS)
def test_a_condition_can_be_met(entries: list[str], sentence: str) -> None:
    assert_refused(other(SWITCH + conditions(*entries)) + ALL, sentence)


def test_conditions_that_can_be_met_are_good() -> None:
    entries = [
        'Switch=["Enable", "Disable"]',
        'Number="15"',
        'Text=""',
        'Order="B,A"',
        'Administrator="not set"',
        'Fixed="1.2"',
        'State="Bad"',
        'Told="5CG"',
    ]
    assert len(compiled(other(SWITCH + conditions(*entries)) + ALL).settings["Other"].requires) == len(
        entries
    )


def chain(names: list[str], *, closed: bool) -> str:
    """Settings of which each hangs on the next."""
    text = SMALL
    for at, name in enumerate(names):
        last = at == len(names) - 1
        text += f"[setting.{name}]\nshown = false\n{SWITCH}"
        if closed or not last:
            text += f'requires = [{{ setting = "{names[(at + 1) % len(names)]}", is = "Enable", because = "So." }}] #!\n'
    return text


@pytest.mark.parametrize("length", [1, 2, 5])
def test_no_setting_waits_for_itself(length: int) -> None:
    names = [f"S{number}" for number in range(length)]
    behind = f'[setting.Behind]\nshown = false\n{SWITCH}requires = [{{ setting = "S0", is = "Enable", because = "So." }}]\n'
    above = chain(names, closed=True) + behind
    assert_refused(above, *(f"the conditions of {name!r} lead back to itself" for name in names))


def test_a_chain_of_conditions_has_an_end_soon() -> None:
    names = [f"S{number}" for number in range(16)]
    assert compiled(chain(names, closed=False).replace("#!", ""))
    text = (
        chain(["Top", *names], closed=False).replace("#!", "").replace("[setting.Top]", "#!\n[setting.Top]")
    )
    ((line, sentence),) = faults(text)
    assert sentence == "the conditions of 'Top' form a chain of more than 16 settings"
    assert text.split("\n")[line - 1].startswith("requires")


def test_a_setting_has_few_conditions() -> None:
    many = "requires = [ #!\n" + '{ setting = "Switch", is = "Enable", because = "So." },\n' * 17 + "]\n"
    assert_refused(other(SWITCH + many), "has more than 16 conditions")


def test_settings_have_room_in_the_flash() -> None:
    text = SMALL + "".join(
        f'[setting.S{n}]\nshown = false\nkind = "string"\nmax_length = 8000\ndefault = "{"a" * 800}"\n'
        for n in range(80)
    )
    ((line, sentence),) = faults(text)
    assert line == 1
    assert "there is room for 65536" in sentence


def test_rules_know_what_the_machine_can_tell() -> None:
    assert TELLERS.keys() == TELLS


def test_every_keeper_says_what_it_does_not_ask() -> None:
    assert IDLE.keys() == set(Keeper)
