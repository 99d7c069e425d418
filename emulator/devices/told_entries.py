"""What the firmware told of a list of settings, taken apart by entry."""

from collections.abc import Iterable
from typing import NamedTuple

from emulator.firmware import events as e
from emulator.firmware.events import Event

Word = e.EntryDone | e.EntryUnchanged | e.EntryRefused


class Told(NamedTuple):
    """The last word on an entry, and what happened with it before."""

    word: Word
    events: tuple[Event, ...]


def of(events: Iterable[Event]) -> list[Told]:
    """In the order of the entries, whatever order they were carried out in."""
    told: dict[int, Told] = {}
    happened: list[Event] = []
    for event in events:
        if isinstance(event, Word):
            told[event.entry] = Told(event, tuple(happened))
            happened = []
        else:
            happened.append(event)
    return [told[number] for number in sorted(told)]
