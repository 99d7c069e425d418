"""Applying a replicated setup that changes 250 settings, from the bytes of the file to the committed image.

The measure is what nobody can do without: 250 changes of settings in memory, one after the other through the setting interface, and one
commit of what they changed. The model has 250 settings of each kind in turn; every run changes all of them, there and back. The image is
in memory: waiting for a disk would hide the work.
"""

from collections.abc import Callable
from itertools import cycle

from emulator.devices import settings_file
from emulator.firmware import commands as c
from emulator.firmware import variables
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Identity
from emulator.machine import TargetPC, write
from emulator.protocol import repset, setting_files
from emulator.protocol.repset import Dialect
from firmware_store import FOUR_MEGABYTE, MemoryImage
from scripts.benchmarks.measurement import Journey, Task, goal, measured
from tests.firmware.bench import MACHINE, model_of, start
from tests.machine.images import image_with

TURNS = 30
SETTINGS = 250
OURS, BARE = "REPSET of 250 settings", "250 changes in memory, and one commit"
KINDS: tuple[dict[str, object], ...] = (
    {"kind": "enumeration", "values": ["Disable", "Enable"], "default": "Enable"},
    {"kind": "integer", "lower_bound": 0, "upper_bound": 100, "step": 1, "default": "10"},
    {"kind": "string", "min_length": 0, "max_length": 40, "default": "as it was"},
    {"kind": "ordered list", "values": ["A", "B", "C"], "default": "A,B,C"},
)
OTHER = ("Disable", "50", "as it is now", "C,B,A")
USUAL = ("Enable", "10", "as it was", "A,B,C")


def run() -> Journey:
    tasks = [
        Task(OURS, applied()),
        Task(BARE, bare()),
        Task("the same REPSET again, where nothing changes", applied(once=True)),
        Task("250 changes with a commit each", one_by_one(), every=10),
    ]
    figures = measured(tasks, TURNS, unit="ms")
    return Journey(
        "A REPSET of 250 settings, from bytes to the committed image",
        figures,
        [goal("REPSET, against 250 changes in memory and one commit", 1 / 2, figures, OURS, BARE)],
    )


def model() -> Catalogue:
    return model_of({f"Setting {number:03}": KINDS[number % len(KINDS)] for number in range(SETTINGS)})


def changes(values: tuple[str, ...]) -> list[c.SetSetting]:
    return [c.SetSetting(f"Setting {number:03}", values[number % len(values)]) for number in range(SETTINGS)]


def pc() -> TargetPC:
    catalogue = model()
    memory = manufactured(catalogue, Identity(MACHINE, "5CG0000001", catalogue.model))
    made = TargetPC(MemoryImage(FOUR_MEGABYTE, image_with(memory).read()), model=catalogue)
    start(made)
    return made


def file_of(values: tuple[str, ...]) -> bytes:
    settings = model().settings
    entries = [(each.name, settings_file.lines(settings[each.name], each.value)) for each in changes(values)]
    return repset.make(entries, Dialect.BCU).render()


def applied(*, once: bool = False) -> Callable[[], object]:
    target = pc()
    files = cycle([file_of(OTHER)] if once else [file_of(OTHER), file_of(USUAL)])

    def apply() -> object:
        results = settings_file.applied(target.execute, target.firmware, setting_files.parse(next(files)))
        assert len(results) == SETTINGS
        return results

    return apply


def bare() -> Callable[[], object]:
    target = pc()
    wanted = cycle([changes(OTHER), changes(USUAL)])

    def change() -> None:
        before = target.firmware.memory
        for each in next(wanted):
            target.firmware.execute(each, now=target.clock.now(), entropy=target.entropy)
        with target.image.transaction() as store:
            write(store, variables.changes(before, target.firmware.memory))

    return change


def one_by_one() -> Callable[[], object]:
    target = pc()
    wanted = cycle([changes(OTHER), changes(USUAL)])

    def change() -> None:
        for each in next(wanted):
            target.execute(each)

    return change
