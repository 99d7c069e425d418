"""CPU of a cursor key on the longest page, against Textual's list with as many rows."""

from collections.abc import Iterator
from statistics import median

from scripts.benchmarks.measurement import Figure, Goal, Journey
from scripts.benchmarks.terminal import (
    DOWN,
    ENTER,
    LIST,
    UP,
    Terminal,
    new_pc,
    open_longest_page,
    program,
    running,
)

KEYS = 80
OURS, THEIRS = "f10", "OptionList"


def walk(terminal: Terminal) -> list[float]:
    """Down through the page and up again."""
    return [terminal.type(key) * 1e3 for key in _keys()]


def _keys() -> Iterator[bytes]:
    yield from [DOWN] * KEYS
    yield from [UP] * KEYS


def figure(name: str, found: list[float]) -> Figure:
    """The mean stands for the minimum: scrolling comes only with some keys, and belongs to them all."""
    return Figure(name, "ms", sum(found) / len(found), median(found), len(found))


def run() -> Journey:
    with running(program(LIST), b"Menu") as terminal:
        terminal.settle()
        terminal.type(b"o")
        theirs = figure(THEIRS, walk(terminal))
    with new_pc() as boot, running(boot, b"|_| |_|") as terminal:
        terminal.settle()
        open_longest_page(terminal)
        terminal.type(ENTER)
        ours = figure(OURS, walk(terminal))
    ratio = theirs.minimum / ours.minimum
    return Journey(
        "CPU of a cursor key on a page of 105 rows (mean in the place of the minimum)",
        [ours, theirs],
        [Goal("against OptionList", 4, ratio)],
    )
