"""The German words of Computer Setup: none is missing, none is left over, and each still says what the English one says."""

import ast
import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from textual.pilot import Pilot

from emulator import firmware, models, setup
from emulator.firmware import commands as c
from emulator.firmware import passwords, secure_boot
from emulator.firmware.boot import Entry
from emulator.firmware.catalogue import IS_NOT_SET, IS_SET, Kind, Line, Role, Setting
from emulator.firmware.derived import STATE_TEXT
from emulator.firmware.quirks import Quirks
from emulator.machine import TargetPC
from emulator.protocol.spm import State
from emulator.setup import legends, password_dialog, prompts, running, setup_actions, tool_screen, views
from emulator.setup.language import named
from emulator.setup.start_menus import StartupMenuScreen
from tests import provisioning
from tests.setup.person import find, in_setup, open_page, play, press, seen
from tests.setup.rendering import assert_golden, fixed_pc, golden

LONGEST_NAME = 70
"""Columns that the name of a setting may take: one line of the narrowest screen with room for a value's mark."""
ROLES = ("actions", "headings", "menus", "pages", "reasons", "settings", "texts", "values")
"""What a model brings along, sort by sort."""
SCREEN = "screen"
"""What the screens say of themselves."""
LINE_ROLES = {"heading": "headings", "text": "texts", "action": "actions", "page": "pages"}
SAME = "same"
"""The member that lists the words that stay as they are in English: names of products, abbreviations, numbers."""
LEVEL, STUFE = " Security Level", " - Sicherheitsstufe"
KEPT = re.compile(r"\{[^}]*\}|%|[0-9]+")
"""What every translation has to repeat: placeholders, units of a bound, and numbers (among them those of keys, as in F9)."""
SPEAKERS = ("words", "say", "keys", "legend")
"""Functions of the screens whose first argument is looked up. `say` of a screen shows what others have looked up."""
CONSOLE_ARROWS = frozenset("↑↓←→")
"""Signs that a Linux console has, although Python's code page 437 calls them control characters."""
LEGEND, MENU_LINE, DIALOG, FIELD, BESIDE = 78, 76, 60, 23, 25
"""Columns: a legend, a line of a start menu, a line of a dialog, the name of a field there, the texts beside a challenge's code."""

PLAIN: Mapping[str, Collection[str]] = {
    "clock_dialog.py: text": ("Date", "Time (UTC)"),
    "password_dialog.py: label": ("Current password", "New password", "New password again"),
    "prompts.py: asks": (
        "Computer Setup asks for the administrator password.",
        "Computer Setup asks for the power-on password.",
    ),
    "start_menus.py: self._heading": ("Startup Menu", "Boot Menu", "This machine has nothing to start from."),
    "system_text.py: mode['mode']": ("on", "off"),
    "system_text.py: mode['local_access']": ("Configured", "BIOS Password Protection only", "Not Protected"),
    "system_text.py: what": (
        "Secure Platform Management keys",
        "give up the Secure Platform Management keys",
    ),
    "too_small.py: text": (
        "This window is {columns}x{rows}. Make it 60x18 or larger (80x24 is best), or press Ctrl+Q.",
        "This window is {columns}x{rows}. Make it 60x18 or larger (80x24 is best).",
    ),
    "setup_screen.py: none": ("Enter opens this page.", "There is no help for this item."),
    "setup_screen.py: text": (
        "Save the changes and restart?",
        "There is nothing to save. Restart?",
        "Ignore the changes and start the operating system?",
        "Leave Computer Setup and start the operating system?",
    ),
    "views.py: mode": ("User mode: a platform key is enrolled.", views.SETUP_MODE),
    "wording.py: text": (
        "A number from {least} to {most}",
        "A number from {least} to {most}, in steps of {step}",
        "Up to {most} characters",
        "{least} to {most} characters",
    ),
}
"""Texts that reach a speaker by a variable, under the module and what it writes there: each stands in the program as it is."""

