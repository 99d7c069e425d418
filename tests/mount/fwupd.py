"""fwupd as a client of a tree: the tool that reads it in its own process, and the daemon on a bus of our own with its client.

fwupd finds the tree by FWUPD_SYSFSFWATTRIBDIR. Its other folders are ours as well, so that neither the machine's devices are looked at
nor anything of its state is touched. The daemon reads the tree once, when it starts.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import pytest

DAEMON = Path("/usr/libexec/fwupd/fwupd")
SAMPLES = Path("/usr/share/installed-tests/fwupd/tests/bios-attrs")
PATIENCE = 60.0

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth><policy context="default">
<allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
"""
_OWN_FOLDERS = {
    "FWUPD_LOCALSTATEDIR": "var",
    "FWUPD_LOCKDIR": "lock",
    "FWUPD_RUNDIR": "run",
    "FWUPD_SYSCONFDIR": "etc",
    "FWUPD_SYSFSDIR": "sys",
    "FWUPD_SYSFSFWDIR": "sys",
    "FWUPD_SYSFSDMIDIR": "sys",
    "FWUPD_ACPITABLESDIR": "sys",
    "FWUPD_DEVFS": "dev",
    "FWUPD_EFIVARS": "efi",
    "FWUPD_UEFI_ESP_PATH": "efi",
    "FWUPD_HOSTFS_ROOT": ".",
    "FWUPD_HOSTFS_BOOT": "efi",
}


class Exit(IntEnum):
    """Exit codes of fwupdtool and fwupdmgr, as they were seen."""

    DONE = 0
    ERROR = 1
    NOTHING_TO_DO = 2
    NOT_FOUND = 3


class Kind(IntEnum):
    """`BiosSettingType`. What fwupd has no kind for, which are ordered lists, is told as unknown."""

    UNKNOWN = 0
    ENUMERATION = 1
    INTEGER = 2
    STRING = 3


@dataclass(frozen=True)
class Told:
    """What one run told."""

    code: int
    text: str
    errors: str

    @property
    def settings(self) -> dict[str, dict[str, object]]:
        """The settings of an answer in JSON, by name."""
        return {each["Name"]: each for each in json.loads(self.text)["BiosSettings"]}


@dataclass(frozen=True)
class Fwupd:
    """One of the two programs, told where the tree is."""

    program: str
    environment: Mapping[str, str]

    def __call__(self, *words: str) -> Told:
        done = subprocess.run(
            [self.program, *words],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Told(done.returncode, done.stdout.decode(), done.stderr.decode())

    def settings(self, *names: str) -> dict[str, dict[str, object]]:
        told = self("get-bios-settings", *names, "--json")
        assert told.code == Exit.DONE, told
        return told.settings

    def set(self, name: str, value: str) -> Told:
        return self("set-bios-setting", name, value, "--no-reboot-check")

    def set_together(self, values: Mapping[str, str], folder: Path) -> Told:
        """Several settings in one call, from a file; one of an empty name would be the tree itself."""
        file = folder / "settings.json"
        wanted = [
            {"BiosSettingId": f"com.hp-bioscfg.{name}", "BiosSettingCurrentValue": value}
            for name, value in values.items()
        ]
        file.write_text(json.dumps({"BiosSettings": wanted}), "utf-8")
        return self("set-bios-setting", str(file), "--json", "--no-reboot-check")


def mapped(word: str, values: Sequence[str]) -> str | None:
    """Which value fwupd makes of a word: the first that is the same but for capitals, or says on or off as the word does.

    So a value that says on behind another that does cannot be reached. This is what was seen of 2.0.20; newer ones may differ.
    """
    lower = word.lower()
    for value in values:
        if value.lower() == lower or _said(value.lower()) & _said(lower):
            return value
    return None


def _said(word: str) -> set[str]:
    """Whether a word says on, off, neither or both."""
    on = "enable" in word or word in {"true", "1", "on"}
    off = "disable" in word or word in {"false", "0", "off"}
    return {each for each, said in (("on", on), ("off", off)) if said}


def need(*programs: str | Path) -> None:
    """Skip with a sentence if one of them is not installed."""
    for each in programs:
        if shutil.which(str(each)) is None:
            pytest.skip(
                f"The program {each} is missing; it would use the tree of settings as Linux tools do."
            )


def tool(tree: Path, folder: Path) -> Fwupd:
    """fwupdtool, which reads the tree anew in each run."""
    need("fwupdtool")
    return Fwupd("fwupdtool", _environment(tree, folder))


@contextlib.contextmanager
def daemon(tree: Path, folder: Path) -> Iterator[Fwupd]:
    """fwupdmgr, and on its bus a daemon that read the tree just now."""
    need("fwupdmgr", "dbus-daemon", DAEMON)
    # The path of a socket has room for about a hundred characters, and a test's folder may be longer.
    with tempfile.TemporaryDirectory(prefix="f10-bus-") as place, contextlib.ExitStack() as ends:
        socket = Path(place, "bus")
        configuration = Path(place, "bus.conf")
        configuration.write_text(_BUS.format(socket=socket), "utf-8")
        environment = _environment(tree, folder) | {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={socket}"}
        bus = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile"]
        ends.enter_context(_program(bus, environment))
        _until(socket.exists, "the bus")
        ends.enter_context(_program([str(DAEMON)], environment))
        client = Fwupd("fwupdmgr", environment)
        _until(lambda: _answers(environment), "the daemon")
        yield client


@contextlib.contextmanager
def _program(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """One of our programs, ended by its id."""
    program = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        program.terminate()
        try:
            program.wait(10)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def _answers(environment: Mapping[str, str]) -> bool:
    """Whether the daemon has its name on the bus: then it has read the tree. The bus itself has nobody to start by that name."""
    done = subprocess.run(
        ["fwupdmgr", "get-bios-settings", "--json", "--no-authenticate"],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode == Exit.DONE


def _until(happened: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"{what} did not come up in {PATIENCE:.0f} s"
        time.sleep(0.05)


def _environment(tree: Path, folder: Path) -> dict[str, str]:
    own = {name: folder / "fwupd" / place for name, place in _OWN_FOLDERS.items()}
    for place in own.values():
        place.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "FWUPD_SYSFSFWATTRIBDIR": str(tree),
        **{name: str(place) for name, place in own.items()},
    }
