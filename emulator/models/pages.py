"""The pages of a model: rules for what stands on them, and how they are laid out.

Pages above a page need not be declared, and a page that no row leads to gets one at the end of the page above it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.firmware.catalogue import MENUS
from emulator.firmware.model_fault import Fault, Where
from emulator.firmware.model_members import MOST_PAGES
from emulator.models.likeness import meant
from emulator.models.schema import Table

Path = tuple[str, ...]


def menus(own: Table) -> list[str]:
    return list(own.get("menus", MENUS))


def rows(own: Table) -> Iterator[tuple[Where, Path, Any]]:
    """Every row with its place in the file, and the path of its page."""
    for number, page in enumerate(own["page"]):
        for at, row in enumerate(page.get("items", ())):
            yield ("page", number, "items", at), tuple(page["path"]), row


def faults(own: Table, definitions: Mapping[str, Table], shared: Table) -> Iterator[Fault]:
    yield from _paths(own)
    yield from _rows(own, shared)
    on_pages = {row for _, _, row in rows(own) if isinstance(row, str)}
    for name, each in definitions.items():
        if name not in on_pages and each.get("shown", True) and each.get("listed", True):
            yield Fault(
                ("setting", name), f"the setting {name!r} stands on no page, and is not 'shown = false'"
            )


def _paths(own: Table) -> Iterator[Fault]:
    before: set[Path] = set()
    known = menus(own)
    if len(_every_path(own)) > MOST_PAGES:
        yield Fault((), f"the model has more than {MOST_PAGES} pages, those above others counted in")
    for number, page in enumerate(own["page"]):
        path = tuple(page["path"])
        if path[0] not in known:
            yield Fault(
                ("page", number, "path"), f"there is no menu {path[0]!r}; there are {', '.join(known)}"
            )
        if path in before:
            yield Fault(("page", number), f"the page {' / '.join(path)!r} is there twice")
        before.add(path)


def _rows(own: Table, shared: Table) -> Iterator[Fault]:
    own_names = own.get("setting", {})
    pages = _every_path(own).keys()
    before: set[str] = set()
    for where, path, row in rows(own):
        if not isinstance(row, str):
            if "page" in row and (*path, row["page"]) not in pages:
                yield Fault(where, f"there is no page {row['page']!r} below {' / '.join(path)!r}")
            continue
        if row not in own_names and row not in shared:
            hint = meant(row, [*own_names, *shared])
            yield Fault(where, f"{row!r:.160} is defined neither here nor among the shared{hint}")
        elif row in before:
            yield Fault(where, f"{row!r} stands on a page already")
        before.add(row)


def _every_path(own: Table) -> dict[Path, None]:
    """The menus, the pages, and those above them that are not declared."""
    paths: dict[Path, None] = {(menu,): None for menu in menus(own)}
    for page in own["page"]:
        path = tuple(page["path"])
        paths |= dict.fromkeys(path[:length] for length in range(1, len(path) + 1))
    return paths


def laid_out(own: Table) -> list[dict[str, Any]]:
    """Every page with its rows, as the JSON text has them."""
    pages: dict[Path, list[Any]] = {path: [] for path in _every_path(own)}
    for _, path, row in rows(own):
        pages[path].append(_row(row))
    for path in pages:
        way = {"kind": "page", "text": path[-1]}
        if path[:-1] and way not in pages[path[:-1]]:
            pages[path[:-1]].append(way)
    return [{"path": list(path), "rows": page} for path, page in pages.items()]


def _row(row: Any) -> Any:
    if isinstance(row, str):
        return row
    if "action" in row:
        return {"kind": "action", "does": row["action"], "text": row["text"], "help": row.get("help", "")}
    ((kind, text),) = row.items()
    return {"kind": kind, "text": text}
