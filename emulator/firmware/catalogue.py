"""The settings and menus of one model, as data.

A model is a file (TOML for its author, JSON in the package); this module parses the JSON text that somebody else has read, and
checks it. Kinds of setting are the firmware's own: enumeration, integer, string, ordered list; an enumeration of two values may be
shown as a check box. The words that travel on every wire stay the values, whatever the screen shows.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

MENUS = ("Main", "Security", "Advanced", "UEFI Drivers")
"""The four menus of the 2015 common BIOS, in order."""


class Kind(Enum):
    ENUMERATION = "enumeration"
    INTEGER = "integer"
    STRING = "string"
    ORDERED_LIST = "ordered list"


class Keeper(Enum):
    """Who keeps the value of a setting, and so who may change it: see `access`."""

    ORDINARY = "ordinary"
    READ_ONLY = "read-only"
    AUTHENTICATION_MODE = "authentication mode"
    LOCAL_ACCESS_KEY = "local access key"
    PLATFORM_KEY = "platform key"


class MalformedModel(Exception):
    """A model file that says something impossible; the text names the entry."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One BIOS setting. `values` of an ordered list are the tokens that the machine knows."""

    name: str
    kind: Kind
    page: tuple[str, ...]
    default: str = ""
    values: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    step: int = 1
    shortest: int = 0
    longest: int = 0
    keeper: Keeper = Keeper.ORDINARY
    physical_presence: bool = False
    check_box: bool = False
    derived: str = ""
    help: str = ""

    @property
    def read_only(self) -> bool:
        return self.keeper is Keeper.READ_ONLY


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page that is no setting: a heading, a sentence, an action or the way to another page."""

    text: str
    kind: str
    page: tuple[str, ...]
    does: str = ""
    help: str = ""


LINE_KINDS = frozenset({"heading", "text", "action", "submenu"})
ACTIONS = frozenset({"save", "ignore"})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A model: its names, its settings by name, and its pages in order."""

    model: str
    product: str
    bios_version: str
    settings: Mapping[str, Setting]
    pages: Mapping[tuple[str, ...], tuple[Setting | Line, ...]]

    @property
    def stored(self) -> Mapping[str, Setting]:
        """Settings that have a variable of their own in the image."""
        return {name: setting for name, setting in self.settings.items() if setting.keeper is Keeper.ORDINARY}


def parse(text: str) -> Catalogue:
    """Read a model. Raises MalformedModel."""
    try:
        return _catalogue(json.loads(text))
    except json.JSONDecodeError as error:
        raise MalformedModel(f"the model is no JSON: {error}") from None
    except (KeyError, TypeError) as error:
        raise MalformedModel(f"the model lacks its id, names or items: {error}") from None


def _catalogue(model: Mapping[str, Any]) -> Catalogue:
    pages: dict[tuple[str, ...], list[Setting | Line]] = {(menu,): [] for menu in MENUS}
    settings: dict[str, Setting] = {}
    for entry in model["item"]:
        try:
            item = _item(entry)
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedModel(f"the entry {entry!r} lacks or misspells something: {error}") from None
        if item.page not in pages:
            parent = _page_of(entry, item.page[:-1], pages)
            parent.append(Line(item.page[-1], "submenu", item.page[:-1]))
            pages[item.page] = []
        pages[item.page].append(item)
        if isinstance(item, Setting):
            if item.name in settings:
                raise MalformedModel(f"the setting {item.name!r} is there twice")
            settings[item.name] = item
    return Catalogue(
        model["id"],
        model["product"],
        model["bios_version"],
        settings,
        {page: tuple(items) for page, items in pages.items()},
    )


def _page_of(
    entry: Mapping[str, Any], page: tuple[str, ...], pages: dict[tuple[str, ...], list[Setting | Line]]
) -> list[Setting | Line]:
    if page not in pages:
        raise MalformedModel(
            f"the entry {entry!r} lies on a page below {'/'.join(page)!r}, which does not exist"
        )
    return pages[page]


def _item(entry: Mapping[str, Any]) -> Setting | Line:
    page = tuple(entry["page"].split("/"))
    if "text" in entry:
        kind, does = entry["kind"], entry.get("does", "")
        if kind not in LINE_KINDS or (kind == "action" and does not in ACTIONS):
            raise MalformedModel(f"the line {entry['text']!r} is of the unknown kind {kind!r} {does!r}")
        return Line(entry["text"], kind, page, does, entry.get("help", ""))
    setting = Setting(
        name=entry["name"],
        kind=Kind(entry["kind"]),
        page=page,
        default=entry.get("default", ""),
        values=tuple(entry.get("values", ())),
        least=entry.get("least", 0),
        most=entry.get("most", 0),
        step=entry.get("step", 1),
        shortest=entry.get("shortest", 0),
        longest=entry.get("longest", 0),
        keeper=Keeper(entry.get("keeper", "ordinary")),
        physical_presence=entry.get("physical_presence", False),
        check_box=entry.get("check_box", False),
        derived=entry.get("derived", ""),
        help=entry.get("help", ""),
    )
    if setting.check_box and len(setting.values) != 2:
        raise MalformedModel(
            f"the check box {setting.name!r} needs two values, {len(setting.values)} are given"
        )
    return setting
