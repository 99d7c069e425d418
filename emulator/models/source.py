"""A model as its author writes it: TOML, completed from the shared definitions, checked, and ready to be kept as JSON.

A definition `[setting."NAME"]` in the model's file adds to the shared one of that name, or replaces parts of it; a setting that the
pages name and the file does not define is the shared one as it is. `docs/models.md` is written for authors.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from itertools import chain, count, islice
from operator import itemgetter
from typing import Any

from emulator.firmware import model_rules, model_text
from emulator.firmware.model_fault import Fault, Where
from emulator.models import ModelRefused, definitions, lines, pages, schema, tokens
from emulator.models.schema import Table

MOST_FAULTS = 500
"""Sentences that anybody would read."""


def compiled(text: str, shared: Table, name: str) -> str:
    """The JSON text of the model in the TOML `text`. Raises ModelRefused with all faults that were found."""
    return as_json(expanded(text, shared, name))


def as_json(model: Mapping[str, Any]) -> str:
    """The JSON text of a model that is expanded."""
    return json.dumps(model, ensure_ascii=False, indent=1) + "\n"


def expanded(text: str, shared: Table, name: str) -> dict[str, Any]:
    """The model in the TOML `text` with everything it takes from `shared`. Raises ModelRefused."""
    own = _toml(text, name)
    _refuse(text, name, schema.faults(own))
    settings = definitions.merged(own, shared)
    place = {row: (where, path) for where, path, row in pages.rows(own) if isinstance(row, str)}
    rows = {row: where for row, (where, _) in place.items() if row not in own.get("setting", {})}
    _refuse(text, name, chain(pages.faults(own, settings, shared), definitions.faults(own, settings)), rows)
    model = _put_together(own, settings, {row: path for row, (_, path) in place.items()})
    _refuse(text, name, model_rules.faults(model_text.read(model)), rows)
    return model


def shared_definitions(text: str, name: str) -> Table:
    """The definitions of a file that holds nothing else. Raises ModelRefused."""
    own = _toml(text, name)
    _refuse(text, name, schema.definition_faults(own))
    shared: Table = own["setting"]
    return shared


def _toml(text: str, name: str) -> dict[str, Any]:
    if too_much := tokens.excess(text):
        raise ModelRefused(name, [too_much])
    try:
        return tomllib.loads(text)
    except ValueError as error:
        place = re.search(r"\(at line (\d+)", str(error))
        line = int(place[1]) if place else text.rstrip().count("\n") + 1
        raise ModelRefused(name, [(line, f"this is no TOML: {error}")]) from None


def _refuse(text: str, name: str, faults: Iterable[Fault], rows: Mapping[str, Where] | None = None) -> None:
    """Raise ModelRefused if there are faults, with their lines and in the order of these."""
    found = list(islice(faults, MOST_FAULTS + 1))
    if not found:
        return
    places = lines.places(text)
    told = [
        (lines.line_of(places, _seen(fault.where, rows or {})), fault.sentence)
        for fault in found[:MOST_FAULTS]
    ]
    told.sort(key=itemgetter(0))
    if len(found) > MOST_FAULTS:
        told.append((told[-1][0], f"there are more than {MOST_FAULTS} faults; the others are not told"))
    raise ModelRefused(name, told)


def _seen(where: Where, rows: Mapping[str, Where]) -> Where:
    """A setting without a table of its own is seen where its row is."""
    match where:
        case ("setting", str(name), *_):
            return rows.get(name, where)
    return where


def _put_together(
    own: Table, settings: Mapping[str, Table], place: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    wmi_paths = {tuple(page["path"]): page["wmi_path"] for page in own["page"] if "wmi_path" in page}
    order = dict.fromkeys([*own.get("sequence", ()), *settings])
    # Sequence numbers have gaps, as real ones do.
    sequence = {name: number for number, name in zip(count(10, 10), order, strict=False)}
    return {
        **{key: own[key] for key in ("format", "id", "product", "board", "bios_version")},
        "menus": pages.menus(own),
        "settings": [
            _setting(name, each, place.get(name, ()), wmi_paths) | {"sequence": sequence[name]}
            for name, each in settings.items()
        ],
        "pages": pages.laid_out(own),
    }


def _setting(
    name: str, definition: Table, page: tuple[str, ...], wmi_paths: Mapping[tuple[str, ...], str]
) -> dict[str, Any]:
    entry = {"name": name, **definition, "page": list(page)}
    entry.setdefault("wmi_path", wmi_paths.get(page, "\\" + "\\".join(page)))
    if "default" in entry:
        entry["default"] = _as_text(entry["default"])
    if "requires" in entry:
        entry["requires"] = [{**each, "is": _as_words(each["is"])} for each in entry["requires"]]
    return entry


def _as_text(value: object) -> str:
    """A default as it is stored: a list joined with commas, a number in decimal."""
    return ",".join(value) if isinstance(value, list) else str(value)


def _as_words(value: object) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)]
