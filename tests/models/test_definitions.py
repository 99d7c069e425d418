"""What the pages and the definitions of one model say of one another: rules, each with its line."""

import pytest

from emulator.models import ModelRefused, source
from tests.models.authoring import SMALL, assert_refused, compiled, edited, faults, shared

PATH, ITEMS = 'path = ["Main"]\n', 'items = ["Switch"]\n'
DEFAULT = 'default = "Enable"\n'
HEAD = 'board = "0001"\n'

PAGES = [
    (
        PATH,
        'path = ["Mian"] #!\n',
        "there is no menu 'Mian'; there are Main, Security, Advanced, UEFI Drivers",
    ),
    ("", '[[page]] #!\npath = ["Main"]\n', "the page 'Main' is there twice"),
    (
        ITEMS,
        'items = ["Switch", "Swich"] #!\n',
        "'Swich' is defined neither here nor among the shared; 'Switch' may",
    ),
    (ITEMS, 'items = [\n"Switch",\n"Fats Boot", #!\n]\n', "'Fast Boot' may be meant"),
    (ITEMS, 'items = [\n"Switch",\n"Switch", #!\n]\n', "'Switch' stands on a page already"),
    ("", '[[page]]\npath = ["Main", "Below"]\nitems = [\n"Switch", #!\n]\n', "stands on a page already"),
    (ITEMS, 'items = ["Switch",\n{ page = "Below" } #!\n]\n', "there is no page 'Below' below 'Main'"),
    (
        ITEMS,
        'items = ["Switch",\n{ page = "Security" } #!\n]\n[[page]]\npath = ["Security"]\n',
        "there is no page 'Security' below 'Main'",
    ),
    (
        "",
        '[setting.Alone] #!\nkind = "string"\nmax_length = 1\n',
        "'Alone' stands on no page, and is not 'shown = false'",
    ),
]
DEFINITIONS = [
    ('kind = "enumeration"\n', "", "lacks the key 'kind'"),
    ('values = ["Disable", "Enable"]\n', "", "lacks the key 'values': its kind is 'enumeration'"),
    (DEFAULT, "", "lacks the key 'default': its kind is 'enumeration'"),
    (DEFAULT, DEFAULT + "max_length = 3 #!\n", "has 'max_length', which its kind 'enumeration' has not"),
    (DEFAULT, DEFAULT + "step = 3 #!\n", "has 'step', which its kind 'enumeration' has not"),
    (DEFAULT, DEFAULT + "secret = true #!\n", "has 'secret', which its kind 'enumeration' has not"),
    (DEFAULT, DEFAULT + 'encodings = ["kbd"] #!\n', "has 'encodings', which its kind 'enumeration' has not"),
]
OTHERS = [
    ("", "lacks the key 'kind'"),
    ('kind = "integer"\nupper_bound = 1\ndefault = 0\n', "lacks the key 'lower_bound'"),
    ('kind = "integer"\nlower_bound = 1\ndefault = 1\n', "lacks the key 'upper_bound'"),
    ('kind = "integer"\nlower_bound = 1\nupper_bound = 1\n', "lacks the key 'default'"),
    ('kind = "string"\n', "lacks the key 'max_length'"),
    ('kind = "ordered list"\ndefault = ["A"]\n', "lacks the key 'values'"),
    ('kind = "ordered list"\nvalues = ["A"]\n', "lacks the key 'default'"),
    ('kind = "password"\nmax_length = 1\nencodings = ["kbd"]\n', "lacks the key 'min_length'"),
    ('kind = "password"\nmin_length = 1\nencodings = ["kbd"]\n', "lacks the key 'max_length'"),
    ('kind = "password"\nmin_length = 1\nmax_length = 1\n', "lacks the key 'encodings'"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), PAGES)
def test_pages_lead_somewhere_and_show_each_setting_once(old: str, new: str, sentence: str) -> None:
    assert_refused(edited(old, new), sentence)


@pytest.mark.parametrize(("old", "new", "sentence"), DEFINITIONS)
def test_a_setting_has_the_keys_of_its_kind_and_no_others(old: str, new: str, sentence: str) -> None:
    text = edited(old, new)
    assert_refused(
        text if "#!" in new else text.replace('[setting."Switch"]', '[setting."Switch"] #!'), sentence
    )


