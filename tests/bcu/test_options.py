"""BCU's command line: every option in every spelling, quotes kept and taken away, combinations that exclude each other."""

import string
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from emulator.bcu import assignment, options
from emulator.bcu.options import Deed, Options
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.bcu.signing_options import Signing

WITH_FILE = {
    "Get": "argument",
    "GetConfig": "argument",
    "Set": "argument",
    "SetConfig": "argument",
    "getvalue": "argument",
    "setvalue": "argument",
    "cspwdfile": "current_password_file",
    "cpwdfile": "current_password_file",
    "CurSetupPasswordFile": "current_password_file",
    "nspwdfile": "new_password_file",
    "npwdfile": "new_password_file",
    "NewSetupPasswordFile": "new_password_file",
    "logpath": "log_folder",
}
DEEDS = {
    "Get": Deed.GET,
    "GetConfig": Deed.GET,
    "Set": Deed.SET,
    "SetConfig": Deed.SET,
    "getvalue": Deed.GET_VALUE,
    "setvalue": Deed.SET_VALUE,
}
# No quotes: which pair is the shell's cannot be told then.
WORDS = st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), min_size=1, max_size=40)
NAMES = st.text(st.sampled_from(string.ascii_letters + string.digits + " ,/()&:#.?%-"), min_size=1).filter(
    lambda name: name.strip() == name
)


def refusal(*arguments: str) -> Stopped:
    with pytest.raises(Stopped) as stopped:
        options.understood(arguments)
    return stopped.value


def any_case(word: str) -> st.SearchStrategy[str]:
    flips = st.lists(st.booleans(), min_size=len(word), max_size=len(word))
    return flips.map(
        lambda drawn: "".join(
            sign.upper() if up else sign.lower() for sign, up in zip(word, drawn, strict=True)
        )
    )


@given(st.data(), st.sampled_from(sorted(WITH_FILE)), WORDS, st.sampled_from(["{}", '"{}"']))
def test_an_argument_is_the_same_in_any_case_of_its_option_with_and_without_quotes(
    data: st.DataObject, option: str, word: str, quotes: str
) -> None:
    others = [] if option in DEEDS else ["/setdefaults"]
    said = f"/{data.draw(any_case(option))}:{quotes.format(word)}"
    found = options.understood([said, *others])
    wanted = quotes.format(word) if option == "setvalue" else word
    assert getattr(found, WITH_FILE[option]) == wanted
    assert found.deed is DEEDS.get(option, Deed.SET_DEFAULTS)


@given(st.sampled_from(sorted(DEEDS)), WORDS)
def test_quotes_round_the_whole_word_are_taken_away_too(option: str, word: str) -> None:
    assume(not word.endswith('"'))
    assert options.understood([f'"/{option}:{word}"']).argument == word


@given(NAMES, st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.sets(NAMES, max_size=5))
def test_name_and_value_in_quotes_are_found_again(name: str, value: str, others: set[str]) -> None:
    # Another setting whose name begins like this one and goes on with the value would be meant as well.
    assume(not any(other.startswith(name) and other != name for other in others))
    assert assignment.taken_apart(f'"{name}","{value}"', {name, *others}) == (name, value)


@given(
    NAMES,
    st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=30),
    st.sets(NAMES),
)
def test_name_and_value_whose_quotes_the_shell_took_are_found_by_the_names_of_the_pc(
    name: str, value: str, others: set[str]
) -> None:
    assume(not any(other.startswith(name) and other != name for other in others))
    assert assignment.taken_apart(f"{name},{value}", {name, *others}) == (name, value)


@given(st.lists(st.text(max_size=20), max_size=6))
def test_any_words_are_understood_or_stop_with_a_code_for_words(words: list[str]) -> None:
    try:
        told: object = options.understood(words)
    except Stopped as stopped:
        told = stopped.code
    assert isinstance(told, Options) or told in {ReturnCode.SYNTAX, ReturnCode.BAD_UUID}


@given(st.text(max_size=40), st.sets(st.text(max_size=10), max_size=4))
def test_any_assignment_is_taken_apart_or_stops(text: str, names: set[str]) -> None:
    try:
        name, _ = assignment.taken_apart(text, names)
    except Stopped as stopped:
        name = stopped.code.name
    assert name
    assert name == "SYNTAX" or name in text


def test_an_unknown_name_ends_at_the_first_comma() -> None:
    assert assignment.taken_apart("Nobody,a,b", {"Secure Boot"}) == ("Nobody", "a,b")


@pytest.mark.parametrize("text", ["Port,A,B,x", '"Port,A,B","x"'])
def test_of_several_names_that_fit_the_longest_counts(text: str) -> None:
    assert assignment.taken_apart(text, {"Port", "Port,A", "Port,A,B"}) == ("Port,A,B", "x")


def test_a_value_may_be_json() -> None:
    value = '{"ssid":"x","key":"y"}'
    assert assignment.taken_apart(f"Preboot Wi-Fi Profile 1,{value}", {"Preboot Wi-Fi Profile 1"})[1] == value


