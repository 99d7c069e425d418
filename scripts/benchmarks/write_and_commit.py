"""Changing one setting: in memory, and in a file with and without waiting for the disk."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from firmware_store.image import Image
from firmware_store.layout import FOUR_MEGABYTE
from firmware_store.variables import VariableStore
from firmware_store.volume import blank
from scripts.benchmarks.measurement import Journey, Task, measured

TURNS = 100
VENDOR = UUID("11111111-2222-3333-4455-66778899aabb")


def run() -> Journey:
    with TemporaryDirectory() as folder:
        store = VariableStore.from_image(blank(FOUR_MEGABYTE))
        durable = Image(Path(folder) / "durable.fd")
        quick = Image(Path(folder) / "quick.fd", durability="none")
        for each in (durable, quick):
            each.create(FOUR_MEGABYTE)
        count = iter(range(1 << 30))

        def change(target: VariableStore) -> None:
            target.set(VENDOR, "Setting", next(count).to_bytes(16, "little"), 7)

        def commit(target: Image) -> None:
            with target.transaction() as opened:
                change(opened)

        tasks = [
            Task("set, in memory", lambda: change(store)),
            Task("reclaim through the spare area, in memory", store.reclaim),
            Task("transaction, not waiting for the disk", lambda: commit(quick)),
            Task("transaction, flushed to the disk", lambda: commit(durable)),
        ]
        return Journey("Changing one setting", measured(tasks, TURNS, unit="ms"))
