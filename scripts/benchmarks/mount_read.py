"""All settings read through `f10 mount`, and the same tree read from a plain folder.

The reader is a script's: it lists the folders, opens every file that can be read, reads it and closes it. Both trees hold the same
bytes, which is checked. The mount is a process of its own, so each question to it crosses from one process to another and back; a reader that
knows the names already, and grep as a foreign one, are shown beside it.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder
from scripts.benchmarks.list_process import program
from scripts.benchmarks.measurement import Journey, PeerMissing, Task, goal, measured

TURNS = 15
PATIENCE = 20.0
"""Seconds for the mount to come up."""
MOUNTED, PLAIN = "mount", "plain folder"


def run() -> Journey:
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        raise PeerMissing("/dev/fuse cannot be opened; Debian's package fuse3 makes it usable.")
    with TemporaryDirectory() as scratch:
        home, tree, copy = (Path(scratch) / name for name in ("home", "tree", "copy"))
        TargetPC.manufacture(PCFolder(home / "pc").new_image())
        exported = subprocess.run([program("f10"), "--home", home, "export-tree", copy], check=False)
        if exported.returncode:
            raise RuntimeError("the tree could not be exported")
        with mounted(home, tree):
            return _compared(tree, copy)


def _compared(tree: Path, copy: Path) -> Journey:
    names = [path.relative_to(copy) for path in copy.glob("hp-bioscfg/attributes/*/*") if path.is_file()]
    settings = len({name.parent for name in names if (copy / name.parent / "current_value").exists()})
    if any((tree / name).read_bytes() != (copy / name).read_bytes() for name in names):
        raise RuntimeError("the mount and the exported tree differ")
    tasks = [
        Task(f"{what}, {how}", _reading(root, each))
        for how, each in (
            ("listed and read", listed),
            ("read by known names", lambda root: (root / name for name in names)),
        )
        for what, root in ((MOUNTED, tree), (PLAIN, copy))
    ]
    if grep := shutil.which("grep"):
        tasks += [
            Task(f"grep -r, {what}", _grep(grep, root)) for what, root in ((MOUNTED, tree), (PLAIN, copy))
        ]
    figures = measured(tasks, TURNS, unit="ms")
    return Journey(
        f"{settings} settings in {len(names)} files, through the mount and from a plain folder",
        figures,
        [
            goal(
                f"{MOUNTED}, {how}, against a plain folder",
                0.1,
                figures,
                f"{MOUNTED}, {how}",
                f"{PLAIN}, {how}",
            )
            for how in ("listed and read", "read by known names")
        ],
    )


def listed(root: Path) -> Iterator[Path]:
    """Every file of every setting that can be read."""
    for folder in os.scandir(root / "hp-bioscfg" / "attributes"):
        if folder.is_dir():
            yield from (Path(file.path) for file in os.scandir(folder.path))


def _reading(root: Path, files: Callable[[Path], Iterator[Path]]) -> Callable[[], object]:
    def read() -> int:
        read = 0
        for path in files(root):
            with open(path, "rb") as file:
                read += len(file.read())
        return read

    return read


def _grep(grep: str, root: Path) -> Callable[[], object]:
    def search() -> None:
        subprocess.run(
            [grep, "-r", ".", root / "hp-bioscfg" / "attributes"], stdout=subprocess.DEVNULL, check=True
        )

    return search


@contextmanager
def mounted(home: Path, tree: Path) -> Iterator[None]:
    """The PC of this home, mounted by a process of its own."""
    process = subprocess.Popen(
        [program("f10"), "--home", home, "mount", tree, "--foreground"], stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not (tree / "hp-bioscfg").is_dir():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the tree could not be mounted")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
