"""The form of a model's file: each rule refuses what breaks it, in the right line, with the rest of the file still looked at."""

import pytest

from tests.models.authoring import SMALL, assert_refused, compiled, edited, faults

IDENTITY = 'board = "0001"\n'
PAGE = '[[page]]\npath = ["Main"]\nitems = ["Switch"]\n'
PATH, ITEMS = 'path = ["Main"]\n', 'items = ["Switch"]\n'
KIND = 'kind = "enumeration"\n'
DEFAULT = 'default = "Enable"\n'


def test_the_small_model_is_good() -> None:
    assert compiled(SMALL).settings["Switch"].check_box


# What stands in the small file, what stands there instead, and what is said of it.
TOP = [
    ("format = 1\n", "#!\n", "the model lacks the key 'format'"),
    ("format = 1\n", "format = true #!\n", "'format' must be the number 1; true came"),
    ("format = 1\n", "format = 2 #!\n", "the number 1"),
    ("format = 1\n", "format = 1.0 #!\n", "the number 1"),
    ('"small"', '"Small" #!', "small letters"),
    ('"small"', '"../small" #!', "small letters"),
    ('"small"', '"-small" #!', "no hyphen first"),
    ('"small"', '"" #!', "1 to 32"),
    ('"small"', f'"{"a" * 33}" #!', "1 to 32"),
    ('"small"', '"small\\n" #!', "1 to 32"),
    ('"small"', "7 #!", "1 to 32"),
    ('"Small PC"', '"\\u001b[2J" #!', "printable ASCII"),
    ('"Small PC"', '"Größe" #!', "printable ASCII"),
    ('"Small PC"', '"" #!', "1 to 64"),
    ('"Small PC"', f'"{"a" * 65}" #!', "1 to 64"),
    ('"0001"', '"12345678901234567" #!', "1 to 16"),
    ('"0001"', "1 #!", "1 to 16"),
    ('"1.0"', "1.0 #!", "1 to 64"),
    ('"1.0"', "2020-04-05 #!", "1 to 64"),
    (IDENTITY, IDENTITY + 'bord = "0001" #!\n', "the model has the unknown key 'bord'; 'board' may be meant"),
    (IDENTITY, IDENTITY + '"\\u001b[2J" = 1 #!\n', r"unknown key '\x1b[2J'"),
    (IDENTITY, IDENTITY + "menus = [] #!\n", "1 to 8 different titles"),
    (IDENTITY, IDENTITY + 'menus = ["Main", "Main"] #!\n', "different titles"),
    (IDENTITY, IDENTITY + 'menus = "Main" #!\n', "different titles"),
    (IDENTITY, IDENTITY + "menus = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] #!\n", "1 to 8"),
    (IDENTITY, IDENTITY + "sequence = [1] #!\n", "a list of 1 to 1000 texts"),
    (IDENTITY, IDENTITY + 'sequence = "Switch" #!\n', "a list of"),
    (PAGE, "page = 3 #!\n", "tables [[page]]; 3 came"),
    (PAGE, "page = [] #!\n", "1 to 200 tables [[page]]"),
    (PAGE, "page = [[]] #!\n", "the page must be a table"),
    (PAGE, '[page] #!\npath = ["Main"]\n', "tables [[page]]"),
]
PAGES = [
    (PAGE, "[[page]] #!\n" + ITEMS, "the page lacks the key 'path'"),
    (PATH, 'path = "Main" #!\n', "a list of 1 to 6 page titles"),
    (PATH, "path = [] #!\n", "page titles"),
    (PATH, 'path = ["Main", 1] #!\n', "page titles"),
    (PATH, 'path = ["Main", ["A"]] #!\n', "page titles"),
    (PATH, 'path = ["Main", ""] #!\n', "page titles"),
    (PATH, 'path = ["Main", "1", "2", "3", "4", "5", "6"] #!\n', "page titles"),
    (PATH, PATH + 'wmi_path = "Main" #!\n', "a path like"),
    (PATH, PATH + "wmi_path = [] #!\n", "a path like"),
    (PATH, PATH + "item = [] #!\n", "'items' may be meant"),
    (ITEMS, "items = {} #!\n", "a list of 0 to 500 names and lines"),
    (ITEMS, "items = [" + "'Switch', " * 501 + "] #!\n", "0 to 500"),
    (ITEMS, 'items = [\n"Switch",\n7, #!\n]\n', "one of heading, text, page and action; 7 came"),
    (ITEMS, 'items = ["Switch", [ #!\n"A"]]\n', "['A'] came"),
    (ITEMS, 'items = ["Switch", {}] #!\n', "{} came"),
    (ITEMS, 'items = ["Switch", { heading = "A", page = "B" }] #!\n', "a row is"),
    (ITEMS, 'items = ["Switch", { header = "A" }] #!\n', "a row is"),
    (ITEMS, 'items = ["Switch", { heading = 3 }] #!\n', "the heading: 'heading' must be a text"),
    (ITEMS, 'items = ["Switch",\n{ text = "a\\u202eb" } #!\n]\n', "printable"),
    (
        ITEMS,
        'items = ["Switch", { heading = "A", help = "B." }] #!\n',
        "the heading has the unknown key 'help'",
    ),
    (ITEMS, 'items = ["Switch", { action = "explode", text = "A" }] #!\n', "one of 'save', 'ignore'"),
    (ITEMS, 'items = ["Switch", { action = "save" }] #!\n', "the action lacks the key 'text'"),
    (ITEMS, 'items = ["Switch", { action = "save", text = "A", help = 1 }] #!\n', "'help' must be a text"),
]
SETTINGS = [
    ("", '[setting.""] #!\n', "a name has 1 to 128 characters"),
    ("", f'[setting."{"a" * 129}"] #!\n', "a name has 1 to 128"),
    ("", '[setting."a\\nb"] #!\n', "a name has"),
    ("", '[setting."Größe"] #!\n', "printable ASCII"),
    ("", '[setting." A"] #!\n', "neither blank nor ';' first"),
    ("", '[setting.";A"] #!\n', "neither blank nor ';' first"),
    ("", '[setting."."] #!\n', "not '.' or '..'"),
    ("", '[setting.".."] #!\n', "not '.' or '..'"),
    ("", "[setting]\nA = 3 #!\n", "the setting 'A' must be a table; 3 came"),
    ("", '[setting]\n"\\u001b[2J" = {} #!\n', "a name has"),
    ("", "[setting.A.B] #!\n", "the setting 'A' has the unknown key 'B'"),
    (KIND, 'kind = "enumerated" #!\n', "must be one of 'enumeration', 'integer'"),
    (KIND, 'kind = ["enumeration"] #!\n', "must be one of"),
    (KIND, 'kinds = "enumeration" #!\n' + KIND, "'kind' may be meant"),
    (DEFAULT, "default = true #!\n", "a text, a number, or the entries of an ordered list; true came"),
    (DEFAULT, "default = 1.5 #!\n", "a text, a number"),
    (DEFAULT, "default = -1 #!\n", "a text, a number"),
    (DEFAULT, "default = 4294967296 #!\n", "a text, a number"),
    (DEFAULT, "default = [[]] #!\n", "a text, a number"),
    (DEFAULT, "default = 2020-04-05 #!\n", "a text, a number"),
    (DEFAULT, "default = nan #!\n", "a text, a number"),
    ('values = ["Disable", "Enable"]', "values = [] #!", "different texts"),
    ('values = ["Disable", "Enable"]', 'values = ["A", "A"] #!', "different texts"),
    ('values = ["Disable", "Enable"]', 'values = [["A"], "B"] #!', "different texts"),
    ('values = ["Disable", "Enable"]', 'values = ["A", ""] #!', "different texts"),
    ('values = ["Disable", "Enable"]', 'values = ["A", "\\u001b[2J"] #!', "different texts"),
    ('values = ["Disable", "Enable"]', "values = { a = 1 } #!", "different texts"),
    (DEFAULT, DEFAULT + "read_only = 0 #!\n", "true or false; 0 came"),
    (DEFAULT, DEFAULT + 'shown = "no" #!\n', "true or false"),
    (DEFAULT, DEFAULT + "listed = [] #!\n", "true or false"),
    (DEFAULT, DEFAULT + "lower_bound = true #!\n", "a whole number from 0 to 4294967295; true came"),
    (DEFAULT, DEFAULT + "upper_bound = 4294967296 #!\n", "a whole number"),
    (DEFAULT, DEFAULT + "step = 0 #!\n", "a whole number above 0"),
    (DEFAULT, DEFAULT + "step = -1 #!\n", "a whole number above 0"),
    (DEFAULT, DEFAULT + "max_length = 16385 #!\n", "0 to 16384"),
    (DEFAULT, DEFAULT + 'min_length = "1" #!\n', "0 to 16384"),
    (DEFAULT, DEFAULT + 'encodings = ["utf-8"] #!\n', "'utf-16' and 'kbd'"),
    (DEFAULT, DEFAULT + 'encodings = ["kbd", "kbd"] #!\n', "'utf-16' and 'kbd'"),
    (DEFAULT, DEFAULT + 'wmi_path = "Main" #!\n', "a path like"),
    (DEFAULT, DEFAULT + 'role = "boss" #!\n', "one of 'authentication mode'"),
    (DEFAULT, DEFAULT + 'tells = "the time" #!\n', "one of 'actions counter'"),
    (DEFAULT, DEFAULT + 'aliases = "Old" #!\n', "different texts"),
    (DEFAULT, DEFAULT + "help = '' #!\n", "a text of 1 to 1000"),
    (DEFAULT, DEFAULT + f"help = '{'a' * 1001}' #!\n", "a text of 1 to 1000"),
    (DEFAULT, DEFAULT + 'help = """A. #!\nB."""\n', "a text of 1 to 1000"),
    (DEFAULT, DEFAULT + "security_level = 1 #!\n", "a text of 1 to 1000"),
    (DEFAULT, DEFAULT + "requires = {} #!\n", "a list of 0 to 1000 conditions"),
    (DEFAULT, DEFAULT + 'requires = ["Other"] #!\n', "'Switch', condition 1 must be a table; 'Other' came"),
    (DEFAULT, DEFAULT + 'requires = [{ is = "A", because = "B." }] #!\n', "lacks the key 'setting'"),
    (
        DEFAULT,
        DEFAULT + 'requires = [{ setting = "A", is = 1, because = "B." }] #!\n',
        "a value, or a list of different values",
    ),
    (
        DEFAULT,
        DEFAULT + 'requires = [{ setting = "A", is = [], because = "B." }] #!\n',
        "a value, or a list of different values",
    ),
    (
        DEFAULT,
        DEFAULT + 'requires = [\n{ setting = "A", is = "B", because = "so" } #!\n]\n',
        "a sentence that ends with a full stop",
    ),
    (
        DEFAULT,
        DEFAULT + 'requires = [{ setting = "A", is = "B", because = "C.", or = 1 }] #!\n',
        "condition 1 has the unknown key 'or'",
    ),
    (
        DEFAULT,
        DEFAULT + '[[setting.Switch.requires]] #!\nsetting = "A"\nis = "B"\n',
        "condition 1 lacks the key 'because'",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), [*TOP, *PAGES, *SETTINGS])
