"""A PC's settings mounted in a temporary folder, by the real program in a process of its own.

`mounting` makes as many as a test wants: of a model, with quirks, of a PC that another process is. `mounted` is the usual one.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from emulator import model_files
from emulator.firmware.commands import Continue, PowerOff, PowerOn
from emulator.firmware.quirks import chosen
from emulator.machine import TargetPC
from emulator.open_door import OpenDoor
from emulator.pc_folder import PCFolder

PATIENCE = 20.0
"""Seconds that something may take on a machine that has other things to do."""


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s in vain: {what}"
        time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Mounted:
    """A mounted PC: what `f10 mount` was told and where it says what."""

    home: Path
    tree: Path
    process: subprocess.Popen[bytes]
    words: Path
    """What the process printed, on both streams."""

    @property
    def driver(self) -> Path:
        return self.tree / "hp-bioscfg"

    @property
    def attributes(self) -> Path:
        return self.driver / "attributes"

    @property
    def authentication(self) -> Path:
        return self.driver / "authentication"

    @property
    def environment(self) -> dict[str, str]:
        """For programs that shall meet this PC, and fwupd this tree."""
        return environment(self.home) | {"FWUPD_SYSFSFWATTRIBDIR": str(self.tree)}

    def value(self, setting: str) -> str:
        return (self.attributes / setting / "current_value").read_text("utf-8")

    def f10(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another verb, beside the mount."""
        return f10(self.home, *words)

    def unmount(self) -> str:
        """As its user ends it; gives what the process printed."""
        subprocess.run(["fusermount3", "-u", self.tree], check=True, capture_output=True, timeout=PATIENCE)
        assert self.process.wait(PATIENCE) == 0, self.words.read_text()
        return self.words.read_text()


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "F10_HOME": str(home)}


def f10(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "emulator", *words]
    return subprocess.run(
        command, env=environment(home), capture_output=True, text=True, timeout=60, check=False
    )


def new_pc(home: Path, model: str | None = None, quirks: dict[str, str] | None = None) -> PCFolder:
    """A PC as it leaves the factory, off, in its folder."""
    folder = PCFolder(home / "pc")
    named = model_files.named(model) if model else None
    TargetPC.manufacture(folder.new_image(named and named.text), model=named and named.catalogue)
    if quirks:
        folder.keep_quirks(chosen(quirks))
    return folder


@contextmanager
def running_here(folder: PCFolder) -> Iterator[OpenDoor]:
    """The PC is this process, in its operating system, with its door open; drive `door.pc` with `door.turn` held."""
    with folder.power():
        pc = TargetPC(folder.image(), model=folder.model(), quirks=folder.quirks())
        pc.execute(PowerOn())
        pc.execute(Continue())
        with OpenDoor(pc, folder) as door:
            yield door
        if pc.report()["power"] == "on":
            pc.execute(PowerOff())


def require_fuse() -> None:
    """Skip, with a sentence, where nothing can be mounted."""
    if find_spec("mfusepy") is None:
        pytest.skip("mfusepy is missing (the extra `mount`): nothing can be mounted.")
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("/dev/fuse is missing or not permitted: nothing can be mounted.")
    which = subprocess.run(["sh", "-c", "command -v fusermount3"], capture_output=True, check=False)
    if which.returncode:
        pytest.skip("The program fusermount3 is missing (package fuse3): nothing can be mounted.")


Mounting = Callable[..., Mounted]


@pytest.fixture(autouse=True)
def nothing_is_left_mounted(tmp_path: Path) -> Iterator[None]:
    """Whatever became of a test: a mount that stays would be in the way of whoever clears the folder away."""
    yield
    for point in mount_points():
        if point.is_relative_to(tmp_path):
            subprocess.run(["fusermount3", "-uz", point], check=False, capture_output=True)


@pytest.fixture
def mounting(tmp_path: Path) -> Iterator[Mounting]:
    """Mounts a PC: of a home that has one, or a new one (`model`, `quirks`). What is still mounted at the end is ended."""
    require_fuse()
    with ExitStack() as open_mounts:

        def mount(
            home: Path | None = None,
            *,
            model: str | None = None,
            quirks: dict[str, str] | None = None,
            name: str = "firmware-attributes",
        ) -> Mounted:
            home = home or tmp_path / "home"
            if not PCFolder(home / "pc").holds_a_pc:
                new_pc(home, model, quirks)
            return open_mounts.enter_context(_mounted(home, tmp_path / name))

        yield mount


@pytest.fixture
def mounted(mounting: Mounting) -> Mounted:
    """A new PC of the usual model, which is the mount's own process."""
    return mounting()


@contextmanager
def _mounted(home: Path, tree: Path) -> Iterator[Mounted]:
    words = tree.with_suffix(".words")
    command = [sys.executable, "-m", "emulator", "mount", str(tree), "--foreground"]
    with words.open("wb") as file:
        process = subprocess.Popen(command, env=environment(home), stdout=file, stderr=file, cwd=tree.parent)
    try:
        until(lambda: os.path.ismount(tree) or process.poll() is not None, f"{tree} is mounted")
        assert process.poll() is None, words.read_text()
        yield Mounted(home, tree, process, words)
    finally:
        _end(process, tree)


def _end(process: subprocess.Popen[bytes], tree: Path) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if is_mounted(tree):
        subprocess.run(["fusermount3", "-uz", tree], check=False, capture_output=True)


def is_mounted(tree: Path) -> bool:
    """By the kernel's list, which knows dead mounts too."""
    return tree in mount_points()


def mount_points() -> set[Path]:
    try:
        lines = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return set()
    return {Path(line.split(" ")[1].encode().decode("unicode_escape")) for line in lines}


def power_of(home: Path) -> str:
    done = f10(home, "status", "--json")
    told: str = json.loads(done.stdout)["power"]
    return told
