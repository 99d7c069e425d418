"""The variable store: a log of records in flash, and the few rules that keep it whole.

A variable is changed by appending a new record and retiring the old one, in four steps of which each clears one bit
or fills erased bytes: the old record is marked as having a successor, the new header is written, then its name and
data, then it is declared valid; last, the old one is declared gone. A cut anywhere leaves the old value or the new.

Real firmware has two weak spots here, and this store closes them:

* After two power cuts two records of one key can both wait for a successor. Lookup then serves the last, but reclaim
  keeps the first, and a stale value comes back from the dead. Here leftovers are retired before the live record is
  touched, and the last one wins everywhere.
* A torn record may leave bytes behind the last valid one that look like records. Here, if anything behind the last
  record is not erased, the store is reclaimed before the first read is served.

When a record does not fit, the live records are copied together with the new one and everything obsolete is dropped
(`reclaim`). After an exception of the flash the store object no longer agrees with the bytes: open them again.
"""

from collections.abc import Iterator
from uuid import UUID

from firmware_store.errors import NotFound, OutOfResources
from firmware_store.fault_tolerant_write import refuse_unfinished_write, replace_variable_region
from firmware_store.flash import NORFlash
from firmware_store.index import index, walk
from firmware_store.layout import VOLUME_HEADER_LENGTH, Layout
from firmware_store.records import (
    ADDED,
    DELETED,
    GUID_SIZE,
    HEADER_SIZE,
    HEADER_VALID,
    KEY_OFFSET,
    STATE_OFFSET,
    TRANSITION,
    Record,
    Variable,
    aligned,
    as_added,
    bytes_at,
    header_of,
    key_of,
    variable_at,
)
from firmware_store.set_variable import APPEND, appended, check_change, check_request, is_deletion
from firmware_store.volume import blank, check_volume, detect


class VariableStore:
    """The variables of one flash. Every change goes to the flash at once; nothing is cached but places."""

    def __init__(self, flash: NORFlash, layout: Layout) -> None:
        self.flash = flash
        self.layout = layout
        refuse_unfinished_write(flash.content, layout)
        check_volume(flash.content, layout)
        self._index = index(flash.content, layout)
        if not self._tail_is_erased():
            self.reclaim()

    @classmethod
    def from_image(cls, image: bytes) -> "VariableStore":
        """A store over a copy of the image, whose layout is found out from its bytes."""
        layout = detect(image)
        return cls(NORFlash(image, layout.block_size), layout)

    def __iter__(self) -> Iterator[Variable]:
        """The live variables in the order of their records."""
        return iter([variable_at(self.flash.content, offset) for offset in sorted(self._index.live.values())])

    def __len__(self) -> int:
        return len(self._index.live)

    def find(self, guid: UUID, name: str) -> Variable | None:
        return self._held(key_of(guid, name))

    def get(self, guid: UUID, name: str) -> Variable:
        found = self.find(guid, name)
        if found is None:
            raise NotFound(f"expected a variable {name!r} of vendor {guid}, there is none")
        return found

    def history(self, guid: UUID, name: str) -> list[Record]:
        """Every record of this variable that is still in the flash, oldest first. Data of state 0x7F may be torn."""
        image, key = self.flash.content, key_of(guid, name)
        return [
            Record(offset, state, variable_at(image, offset))
            for offset, state, name_size, _ in walk(image, self.layout)[0]
            if name_size and image[offset + KEY_OFFSET : offset + HEADER_SIZE + name_size] == key
        ]

    def set(self, guid: UUID, name: str, data: bytes, attributes: int) -> None:
        """SetVariable: creates, changes, appends or deletes. What is already there is not written again."""
        check_request(name, data, attributes, self.layout)
        key = key_of(guid, name)
        held = self._held(key)
        if held is not None:
            check_change(held, attributes)
        if is_deletion(data, attributes):
            if held is None:
                raise NotFound(f"expected a variable {name!r} of vendor {guid} to delete, there is none")
            self._delete(key)
        elif held is None:
            self._put(key, data, attributes & ~APPEND)
        else:
            wanted = appended(held, data, self.layout) if attributes & APPEND else data
            if wanted != held.data:
                self._put(key, wanted, held.attributes)

    def delete(self, guid: UUID, name: str) -> None:
        """SetVariable without attributes and data."""
        self.set(guid, name, b"", 0)

    def reclaim(self) -> None:
        """Drops everything obsolete."""
        self._reclaim()

    def _held(self, key: bytes) -> Variable | None:
        offset = self._index.live.get(key)
        return None if offset is None else variable_at(self.flash.content, offset)

    def _put(self, key: bytes, data: bytes, attributes: int) -> None:
        if not data:
            return  # To append nothing to a variable that does not exist succeeds and creates none.
        header, body = header_of(key, attributes, len(data)), key[GUID_SIZE:] + data
        if self._index.free + len(header) + len(body) > self.layout.variable_size:
            self._reclaim(key, as_added(header) + body)
        else:
            self._append(key, header, body)

    def _append(self, key: bytes, header: bytes, body: bytes) -> None:
        """The four steps."""
        old, new = self._index.live.get(key), self._index.free
        self._retire_leftovers(key)
        if old is not None:
            self._clear(old, TRANSITION, "a successor is coming")
        self.flash.program(new, header, "header")
        self._clear(new, HEADER_VALID, "header valid")
        self.flash.program(new + HEADER_SIZE, body, "name and data")
        self._clear(new, ADDED, "added")
        if old is not None:
            self._clear(old, DELETED, "replaced")
        self._index.live[key] = new
        self._index = self._index._replace(free=aligned(new + len(header) + len(body)))

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

    def _reclaim(self, key: bytes | None = None, record: bytes = b"") -> None:
        """Copies the live records, those that wait for a successor last, then the new one in place of its elder."""
        image = self.flash.content
        kept = [offset for held, offset in self._index.live.items() if held != key]
        kept.sort(key=lambda offset: (image[offset + STATE_OFFSET] != ADDED, offset))
        parts = [as_added(bytes_at(image, offset)) for offset in kept]
        store = bytes(image[VOLUME_HEADER_LENGTH : self.layout.records_offset]) + b"".join(parts) + record
        if len(store) > self.layout.store_size:
            room = self.layout.store_size - len(store) + len(record)
            raise OutOfResources(
                f"the record takes {len(record)} bytes, a full store has room for {room}; delete some"
            )
        replace_variable_region(self.flash, self.layout, store)
        self._index = index(self.flash.content, self.layout)
