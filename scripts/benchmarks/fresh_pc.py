"""A fresh PC for a test, from an image that was prepared once and lies in memory: what a test suite pays hundreds of times a second."""

from emulator.machine import TargetPC
from firmware_store import FOUR_MEGABYTE, MemoryImage
from scripts.benchmarks.measurement import Journey, Task, goal, measured
from scripts.benchmarks.open_machine import full_parse

TURNS, BURST = 150, 20


def run() -> Journey:
    image = MemoryImage(FOUR_MEGABYTE)
    TargetPC.manufacture(image)
    prepared = image.read()
    tasks = [
        Task("full parse of the store", lambda: full_parse(prepared)),
        Task("fresh PC from a prepared image", lambda: TargetPC(MemoryImage(FOUR_MEGABYTE, prepared))),
        Task("PC made from nothing", lambda: TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE)), every=20),
    ]
    figures = measured(tasks, TURNS, burst=BURST)
    text = "against the full parse of the same image"
    return Journey(
        "A fresh PC for a test", figures, [goal(text, 1 / 3, figures, tasks[1].name, tasks[0].name)]
    )
