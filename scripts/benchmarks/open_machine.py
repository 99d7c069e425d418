"""From an image to a machine whose settings can be asked, as every process that is the PC begins.

The full parse of the same image is the measure: whoever opens a machine has to read all of it once.
"""

from emulator import models
from emulator.machine import TargetPC
from firmware_store import FOUR_MEGABYTE, MemoryImage
from firmware_store.index import every_record
from firmware_store.volume import check_volume, detect
from scripts.benchmarks.measurement import Journey, Task, goal, measured

TURNS, BURST = 150, 20


def full_parse(content: bytes) -> object:
    """Every record of the store, after the headers were checked."""
    layout = detect(content)
    check_volume(content, layout)
    return every_record(content, layout)


def run() -> Journey:
    image = MemoryImage(FOUR_MEGABYTE)
    pc = TargetPC.manufacture(image)
    content = image.read()
    tasks = [
        Task("full parse of the store", lambda: full_parse(content)),
        Task("open the machine", lambda: TargetPC(image)),
    ]
    figures = measured(tasks, TURNS, burst=BURST)
    settings = len(models.packaged(models.DEFAULT).settings)
    title = (
        f"Open a machine with {settings} settings, {len(pc.firmware.memory.settings)} of them in variables"
    )
    text = "against the full parse of the same image"
    return Journey(title, figures, [goal(text, 1 / 3, figures, tasks[1].name, tasks[0].name)])
