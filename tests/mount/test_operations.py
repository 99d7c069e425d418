"""The file system's answers without a kernel: what a fault becomes, what is asked of the PC and what is remembered."""

import errno
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator.firmware import commands as c
from emulator.firmware.quirks import Quirks
from emulator.mount.freshness import FreshDriver
from emulator.mount.operations import LATEST_READS, Operations
from emulator.mount.stamps import JUST_NOW
from emulator.mount.whereabouts import Whereabouts
from emulator.open_door import OpenDoor
from tests.mount.conftest import new_pc, running_here

ATTRIBUTES = "/hp-bioscfg/attributes"
BOOT = "USB Storage Boot"
VALUE, TYPE = f"{ATTRIBUTES}/{BOOT}/current_value", f"{ATTRIBUTES}/{BOOT}/type"
PASSWORD = "/hp-bioscfg/authentication/Setup Password/current_password"
Reply = dict[str, object]


@dataclass
class OpenFile:
    """As libfuse hands it over."""

    flags: int = os.O_RDONLY
    fh: int = 0
    direct_io: int = 0
    keep_cache: int = 0


class Bench:
    """A tree over a running PC, whose answers can be counted and spoiled."""

    def __init__(self, door: OpenDoor) -> None:
        self.door = door
        self.asked: list[str] = []
        self.told: list[str] = []
        self.spoiled: Callable[[Reply], Reply] | None = None
        fresh = FreshDriver(Whereabouts(self._ask, here=True), door._folder, self.told.append)
        self.tree = Operations(fresh, self.told.append, lambda: None)

    def _ask(self, request: Reply) -> Reply:
        self.asked.append(str(request["verb"]))
        return self.spoiled(request) if self.spoiled else self.door.ask(request)

    def opened(self, path: str, flags: int = os.O_RDONLY) -> OpenFile:
        file = OpenFile(flags)
        assert self.tree.open(path, file) == 0
        return file

    def read(self, path: str) -> bytes:
        return self.tree.read(path, 4096, 0, self.opened(path))

    def change(self, value: str) -> None:
        with self.door.turn:
            assert self.door.pc.wmi.set_bios_setting(BOOT, value).accepted


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running_here(new_pc(tmp_path / "home")) as door:
        yield Bench(door)


def test_the_pc_is_asked_once_for_all_files_until_something_changed(bench: Bench) -> None:
    # The image of a PC that was switched on just now is not trusted.
    time.sleep(1.5 * JUST_NOW / 1e9)
    assert bench.read(VALUE) == b"Enable\n"
    bench.asked.clear()
    for name in list(bench.tree._fresh.driver.names(ATTRIBUTES[1:]))[:20]:
        if name != "pending_reboot":
            bench.tree.getattr(f"{ATTRIBUTES}/{name}")
    assert bench.read(VALUE) == b"Enable\n"
    assert bench.asked == []
    bench.change("Disable")
    assert bench.read(VALUE) == b"Disable\n"
    assert bench.asked == ["attributes"]


def test_what_changes_goes_past_the_cache_and_what_does_not_stays_in_it(bench: Bench) -> None:
    assert bench.opened(VALUE).direct_io
    first, second = bench.opened(TYPE), bench.opened(TYPE)
    assert (first.direct_io, bool(first.keep_cache)) == (0, False)
    assert (second.direct_io, bool(second.keep_cache)) == (0, True)
    assert bench.tree.getattr(TYPE)["st_size"] == len(bench.read(TYPE))
    assert bench.tree.getattr(VALUE)["st_size"] == 4096


def test_a_reading_in_parts_is_of_one_value_whoever_writes_and_reads_meanwhile(bench: Bench) -> None:
    slow, quick = bench.opened(VALUE), bench.opened(VALUE)
    assert bench.tree.read(VALUE, 3, 0, slow) == b"Ena"
    bench.change("Disable")
    assert bench.tree.read(VALUE, 3, 0, quick) == b"Dis"
    assert bench.tree.read(VALUE, 4096, 3, slow) == b"ble\n"
    assert bench.tree.read(VALUE, 4096, 3, quick) == b"able\n"
    assert bench.tree.read(VALUE, 4096, 0, slow) == b"Disable\n"
    for _ in range(LATEST_READS + 10):
        bench.read(VALUE)
    assert len(bench.tree._being_read) == LATEST_READS
    assert bench.tree.read(VALUE, 4096, 3, slow) == b"able\n"


def test_a_fault_is_an_errno_and_one_sentence_that_holds_no_secret(bench: Bench) -> None:
    bench.spoiled = lambda request: {"ok": True, "Example-Secret": "Example-Secret"}
    bench.change("Disable")
    with pytest.raises(OSError, match="Input/output error") as caught:
        bench.read(VALUE)
    assert caught.value.errno == errno.EIO
    assert len(bench.told) == 1
    assert bench.told[0].startswith(f"read of {VALUE!r} failed by a fault of this program, KeyError in ")
    assert "Secret" not in bench.told[0]
    bench.spoiled = None
    assert bench.read(VALUE) == b"Disable\n"


def test_a_password_is_told_to_nobody(bench: Bench) -> None:
    file = bench.opened(PASSWORD, os.O_WRONLY)
    with pytest.raises(OSError, match="one line was expected") as caught:
        bench.tree.write(PASSWORD, b"Example-Secret\nExample-Secret\n", 0, file)
    assert caught.value.errno == errno.EINVAL
    assert "Secret" not in str(caught.value)
    assert bench.tree.write(PASSWORD, b"Example-Secret\n", 0, file) == 15
    assert bench.told == []
    assert "Secret" not in repr(vars(bench.tree))


def test_a_pc_that_starts_with_other_quirks_has_another_driver(bench: Bench) -> None:
    uuid = f"{ATTRIBUTES}/Universally Unique Identifier (UUID)/current_value"
    assert bench.tree.getattr(uuid)["st_mode"] & 0o777 == 0o444
    with bench.door.turn:
        bench.door._folder.keep_quirks(Quirks(linux_read_only="EIO"))
        bench.door.pc.execute(c.Restart())
        bench.door.pc.execute(c.Continue())
    assert bench.read(VALUE) == b"Enable\n"
    assert bench.tree.getattr(uuid)["st_mode"] & 0o777 == 0o644


@pytest.mark.parametrize(
    "path", ["/nothing", "/hp-bioscfg/\udcff", f"{ATTRIBUTES}/../attributes", f"{VALUE}/x"]
)
def test_what_is_not_there_is_not_there(bench: Bench, path: str) -> None:
    for deed in (bench.tree.getattr, bench.opened):
        with pytest.raises(OSError, match="No such file") as caught:
            deed(path)
        assert caught.value.errno == errno.ENOENT
    assert bench.told == []
