"""The form of a model's file: which keys each of its tables may have, and what may stand behind them.

The tables below are the rules. What the definitions of one model say of one another is in `definitions` and `pages`; what the
firmware would stumble over is in `emulator.firmware.model_rules`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from emulator.firmware.catalogue import ACTIONS, Kind, Role
from emulator.firmware.model_fault import Fault, Where
from emulator.firmware.model_members import (
    LONGEST_NAME,
    MOST_ENTRIES,
    MOST_PAGES,
    MOST_ROWS,
    MOST_SETTINGS,
    is_name,
)
from emulator.firmware.model_rules import TELLS
from emulator.models import values
from emulator.models.likeness import meant
from emulator.models.values import Check

Table = Mapping[str, Any]

TOP: Mapping[str, Check] = {
    "format": values.format_number,
    "id": values.identifier,
    "product": values.identity(64),
    "board": values.identity(16),
    "bios_version": values.identity(64),
    "page": values.list_of("tables [[page]]", least=1, most=MOST_PAGES),
}
DEFINITIONS: Mapping[str, Check] = {"setting": values.tables('[setting."NAME"]', MOST_SETTINGS)}
OPTIONAL: Mapping[str, Check] = {
    "menus": values.menus,
    "sequence": values.list_of_texts,
    **DEFINITIONS,
}
PAGE: Mapping[str, Check] = {"path": values.page_path}
OF_PAGE: Mapping[str, Check] = {
    "wmi_path": values.wmi_path,
    "items": values.list_of("names and lines", most=MOST_ROWS),
}
LINES: Mapping[str, Mapping[str, Check]] = {
    "heading": {"heading": values.text},
    "text": {"text": values.text},
    "page": {"page": values.text},
    "action": {"action": values.one_of(*ACTIONS), "text": values.text},
}
# Keys of every setting, and those of some kinds only.
SETTING: Mapping[str, Check] = {
    "kind": values.one_of(*(kind.value for kind in Kind)),
    "default": values.default,
    "wmi_path": values.wmi_path,
    **dict.fromkeys(("read_only", "shown", "listed", "physical_presence"), values.flag),
    **dict.fromkeys(("set_once", "at_once", "momentary"), values.flag),
    "role": values.one_of(*(role.value for role in Role)),
    "tells": values.one_of(*sorted(TELLS)),
    "requires": values.list_of("conditions", most=MOST_ENTRIES),
    "security_level": values.text,
    "aliases": values.different_texts,
    "help": values.text,
}
OF_KIND: Mapping[str, tuple[Check, frozenset[Kind]]] = {
    "values": (values.different_texts, frozenset({Kind.ENUMERATION, Kind.ORDERED_LIST})),
    "lower_bound": (values.number, frozenset({Kind.INTEGER})),
    "upper_bound": (values.number, frozenset({Kind.INTEGER})),
    "step": (values.step, frozenset({Kind.INTEGER})),
    "min_length": (values.length, frozenset({Kind.STRING, Kind.PASSWORD})),
    "max_length": (values.length, frozenset({Kind.STRING, Kind.PASSWORD})),
    "encodings": (values.encodings, frozenset({Kind.PASSWORD})),
    "secret": (values.flag, frozenset({Kind.STRING})),
}
EVERY_KEY: Mapping[str, Check] = {**SETTING, **{key: check for key, (check, _) in OF_KIND.items()}}
CONDITION: Mapping[str, Check] = {
    "setting": values.text,
    "is": values.wanted,
    "because": values.sentence,
}


def faults(own: Table) -> Iterator[Fault]:
    """What is wrong with the form of a model's file."""
    yield from _keys((), "the model", own, TOP, OPTIONAL)
    for number, page in enumerate(_entries(own, "page")):
        yield from _page(("page", number), page)
    yield from _definitions(own)


def definition_faults(own: Table) -> Iterator[Fault]:
    """What is wrong with the form of a file of shared definitions."""
    yield from _keys((), "the file", own, DEFINITIONS)
    yield from _definitions(own)


def _entries(table: object, key: str) -> Iterable[Any]:
    found = table.get(key) if isinstance(table, dict) else None
    return found if isinstance(found, list) else ()


def _keys(
    where: Where,
    what: str,
    table: object,
    needed: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
) -> Iterator[Fault]:
    if not isinstance(table, dict):
        yield Fault(where, f"{what} must be a table; {said(table)} came")
        return
    known = {**needed, **(optional or {})}
    for key in needed:
        if key not in table:
            yield Fault(where, f"{what} lacks the key {key!r}")
    for key, value in table.items():
        if key not in known:
            yield Fault((*where, key), f"{what} has the unknown key {key!r:.80}{meant(key, known)}")
        elif expected := known[key](value):
            yield Fault((*where, key), f"{what}: {key!r} must be {expected}; {said(value)} came")


def said(value: object) -> str:
    """A value as its author wrote it, or nearly so, and not all of it if it is long."""
    return str(value).lower() if isinstance(value, bool) else f"{value!r:.80}"


def _page(where: Where, page: object) -> Iterator[Fault]:
    yield from _keys(where, "the page", page, PAGE, OF_PAGE)
    for at, line in enumerate(_entries(page, "items")):
        if not isinstance(line, str):
            yield from _line((*where, "items", at), line)


def _line(where: Where, line: object) -> Iterator[Fault]:
    kinds = [kind for kind in LINES if isinstance(line, dict) and kind in line]
    # An action has a text, and is no text.
    kind = "action" if "action" in kinds else kinds[0] if len(kinds) == 1 else None
    if kind is None:
        expected = "a row is a setting's name, or one of heading, text, page and action"
        yield Fault(where, f"{expected}; {said(line)} came")
    else:
        optional = {"help": values.text} if kind == "action" else {}
        yield from _keys(where, f"the {kind}", line, LINES[kind], optional)


def _definitions(own: Table) -> Iterator[Fault]:
    settings = own.get("setting")
    for name, each in settings.items() if isinstance(settings, dict) else ():
        where, what = ("setting", name), f"the setting {name!r:.160}"
        if not is_name(name):
            expected = f"1 to {LONGEST_NAME} characters of printable ASCII, neither blank nor ';' first, and not '.' or '..'"
            yield Fault(where, f"{what}: a name has {expected}")
        yield from _keys(where, what, each, {}, EVERY_KEY)
        for number, condition in enumerate(_entries(each, "requires")):
            of = f"{what}, condition {number + 1}"
            yield from _keys((*where, "requires", number), of, condition, CONDITION)