TOLD = ("Enable", "Permanently Disabled")
"""Words among what settings tell that are texts and only tell."""
_DOORS = tuple(entry.value for entry in Entry)
_RESTARTS = (
    *(
        f"The response code was wrong {tries} times"
        for tries in get_args(get_type_hints(Quirks)["response_tries"])
    ),
    "The code was wrong several times; the change still waits",
)

TABLES: Mapping[str, Collection[str]] = {
    **PLAIN,
    "challenge_text.py: entry.value": _DOORS,
    "notices.py: f'{reason[0].upper()}{reason[1:]}: the machine restarted.'": [
        f"{reason}: the machine restarted." for reason in _RESTARTS
    ],
    "password_dialog.py: HINT": (password_dialog.HINT,),
    "prompts.py: ON_THIS_MACHINE[prompt.subject]": prompts.ON_THIS_MACHINE.values(),
    "prompts.py: entry.value": _DOORS,
    "prompts.py: f'The {entry.value} asks for the administrator password.'": [
        f"The {door} asks for the administrator password." for door in _DOORS if door != Entry.SETUP.value
    ],
    "running.py: NO_QUIT": (running.NO_QUIT,),
    "running.py: views.SYSTEM_INFORMATION": (views.SYSTEM_INFORMATION,),
    "setup_actions.py: about": [about for _, about in setup_actions.QUESTIONS.values()],
    "setup_actions.py: question": [question for question, _ in setup_actions.QUESTIONS.values()],
    "setup_editors.py: f'The {{name}} is {what}.'": [
        f"The {{name}} is {what}." for what in ("set", "changed", "cleared")
    ],
    "setup_editors.py: passwords.NAMES[setting.role]": passwords.NAMES.values(),
    "setup_screen.py: views.RESTORE_ORDERED": (views.RESTORE_ORDERED,),
    "setup_screen.py: visitor": (views.VIEW_ONLY, views.BY_SECURITY_LEVEL),
    "start_menus.py: text": [text for text, _, _ in StartupMenuScreen.ENTRIES],
    "system_text.py: platform['state']": [state.name.lower().replace("_", " ") for state in State],
    "tool_screen.py: REAL[self._entry]": tool_screen.REAL.values(),
    "tool_screen.py: self._entry.value": _DOORS,
    "views.py: entry.kind": (secure_boot.CERTIFICATE, secure_boot.DIGEST, secure_boot.UNREADABLE),
    "views.py: meaning": views.DATABASES.values(),
    "wording.py: value": (IS_SET, IS_NOT_SET, *STATE_TEXT.values(), *TOLD),
}
"""All texts that reach a speaker by more than a literal, but for legends."""
PASSED_ON = frozenset(
    {
        "challenge_screen.py: self._notice",
        "challenge_screen.py: self.words('Saved: {path}', path=path)",
        "challenge_screen.py: sentence(str(fault))",
        "cover_screen.py: self._notice",
        "cover_screen.py: sentence(str(refusal))",
        "dialog.py: text",
        "password_screen.py: self._notice",
        "phase_screen.py: legend",
        "phase_screen.py: text",
        "presence_screen.py: self._notice",
        "running.py: sentence(text)",
        "running.py: text",
        "setup_actions.py: sentence(str(fault))",
        "setup_screen.py: self.language.word('reasons', why)",
    }
)
"""Arguments that others have found the words of, or will, or that the firmware gave."""
LEGENDS = re.compile(r"legends\.[A-Z_]+|self\._(locked_)?keys")


def _text() -> str:
    return (files("emulator.setup") / "languages" / "de.json").read_text(encoding="utf-8")


@cache
def words() -> dict[str, dict[str, str]]:
    return {role: dict(entries) for role, entries in json.loads(_text()).items() if role != SAME}


@cache
def same() -> frozenset[str]:
    return frozenset(json.loads(_text())[SAME])


