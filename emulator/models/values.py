"""Checks of single values in a model's file: each tells what was expected, or nothing when the value is good.

Every text reaches a terminal sooner or later, so it is printable, and none is longer than a screen could show.
"""

from collections.abc import Callable

from emulator.firmware.model_members import (
    FORMAT,
    LARGEST_NUMBER,
    LONGEST_STRING,
    LONGEST_TEXT,
    MOST_ENTRIES,
    MOST_MENUS,
    MOST_TITLES,
    is_id,
    is_identity,
    is_number,
)
from emulator.protocol.password import ENCODINGS

Check = Callable[[object], str]


def format_number(value: object) -> str:
    return "" if is_number(value) and value == FORMAT else f"the number {FORMAT}"


def text(value: object) -> str:
    good = isinstance(value, str) and value.isprintable() and 0 < len(value) <= LONGEST_TEXT
    return "" if good else f"a text of 1 to {LONGEST_TEXT} printable characters"


def any_text(value: object) -> str:
    good = isinstance(value, str) and value.isprintable() and len(value) <= LONGEST_STRING
    return "" if good else f"a text of up to {LONGEST_STRING} printable characters"


def sentence(value: object) -> str:
    good = isinstance(value, str) and not text(value) and value.endswith(".")
    return "" if good else "a sentence that ends with a full stop"


def flag(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false"


def number(value: object) -> str:
    return "" if is_number(value) else f"a whole number from 0 to {LARGEST_NUMBER}"


def step(value: object) -> str:
    return "a whole number above 0" if number(value) or value == 0 else ""


def length(value: object) -> str:
    return "" if is_number(value, LONGEST_STRING) else f"a whole number from 0 to {LONGEST_STRING}"


def list_of_texts(value: object) -> str:
    good = isinstance(value, list) and 0 < len(value) <= MOST_ENTRIES and not any(map(text, value))
    return "" if good else f"a list of 1 to {MOST_ENTRIES} texts"


def different_texts(value: object) -> str:
    good = isinstance(value, list) and not list_of_texts(value) and len(set(value)) == len(value)
    return "" if good else f"a list of 1 to {MOST_ENTRIES} different texts"


def menus(value: object) -> str:
    good = isinstance(value, list) and not different_texts(value) and len(value) <= MOST_MENUS
    return "" if good else f"a list of 1 to {MOST_MENUS} different titles"


def default(value: object) -> str:
    good = not any_text(value) or not number(value) or not list_of_texts(value) or value == []
    return "" if good else "a text, a number, or the entries of an ordered list"


def wanted(value: object) -> str:
    good = not any_text(value) or not different_texts(value)
    return "" if good else "a value, or a list of different values"


def encodings(value: object) -> str:
    good = isinstance(value, list) and not different_texts(value) and set(value) <= set(ENCODINGS)
    return "" if good else f"a list of {' and '.join(map(repr, ENCODINGS))}"


def identifier(value: object) -> str:
    return "" if is_id(value) else "1 to 32 small letters, digits and hyphens, and no hyphen first"


def page_path(value: object) -> str:
    good = isinstance(value, list) and not list_of_texts(value) and len(value) <= MOST_TITLES
    return "" if good else f"a list of 1 to {MOST_TITLES} page titles that begins with a menu"


def wmi_path(value: object) -> str:
    good = isinstance(value, str) and not text(value) and value.startswith("\\")
    return "" if good else r"a path like '\Advanced\Boot Options'"


def one_of(*words: str) -> Check:
    expected = "one of " + ", ".join(map(repr, words))
    return lambda value: "" if isinstance(value, str) and value in words else expected


def identity(limit: int) -> Check:
    expected = f"1 to {limit} characters of printable ASCII"
    return lambda value: "" if is_identity(value, limit) else expected


def tables(header: str, most: int) -> Check:
    expected = f"at most {most} tables {header}"
    return lambda value: "" if isinstance(value, dict) and len(value) <= most else expected


def list_of(what: str, *, least: int = 0, most: int) -> Check:
    expected = f"a list of {least} to {most} {what}"
    return lambda value: "" if isinstance(value, list) and least <= len(value) <= most else expected
