"""The JSON text of a model, read into a `Catalogue`.

`scripts/make_models` and `f10 new --model` write this text from an author's TOML, and a PC keeps it as the read-only part of its
firmware. It is read as if a stranger had brought it: `model_members` looks at each member, this module at what the members say of one
another, `model_rules` at what the firmware would make of it.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emulator.firmware import model_members
from emulator.firmware.catalogue import Catalogue, Line, Setting
from emulator.firmware.model_members import MalformedModel

__all__ = ["MalformedModel", "parse", "read"]

Path = tuple[str, ...]


def parse(text: str) -> Catalogue:
    """Read a model. Raises MalformedModel."""
    from emulator.firmware import model_rules

    try:
        catalogue = read(json.loads(text))
    except RecursionError:
        raise MalformedModel("the model is no JSON of ours: it is nested too deeply") from None
    except ValueError as error:
        raise MalformedModel(f"the model is no JSON: {error}") from None
    for fault in model_rules.faults(catalogue):
        raise MalformedModel(fault.sentence)
    return catalogue


def read(model: object) -> Catalogue:
    """A model out of plain data, before any rule is looked at. Raises MalformedModel."""
    told = model_members.model(model)
    _require_once("menu", told["menus"])
    _require_once("setting", [each.name for each in told["settings"]])
    settings = {each.name: each for each in told["settings"]}
    listed = sorted((each for each in settings.values() if each.listed), key=_place)
    return Catalogue(
        model=told["id"],
        product=told["product"],
        board=told["board"],
        bios_version=told["bios_version"],
        menus=told["menus"],
        settings={each.name: each for each in listed},
        unlisted={name: each for name, each in settings.items() if not each.listed},
        pages=_pages(told["menus"], told["pages"], settings),
    )


def _place(setting: Setting) -> tuple[int, str, str]:
    """Tools sort by Sequence, and settings of the same Sequence by path and name."""
    return setting.sequence, setting.wmi_path, setting.name


def _pages(
    menus: Path, pages: Sequence[Mapping[str, Any]], settings: Mapping[str, Setting]
) -> dict[Path, tuple[Setting | Line, ...]]:
    """Pages with their rows; each menu has one, be it empty."""
    _require_once("page", [page["path"] for page in pages])
    _require_once("row", [row for page in pages for row in page["rows"] if isinstance(row, str)])
    laid: dict[Path, tuple[Setting | Line, ...]] = {(menu,): () for menu in menus}
    if homeless := [page["path"] for page in pages if page["path"][:1] not in laid]:
        raise MalformedModel(f"the page {homeless[0]!r:.80} is in no menu")
    laid |= {page["path"]: () for page in pages}
    laid |= {page["path"]: tuple(_rows(page, settings, laid)) for page in pages}
    shown = {row.name for rows in laid.values() for row in rows if isinstance(row, Setting)}
    if lost := [name for name, each in settings.items() if each.page and name not in shown]:
        raise MalformedModel(f"the setting {lost[0]!r} is not on the page that it names")
    return laid


def _rows(
    page: Mapping[str, Any], settings: Mapping[str, Setting], pages: Mapping[Path, object]
) -> Iterator[Setting | Line]:
    path = page["path"]
    for row in page["rows"]:
        if not isinstance(row, str):
            if row["kind"] == "page" and (*path, row["text"]) not in pages:
                raise MalformedModel(
                    f"a line leads to {row['text']!r:.80}, which is no page below {path!r:.80}"
                )
            yield Line(row["text"], row["kind"], path, row.get("does", ""), row.get("help", ""))
        elif row in settings and settings[row].page == path:
            yield settings[row]
        else:
            raise MalformedModel(f"the page {path!r:.80} has the row {row!r:.80}, which is no setting of it")


def _require_once(what: str, names: Sequence[object]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise MalformedModel(f"the {what} {name!r:.80} is there twice")
