"""Keys as text: every word is a key, and what is none is refused before anything is switched on, without being repeated."""

import contextlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.setup import key_script
from emulator.setup.key_script import KEYS, Press, Step, UnknownKey, Wait


def typed(text: str) -> tuple[Step, ...]:
    return tuple(Press(sign, sign) for sign in text)


@pytest.mark.parametrize(
    ("script", "steps"),
    [
        ("", ()),
        ("  \n\t ", ()),
        ("F10", (Press("f10"),)),
        ("f1 F12 Up DOWN", (Press("f1"), Press("f12"), Press("up"), Press("down"))),
        ("esc escape", (Press("escape"),) * 2),
        ("pgup PageUp pgdn pagedown", (Press("pageup"),) * 2 + (Press("pagedown"),) * 2),
        ("shift+tab ctrl+S", (Press("shift+tab"), Press("ctrl+s"))),
        ("space", (Press("space", " "),)),
        ("s S 7 + é", typed("sS7+é")),
        ("down*3 s*2", (Press("down"),) * 3 + typed("ss")),
        ("* ** **2 5*2 -", None),
        ('"Hello world" enter', (*typed("Hello world"), Press("enter"))),
        ('"say \\"a\\\\b\\""', typed('say "a\\b"')),
        ('"ab"*2', typed("abab")),
        ('""', ()),
        ("wait:5 WAIT:0.25", (Wait(5.0), Wait(0.25))),
        ("F10\n# 1", (Press("f10"), *typed("#1"))),
    ],
)
def test_words_are_keys(script: str, steps: tuple[Step, ...] | None) -> None:
    if steps is None:
        with pytest.raises(UnknownKey, match="word 2 of the keys is no key"):
            key_script.parse(script)
    else:
        assert key_script.parse(script) == steps


def test_a_star_is_a_sign_and_repeats() -> None:
    assert key_script.parse("* *") == typed("**")
    assert key_script.parse("**3 5*2") == typed("***55")


@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" ")))
def test_any_text_can_be_typed(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    assert key_script.parse(f'F10 "{quoted}" enter') == (Press("f10"), *typed(text), Press("enter"))


@given(st.lists(st.sampled_from(sorted(KEYS)), max_size=20), st.data())
def test_names_are_keys_in_any_case(names: list[str], data: st.DataObject) -> None:
    written = [data.draw(st.sampled_from([name, name.upper(), name.title()])) for name in names]
    steps = key_script.parse(" ".join(written))
    assert [step.key for step in steps if isinstance(step, Press)] == [KEYS[name] for name in names]


@given(st.text())
def test_whatever_comes_is_understood_or_refused(script: str) -> None:
    with contextlib.suppress(UnknownKey):
        assert all(isinstance(step, Press | Wait) for step in key_script.parse(script))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("F10 entr", "word 2 of the keys is no key; perhaps enter is meant. Known are F1 to F12, up, down"),
        ("F13", "word 1 of the keys is no key; perhaps f"),
        ("down*", "word 1"),
        ("down*0", "word 1"),
        ("down*1001", "word 1 of the keys: a key is repeated at most 1000 times"),
        ('a b "open', "word 3 of the keys: text begins with a double quote and ends with one"),
        ('"a"b', "word 1 of the keys: text begins with a double quote"),
        ('"a\nb"', "word 1 of the keys: text holds a sign that no keyboard types"),
        ("\x1b", "word 1 of the keys: text holds a sign"),
        ("wait:", "word 1 of the keys is no key"),
        ("wait:-1", "word 1 of the keys is no key"),
        ("wait:99999", "word 1 of the keys is no key"),
        ("wait:1e5", "word 1 of the keys is no key"),
        ('"0123456789"*1000 ' * 11, "at most 100000 keys are played; word 11"),
    ],
)
def test_what_is_no_key_is_refused_with_its_place(script: str, told: str) -> None:
    with pytest.raises(UnknownKey) as refusal:
        key_script.parse(script)
    assert str(refusal.value).startswith(told)


@given(st.text(string.ascii_letters + string.digits, min_size=12))
def test_a_refusal_repeats_nothing_of_what_was_typed(password: str) -> None:
    for script in (f"enter {password}", f'"{password}', f'"{password}"x'):
        with pytest.raises(UnknownKey) as refusal:
            key_script.parse(script)
        assert password not in str(refusal.value)


def test_steps_do_not_print_what_they_type() -> None:
    assert "Sesame" not in repr(key_script.parse('"Sesame"'))
    assert "S" not in repr(key_script.parse("S")).replace("Press", "")
