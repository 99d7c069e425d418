"""The changes of a transaction that is not finished: what is to appear in the flash, and whether it will fit.

A change that would not fit is refused where it is made, so that the end of a transaction cannot fail for want of room.
What is as it was before the transaction is no change.
"""

from firmware_store.records import ADDED, aligned, in_state
from firmware_store.redo import Changes
from firmware_store.region import no_room


class Staged:
    """Changes by key, and the room that all live records take with them."""

    __slots__ = ("changes", "secret", "used")

    def __init__(self, changes: Changes, used: int, *, secret: bool) -> None:
        self.changes = changes
        self.used = used
        self.secret = secret

    def inner(self, *, secret: bool) -> "Staged":
        """For a transaction inside this one."""
        return Staged(dict(self.changes), self.used, secret=secret or self.secret)

    def take_over(self, inner: "Staged") -> None:
        self.changes, self.used, self.secret = inner.changes, inner.used, inner.secret

    def stage(self, key: bytes, record: bytes | None, standing: bytes | None, capacity: int) -> None:
        """One change; `standing` is the record that is in the flash."""
        replaced = self.changes.get(key, standing)
        others = self.used - (aligned(len(replaced)) if replaced else 0)
        if record is not None and others + len(record) > capacity:
            raise no_room(len(record), capacity - others)
        self.used = others + (aligned(len(record)) if record else 0)
        if record is None if standing is None else record == in_state(standing, ADDED):
            self.changes.pop(key, None)
        else:
            self.changes[key] = record
