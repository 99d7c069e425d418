"""Passphrases of new keys."""

from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.companions import NoPassphrase
from emulator.companions.admin.passphrase import (
    ALPHABET,
    Passphrases,
    UnequalPassphrases,
    UnusablePassphrase,
    WeakPassphrase,
    ask_new,
    generate,
    refuse_weak,
)


def test_a_generated_passphrase_is_long_random_and_unmistakable() -> None:
    made = {generate() for _ in range(100)}
    assert len(made) == 100
    for passphrase in made:
        refuse_weak(passphrase)
        assert [len(group) for group in passphrase.split("-")] == [4] * 5
        assert set(passphrase) <= set(ALPHABET) | {"-"}
    assert not set("ilo01") & set(ALPHABET)
    assert len(set(ALPHABET)) == 31


def test_its_randomness_is_the_caller_s() -> None:
    drawn = iter(range(20))
    assert generate(lambda limit: next(drawn) % limit) == "abcd-efgh-jkmn-pqrs-tuvw"


@pytest.mark.parametrize("passphrase", ["", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "121212121212"])
def test_a_hopeless_one_is_refused_without_being_repeated(passphrase: str) -> None:
    with pytest.raises(WeakPassphrase, match="at least 12 characters") as refusal:
        refuse_weak(passphrase)
    assert not passphrase or passphrase not in str(refusal.value)


@pytest.mark.parametrize(
    ("passphrase", "tells"),
    [
        ("Password1234!", "very weak: whoever has the picture needs less than two seconds to guess it"),
        ("abcdefghijklmnop", "Sequences such as abc"),
        ("qwertyuiopasdfgh", "Rows of neighbouring keys|Well-known passwords"),
        ("abcdefabcdefabcdef", "Repeating something adds next to nothing"),
    ],
)
def test_one_that_is_long_but_guessed_within_a_month_is_refused_with_the_reason(
    passphrase: str, tells: str
) -> None:
    with pytest.raises(WeakPassphrase, match=tells) as refusal:
        refuse_weak(passphrase)
    assert passphrase not in str(refusal.value)
    assert "--generate-passphrase" in str(refusal.value).lower()


def test_the_key_s_name_is_no_passphrase() -> None:
    name = "Zugang Hochregallager Zittau"
    refuse_weak(name)
    with pytest.raises(WeakPassphrase):
        refuse_weak(name, [name])


def test_one_that_no_key_file_takes_is_refused() -> None:
    refuse_weak("correct horse battery staple." + "ö" * 497)
    with pytest.raises(UnusablePassphrase, match="at most 1023 bytes of UTF-8; 1024 came"):
        refuse_weak("correct horse battery staple" + "ö" * 498)
    with pytest.raises(UnusablePassphrase, match="no UTF-8 text"):
        refuse_weak("correct horse battery staple \udcff")


def test_a_new_one_is_asked_for_twice(answers: list[str]) -> None:
    answers += ["correct horse battery", "correct horse battery"]
    assert ask_new("the key") == "correct horse battery"
    answers += ["correct horse battery", "correct horse batteries"]
    with pytest.raises(UnequalPassphrases):
        ask_new("the key")
    answers += ["weak"]
    with pytest.raises(WeakPassphrase):
        ask_new("the key")


def test_the_person_is_asked_once_for_two_files_that_share_a_passphrase(answers: list[str]) -> None:
    known = Passphrases([])
    answers += ["first", "second"]
    assert list(known.for_file(Path("a"))) == ["first"]
    shared = known.for_file(Path("b"))
    assert next(shared) == "first"
    assert answers == ["second"]
    assert list(shared) == ["second"]


def test_nobody_is_asked_when_descriptors_were_given(descriptor: Callable[..., str]) -> None:
    known = Passphrases([int(descriptor("one")), int(descriptor("two"))])
    assert list(known.for_file(Path("a"))) == ["one", "two"]
    with pytest.raises(NoPassphrase):
        list(Passphrases([]).for_file(Path("a")))