def test_a_slip_of_the_pen_is_told_with_its_line(old: str, new: str, sentence: str) -> None:
    assert_refused(edited(old, new), sentence)


def test_settings_are_tables_and_no_array_of_tables() -> None:
    text = SMALL.replace('[setting."Switch"]', "[[setting]] #!")
    assert_refused(text, 'at most 1000 tables [setting."NAME"]')


def test_all_slips_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = SMALL.replace("format = 1", "format = 0 #!").replace('"0001"', "1 #!")
    text = text.replace(ITEMS, "items = [3, #!\n4, #!\n]\n").replace(KIND, 'kind = "enum" #!\n')
    text = text.replace(DEFAULT, "default = true #!\nhelp = 1 #!\n")
    assert_refused(text, "'format'", "'board'", "3 came", "4 came", "'kind'", "'default'", "'help'")


def test_keys_that_lack_are_told_in_one_order() -> None:
    lacking = [sentence for _, sentence in faults("x = 1 #!")]
    assert [each.split("'")[1] for each in lacking] == [
        "format",
        "id",
        "product",
        "board",
        "bios_version",
        "page",
        "x",
    ]


def test_what_a_slip_says_is_neither_long_nor_harmful() -> None:
    unknown = '"' + "key" * 900 + '" = 1\n"a\\u001b[2J" = 1\n'
    for _, sentence in faults(edited(DEFAULT, unknown + "help = [" + "'x', " * 900 + "]\n")):
        assert sentence.isprintable()
        assert len(sentence) < 400