@pytest.mark.parametrize("text", ["Secure Boot", "", ",Disable", '"",""', '"Secure Boot"'])
def test_setvalue_without_name_or_comma_is_syntax(text: str) -> None:
    with pytest.raises(Stopped) as stopped:
        assignment.taken_apart(text, {"Secure Boot"})
    assert stopped.value.code is ReturnCode.SYNTAX


@pytest.mark.parametrize(
    "words", [[], ["--json"], ["/?"], ["/Help"], ["/HELP", "/get:x"], ["-?"], ["--help"]]
)
def test_help_is_shown_when_asked_for_and_when_nothing_was_said(words: list[str]) -> None:
    assert options.understood(words).deed is Deed.HELP


@pytest.mark.parametrize(
    "words",
    [
        ["/set"],
        ["/set:"],
        ["/set: ", "x"],
        ["/getvalue:"],
        ["/setvalue:"],
        ["/cpwdfile:", "/set:a"],
        ["/cspwdfile:a", "/cpwdfile:b", "/set:c"],
        ["/cspwdfile:a", "--password-fd", "3", "/set:c"],
        ["/nspwdfile:a", "--new-password-fd=3"],
        ["/pkeypwd:a", "--pkeypwd-fd=3", "/set:x"],
        ["/get:a", "/set:b"],
        ["/getvalue:a", "/setvalue:b,c"],
        ["/get:a", "/nspwdfile:b"],
        ["/unicode", "/get:a"],
        ["/unicode", "/verbose"],
        ["/verbose"],
        ["/cspwdfile:a"],
        ["/verbose:1", "/set:x"],
        ["/get:a", "/pkey:b"],
        ["/getvalue:a", "/ot:1"],
        ["/addauthstr", "/setvalue:a,b"],
        ["/addauthstr"],
        ["/addauthstr", "/set:a", "/nspwdfile:b"],
        ["/ot:2", "/set:a"],
        ["/ot:", "/set:a"],
        ["/ar:-1", "/set:a"],
        ["/ar:4294967296", "/set:a"],
        ["/ar:٣", "/set:a"],
        ["--password-fd", "x", "/set:a"],
        ["--password-fd"],
        ["/nothing:x"],
        ["stray"],
        ["/set:a", "/set:a"],
        ["/cspwd:secret", "/set:a"],
        ["/CreateUser:x"],
    ],
)
def test_what_cannot_be_understood_is_code_15(words: list[str]) -> None:
    stopped = refusal(*words)
    assert stopped.code is ReturnCode.SYNTAX
    assert len(str(stopped)) > 10


def test_a_removed_option_is_named_without_its_password() -> None:
    told = str(refusal("/cspwd:TopSecret", "/set:a"))
    assert "cspwd" in told
    assert "TopSecret" not in told


@pytest.mark.parametrize("uuid", ["12", "f" * 31, "f" * 33, "g" * 32, "12345678-1234-1234-1234-123456789abc"])
def test_a_bad_uuid_has_a_code_of_its_own(uuid: str) -> None:
    assert refusal("/set:a", f"/uid:{uuid}").code is ReturnCode.BAD_UUID


def test_set_defaults_makes_other_reading_and_writing_be_ignored() -> None:
    found = options.understood(["/get:a", "/SetDefaults", "/setvalue:b,c"])
    assert (found.deed, found.argument) == (Deed.SET_DEFAULTS, "")


def test_options_of_signing_come_through() -> None:
    found = options.understood(
        [
            "/set:a",
            "/AR:7",
            "/ot:1",
            "/uid:" + "0123456789abcdef" * 2,
            "/pkey:k.pfx",
            "/pkeypwd:",
            "/addauthstr",
        ]
    )
    target = UUID("67452301-ab89-efcd-0123-456789abcdef")
    assert found.signing == Signing(7, True, target, any_machine=False, key_file="k.pfx")
    assert found.only_sign
    assert found.key_password == ""


def test_the_wildcard_uuid_means_every_machine() -> None:
    signing = options.understood(["/set:a", "/uid:" + "F" * 32]).signing
    assert signing == Signing(any_machine=True)
    assert signing.wanted


def test_a_password_in_the_words_is_in_no_repr() -> None:
    assert "hunter2" not in repr(options.understood(["/set:a", "/pkeypwd:hunter2"]))


def test_a_new_password_alone_is_a_deed() -> None:
    found = options.understood(["/nspwdfile:", "/cspwdfile:x"])
    assert (found.deed, found.new_password_file) == (Deed.CHANGE_PASSWORD, "")
    assert found.changes_password


def test_an_empty_file_name_means_the_console() -> None:
    assert options.understood(["/get:"]) == Options(Deed.GET)
    assert options.understood(['/GetConfig:""']) == Options(Deed.GET)


@pytest.mark.parametrize("word", ["/get", "/GetConfig", '"/GET"'])
def test_a_bare_get_means_the_console_too(word: str) -> None:
    assert options.understood([word]) == Options(Deed.GET)
