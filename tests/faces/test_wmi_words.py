"""The words behind `f10 wmi`, and its pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import wmi_listing, wmi_page, wmi_words
from emulator.devices.wmi_schema import CLASSES
from emulator.wmi_words import FORMS, NotUnderstood, understood


def test_a_setting_is_asked_for() -> None:
    words = understood(["get", "Secure Boot", "--value"])
    assert (words.verb, words.rest, words.flags) == ("get", ("Secure Boot",), frozenset({"--value"}))


@pytest.mark.parametrize("method", ["SetBIOSSetting", "setbiossetting"])
def test_set_is_short_for_its_method(method: str) -> None:
    rest = ["Fast Boot", "Disable", "--password-fd", "3"]
    assert understood(["set", *rest]) == understood(["invoke", method, *rest])


def test_options_stand_anywhere_and_take_their_value_behind_an_equals_sign() -> None:
    words = understood(["raw", "--guid={x}", "file", "--output", "552", "--method=4", "--hex"])
    assert words.options == {"--guid": "{x}", "--output": "552", "--method": "4"}
    assert (words.rest, words.number("--method", 1)) == (("file",), 4)


def test_behind_two_hyphens_everything_is_a_word() -> None:
    assert understood(["set", "--", "Name", "--value"]).rest == ("Name", "--value")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "wmi needs one of get, query"),
        ("fetch x", "wmi needs one of"),
        ("get", FORMS["get"]),
        ("get a b", FORMS["get"]),
        ("get a --hex", "'--hex' is no option here"),
        ("query", FORMS["query"]),
        ("invoke", "the methods are SetBIOSSetting and SetSystemDefaults; '' came"),
        ("invoke Delete x", "'Delete' came"),
        ("invoke SetSystemDefaults x", FORMS["SetSystemDefaults"]),
        ("set Name", "the value is told once"),
        ("set Name Value --value-fd 3", "the value is told once"),
        ("set Name Value --password-fd", "--password-fd stands once"),
        ("set Name Value --auth-fd 3 --auth-fd 4", "--auth-fd stands once"),
        ("set Name Value --auth-fd 3 --password-fd 4", "one of --password-fd and --auth-fd"),
        ("set Name Value --auth-fd three", "takes a number from 0 to 999999999; 'three' came"),
        ("set Name Value --auth-fd -1", "takes a number from 0 to 999999999; '-1' came"),
        ("state --raw bits", "--raw takes kernel or helper"),
        ("state --raw kernel --json", "bytes are told as they are or in hexadecimal"),
        ("state --hex", "bytes are told as they are or in hexadecimal"),
        ("raw file", "raw needs the GUID"),
        ("raw --guid x", FORMS["raw"]),
        ("classes HP_BIOSSetting", FORMS["classes"]),
    ],
)
def test_what_is_not_understood_is_told_with_the_form(line: str, said: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        understood(line.split())
    assert said in str(refused.value)


SAMPLE = [*wmi_words._VERBS, "SetBIOSSetting", "SetSystemDefaults", "--json", "--value", "--raw", "kernel"]
SAMPLE += ["--guid", "--password-fd", "--auth-fd=3", "--value-fd", "7", "--", "name", "", "-"]


@given(st.lists(st.sampled_from(SAMPLE) | st.text(max_size=8), max_size=8))
def test_any_words_are_understood_or_refused(arguments: list[str]) -> None:
    try:
        words = understood(arguments)
    except NotUnderstood:
        return
    assert words.verb in FORMS


def test_the_usage_names_every_form() -> None:
    for form in FORMS.values():
        assert form.split(" [")[0].split(" | ")[0] in wmi_words.USAGE


def test_a_page_steers_no_terminal() -> None:
    page = wmi_page.page([{"Name": "Ownership Tag", "Value": "\x1b[2J", "PossibleValues": ["a", "b\n"]}])
    assert page.splitlines() == [
        "Name                     : Ownership Tag",
        "Value                    : \\x1b[2J",
        "PossibleValues           : a, b\\n",
    ]


def test_bytes_are_dumped_with_their_offset() -> None:
    assert wmi_page.dump(bytes(range(17))).splitlines()[1] == "0010  10"


def test_each_class_is_listed_once_with_what_it_adds() -> None:
    lines = wmi_listing.page().splitlines()
    for each in CLASSES.values():
        assert sum(line.split(" : ")[0] == each.name for line in lines) == 1
    assert sum("LowerBound" in line for line in lines) == 1
