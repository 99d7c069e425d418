"""The German words of the console: none is missing, none is left over, and each still says what the English one says."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

from emulator.companions import strength
from emulator.companions.admin import distribution, policies, screens
from emulator.companions.admin.screens import legend, wizard
from emulator.protocol import policy

SAME = frozenset(
    {
        "Azure AD Group OneDrive",
        "Azure AD Revocation",
        "Enhanced BIOS Authentication Mode",
        "Enter",
        "Esc",
        "HP Sure Admin",
        "Passphrase",
        "Tab ↑↓",
        "UUID",
    }
)
"""What German has as well."""
REASONS = (
    policies.NO_ENDORSEMENT,
    policies.NO_SIGNING,
    policies.PROVISIONING_FIRST,
    policies.NOT_SIGNED,
    policies.MODE_FIRST,
    wizard.NOTHING_CHOSEN,
)
GUIDE = {
    "Key name": "Schlüsselname",
    "Browse…": "Durchsuchen…",
    "Create Key": "Schlüssel erstellen",
    "Key successfully created": "Schlüssel erfolgreich erstellt",
    "Next": "Weiter",
    "Save Policy": "Richtlinie speichern",
    "Saved successfully": "Erfolgreich gespeichert",
    "Deprovision": "Bereitstellung aufheben",
    "Restore security settings": "Sicherheitseinstellungen auf die Werkseinstellungen zurücksetzen",
}
"""Labels as the vendor's guide has them."""
KEPT = re.compile(r"\{\w+\}|\d+")
SPEAKERS = {"words", "_words", "told"}
LEGEND = 80


def _text() -> str:
    return (resources.files("emulator.companions.admin") / "languages" / "de.json").read_text("utf-8")


@cache
def german() -> dict[str, str]:
    words: dict[str, str] = json.loads(_text())
    return words


def _spoken() -> Iterator[str]:
    """Each literal that is given to a speaker."""
    for path in Path(str(screens.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in SPEAKERS:
                first = node.args[0]
                for each in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                    if isinstance(each, ast.Constant):
                        yield str(each.value)


def _name(expression: ast.expr) -> str:
    match expression:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


@cache
def shown() -> frozenset[str]:
    """Every text of the console: its own, and those of what it shows."""
    own = set(_spoken())
    ways = {text for way in distribution.WAYS for text in (way.title, way.about)} | {distribution.NO_SIGN_IN}
    refusals = {
        *REASONS,
        policies.NOT_BOUND,
        policy.EXPLAINS_IN_USE,
        wizard.NO_PRIVATE,
        wizard.NO_CERTIFICATE,
    }
    strengths = {
        *(label for _, label in strength.GRADES),
        *(text for _, _, text in strength._AGES),
        *strength._ADVICE.values(),
        strength.MORE_WORDS,
        "more than a million years",
        "less than two seconds",
    }
    return frozenset(own | ways | refusals | strengths)


def test_every_text_has_german() -> None:
    assert len(shown()) > 150
    assert sorted(shown() - set(german())) == []


def test_no_german_is_left_over() -> None:
    assert sorted(set(german()) - shown()) == []


def test_the_catalogue_is_sorted() -> None:
    assert _text() == f"{json.dumps(german(), ensure_ascii=False, indent=1, sort_keys=True)}\n"


def test_what_is_the_same_in_german_is_known_here() -> None:
    assert {english for english, text in german().items() if text == english} == SAME


def test_numbers_and_placeholders_survive_translation() -> None:
    assert [
        english
        for english, text in german().items()
        if sorted(KEPT.findall(english)) != sorted(KEPT.findall(text))
    ] == []


def test_sentences_end_as_in_english() -> None:
    marks = (".", "?", ":", "…")
    assert [
        english
        for english, text in german().items()
        if (english[-1] in marks or text[-1] in marks) and english[-1] != text[-1]
    ] == []


def test_labels_are_those_of_the_guide() -> None:
    assert {english: german()[english] for english in GUIDE} == GUIDE


def test_the_legend_fits_into_eighty_columns() -> None:
    for say in (lambda text: text, lambda text: german()[text]):
        line = "  ".join(f"{say(key)} {say(does)}" for key, does, _ in legend.KEYS)
        assert len(line) + 2 <= LEGEND, line
