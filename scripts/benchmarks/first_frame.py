"""From the start of the process to the first painted frame, in a pseudo-terminal."""

from collections.abc import Sequence

from scripts.benchmarks.measurement import Journey, Task, goal, measured
from scripts.benchmarks.terminal import MINIMAL, Terminal, new_pc, program

TURNS = 20
MINIMAL_APP, OURS = "minimal Textual app", "f10 boot"


def task(name: str, command: Sequence[str], text: bytes) -> Task:
    def run() -> object:
        terminal = Terminal(command)
        terminal.until(text)
        # The process is ended outside of what is measured, when the next turn frees it.
        return terminal.close()

    return Task(name, run)


def run() -> Journey:
    with new_pc() as boot:
        tasks = [task(MINIMAL_APP, program(MINIMAL), b"Minimal"), task(OURS, boot, b"|_| |_|")]
        figures = measured(tasks, TURNS, unit="ms")
    return Journey(
        "First painted frame in a pseudo-terminal",
        figures,
        [goal("against the minimal app", 0.8, figures, OURS, MINIMAL_APP)],
    )
