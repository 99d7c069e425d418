"""The variable store: a log of records in flash, and the few rules that keep it whole.

A variable is changed by appending a new record and retiring the old one, in four steps of which each clears one bit
or fills erased bytes: the old record is marked as having a successor, the new header is written, then its name and
data, then it is declared valid; last, the old one is declared gone. A cut anywhere leaves the old value or the new.

Several variables change together in a `transaction`: either the list of changes is written down first (`redo`), or
the whole region is replaced at once.

Real firmware has two weak spots here, and this store closes them:

* After two power cuts two records of one key can both wait for a successor. Lookup then serves the last, but reclaim
  keeps the first, and a stale value comes back from the dead. Here leftovers are retired before the live record is
  touched, and the last one wins everywhere.
* A torn record may leave bytes behind the last valid one that look like records. Here, if anything behind the last
  record is not erased, the store is reclaimed before the first read is served.

When a record does not fit, the live records are copied together with the new ones and everything obsolete is dropped
(`reclaim`), by a fault-tolerant write. Old values stay in obsolete records until then, and a virtual machine may have
left some in the spare area; where that must not be, `scrub` or `secret=True` leaves no byte of them.

After an exception of the flash the store object no longer agrees with the bytes: open them again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from uuid import UUID

from firmware_store import redo
from firmware_store.errors import NotFound
from firmware_store.fault_tolerant_write import reclaim_working_block, recover, replace_variable_region
from firmware_store.flash import NORFlash
from firmware_store.index import every_record, index, walk
from firmware_store.layout import Layout
from firmware_store.records import (
    ADDED,
    DELETED,
    HEADER_SIZE,
    HEADER_VALID,
    KEY_OFFSET,
    NOTHING,
    STATE_OFFSET,
    TRANSITION,
    Record,
    Variable,
    aligned,
    bytes_at,
    decoded,
    in_state,
    key_of,
    record_of,
    size_at,
    variable_at,
    variable_of,
)
from firmware_store.redo import Changes
from firmware_store.region import holds_nothing_but, store_after
from firmware_store.set_variable import APPEND, appended, check_change, check_request, is_deletion
from firmware_store.staging import Staged
from firmware_store.volume import blank, check_volume, detect


class VariableStore:
    """The variables of one flash. Outside a transaction every change goes to the flash at once."""

    def __init__(self, flash: NORFlash, layout: Layout) -> None:
        self.flash = flash
        self.layout = layout
        self._staged: Staged | None = None
        recover(flash, layout)
        check_volume(flash.content, layout)
        self._index = index(flash.content, layout)
        self._settle()

    @classmethod
    def from_image(cls, image: bytes | bytearray) -> "VariableStore":
        """A store over a copy of the image, whose layout is found out from its bytes."""
        layout = detect(image)
        return cls(NORFlash(image, layout.block_size), layout)

    # --- Reading -----------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Variable]:
        """The live variables in the order of their records; those of an unfinished transaction last."""
        staged = self._staged.changes if self._staged else {}
        image, standing = self.flash.content, sorted(self._index.live.items(), key=itemgetter(1))
        found = list(
            decoded(image, [each for each in standing if each[0] not in staged] if staged else standing)
        )
        found += [variable_at(record, 0) for record in staged.values() if record is not None]
        return iter(found)

    def __len__(self) -> int:
        staged = self._staged.changes if self._staged else {}
        gone = sum(key in self._index.live for key in staged)
        return len(self._index.live) - gone + sum(record is not None for record in staged.values())

    def find(self, guid: UUID, name: str) -> Variable | None:
        return self._held(key_of(guid, name))

    def get(self, guid: UUID, name: str) -> Variable:
        found = self.find(guid, name)
        if found is None:
            raise NotFound(f"expected a variable {name!r} of vendor {guid}, there is none")
        return found

    def records(self) -> list[Record]:
        """Every record that is still in the flash, obsolete ones too, in their order."""
        return every_record(bytes(self.flash.content), self.layout)

    def history(self, guid: UUID, name: str) -> list[Record]:
        """Every record of this variable that is still in the flash, oldest first. Data of state 0x7F may be torn."""
        image, key = self.flash.content, key_of(guid, name)
        return [
            Record(offset, state, variable_at(image, offset))
            for offset, state, name_size, _ in walk(image, self.layout)[0]
            if name_size and image[offset + KEY_OFFSET : offset + HEADER_SIZE + name_size] == key
        ]

    # --- Changing ----------------------------------------------------------------------------------------------------

    def set(self, guid: UUID, name: str, data: bytes, attributes: int, *, secret: bool = False) -> None:
        """SetVariable: creates, changes, appends or deletes. What is already there is not written again.

        `secret` leaves no byte of any older value in the flash.
        """
        check_request(name, data, attributes, self.layout)
        redo.refuse(guid)
        key = key_of(guid, name)
        held = self._held(key)
        if held is not None:
            check_change(held, attributes)
        if is_deletion(data, attributes):
            if held is None:
                raise NotFound(f"expected a variable {name!r} of vendor {guid} to delete, there is none")
            self._change(key, None, secret=secret)
        elif held is None:
            if data:  # To append nothing to a variable that does not exist succeeds and creates none.
                self._change(key, record_of(key, attributes & ~APPEND, data), secret=secret)
        else:
            wanted = appended(held, data, self.layout) if attributes & APPEND else data
            if wanted != held.data:
                self._change(key, record_of(key, held.attributes, wanted), secret=secret)
            elif secret:
                self.scrub()

    def delete(self, guid: UUID, name: str, *, secret: bool = False) -> None:
        """SetVariable without attributes and data."""
        self.set(guid, name, b"", 0, secret=secret)

    def put(self, variable: Variable, *, secret: bool = False) -> None:
        """Stores a variable, time stamp and all, in place of one of its key. For requests that were checked."""
        key = key_of(variable.guid, variable.name)
        if not variable.data:
            self.remove(variable.guid, variable.name, secret=secret)
        elif self._held(key) != variable:
            record = record_of(key, variable.attributes, variable.data, variable.time_stamp)
            self._change(key, record, secret=secret)
        elif secret:
            self.scrub()

    def remove(self, guid: UUID, name: str, *, secret: bool = False) -> None:
        """Deletes a variable if it is there. For requests that were checked."""
        key = key_of(guid, name)
        if self._held(key) is not None:
            self._change(key, None, secret=secret)

    @contextmanager
    def transaction(self, *, secret: bool = False) -> Iterator["VariableStore"]:
        """Changes inside the block appear in the flash at its end: all of them or, after an exception, none.

        Reading inside the block shows them. A block within a block can fail by itself, but is kept by the outer one.
        """
        outer = self._staged
        if outer is None:
            inner = Staged({}, self._size_of_live(), secret=secret)
        else:
            inner = outer.inner(secret=secret)
        self._staged = inner
        try:
            yield self
        finally:
            self._staged = outer
        if outer is None:
            self._commit(inner.changes, secret=inner.secret)
        else:
            outer.take_over(inner)

    def reclaim(self) -> None:
        """Drops everything obsolete."""
        self._rewrite({})

    def scrub(self) -> None:
        """Removes what is left of old values: obsolete records, the spare area, the queue of the working block.

        The event log is not the store's, and is left alone. In a transaction it happens at the end.
        """
        if self._staged is None:
            self._rewrite({}, scrub=True)
        else:
            self._staged.secret = True

    # --- How a change gets into the flash ----------------------------------------------------------------------------

    def _settle(self) -> None:
        """What a power cut left among the records: a transaction to finish, or a torn tail."""
        started = self._held(redo.KEY)
        if started is not None:
            self._rewrite({**redo.changes_of(started.data), redo.KEY: None})
        elif not self._tail_is_erased():
            self.reclaim()

    def _held(self, key: bytes) -> Variable | None:
        if self._staged is not None and key in self._staged.changes:
            record = self._staged.changes[key]
            return None if record is None else variable_at(record, 0)
        offset = self._index.live.get(key)
        return None if offset is None else variable_of(self.flash.content, offset, key)

    def _change(self, key: bytes, record: bytes | None, *, secret: bool) -> None:
        if self._staged is None:
            self._commit({key: record}, secret=secret)
        else:
            offset = self._index.live.get(key)
            standing = None if offset is None else bytes_at(self.flash.content, offset)
            self._staged.stage(key, record, standing, self.layout.capacity)
            self._staged.secret |= secret

    def _commit(self, changes: Changes, *, secret: bool) -> None:
        """The cheapest way that is all or nothing."""
        if secret:
            self._rewrite(changes, scrub=True)
        elif len(changes) == 1 and self._fits(changes):
            self._apply(changes)
        elif len(changes) > 1:
            listed = redo.redo_record(changes)
            if len(listed) <= self.layout.largest and self._fits({**changes, redo.KEY: listed}):
                self._apply({redo.KEY: listed, **changes})
                self._apply({redo.KEY: None})
            else:
                self._rewrite(changes)
        elif changes:
            self._rewrite(changes)

    def _fits(self, changes: Changes) -> bool:
        needed = sum(aligned(len(record)) for record in changes.values() if record is not None)
        return self._index.free + needed <= self.layout.variable_size

    def _apply(self, changes: Changes) -> None:
        for key, record in changes.items():
            if record is None:
                self._delete(key)
            else:
                self._append(key, record)

    def _append(self, key: bytes, record: bytes) -> None:
        """The four steps."""
        old, new = self._index.live.get(key), self._index.free
        self._retire_leftovers(key)
        if old is not None:
            self._clear(old, TRANSITION, "a successor is coming")
        self.flash.program(new, in_state(record[:HEADER_SIZE], NOTHING), "header")
        self._clear(new, HEADER_VALID, "header valid")
        self.flash.program(new + HEADER_SIZE, record[HEADER_SIZE:], "name and data")
        self._clear(new, ADDED, "added")
        if old is not None:
            self._clear(old, DELETED, "replaced")
        self._index.live[key] = new
        self._index = self._index._replace(free=aligned(new + len(record)))

    def _delete(self, key: bytes) -> None:
        self._retire_leftovers(key)
        self._clear(self._index.live.pop(key), DELETED, "deleted")

    def _retire_leftovers(self, key: bytes) -> None:
        for offset in self._index.leftovers.pop(key, ()):
            self._clear(offset, DELETED, "leftover retired")

    def _clear(self, offset: int, kept: int, label: str) -> None:
        """Clears bits of a record's state, unless they are clear already."""
        state = self.flash.content[offset + STATE_OFFSET]
        if state & kept != state:
            self.flash.program(offset + STATE_OFFSET, bytes([state & kept]), label)

    def _tail_is_erased(self) -> bool:
        """Compared with a blank image, in place: half a megabyte is copied for nothing otherwise."""
        free, end = self._index.free, self.layout.variable_size
        return self.flash.content.startswith(memoryview(blank(self.layout))[free:end], free)

    def _size_of_live(self) -> int:
        image = self.flash.content
        return sum(aligned(size_at(image, offset)) for offset in self._index.live.values())

    def _rewrite(self, changes: Changes, *, scrub: bool = False) -> None:
        """Replaces the region. A scrub does nothing if nothing is there to remove, and leaves no copy anywhere."""
        flash, layout = self.flash, self.layout
        store = store_after(flash.content, layout, self._index.live, changes)
        if scrub and holds_nothing_but(flash.content, layout, store):
            return
        replace_variable_region(flash, layout, store, keep_spare=not scrub)
        if scrub:
            reclaim_working_block(flash, layout, keep_spare=False)
        self._index = index(flash.content, layout)
