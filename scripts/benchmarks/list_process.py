"""Listing an image as a process of its own, from its start to its end."""

import compileall
import subprocess
import sys
from pathlib import Path

from scripts.benchmarks.measurement import IMAGE, Journey, PeerMissing, Task, goal, image, measured

TURNS = 40


def process(*command: str | Path) -> Task:
    def run() -> object:
        return subprocess.run(command, capture_output=True, check=True)

    return Task(Path(command[0]).name, run)


def program(name: str) -> Path:
    found = Path(sys.executable).with_name(name)
    if not found.exists():
        raise PeerMissing(f"The program {name} is missing; install the development packages.")
    return found


def compile_ours() -> None:
    """As an installer does with a package; the modules of the peers are compiled."""
    for package in ("firmware_store", "emulator"):
        compileall.compile_dir(package, quiet=1)


def run() -> Journey:
    image()
    compile_ours()
    f10, virt_fw_vars = program("f10"), program("virt-fw-vars")
    tasks = [
        process(f10, "image", "list", IMAGE),
        process(virt_fw_vars, "-i", IMAGE, "-p"),
        Task("python -c pass", process(sys.executable, "-c", "pass").run),
    ]
    figures = measured(tasks, TURNS, unit="ms")
    return Journey(
        "f10 image list, as a process",
        figures,
        [goal("against virt-fw-vars -p", 2, figures, "f10", "virt-fw-vars")],
    )
