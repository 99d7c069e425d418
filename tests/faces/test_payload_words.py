"""The words behind `f10 payload`."""

import pytest

from emulator.payload_words import NotUnderstood, Words, understood


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("apply x.json", Words("apply", "x.json")),
        ("apply --json -", Words("apply", "-", as_json=True)),
        ("apply x --file=f.bin --from 3", Words("apply", "x", firmware="f.bin", first=3)),
        ("show x", Words("show", "x")),
        (
            "show --key a x --key=b --passphrase-fd 0",
            Words("show", "x", keys=("a", "b"), descriptors=(0,)),
        ),
        ("verify x --key a --json", Words("verify", "x", as_json=True, keys=("a",))),
    ],
)
def test_they_are_understood(said: str, meant: Words) -> None:
    assert understood(said.split()) == meant


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "one of apply, show, verify"),
        ("eat x", "one of apply, show, verify"),
        ("apply", "apply FILE"),
        ("apply x y", "apply FILE"),
        ("apply x --key a", "apply FILE"),
        ("apply --verbose", "apply FILE"),
        ("apply x --from 0", "--from takes a number from 1; '0' came"),
        ("apply x --from -1", "--from takes a number from 1"),
        ("apply x --from 9999999999", "--from takes a number from 1"),
        ("apply x --from", "--from needs a value"),
        ("apply x --file a --file b", "--file is there twice"),
        ("show x --from 2", "show FILE"),
        ("show x --passphrase-fd x", "--passphrase-fd takes a number from 0"),
        ("verify x", "takes a key"),
    ],
)
def test_or_a_sentence_says_what_was_expected(said: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        understood(said.split())