def pages() -> Iterator[tuple[str, tuple[str, ...], tuple[Setting | Line, ...]]]:
    for model in models.names():
        for path, rows in models.packaged(model).pages.items():
            yield model, path, rows


def settings() -> Iterator[Setting]:
    for _, _, rows in pages():
        yield from (row for row in rows if isinstance(row, Setting))


@cache
def shown() -> dict[str, set[str]]:
    """Each word that a page of a packaged model shows, by its role."""
    found: dict[str, set[str]] = {role: set() for role in ROLES}
    for model in models.names():
        found["menus"] |= set(models.packaged(model).menus)
    for _, path, rows in pages():
        found["pages"] |= set(path[1:])
        for line in (row for row in rows if isinstance(row, Line)):
            found[LINE_ROLES[line.kind]].add(line.text)
    for setting in settings():
        found["settings"].add(setting.name)
        found["reasons"] |= {condition.because for condition in setting.requires}
        if setting.kind is Kind.ENUMERATION:
            found["values"] |= set(setting.values)
    return found


def german(role: str, word: str) -> str:
    return words()[role].get(word, word)


def entries() -> Iterator[tuple[str, str, str]]:
    for role, each in words().items():
        yield from ((role, english, translated) for english, translated in each.items())


def test_the_file_has_the_roles_that_the_screen_asks_for() -> None:
    assert set(words()) - {SCREEN} == set(ROLES)


def test_the_file_is_sorted() -> None:
    content = json.loads(_text())
    assert content[SAME] == sorted(set(content[SAME]))
    assert _text() == f"{json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)}\n"


@pytest.mark.parametrize("role", ROLES)
def test_every_word_that_a_page_shows_is_translated_or_stays_the_same(role: str) -> None:
    assert sorted(shown()[role] - set(words()[role]) - same()) == []


@pytest.mark.parametrize("role", ROLES)
def test_no_entry_is_for_a_word_that_no_page_shows(role: str) -> None:
    assert sorted(set(words()[role]) - shown()[role]) == []


def test_a_word_that_stays_the_same_is_shown_and_not_translated_as_well() -> None:
    assert sorted(same() - on_screens().union(*shown().values())) == []
    assert sorted(same() & {english for role, english, _ in entries() if role != SCREEN}) == []


def test_every_translation_is_a_clean_text_of_its_own() -> None:
    assert [
        (role, english)
        for role, english, translated in entries()
        if translated in ("", english) or translated != translated.strip()
    ] == []


def test_numbers_and_placeholders_survive_translation() -> None:
    assert [
        (english, translated)
        for _, english, translated in entries()
        if sorted(KEPT.findall(english)) != sorted(KEPT.findall(translated))
    ] == []


@pytest.mark.parametrize("role", ["reasons", "settings", "texts"])
def test_a_sentence_a_question_and_a_colon_end_as_in_english(role: str) -> None:
    marks = (".", "?", ":")
    assert [
        (english, translated)
        for english, translated in words()[role].items()
        if (english[-1] in marks or translated[-1] in marks) and english[-1] != translated[-1]
    ] == []


def test_names_of_settings_fit_a_line() -> None:
    assert [name for name in words()["settings"].values() if len(name) > LONGEST_NAME] == []


def test_no_german_name_stands_twice_on_a_page() -> None:
    for model, path, rows in pages():
        names = [german("settings", row.name) for row in rows if isinstance(row, Setting)]
        assert sorted(names) == sorted(set(names)), (model, path)


def test_values_that_differ_in_english_differ_in_german() -> None:
    for setting in settings():
        if setting.kind is Kind.ENUMERATION:
            assert len({german("values", value) for value in setting.values}) == len(setting.values), setting


def test_a_security_level_is_worded_as_the_setting_that_it_guards() -> None:
    names = shown()["settings"]
    levels = [name for name in names if name.endswith(LEVEL) and name.removesuffix(LEVEL) in names]
    # "Thunderbolt Security Level" is a setting of its own, and guards none.
    assert len(levels) > 60
    for level in levels:
        assert german("settings", level) == german("settings", level.removesuffix(LEVEL)) + STUFE


