"""The whole store as a dictionary: what a test expects of a sequence of changes, reopenings and power cuts."""

from collections.abc import Callable
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, rule

from firmware_store import TINY, Cut, NORFlash, VariableStore, blank
from firmware_store.errors import PowerCut

Key = tuple[UUID, str]
Content = dict[Key, tuple[bytes, int]]

KEYS = st.sampled_from([(UUID(int=vendor), name) for vendor in (1, 2) for name in ("A", "AB", "\ud800ß")])
DATA = st.binary(min_size=1, max_size=300)
Change = Callable[[VariableStore], object]
# Operation, bytes of it that are done, bits of the next byte that are not, whether an erase leaves noise.
Where = tuple[int, int, int, bool]
CUTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 5000), st.integers(0, 255), st.booleans()), max_size=3
)


def content_of(store: VariableStore) -> Content:
    return {(each.guid, each.name): (each.data, each.attributes) for each in store}


def perform(image: bytes, change: Change, cuts: list[Where]) -> bytes:
    """The image after a change, and after the openings that follow it, each with the next of the cuts in it."""
    rehearsal = NORFlash(image, TINY.block_size, logged=True)
    change(VariableStore(rehearsal, TINY))
    if not cuts or not rehearsal.log:
        return bytes(rehearsal.content)
    number, done, unchanged, noisy = cuts[0]
    operation = rehearsal.log[number % len(rehearsal.log)]
    noise = bytes([unchanged]) * TINY.block_size if noisy and operation.kind == "erase" else None
    flash = NORFlash(image, TINY.block_size)
    flash.cut = Cut(number % len(rehearsal.log), done % (operation.length + 1), unchanged, noise)
    with pytest.raises(PowerCut):
        change(VariableStore(flash, TINY))
    return perform(bytes(flash.content), lambda store: None, cuts[1:])


class StoreMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.expected: Content = {}
        self.image = blank(TINY)

    @rule(changes=st.dictionaries(KEYS, DATA | st.none(), min_size=1), secret=st.booleans(), cuts=CUTS)
    def transaction(self, changes: dict[Key, bytes | None], secret: bool, cuts: list[Where]) -> None:
        def change(store: VariableStore) -> None:
            with store.transaction(secret=secret):
                for key, data in changes.items():
                    if data is not None:
                        store.set(*key, data, 7)
                    elif store.find(*key):
                        store.delete(*key)

        after = {**self.expected, **{key: (data or b"", 7) for key, data in changes.items()}}
        self.changed(change, {key: held for key, held in after.items() if held[0]}, cuts)

    @rule(key=KEYS, data=DATA, cuts=CUTS)
    def set(self, key: Key, data: bytes, cuts: list[Where]) -> None:
        self.changed(lambda store: store.set(*key, data, 7), {**self.expected, key: (data, 7)}, cuts)

    @rule(scrub=st.booleans(), cuts=CUTS)
    def reclaim(self, scrub: bool, cuts: list[Where]) -> None:
        self.changed(VariableStore.scrub if scrub else VariableStore.reclaim, self.expected, cuts)

    def changed(self, change: Change, after: Content, cuts: list[Where]) -> None:
        self.image = perform(self.image, change, cuts)
        held = content_of(VariableStore.from_image(self.image))
        assert held == after if not cuts else held in (self.expected, after)
        self.expected = held
