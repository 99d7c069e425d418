"""A guarded PC for each test: what the fixture `provisioned_pc` costs, and how long a hundred tests take that have one each.

The full parse of the same image is the measure of the first. The second is pytest itself, as a process, over a hundred tests that look at their PC,
beside the same without a PC; the keys are made, and the journey to the template is taken, in its first test. The tests are in a folder of
their own, so that nothing of this repository's suite takes part.
"""

import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from emulator.testing.templates import Templates
from scripts.benchmarks.list_process import compile_ours
from scripts.benchmarks.measurement import Figure, Journey, Task, goal, measured
from scripts.benchmarks.open_machine import full_parse

TURNS, BURST = 150, 20
RUNS = 5
TESTS = 100
PARSE, OURS = "full parse of the store", "provisioned_pc"
WITH, WITHOUT = "pytest, a hundred tests with a PC each", "pytest, a hundred tests without"
EACH = f"""
import pytest

@pytest.mark.parametrize("number", range({TESTS}))
def test_each(number, provisioned_pc):
    assert provisioned_pc.get("Enhanced BIOS Authentication Mode") == "Enable"
"""
NONE = f"""
import pytest

@pytest.mark.parametrize("number", range({TESTS}))
def test_each(number):
    assert number >= 0
"""


def run() -> Journey:
    with TemporaryDirectory() as folder:
        templates = Templates(new_folders(Path(folder)))
        original = templates.provisioned_pc()
        content = original.image.read()
        tasks = [
            Task(PARSE, lambda: full_parse(content)),
            Task(OURS, templates.provisioned_pc),
            Task("target_pc", templates.target_pc),
            Task("unlocked_pc", templates.unlocked_pc),
            Task("another machine with the same keys", lambda: original.clone(serial="SHELF-2")),
            Task("phone, with its files", lambda: templates.phone().folder, every=15),
            Task("provisioned_pc, on disk and running", lambda: on_disk(templates), every=15),
        ]
        figures = measured(tasks, TURNS, burst=BURST)
        suites = measured([suite(folder, WITH, EACH), suite(folder, WITHOUT, NONE)], RUNS, unit="ms")
    return Journey(
        f"A guarded PC for each test ({told(suites)})",
        figures + suites,
        [goal("provisioned_pc, against the full parse of its image", 1 / 3, figures, OURS, PARSE)],
    )


def new_folders(below: Path) -> Callable[[str], Path]:
    """As `tmp_path_factory.mktemp` makes them."""
    numbers = itertools.count()

    def made(name: str) -> Path:
        folder = below / f"{name}{next(numbers)}"
        folder.mkdir(mode=0o700)
        return folder

    return made


def on_disk(templates: Templates) -> None:
    pc = templates.provisioned_pc()
    assert pc.home.is_dir()
    pc.close()


def suite(folder: str, name: str, tests: str) -> Task:
    """A run of pytest over these tests, as a process."""
    compile_ours()
    path = Path(folder) / f"test_{len(tests)}.py"
    path.write_text(tests)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", str(path)]

    def all_pass() -> None:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        assert f"{TESTS} passed" in done.stdout

    return Task(name, all_pass)


def told(suites: list[Figure]) -> str:
    """How many tests a second, pytest's start and the making of the keys included."""
    rates = {each.name: TESTS / (each.minimum / 1000) for each in suites}
    return f"{rates[WITH]:.0f} tests with a PC each per second, {rates[WITHOUT]:.0f} without"