@pytest.mark.parametrize(("keys", "sentence"), OTHERS)
def test_each_kind_needs_its_keys(keys: str, sentence: str) -> None:
    assert_refused(f"{SMALL}[setting.Other] #!\nshown = false\n{keys}", sentence)


@pytest.mark.parametrize("kind", ["enumeration", "integer", "string", "ordered list"])
def test_what_only_tells_needs_no_keys_of_its_kind(kind: str) -> None:
    text = f'{SMALL}[setting.Other]\nshown = false\nread_only = true\nkind = "{kind}"\ndefault = "Any text"\n'
    assert compiled(text).settings["Other"].default == "Any text"


def test_what_only_tells_but_has_a_role_needs_them() -> None:
    told = 'shown = false\nread_only = true\nkind = "integer"\nrole = "password minimum length"\n'
    found = [sentence for _, sentence in faults(f"{SMALL}[setting.Other]\n{told}")]
    assert [each.split("'")[3] for each in found] == ["lower_bound", "upper_bound", "default"]


def test_a_model_may_have_menus_of_its_own() -> None:
    text = edited(HEAD, HEAD + 'menus = ["File", "Tools"]\n').replace(PATH, PATH.strip() + " #!\n")
    assert_refused(text, "there is no menu 'Main'; there are File, Tools")
    assert compiled(text.replace("Main", "Tools")).pages["File",] == ()


def test_a_setting_that_nobody_tells_anything_about_has_no_kind() -> None:
    assert_refused(SMALL + "[setting.Other] #!\nshown = false\n", "lacks the key 'kind'")
    text = edited(ITEMS, 'items = ["Switch", "Odd", "Void"]\n') + "[setting.Void]\n"
    with pytest.raises(ModelRefused) as refused:
        source.compiled(text, {"Odd": {"help": "Odd."}}, "my.toml")
    assert [sentence.split("'")[1] for _, sentence in refused.value.faults] == ["Odd", "Void"]


def test_a_setting_that_is_not_listed_needs_no_page() -> None:
    text = f'{SMALL}[setting.Other]\nlisted = false\nkind = "string"\nmax_length = 1\n'
    assert compiled(text).unlisted["Other"].page == ()


@pytest.mark.parametrize(
    ("sequence", "sentence"),
    [
        (
            'sequence = [\n"Switch",\n"Swich", #!\n]\n',
            "the sequence names 'Swich', which the model has not; 'Switch' may",
        ),
        ('sequence = [\n"Switch",\n"Switch", #!\n]\n', "the sequence names 'Switch' twice"),
        ('sequence = ["Fast Boot"] #!\n', "the sequence names 'Fast Boot', which the model has not"),
    ],
)
def test_a_sequence_names_settings_of_the_model_once(sequence: str, sentence: str) -> None:
    assert_refused(edited(HEAD, HEAD + sequence), sentence)


def test_a_shared_setting_is_where_its_row_is() -> None:
    """Internal Speakers hangs on Audio Device, which this model has not."""
    text = edited(ITEMS, 'items = [\n"Switch",\n"Internal Speakers", #!\n]\n')
    assert_refused(text, "a condition on 'Audio Device', which the model has not; 'requires = []' drops")
    good = text + '[setting."Internal Speakers"]\nrequires = []\n'
    assert compiled(good).settings["Internal Speakers"].requires == ()


def test_settings_have_their_number() -> None:
    many = "".join(f'[setting."S{n}"]\nkind = "string"\nmax_length = 1\nshown = false\n' for n in range(1000))
    assert "at most 1000 tables" in faults(SMALL + many)[0][1]


def test_shared_settings_count_too() -> None:
    many = "".join(f'[setting."S{n}"]\nkind = "string"\nmax_length = 1\nshown = false\n' for n in range(998))
    names = [name for name, each in shared().items() if not each.get("requires")][:3]
    rows = ", ".join(f'"{name}"' for name in ["Switch", *names])
    text = edited(ITEMS, f"items = [{rows}]\n") + many
    assert faults(text) == [(1, "the model has 1002 settings; at most 1000 are taken")]


def test_pages_have_their_number_those_above_others_counted_in() -> None:
    deep = "".join(f'[[page]]\npath = ["Main", "{n}", "1", "2", "3"]\n' for n in range(60))
    assert faults(SMALL + deep) == [(1, "the model has more than 200 pages, those above others counted in")]
