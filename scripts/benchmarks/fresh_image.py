"""A new 4M image with 400 variables, from a dictionary to bytes."""

from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

from firmware_store.factory import factory_image
from firmware_store.layout import FOUR_MEGABYTE
from firmware_store.records import Variable
from firmware_store.variables import VariableStore
from firmware_store.volume import blank
from scripts.benchmarks import peers
from scripts.benchmarks.measurement import Journey, Task, goal, measured

TURNS = 300
# A typical setting: a name of 15 characters and 16 bytes of data.
VARIABLES = {
    (UUID("11111111-2222-3333-4455-66778899aabb"), f"SettingName {number:03}"): bytes([number % 256]) * 16
    for number in range(400)
}


def at_once() -> bytes:
    return factory_image(
        FOUR_MEGABYTE, (Variable(guid, name, 7, data) for (guid, name), data in VARIABLES.items())
    )


def one_by_one() -> bytes:
    store = VariableStore.from_image(blank(FOUR_MEGABYTE))
    for (guid, name), data in VARIABLES.items():
        store.set(guid, name, data, 7)
    return bytes(store.flash.content)


def in_one_transaction() -> bytes:
    store = VariableStore.from_image(blank(FOUR_MEGABYTE))
    with store.transaction():
        for (guid, name), data in VARIABLES.items():
            store.set(guid, name, data, 7)
    return bytes(store.flash.content)


def run() -> Journey:
    base = Path(mkdtemp()) / "blank.fd"
    base.write_bytes(blank(FOUR_MEGABYTE))
    tasks = [
        Task("put together at once", at_once),
        Task("400 changes, each by the four steps", one_by_one),
        Task("400 changes in one transaction", in_one_transaction),
        Task("uefivars", peers.uefivars_build(VARIABLES)),
        Task("virt-firmware", peers.virt_firmware_build(base, VARIABLES), every=60),
    ]
    figures = measured(tasks, TURNS, unit="ms")
    return Journey(
        "A fresh 4M image with 400 variables",
        figures,
        [
            goal("put together at once, against uefivars", 2, figures, tasks[0].name, "uefivars"),
            goal("put together at once, against virt-firmware", 500, figures, tasks[0].name, "virt-firmware"),
        ],
    )
