"""Machines and files for the tests of applying one to the other."""

from emulator import models
from emulator.devices import settings_file
from emulator.devices.settings_file import Result
from emulator.firmware import commands as c
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Identity
from emulator.protocol import repset, setting_files
from emulator.protocol.repset import Dialect, Lines, Repset
from tests.firmware.bench import (
    MACHINE,
    Bench,
)


def bench_of(name: str) -> Bench:
    catalogue = models.packaged(name)
    bench = Bench(manufactured(catalogue, Identity(MACHINE, "5CG0000001", name)), settings=catalogue)
    bench.execute(c.PowerOn())
    bench.execute(c.Continue())
    return bench


def apply(bench: Bench, file: Repset | bytes, proof: str = "") -> list[Result]:
    data = file.render() if isinstance(file, Repset) else file
    return settings_file.applied(bench.execute, bench.firmware, setting_files.parse(data), proof)


def file_of(*entries: tuple[str, Lines]) -> Repset:
    return repset.make(entries, Dialect.BCU)


def one(bench: Bench, name: str, *lines: str) -> Result:
    (result,) = apply(bench, file_of((name, lines)))
    return result
