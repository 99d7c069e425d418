"""Differences: what two images mean differently, whatever their bytes do.

Two images are equal when they hold the same variables, with the same attributes, data and time stamps. Where a record
lies, what is obsolete, and what the spare area remembers makes no difference here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from firmware_store.records import Variable


@dataclass(frozen=True, slots=True)
class Difference:
    """One variable that is not the same on both sides; None is a side that does not have it."""

    guid: UUID
    name: str
    before: Variable | None
    after: Variable | None

    @property
    def fields(self) -> tuple[str, ...]:
        """Which fields differ between two variables that are both there."""
        if self.before is None or self.after is None:
            return ()
        pairs = zip(Variable._fields, self.before, self.after, strict=True)
        return tuple(field for field, one, other in pairs if one != other)


def differences(before: Iterable[Variable], after: Iterable[Variable]) -> list[Difference]:
    """In the order of vendors and names."""
    one = {(each.guid, each.name): each for each in before}
    other = {(each.guid, each.name): each for each in after}
    return [
        Difference(*key, one.get(key), other.get(key))
        for key in sorted(one.keys() | other.keys(), key=lambda key: (key[0].int, key[1]))
        if one.get(key) != other.get(key)
    ]
