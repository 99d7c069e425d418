"""The settings of a model: each is the shared definition of its name, and over it what the model itself says.

Rules for definitions that are whole: a kind, what the kind needs and nothing that only other kinds have.
"""

from collections.abc import Iterator, Mapping

from emulator.firmware.catalogue import Kind
from emulator.firmware.model_fault import Fault
from emulator.firmware.model_members import MOST_SETTINGS
from emulator.models.likeness import meant
from emulator.models.schema import OF_KIND, Table

NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.ENUMERATION: ("values", "default"),
    Kind.INTEGER: ("lower_bound", "upper_bound", "default"),
    Kind.STRING: ("max_length",),
    Kind.ORDERED_LIST: ("values", "default"),
    Kind.PASSWORD: ("min_length", "max_length", "encodings"),
}
ALL_KINDS = frozenset(Kind)


def merged(own: Table, shared: Table) -> dict[str, Table]:
    """Every setting of the model, those on pages first, in their order."""
    rows = [row for page in own["page"] for row in page.get("items", ()) if isinstance(row, str)]
    defined: Table = own.get("setting", {})
    return {
        name: _over(shared.get(name, {}), defined.get(name, {})) for name in dict.fromkeys([*rows, *defined])
    }


def _over(shared: Table, own: Table) -> Table:
    """A definition that names another kind takes nothing from the shared one that belongs to the old kind."""
    kind = own.get("kind", shared.get("kind"))
    if kind == shared.get("kind"):
        return {**shared, **own}
    left = {key: value for key, value in shared.items() if key != "default" and kind in _kinds(key)}
    return {**left, **own}


def _kinds(key: str) -> frozenset[str]:
    """Words for the kinds that have a key."""
    return frozenset(kind.value for kind in OF_KIND.get(key, (None, ALL_KINDS))[1])


def faults(own: Table, definitions: Mapping[str, Table]) -> Iterator[Fault]:
    if len(definitions) > MOST_SETTINGS:
        yield Fault((), f"the model has {len(definitions)} settings; at most {MOST_SETTINGS} are taken")
        return
    for name, each in definitions.items():
        # A row that nothing defines is a fault of its page.
        if each or name in own.get("setting", {}):
            yield from _whole(name, each)
    yield from _sequence(own.get("sequence", ()), definitions)


def _whole(name: str, each: Table) -> Iterator[Fault]:
    """One setting has a kind, and the keys of its kind."""
    where, what = ("setting", name), f"the setting {name!r}"
    if "kind" not in each:
        yield Fault(where, f"{what} lacks the key 'kind'")
        return
    # What only tells has no values to choose from, and a text of its own length.
    only_tells = each.get("read_only", False) and "role" not in each
    for key in () if only_tells else NEEDED[Kind(each["kind"])]:
        if key not in each:
            yield Fault(where, f"{what} lacks the key {key!r}: its kind is {each['kind']!r}")
    for key in each:
        if each["kind"] not in _kinds(key):
            yield Fault((*where, key), f"{what} has {key!r}, which its kind {each['kind']!r} has not")


def _sequence(sequence: Iterator[str], definitions: Mapping[str, Table]) -> Iterator[Fault]:
    before: set[str] = set()
    for at, name in enumerate(sequence):
        if name not in definitions:
            hint = meant(name, definitions)
            yield Fault(("sequence", at), f"the sequence names {name!r:.160}, which the model has not{hint}")
        elif name in before:
            yield Fault(("sequence", at), f"the sequence names {name!r} twice")
        before.add(name)
