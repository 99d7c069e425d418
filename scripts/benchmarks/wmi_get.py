"""Asking a PC for one setting as a process of its own, from its start to its end: a PC that is off, then one that runs."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from emulator import headless
from emulator.machine import TargetPC
from emulator.management_door import answer, encoded, listening_socket
from emulator.pc_folder import PCFolder
from scripts.benchmarks.list_process import compile_ours, process, program
from scripts.benchmarks.measurement import Journey, Task, goal, measured

TURNS = 40
OFF, RUNNING = "f10, the PC is off", "f10, the PC runs"


def run() -> Journey:
    """Both of our figures are taken with the peer's in turn; only the PC that is off has to keep up with it."""
    compile_ours()
    f10, virt_fw_vars = program("f10"), program("virt-fw-vars")
    with TemporaryDirectory() as home:
        folder = PCFolder(Path(home) / "pc")
        TargetPC.manufacture(folder.new_image())
        get = process(f10, "--home", home, "wmi", "get", "Secure Boot")
        peer = process(virt_fw_vars, "-i", folder.image_path, "-p")
        python = Task("python -c pass", process(sys.executable, "-c", "pass").run)
        figures = measured([replace(get, name=OFF), peer, python], TURNS, unit="ms")
        with being(folder):
            figures += measured([replace(get, name=RUNNING)], TURNS, unit="ms")
    return Journey(
        'f10 wmi get "Secure Boot", as a process',
        figures,
        [goal("a PC that is off, against virt-fw-vars -p", 1, figures, OFF, peer.name)],
    )


@contextmanager
def being(folder: PCFolder) -> Iterator[None]:
    """Be the PC in the folder, with the operating system running, and answer at its door."""
    with headless.running(folder) as pc, listening_socket(folder) as door:
        answering = Thread(target=_answer_all, args=(pc, door))
        answering.start()
        try:
            yield
        finally:
            door.shutdown(socket.SHUT_RDWR)
            answering.join()


def _answer_all(pc: TargetPC, door: socket.socket) -> None:
    while True:
        try:
            line, _ = door.accept()
        except OSError:  # the door was shut
            return
        with line, line.makefile("rb") as requests:
            line.sendall(encoded(answer(pc, requests.readline())))
