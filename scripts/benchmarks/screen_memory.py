"""Resident memory of the PC in a terminal, at POST and in Computer Setup, against a minimal Textual application."""

from scripts.benchmarks.measurement import Figure, Goal, Journey
from scripts.benchmarks.terminal import ENTER, MINIMAL, new_pc, open_longest_page, program, running

OURS, THEIRS = "f10 boot, the longest page open", "minimal Textual app"


def figure(name: str, found: float) -> Figure:
    return Figure(name, "KB", found, found, 1)


def run() -> Journey:
    with running(program(MINIMAL), b"Minimal") as terminal:
        terminal.settle()
        theirs = figure(THEIRS, terminal.resident())
    with new_pc() as boot, running(boot, b"|_| |_|") as terminal:
        terminal.settle()
        post = figure("f10 boot, POST", terminal.resident())
        opened = open_longest_page(terminal)
        opened()
        terminal.type(ENTER)
        ours = figure(OURS, terminal.resident())
    return Journey(
        "Resident memory",
        [post, ours, theirs],
        [Goal("against the minimal app", 1 / 1.6, theirs.minimum / ours.minimum)],
    )
