"""Real firmware as a judge: OVMF in QEMU, started on one of our images, driven by a script of the UEFI shell.

The script and the files it loads lie on a FAT disk image; what the shell saves there comes back as exact bytes. (A
folder that QEMU shows as a FAT disk would be simpler, and loses the file written right before the reset.) The shell
waits five seconds for a key before it runs the script, so it gets one as soon as it has shown its table of disks.

`boot` runs a script to its end; `boot_and_kill` pulls the plug. Neither writes to anything but the image it is given
and a scratch folder. Everything is software emulation: a boot takes four to ten seconds.
"""

import os
import re
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from firmware_store import FOUR_MEGABYTE, TWO_MEGABYTE, Layout

SHARE = Path("/usr/share/OVMF")
CODE: dict[Layout, Path] = {
    FOUR_MEGABYTE: SHARE / "OVMF_CODE_4M.fd",
    TWO_MEGABYTE: SHARE / "OVMF_CODE.fd",
}
BLANK: dict[Layout, Path] = {
    FOUR_MEGABYTE: SHARE / "OVMF_VARS_4M.fd",
    TWO_MEGABYTE: SHARE / "OVMF_VARS.fd",
}
PROGRAMS = {"qemu-system-x86_64": "qemu-system-x86", "mformat": "mtools", "mcopy": "mtools"}

BEGIN, END = "===BEGIN===", "===END==="
# The console draws with escape sequences: colours, cursor moves, modes.
ESCAPES = re.compile(r"\x1b(\[[0-9;?=]*[A-Za-z]|[()][A-Z0-9])|[\r\0]")


def missing() -> str | None:
    """What is not installed, as a sentence for the one who reads why a test was skipped."""
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            return f"The program {program} is missing; Debian's package {package} brings it."
    for file in (*CODE.values(), *BLANK.values()):
        if not file.is_file():
            return f"The firmware {file} is missing; Debian's package ovmf brings it."
    return None


needs_real_firmware = pytest.mark.skipif(missing() is not None, reason=missing() or "")


class Boot(NamedTuple):
    """What one start left: the console as plain text, the wanted files, and whether the machine switched itself off."""

    console: str
    files: dict[str, bytes]
    finished: bool
    seconds: float

    @property
    def answer(self) -> str:
        """What the script printed between its begin and its end."""
        return self.console.partition(f"\n{BEGIN}")[2].partition(f"\n{END}")[0]


def boot(
    image: Path,
    script: Sequence[str],
    files: Mapping[str, bytes] | None = None,
    wanted: Sequence[str] = (),
    *,
    layout: Layout = FOUR_MEGABYTE,
    timeout: float = 120,
) -> Boot:
    """Starts the firmware on `image`, runs the shell commands, and brings back the `wanted` files of the disk.

    `fs0:` is the disk. A file that the script did not write is absent from the result. `image` is changed in place, as
    the chip would be. A machine that does not switch itself off in time is killed, and `finished` is false.
    """
    with _machine(image, script, files or {}, layout) as (process, disk):
        began = time.monotonic()
        console, finished = _watch(process, began + timeout)
        _stop(process)
        return Boot(console, _read_disk(disk, wanted), finished, time.monotonic() - began)


def boot_and_kill(
    image: Path,
    script: Sequence[str],
    files: Mapping[str, bytes] | None = None,
    *,
    after: float,
    marker: str = "",
    layout: Layout = FOUR_MEGABYTE,
    timeout: float = 120,
) -> str:
    """Kills the machine `after` seconds after its start, or after the console has shown `marker`."""
    with _machine(image, script, files or {}, layout) as (process, _):
        console = ""
        if marker:
            console, _ = _watch(process, time.monotonic() + timeout, until=marker)
        more, _ = _watch(process, time.monotonic() + after, seen=console)
        _stop(process)
        return more


@contextmanager
def _machine(
    image: Path, script: Sequence[str], files: Mapping[str, bytes], layout: Layout
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    with TemporaryDirectory(prefix="f10-firmware-") as scratch:
        disk = Path(scratch) / "disk.img"
        lines = ["@echo -off", f"echo {BEGIN}", *script, f"echo {END}", "reset -s"]
        startup = {"startup.nsh": "".join(f"{line}\r\n" for line in lines).encode("ascii")}
        _write_disk(disk, {**files, **startup})
        process = subprocess.Popen(
            _command(image, disk, CODE[layout]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process, disk
        finally:
            _stop(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _command(image: Path, disk: Path, code: Path) -> list[str]:
    return [
        *("qemu-system-x86_64", "-machine", "q35,accel=tcg", "-m", "256", "-no-reboot"),
        *("-nodefaults", "-display", "none", "-net", "none", "-serial", "stdio"),
        *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={code}"),
        *("-drive", f"if=pflash,format=raw,unit=1,file={image}"),
        *("-drive", f"format=raw,file={disk},if=none,id=d0", "-device", "virtio-blk-pci,drive=d0"),
    ]


def _watch(
    process: subprocess.Popen[bytes], until_time: float, *, until: str = "", seen: str = ""
) -> tuple[str, bool]:
    """Reads the console until the machine is off, the time is over, or `until` has been shown; presses the key."""
    assert process.stdin is not None
    assert process.stdout is not None
    raw, pressed = seen, "Mapping table" in seen
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while (left := until_time - time.monotonic()) > 0:
            if not selector.select(left):
                break
            part = os.read(process.stdout.fileno(), 65536)
            if not part:
                return ESCAPES.sub("", raw), process.wait(10) == 0
            raw += part.decode("utf-8", "replace")
            if not pressed and "Mapping table" in raw:
                pressed = True
                process.stdin.write(b"\r")
                process.stdin.flush()
            if until and until in ESCAPES.sub("", raw):
                break
    return ESCAPES.sub("", raw), False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait()


def _write_disk(disk: Path, files: Mapping[str, bytes]) -> None:
    with disk.open("wb") as made:
        made.truncate(40 << 20)
    subprocess.run(["mformat", "-i", disk, "-F", "::"], check=True, capture_output=True)
    for name, content in files.items():
        subprocess.run(
            ["mcopy", "-i", disk, "-", f"::/{name}"], input=content, check=True, capture_output=True
        )


def _read_disk(disk: Path, wanted: Sequence[str]) -> dict[str, bytes]:
    copies = {
        name: subprocess.run(["mcopy", "-i", disk, f"::/{name}", "-"], capture_output=True, check=False)
        for name in wanted
    }
    return {name: copy.stdout for name, copy in copies.items() if not copy.returncode}
