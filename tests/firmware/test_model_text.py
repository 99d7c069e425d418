"""The JSON text of a model: what a good one gives, and that any other is refused with a sentence."""

import json
import time
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import models
from emulator.firmware import model_text
from emulator.firmware.catalogue import Catalogue, Condition, Kind, Line, Role
from emulator.firmware.model_text import MalformedModel
from emulator.models import source
from tests.models.authoring import shared
from tests.models.mutations import ODD, RICH, slips, toml, try_machine

GOOD: dict[str, Any] = json.loads(source.compiled(toml(RICH), shared(), "rich.toml"))


def parse(model: object) -> Catalogue:
    return model_text.parse(json.dumps(model))


def small(**changed: Any) -> dict[str, Any]:
    """A model with one setting, changed."""
    word = {"name": "Word", "kind": "enumeration", "values": ["A", "B"], "default": "A", "page": ["Main"]}
    return {
        "format": 1,
        "id": "small",
        "product": "Small",
        "board": "0001",
        "bios_version": "1",
        "menus": ["Main", "Security"],
        "settings": [{**word, **changed}],
        "pages": [{"path": ["Main"], "rows": ["Word"]}],
    }


def without(model: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in model.items() if name != key}


def refusal(text: str) -> str:
    with pytest.raises(MalformedModel) as refused:
        model_text.parse(text)
    assert str(refused.value).isprintable()
    return str(refused.value)


def test_everything_of_a_setting_is_read() -> None:
    told = {
        "kind": "integer",
        "values": [],
        "lower_bound": 1,
        "upper_bound": 9,
        "step": 2,
        "default": "3",
        "wmi_path": "\\Main",
        "sequence": 10,
        "at_once": True,
        "aliases": ["Old"],
        "role": "startup delay",
        "requires": [{"setting": "Other", "is": ["A"], "because": "So."}],
        "help": "Help.",
    }
    model = small(**told)
    model["settings"].append(
        {"name": "Other", "kind": "enumeration", "values": ["A"], "default": "A", "listed": False}
    )
    word = parse(model).settings["Word"]
    assert (word.kind, word.lower_bound, word.upper_bound, word.step, word.default) == (
        Kind.INTEGER,
        1,
        9,
        2,
        "3",
    )
    assert (word.wmi_path, word.sequence, word.at_once, word.help) == ("\\Main", 10, True, "Help.")
    assert (word.aliases, word.role) == (("Old",), Role.STARTUP_DELAY)
    assert word.requires == (Condition("Other", ("A",), "So."),)
    assert parse(model).unlisted.keys() == {"Other"}


def test_settings_come_in_the_order_of_their_sequence_then_path_then_name() -> None:
    model = small()
    word = without(model["settings"][0], "page")
    model["settings"] += [
        {**word, "name": "C", "sequence": 5},
        {**word, "name": "B", "wmi_path": "\\B"},
        {**word, "name": "A", "wmi_path": "\\B"},
    ]
    assert list(parse(model).settings) == ["Word", "A", "B", "C"]


def test_every_menu_has_a_page_and_lines_are_read() -> None:
    model = small()
    model["pages"][0]["rows"] = [
        {"kind": "heading", "text": "H"},
        "Word",
        {"kind": "action", "text": "S", "does": "save", "help": "T"},
        {"kind": "page", "text": "Below"},
    ]
    model["pages"].append({"path": ["Main", "Below"], "rows": []})
    catalogue = parse(model)
    assert catalogue.pages["Security",] == catalogue.pages["Main", "Below"] == ()
    heading, word, action, page = catalogue.pages["Main",]
    assert word is catalogue.settings["Word"]
    assert heading == Line("H", "heading", ("Main",))
    assert action == Line("S", "action", ("Main",), "save", "T")
    assert page == Line("Below", "page", ("Main",))


