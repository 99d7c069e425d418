"""The whole store as a dictionary: what a test expects of a sequence of changes, reopenings and power cuts."""

from collections.abc import Callable
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from firmware_store import TINY, Cut, NORFlash, VariableStore, blank
from firmware_store.errors import InvalidParameter, NotFound, PowerCut

Key = tuple[UUID, str]
Content = dict[Key, tuple[bytes, int]]

KEYS = st.sampled_from([(UUID(int=vendor), name) for vendor in (1, 2) for name in ("A", "AB", "\ud800ß")])
DATA = st.binary(min_size=1, max_size=300)
ATTRIBUTES = st.sampled_from([3, 7, 7, 7])
CUTS = st.none() | st.tuples(st.integers(0, 9), st.integers(0, 400), st.integers(0, 255))


def content_of(store: VariableStore) -> Content:
    return {(each.guid, each.name): (each.data, each.attributes) for each in store}


class StoreMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.expected: Content = {}
        self.store = VariableStore.from_image(blank(TINY))

    @rule(key=KEYS, data=DATA, attributes=ATTRIBUTES, cut=CUTS)
    def set(self, key: Key, data: bytes, attributes: int, cut: tuple[int, int, int] | None) -> None:
        if self.expected.get(key, (b"", attributes))[1] != attributes:
            with pytest.raises(InvalidParameter):
                self.store.set(*key, data, attributes)
        else:
            after = {**self.expected, key: (data, attributes)}
            self.perform(lambda store: store.set(*key, data, attributes), after, cut)

    @rule(key=KEYS, cut=CUTS)
    def delete(self, key: Key, cut: tuple[int, int, int] | None) -> None:
        if key not in self.expected:
            with pytest.raises(NotFound):
                self.store.delete(*key)
        else:
            after = {each: value for each, value in self.expected.items() if each != key}
            self.perform(lambda store: store.delete(*key), after, cut)

    @rule()
    def reclaim(self) -> None:
        self.store.reclaim()

    @rule()
    def reopen(self) -> None:
        self.store = VariableStore.from_image(bytes(self.store.flash.content))

    @invariant()
    def holds_what_was_put_in(self) -> None:
        assert content_of(self.store) == self.expected

    def perform(
        self, change: Callable[[VariableStore], None], after: Content, cut: tuple[int, int, int] | None
    ) -> None:
        rehearsal = VariableStore(NORFlash(self.store.flash.content, TINY.block_size, logged=True), TINY)
        change(rehearsal)
        log = rehearsal.flash.log or []
        if cut is None or not log or any(each.kind == "erase" for each in log):
            change(self.store)
            self.expected = after
            return
        number, done = cut[0] % len(log), cut[1] % (log[cut[0] % len(log)].length + 1)
        self.store.flash.cut = Cut(self.store.flash.operations + number, done, cut[2])
        with pytest.raises(PowerCut):
            change(self.store)
        self.reopen()
        assert content_of(self.store) in (self.expected, after)
        self.expected = content_of(self.store)