def modules(package: str | None) -> Iterator[tuple[str, ast.Module]]:
    assert package is not None
    for path in sorted(Path(package).parent.glob("*.py")):
        yield path.name, ast.parse(path.read_text(encoding="utf-8"))


@cache
def spoken() -> tuple[tuple[str, ast.expr], ...]:
    """What each speaker is given first, with the module; of a choice each of what it chooses from."""
    return tuple(
        (module, each)
        for module, tree in modules(setup.__file__)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for each in _given(call)
    )


def _given(call: ast.Call) -> tuple[ast.expr, ...]:
    if not call.args:
        return ()
    if _name(call.func) == "map" and _name(call.args[0]) in SPEAKERS:
        return (call.args[1],)
    first = call.args[0]
    if _name(call.func) not in SPEAKERS:
        return ()
    return (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)


def _name(expression: ast.expr) -> str:
    match expression:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def literal(expression: ast.expr) -> str | None:
    """What a literal says, of which implicitly joined ones are one."""
    value = expression.value if isinstance(expression, ast.Constant) else None
    return value if isinstance(value, str) else None


@cache
def on_screens() -> frozenset[str]:
    """Every text of the screens themselves."""
    literals = {text for _, each in spoken() if (text := literal(each))}
    return frozenset(literals.union(legends.EVERY, *TABLES.values()))


def said(text: str) -> str:
    return named("Deutsch").say(text)


def test_what_is_spoken_is_a_literal_a_legend_or_known_here() -> None:
    others = {
        f"{module}: {written}"
        for module, each in spoken()
        if literal(each) is None and not LEGENDS.fullmatch(written := ast.unparse(each))
    }
    assert sorted(others - PASSED_ON - set(TABLES)) == []
    assert sorted({*PASSED_ON, *TABLES} - others) == []


def test_legends_are_all_in_their_tuple() -> None:
    assert {text for name, text in vars(legends).items() if name.isupper() and name != "EVERY"} == set(
        legends.EVERY
    )


