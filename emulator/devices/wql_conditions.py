"""What stands behind WHERE: comparisons of properties with constants, and how they are joined.

Texts are compared without case, `<` and `>` by their letters; numbers as numbers. A property that holds nothing is NULL, and compares with
nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from emulator.devices.wmi_schema import Instance
from emulator.devices.wql_patterns import Pattern, fits

Constant = str | int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`property operator constant`, with the operator as it stands in `COMPARED`."""

    name: str
    operator: str
    constant: Constant

    def holds(self, instance: Instance) -> bool:
        held = instance.get(self.name)
        if not isinstance(held, str | int):
            return False
        ours, theirs = _comparable(held), _comparable(self.constant)
        return COMPARED[self.operator](ours, theirs)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`property LIKE pattern`."""

    name: str
    pattern: Pattern

    def holds(self, instance: Instance) -> bool:
        held = instance.get(self.name)
        return held is not None and fits(str(held), self.pattern)


@dataclass(frozen=True, slots=True)
class IsNull:
    name: str

    def holds(self, instance: Instance) -> bool:
        return instance.get(self.name) is None


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Condition"

    def holds(self, instance: Instance) -> bool:
        return not self.inner.holds(instance)


@dataclass(frozen=True, slots=True)
class Every:
    """Conditions joined by AND."""

    parts: "tuple[Condition, ...]"

    def holds(self, instance: Instance) -> bool:
        return all(each.holds(instance) for each in self.parts)


@dataclass(frozen=True, slots=True)
class Some:
    """Conditions joined by OR."""

    parts: "tuple[Condition, ...]"

    def holds(self, instance: Instance) -> bool:
        return any(each.holds(instance) for each in self.parts)


Condition = Comparison | Likeness | IsNull | Not | Every | Some

COMPARED: Mapping[str, Callable[[object, object], bool]] = {
    "=": lambda ours, theirs: ours == theirs,
    "<>": lambda ours, theirs: ours != theirs,
    "!=": lambda ours, theirs: ours != theirs,
    "<": lambda ours, theirs: _order(ours, theirs) < 0,
    "<=": lambda ours, theirs: _order(ours, theirs) <= 0,
    ">": lambda ours, theirs: _order(ours, theirs) > 0,
    ">=": lambda ours, theirs: _order(ours, theirs) >= 0,
}


def _comparable(value: Constant) -> Constant:
    return value.casefold() if isinstance(value, str) else value


def _order(ours: object, theirs: object) -> int:
    """Below zero, zero or above. Whoever made the condition saw to it that both are of one type."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return (ours > theirs) - (ours < theirs)
    assert isinstance(ours, int)
    assert isinstance(theirs, int)
    return ours - theirs
