"""CPU of opening the longest page, against Textual's list with as many rows on a screen of its own."""

from statistics import median

from scripts.benchmarks.measurement import Figure, Goal, Journey
from scripts.benchmarks.terminal import (
    ESCAPE,
    LIST,
    PAGE_SETTLED,
    Terminal,
    new_pc,
    open_longest_page,
    program,
    running,
)

TURNS = 20
OURS, THEIRS = "f10", "OptionList"


def listed(terminal: Terminal) -> float:
    cpu = terminal.type(b"o", PAGE_SETTLED)
    terminal.type(ESCAPE, PAGE_SETTLED)
    return cpu


def figure(name: str, found: list[float]) -> Figure:
    return Figure(name, "ms", min(found) * 1e3, median(found) * 1e3, len(found))


def run() -> Journey:
    with running(program(LIST), b"Menu") as terminal:
        terminal.settle()
        theirs = figure(THEIRS, [listed(terminal) for _ in range(TURNS)])
    with new_pc() as boot, running(boot, b"|_| |_|") as terminal:
        terminal.settle()
        opened = open_longest_page(terminal)
        ours = figure(OURS, [opened() for _ in range(TURNS)])
    return Journey(
        "CPU of opening a page of 105 rows",
        [ours, theirs],
        [Goal("against OptionList", 2, theirs.minimum / ours.minimum)],
    )