WRONG: dict[str, tuple[object, str]] = {
    "no object": ([], "the model should be an object"),
    "nothing": ({}, "the model lacks format, id"),
    "no product": (without(small(), "product"), "the model lacks product"),
    "a stranger": ({**small(), "colour": 1}, "the unknown member 'colour'"),
    "another format": ({**small(), "format": 2}, "'format' cannot be 2"),
    "true as format": ({**small(), "format": True}, "'format' cannot be True"),
    "a way as id": ({**small(), "id": "../a"}, "'id' cannot be '../a'"),
    "no text as id": ({**small(), "id": ["a"]}, "'id' cannot be"),
    "a long product": ({**small(), "product": "a" * 65}, "'product' cannot be"),
    "a long board": ({**small(), "board": "a" * 17}, "'board' cannot be"),
    "a steering version": ({**small(), "bios_version": "\x1b[2J"}, r"'bios_version' cannot be '\x1b[2J'"),
    "no menus": ({**small(), "menus": []}, "'menus' cannot be []"),
    "a menu twice": ({**small(), "menus": ["Main", "Main"]}, "the menu 'Main' is there twice"),
    "a menu of none": ({**small(), "menus": [["Main"]]}, "'menus' cannot be"),
    "settings as object": ({**small(), "settings": {}}, "'settings' cannot be {}"),
    "a setting of none": ({**small(), "settings": [3]}, "a setting should be an object; 3 came"),
    "no name": (small(name=None), "a setting: the member 'name' cannot be None"),
    "a list as name": (small(name=["Word"]), "'name' cannot be"),
    "a comment as name": (small(name=";Word"), "'name' cannot be"),
    "a blank name": (small(name=""), "'name' cannot be"),
    "a folder's own name": (small(name="."), "'name' cannot be '.'"),
    "the name of a folder above": (small(name=".."), "'name' cannot be '..'"),
    "no kind": ({**small(), "settings": [{"name": "Word"}]}, "the setting 'Word' lacks kind"),
    "an unknown kind": (small(kind="colour"), "'kind' cannot be 'colour'"),
    "a list as kind": (small(kind=["string"]), "'kind' cannot be"),
    "an unknown role": (small(role="boss"), "'role' cannot be 'boss'"),
    "an unknown member": (small(colour=1), "the setting 'Word' has the unknown member 'colour'"),
    "a number as default": (small(default=1), "'default' cannot be 1"),
    "a long text": (small(help="a" * 16385), "'help' cannot be"),
    "half a sign": (small(default="\ud800"), "'default' cannot be"),
    "a text as flag": (small(read_only="yes"), "'read_only' cannot be 'yes'"),
    "true as number": (small(sequence=True), "'sequence' cannot be True"),
    "a large number": (small(sequence=2**32), "'sequence' cannot be"),
    "a fraction": (small(sequence=1.5), "'sequence' cannot be"),
    "an endless number": (small(step=float("inf")), "'step' cannot be inf"),
    "a text as values": (small(values="AB"), "'values' cannot be 'AB'"),
    "a list as value": (small(values=[["A"]]), "'values' cannot be"),
    "too many values": (small(values=["A"] * 1001), "'values' cannot be"),
    "an unknown encoding": (small(encodings=["utf-8"]), "'encodings' cannot be"),
    "a condition of none": (small(requires=["Other"]), "a condition should be an object"),
    "half a condition": (small(requires=[{"setting": "Word"}]), "a condition lacks is, because"),
    "a condition too many": (
        small(requires=[{"setting": "Word", "or": 1}]),
        "a condition has the unknown member 'or'",
    ),
    "a setting twice": (
        {**small(), "settings": small()["settings"] * 2},
        "the setting 'Word' is there twice",
    ),
    "a page of none": ({**small(), "pages": [3]}, "a page should be an object; 3 came"),
    "half a page": ({**small(), "pages": [{"path": ["Main"]}]}, "a page lacks rows"),
    "a page twice": (
        {**small(), "pages": [{"path": ["Main"], "rows": []}] * 2},
        "the page ('Main',) is there twice",
    ),
    "a page nowhere": (
        {**small(), "pages": [{"path": ["Exit"], "rows": []}]},
        "the page ('Exit',) is in no menu",
    ),
    "a page without path": ({**small(), "pages": [{"path": [], "rows": []}]}, "the page () is in no menu"),
    "a deep page": ({**small(), "pages": [{"path": ["Main"] * 7, "rows": []}]}, "'path' cannot be"),
    "a setting elsewhere": (small(page=["Security"]), "the row 'Word', which is no setting of it"),
    "a setting nowhere": ({**small(), "pages": []}, "the setting 'Word' is not on the page that it names"),
    "a rule broken": (small(default="C"), "the default is refused: 'Word' takes 'A', 'B'; 'C' came"),
}
ROWS: dict[str, tuple[object, str]] = {
    "a row of none": (3, "a line should be an object; 3 came"),
    "a row twice": ("Word", "the row 'Word' is there twice"),
    "an unknown row": ("Other", "the row 'Other', which is no setting of it"),
    "an unknown line": ({"kind": "song", "text": "A"}, "a line: the member 'kind' cannot be 'song'"),
    "a line without text": ({"kind": "text"}, "a line lacks text"),
    "an action that does nothing": ({"kind": "action", "text": "A"}, "a page: the member 'rows' cannot be"),
    "a text that does something": (
        {"kind": "text", "text": "A", "does": "save"},
        "a page: the member 'rows' cannot be",
    ),
    "an unknown action": ({"kind": "action", "text": "A", "does": "explode"}, "'does' cannot be 'explode'"),
    "a way to nowhere": (
        {"kind": "page", "text": "Below"},
        "a line leads to 'Below', which is no page below ('Main',)",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(name: str) -> None:
    model, complaint = WRONG[name]
    assert complaint in refusal(json.dumps(model))


@pytest.mark.parametrize("name", ROWS)
def test_what_is_wrong_with_a_row_is_named(name: str) -> None:
    model, (row, complaint) = small(), ROWS[name]
    model["pages"][0]["rows"].append(row)
    assert complaint in refusal(json.dumps(model))


# What an author's file cannot say, because it has lines that forbid it before.
HOSTILE: dict[str, tuple[dict[str, Any], str]] = {
    "no step": (
        small(kind="integer", upper_bound=9, values=[], default="1", step=0),
        "needs a 'step' of at least 1",
    ),
    "an empty value": (small(values=["A", ""]), "has the value ''"),
    "a value twice": (small(values=["A", "A"]), "has the same value twice"),
    "a secret enumeration": (small(secret=True), "only a string can be secret"),
    "an unknown teller": (small(read_only=True, tells="the time"), "which the machine does not know"),
    "a silent condition": (
        small(requires=[{"setting": "Word", "is": ["A"], "because": ""}]),
        "lacks its value or its reason",
    ),
    "an empty condition": (
        small(requires=[{"setting": "Word", "is": [], "because": "So."}]),
        "lacks its value or its reason",
    ),
    "a password nobody can send": (
        small(kind="password", values=[], default="", role="power-on password"),
        "needs 'encodings'",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_stranger_s_model_is_held_to_the_rules(name: str) -> None:
    model, complaint = HOSTILE[name]
    assert complaint in refusal(json.dumps(model))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[",
        "null",
        "3",
        '"x"',
        "NaN",
        "\ufeff{}",
        "[" * 200_000,
        '{"a":' * 200_000,
        "9" * 5000,
        '{"format": 1e999}',
    ],
    ids=range(12),
)
def test_what_is_no_json_of_a_model_is_refused(text: str) -> None:
    assert refusal(text)


@pytest.mark.slow
def test_nothing_keeps_the_reader_busy() -> None:
    began = time.perf_counter()
    for name, value in {"settings": 0, "menus": "a", "pages": {"path": ["Main"], "rows": []}}.items():
        refusal(json.dumps({**small(), name: [value] * 100_000}))
    condition = {"setting": "S0", "is": ["A"], "because": "So."}
    word = {"kind": "enumeration", "values": ["A"], "default": "A"}
    ring = [
        {"name": f"S{n}", **word, "requires": [{**condition, "setting": f"S{(n + 1) % 1000}"}]}
        for n in range(1000)
    ]
    assert "lead back to itself" in refusal(json.dumps({**small(), "settings": ring, "pages": []}))
    ladder = [
        {"name": f"S{n}", **word, "requires": [{**condition, "setting": f"S{n + 1}"}] if n < 999 else []}
        for n in range(1000)
    ]
    assert "a chain of more than 16" in refusal(json.dumps({**small(), "settings": ladder, "pages": []}))
    assert time.perf_counter() - began < 20


@hypothesis.settings(max_examples=400)
@given(model=slips(GOOD, ODD))
def test_a_damaged_model_is_refused_or_does_no_harm(model: object) -> None:
    works_or_is_malformed(json.dumps(model))


@given(data=st.data())
def test_damaged_text_is_refused_or_does_no_harm(data: st.DataObject) -> None:
    text = json.dumps(GOOD)
    at = data.draw(st.integers(0, len(text)))
    end = at + data.draw(st.integers(0, 30))
    works_or_is_malformed(text[:at] + data.draw(st.text(max_size=4)) + text[end:])


def works_or_is_malformed(text: str) -> None:
    said, catalogue = "", None
    try:
        catalogue = model_text.parse(text)
    except MalformedModel as refused:
        said = str(refused)
    assert said.isprintable()
    if catalogue is not None:
        try_machine(catalogue)


@pytest.mark.parametrize("name", models.names())
def test_packaged_models_are_read_as_they_are_kept(name: str) -> None:
    assert models.packaged(name).model == name
