"""The members of a model's JSON text: which there are, and what each may be.

The text may be damaged, or brought by a stranger, so nothing in it is believed. Each text reaches a terminal sooner or later, so it is
printable.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from emulator.firmware.catalogue import ACTIONS, LINE_KINDS, Condition, Kind, Role, Setting
from emulator.protocol.password import ENCODINGS

FORMAT = 1
MOST_SETTINGS, MOST_MENUS, MOST_PAGES, MOST_TITLES, MOST_ROWS = 1000, 8, 200, 6, 500
"""The largest model known has 261 settings, 4 menus, 28 pages of 3 titles at most, and 105 rows on a page."""
MOST_ENTRIES = 1000
"""Of lists within a setting."""
LONGEST_NAME = 128
LONGEST_TEXT = 1000
LONGEST_STRING = 16384
"""Characters of the longest value, a key with what an administrator keeps behind it."""
LARGEST_NUMBER = 0xFFFFFFFF

Reader = Callable[[Any], Any]
"""Returns a member as the program has it, or raises TypeError or ValueError."""


class MalformedModel(Exception):
    """A model that says something impossible; the text names the entry."""


def is_name(value: object) -> bool:
    """Whether a setting can be called so: the name is one of a UEFI variable, a line in files of settings, and a folder's name in Linux."""
    good = isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= LONGEST_NAME
    return good and str(value)[:1] not in ("", " ", ";") and value not in (".", "..")


def is_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", value) is not None


def is_identity(value: object, longest: int) -> bool:
    """Whether SMBIOS could hold it, and a challenge carry it."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and 0 < len(value) <= longest


def is_number(value: object, largest: int = LARGEST_NUMBER) -> bool:
    # True is an int to Python.
    return type(value) is int and 0 <= value <= largest


def members(table: object, what: str, readers: Mapping[str, Reader], needed: Iterable[str]) -> dict[str, Any]:
    """The members of a JSON object, each read by its reader. Raises MalformedModel."""
    if not isinstance(table, dict):
        raise MalformedModel(f"{what} should be an object; {table!r:.80} came")
    told: dict[str, Any] = {}
    for name, value in table.items():
        if name not in readers:
            raise MalformedModel(f"{what} has the unknown member {name!r:.80}")
        try:
            told[name] = readers[name](value)
        except (TypeError, ValueError):
            raise MalformedModel(f"{what}: the member {name!r} cannot be {value!r:.80}") from None
    if lacking := [name for name in needed if name not in told]:
        raise MalformedModel(f"{what} lacks {', '.join(lacking)}")
    return told


def model(value: object) -> dict[str, Any]:
    return members(value, "the model", _MODEL, _MODEL)


def _checked(check: Callable[[Any], bool]) -> Reader:
    def reader(value: Any) -> Any:
        if not check(value):
            raise ValueError
        return value

    return reader


def _list_of(reader: Reader, most: int, least: int = 0) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise ValueError
        return tuple(map(reader, value))

    return read


_text = _checked(
    lambda value: isinstance(value, str) and len(value) <= LONGEST_STRING and value.isprintable()
)
_texts = _list_of(_text, MOST_ENTRIES)
_number = _checked(is_number)
_flag = _checked(lambda value: isinstance(value, bool))
_identity = _checked(lambda value: is_identity(value, 64))


def _condition(value: Any) -> Condition:
    told = members(value, "a condition", _CONDITION, _CONDITION)
    return Condition(told["setting"], told["is"], told["because"])


def _setting(value: Any) -> Setting:
    name = value.get("name") if isinstance(value, dict) else None
    what = f"the setting {name!r:.80}" if isinstance(name, str) else "a setting"
    return Setting(**members(value, what, _SETTING, ("name", "kind")))


def _row(value: Any) -> Any:
    if isinstance(value, str):
        return value
    told = members(value, "a line", _LINE, ("kind", "text"))
    if (told["kind"] == "action") is not ("does" in told):
        raise ValueError
    return told


_CONDITION: Mapping[str, Reader] = {"setting": _text, "is": _texts, "because": _text}
_SETTING: Mapping[str, Reader] = {
    "name": _checked(is_name),
    "kind": Kind,
    "role": Role,
    **dict.fromkeys(("sequence", "lower_bound", "upper_bound", "step", "min_length", "max_length"), _number),
    **dict.fromkeys(("default", "wmi_path", "tells", "security_level", "help"), _text),
    **dict.fromkeys(("page", "values", "aliases"), _texts),
    **dict.fromkeys(("read_only", "shown", "listed", "physical_presence", "secret"), _flag),
    **dict.fromkeys(("set_once", "at_once", "momentary"), _flag),
    "encodings": _list_of(_checked(lambda value: value in tuple(ENCODINGS)), len(ENCODINGS)),
    "requires": _list_of(_condition, MOST_ENTRIES),
}
_LINE: Mapping[str, Reader] = {
    "kind": _checked(lambda value: value in LINE_KINDS),
    "does": _checked(lambda value: value in ACTIONS),
    "text": _text,
    "help": _text,
}
_PAGE: Mapping[str, Reader] = {
    "path": _list_of(_text, MOST_TITLES),
    "rows": _list_of(_row, MOST_ROWS + MOST_PAGES),
}
_MODEL: Mapping[str, Reader] = {
    "format": _checked(lambda value: is_number(value) and value == FORMAT),
    "id": _checked(is_id),
    "product": _identity,
    "board": _checked(lambda value: is_identity(value, 16)),
    "bios_version": _identity,
    "menus": _list_of(_text, MOST_MENUS, 1),
    "settings": _list_of(_setting, MOST_SETTINGS),
    "pages": _list_of(lambda value: members(value, "a page", _PAGE, _PAGE), MOST_PAGES),
}
