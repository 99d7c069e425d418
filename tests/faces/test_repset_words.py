"""The words behind `f10 repset`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import repset_words
from emulator.repset_words import NotUnderstood, understood


def test_each_verb_is_understood_in_each_spelling_of_its_options() -> None:
    words = understood(["check", "a.cfg", "--model", "m", "--quirk=a=b", "--quirk", "c=d=e", "--json"])
    assert (words.verb, words.files, words.as_json) == ("check", ("a.cfg",), True)
    assert (words.options, words.quirks) == ({"--model": "m"}, {"a": "b", "c": "d=e"})
    assert words.descriptor is None
    assert understood(["apply", "--password-fd=7", "-"]).descriptor == 7
    assert understood(["dump"]).files == ()
    assert understood(["dump", "--format", "csv", "x", "--force"]).flags == {"--force"}
    assert understood(["diff", "a", "-", "--repset", "-"]).files == ("a", "-")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "set a",
        "dump a b",
        "dump --format pdf",
        "dump --format",
        "dump --json",
        "apply",
        "apply a b",
        "apply a --model m",
        "apply a --password-fd x",
        "apply a --password-fd -1",
        "apply a --password-fd 1 --password-fd 2",
        "apply a --force",
        "apply a -x",
        "check a --quirk name",
        "check --quirk",
        "diff a",
        "diff - -",
        "diff a b c",
    ],
)
def test_what_is_no_command_is_refused_with_the_form_that_it_must_have(line: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        understood(line.split())
    assert "repset" in str(refused.value) or "--" in str(refused.value)


def test_the_usage_names_every_verb_option_and_format() -> None:
    forms = (
        " ".join(repset_words.FORMS.values()).replace("[", " ").replace("]", " ").replace("|", " ").split()
    )
    for word in forms:
        if word.startswith("--") or word in repset_words.FORMATS:
            assert word in repset_words.USAGE


@given(
    st.lists(st.sampled_from(["dump", "check", "a", "-", "--json", "--model", "--quirk", "x=y", "--format"]))
)
def test_any_words_are_understood_or_refused(words: list[str]) -> None:
    try:
        found = understood(words)
    except NotUnderstood:
        return
    assert found.verb == words[0]
    assert set(found.files) <= set(words)