def test_the_plain_texts_that_are_known_here_stand_in_the_program() -> None:
    constants = {
        node.value
        for package in (setup.__file__, firmware.__file__)
        for _, tree in modules(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set().union(*PLAIN.values()) - constants) == []
    assert f"{_RESTARTS[-1][:1].lower()}{_RESTARTS[-1][1:]}" in constants


def test_settings_that_only_tell_tell_these_words() -> None:
    texts = {each.default for each in settings() if each.read_only and each.kind is Kind.STRING}
    assert texts >= set(TOLD)


def test_every_text_of_the_screens_is_translated_or_stays_the_same() -> None:
    assert sorted(on_screens() - set(words()[SCREEN]) - same()) == []


def test_no_entry_is_for_a_text_that_no_screen_shows() -> None:
    assert sorted(set(words()[SCREEN]) - on_screens()) == []


def test_texts_of_the_screens_need_no_sign_that_a_linux_console_lacks() -> None:
    signs = set("".join(words()[SCREEN].values())) - CONSOLE_ARROWS
    assert "".join(sorted(signs)).encode("cp437")


def test_german_legends_fit_into_eighty_columns() -> None:
    lines = (*legends.EVERY, views.VIEW_ONLY, views.BY_SECURITY_LEVEL)
    assert [text for text in lines if len(said(text)) > LEGEND] == []


def test_german_legends_name_the_keys_that_the_english_ones_name() -> None:
    key = re.compile(r"\b(?:F[0-9]+|Esc|Enter|[A-Z])\b|[?/↑↓←→]")
    assert [
        text for text in legends.EVERY if sorted(key.findall(text)) != sorted(key.findall(said(text)))
    ] == []


def test_german_start_menus_fit_into_eighty_columns() -> None:
    menus = (*TABLES["start_menus.py: text"], *TABLES["start_menus.py: self._heading"])
    assert [text for text in menus if len(said(text)) > MENU_LINE] == []


def test_the_keys_and_fields_of_german_dialogs_fit() -> None:
    fields = (*TABLES["clock_dialog.py: text"], *TABLES["password_dialog.py: label"])
    assert [text for text in fields if len(said(text)) > FIELD] == []
    keys = {
        text for module, each in spoken() if "dialog" in module and "   " in (text := literal(each) or "")
    }
    assert len(keys) > 4
    assert [text for text in keys if len(said(text)) > DIALOG] == []


def test_no_german_word_beside_a_challenge_is_wider_than_its_column() -> None:
    texts = [literal(each) for module, each in spoken() if module.startswith("challenge")]
    beside = [said(text) for text in (*texts, *_DOORS) if text and "   " not in text]
    assert len(beside) > 15
    assert [text for text in beside for word in text.split() if len(word) > BESIDE] == []


def in_german() -> TargetPC:
    """A machine as it leaves the factory, but for the language."""
    pc = fixed_pc()
    in_setup(pc, c.StageSetting(pc.firmware.catalogue.roles[Role.DISPLAY_LANGUAGE].name, "Deutsch"))
    return pc


def see(pilot: Pilot[str], name: str, size: tuple[int, int] = (80, 24)) -> None:
    # The challenge holds ciphertext, so its check differs from run to run.
    assert_golden(
        golden(f"german-{name}", size), re.sub("(Prüfwert:) [0-9A-F]{6}", r"\1 ######", seen(pilot))
    )


def test_the_screens_in_german(usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        see(pilot, "post")
        await press(pilot, "escape")
        see(pilot, "startup-menu")
        await press(pilot, "f1")
        see(pilot, "system-information")
        await press(pilot, "escape", "f10")
        see(pilot, "main")
        await press(pilot, "slash", *"start")
        see(pilot, "search-dialog")
        await press(pilot, "escape", "right")
        see(pilot, "security")
        await press(pilot, "enter")
        see(pilot, "password-dialog")
        await press(pilot, "escape")
        await find(pilot, "Restore Security Settings to Factory Defaults")
        await press(pilot, "enter")
        see(pilot, "restore-question")
        await press(pilot, "j")
        see(pilot, "restore-ordered")
        await press(pilot, "enter")
        await open_page(pilot, "Security", "HP Secure Platform Management (SPM)")
        see(pilot, "secure-platform")
        await press(pilot, "escape")
        await open_page(pilot, "Advanced", "Boot Options")
        await find(pilot, "USB Storage Boot")
        await press(pilot, "enter", "f10")
        see(pilot, "confirm-dialog")
        await press(pilot, "j", "enter")
        see(pilot, "operating-system")

    play(in_german(), usb, script)


@pytest.mark.parametrize("size", [(80, 24), (100, 38)])
def test_the_challenge_in_german(
    usb: Path,
    size: tuple[int, int],
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> None:
    guarded = in_german()
    provisioning.guard(guarded, certificate_der, endorsement_key, signing_key, local_access_key)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10", *"00000000", "enter")
        see(pilot, "challenge", size)
        await press(pilot, "escape")
        if size == (80, 24):
            see(pilot, "operating-system-guarded")

    play(guarded, usb, script, size)


def test_the_presence_prompt_in_german(
    usb: Path, certificate_der: bytes, endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey
) -> None:
    pc = in_german()
    provisioning.start(pc)
    pc.apply(provisioning.endorsement_payload(certificate_der))
    pc.apply(provisioning.signing_payload(endorsement_key, signing_key))

    async def script(pilot: Pilot[str]) -> None:
        see(pilot, "operating-system-pending")
        await press(pilot, "r")
        see(pilot, "presence")

    play(pc, usb, script)
