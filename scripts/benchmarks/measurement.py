"""What every benchmark shares: tasks measured turn by turn, and their ratios.

The tasks of one journey take turns, so that whatever else the machine does hits all of them. Of many repeats the
minimum is the more trustworthy figure, because noise only ever adds; the median is shown beside it. A ratio divides
the fastest peer's minimum by ours.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

IMAGE = Path("/usr/share/OVMF/OVMF_VARS_4M.ms.fd")
OURS = "firmware_store"


class PeerMissing(Exception):
    """A program, package or image that a journey needs is not installed."""


@dataclass(frozen=True, slots=True)
class Task:
    """One way to do the job. Slow ones run in every n-th turn only."""

    name: str
    run: Callable[[], object]
    every: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    unit: str
    minimum: float
    median: float
    repeats: int


@dataclass(frozen=True, slots=True)
class Goal:
    """How many times as fast as a peer we mean to be, and are."""

    text: str
    wanted: float
    ratio: float

    @property
    def reached(self) -> bool:
        return self.ratio >= self.wanted


@dataclass(frozen=True, slots=True)
class Journey:
    title: str
    figures: list[Figure]
    goals: list[Goal] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def measured(tasks: list[Task], turns: int, *, unit: str = "µs", burst: int = 1) -> list[Figure]:
    """Every task in its turn (or less often), after one run that does not count.

    Short tasks run several times in a row, each timed: else they would be measured with the caches that the task
    before them left.
    """
    factor = {"µs": 1e6, "ms": 1e3}[unit]
    times: dict[str, list[float]] = {each.name: [] for each in tasks}
    for each in tasks:
        each.run()
    gc.collect()
    gc.disable()
    try:
        for turn in range(turns):
            for each in tasks:
                for _ in range(0 if turn % each.every else burst):
                    began = time.perf_counter()
                    each.run()
                    times[each.name].append((time.perf_counter() - began) * factor)
    finally:
        gc.enable()
    return [Figure(name, unit, min(found), median(found), len(found)) for name, found in times.items()]


def goal(text: str, wanted: float, figures: list[Figure], ours: str, *peers: str) -> Goal:
    """The ratio of the fastest of these peers to us."""
    minimum = {each.name: each.minimum for each in figures}
    return Goal(text, wanted, min(minimum[each] for each in peers) / minimum[ours])


def held_memory(name: str, make: Callable[[], object]) -> Figure:
    """Kilobytes that stay allocated as long as the result is kept, and (as the median) the most that was needed."""
    make()
    gc.collect()
    tracemalloc.start()
    try:
        kept = make()
        now, peak = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return Figure(name, "KB", now / 1024, peak / 1024, 1)


def image() -> bytes:
    if not IMAGE.is_file():
        raise PeerMissing(f"The image {IMAGE} is missing; Debian's package ovmf brings it.")
    return IMAGE.read_bytes()
