"""The German words of the phone's pages: none is missing, none is left over, and each still says what the English one says."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from emulator import protocol
from emulator.companions import authenticator
from emulator.companions import language as spoken
from emulator.companions.authenticator import screens
from emulator.companions.authenticator.history import Deed
from emulator.companions.authenticator.screens.history_page import DEEDS
from emulator.companions.authenticator.screens.sentences import SENTENCES, said
from emulator.companions.authenticator.screens.wording import PURPOSES
from emulator.protocol.challenge import Purpose

SAME = {"OK", "Name", "Passphrase"}
"""Words that are the same in both languages."""
SPEAKERS = {"words": 0, "later": 0, "ends": 0, "Tap": 1}
"""Functions of the pages, and which of their arguments is a text."""
PASSED_ON = frozenset(
    {
        "(_PAST if seconds >= 0 else _AHEAD)[unit]",
        "DEEDS[event.event]",
        "PURPOSES[asked.header.purpose]",
        "PURPOSES[header.purpose]",
        "PURPOSES[known]",
        "STATES[validity.state]",
        "english",
        "name",
        "self.KEYS",
        "self.NAME",
        "self._yes",
        "state",
        "text",
    }
)
"""Texts that are looked up where they are shown; each was marked by `later` where it stands."""
KEPT = re.compile(r"\{[^}]*\}|[0-9]+")
KEY = re.compile(r"(?:^|   )(Enter|Esc|Ctrl\+Q|Strg\+Q|PgUp PgDn|Bild↑↓|↑↓|→|[A-Z](?= ))")
ON_GERMAN_KEYBOARDS = {"Ctrl+Q": "Strg+Q", "PgUp PgDn": "Bild↑↓"}
LEGEND, LABEL = 42, 38
"""Columns of the keys' line, and of a button or a title with the key beside it."""


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(Path(str(files(screens))).glob("*.py")):
        yield path.name, ast.parse(path.read_text(encoding="utf-8"))


@cache
def spoken_of() -> tuple[tuple[str, ast.expr], ...]:
    """What each speaker is given, with its module."""
    found = []
    for module, tree in trees():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call):
                name = _name(call.func)
                place = SPEAKERS.get(name, len(call.args))
                if place < len(call.args):
                    found.append((module, call.args[place]))
    return tuple(found)


def _name(expression: ast.expr) -> str:
    match expression:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


@cache
def texts() -> frozenset[str]:
    literals = {each.value for _, each in spoken_of() if isinstance(each, ast.Constant)}
    return frozenset(text for text in literals if isinstance(text, str))


@cache
def german() -> dict[str, str]:
    raw = (files(authenticator) / "languages" / "de.json").read_text(encoding="utf-8")
    return dict(json.loads(raw))


def test_every_text_is_a_literal_or_was_marked() -> None:
    others = {
        ast.unparse(each)
        for _, each in spoken_of()
        if not isinstance(each, ast.Constant) and _name(getattr(each, "func", each)) != "later"
    }
    assert sorted(others - PASSED_ON) == []
    assert len(texts()) > 150


def test_every_text_is_translated_or_stays_the_same() -> None:
    assert sorted((texts() | set(SENTENCES)) - set(german()) - SAME) == []
    assert sorted(set(german()) & SAME) == []


def test_no_entry_is_for_a_text_that_no_page_shows() -> None:
    assert sorted(set(german()) - texts() - set(SENTENCES)) == []


def test_the_file_is_sorted_and_its_texts_are_clean() -> None:
    raw = (files(authenticator) / "languages" / "de.json").read_text(encoding="utf-8")
    assert raw == f"{json.dumps(german(), ensure_ascii=False, indent=1, sort_keys=True)}\n"
    assert [one for one, other in german().items() if other in ("", one) or other != other.strip()] == []


def test_numbers_and_placeholders_survive_translation() -> None:
    assert [
        one for one, other in german().items() if sorted(KEPT.findall(one)) != sorted(KEPT.findall(other))
    ] == []


def test_a_sentence_ends_as_in_english() -> None:
    marks = (".", "?", ":", "…")
    assert [
        one
        for one, other in german().items()
        if (one.endswith(marks) or other.endswith(marks)) and one[-1] != other[-1]
    ] == []


def test_legends_name_the_same_keys_and_fit_the_phone() -> None:
    legends = [text for text in texts() if "   " in text]
    assert len(legends) > 15
    assert [
        text
        for text in legends
        if [ON_GERMAN_KEYBOARDS.get(key, key) for key in KEY.findall(text)] != KEY.findall(german()[text])
    ] == []
    assert [text for one in legends for text in (one, german()[one]) if len(text) > LEGEND] == []


def test_titles_and_buttons_fit_the_phone() -> None:
    labels = {
        each.value
        for module, tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call.func) == "Tap"
        for each in call.args[1:2]
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    assert len(labels) > 15
    assert [text for one in labels for text in (one, german().get(one, one)) if len(text) > LABEL] == []


def test_the_guides_own_words_stand_on_the_pages() -> None:
    pages = {"Registration", "Scan QR code", "Your PIN", "Enter passphrase", "Enter your e-mail address"}
    assert {german()[text] for text in pages} == {
        "Registrierung",
        "QR-Code scannen",
        "Ihre PIN",
        "Passphrase eingeben",
        "Geben Sie Ihre E-Mail-Adresse ein",
    }


@cache
def raised() -> frozenset[str]:
    """Every text in the library and on the pages, with {} for what it fills in."""
    found = set()
    places = (authenticator, screens, protocol)
    folders = [Path(str(files(place))) for place in places]
    paths = (each for folder in (*folders, folders[0].parent) for each in folder.glob("*.py"))
    for path in (each for each in paths if each.name != "sentences.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.add(
                    "".join(
                        str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values
                    )
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_is_one_that_the_library_says(sentence: str) -> None:
    assert re.sub(r"\{\w+\}", "{}", sentence) in raised()


def test_the_history_has_words_for_every_deed_and_every_purpose() -> None:
    assert set(DEEDS) == set(Deed)
    assert set(PURPOSES) == set(Purpose)


def test_a_refusal_is_told_in_german_with_its_values() -> None:
    words = spoken.of("emulator.companions.authenticator", "de")
    told = said(words, "/tmp/{odd}.png cannot be read: Permission denied")
    assert told == "/tmp/{odd}.png kann nicht gelesen werden: Permission denied."
    assert said(words, "nobody knows this sentence") == "Nobody knows this sentence."
