"""Several processes and one image: locks, virtual machines, and processes that are killed."""

import fcntl
import pathlib
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from firmware_store import TINY, Image
from firmware_store.errors import ImageHeldByVirtualMachine, ImageInUse
from tests.firmware_store.writers import COUNT_FOR_EVER, Writers

VENDOR = UUID(int=1)

HOLD_THE_WRITER_LOCK = """
import sys
from firmware_store import Image
with Image(sys.argv[1]).transaction():
    print("held", flush=True)
    sys.stdin.read()
"""

# What QEMU does with a flash image that it has opened: read locks of the open file on two single bytes.
HOLD_AS_QEMU_DOES = """
import fcntl, os, struct, sys
image = os.open(sys.argv[1], os.O_RDWR)
for byte in (100, 101):
    fcntl.fcntl(image, fcntl.F_OFD_SETLK, struct.pack("hhqqi0q", fcntl.F_RDLCK, 0, byte, 1, 0))
print("held", flush=True)
sys.stdin.read()
"""

TRY_AS_QEMU_DOES = """
import fcntl, os, struct, sys
image = os.open(sys.argv[1], os.O_RDWR)
try:
    fcntl.fcntl(image, fcntl.F_OFD_SETLK, struct.pack("hhqqi0q", fcntl.F_RDLCK, 0, 100, 1, 0))
except BlockingIOError:
    sys.exit("refused")
"""


@pytest.fixture
def image(tmp_path: pathlib.Path) -> Image:
    made = Image(tmp_path / "flash.fd", durability="none")
    made.create(TINY)
    return made


def started(program: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def holder(program: str, image: Image) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds something until the block ends."""
    with started(program, image.path) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def put(image: Image, *, wait: bool = True) -> None:
    with image.transaction(wait=wait) as store:
        store.set(VENDOR, "A", b"1", 7)


def test_a_writer_in_another_process_keeps_us_out_until_it_ends(image: Image) -> None:
    with holder(HOLD_THE_WRITER_LOCK, image) as process:
        with pytest.raises(ImageInUse, match=r"flash\.fd: another process is writing"):
            put(image, wait=False)
        assert list(image.open()) == [], "readers need no lock"
        assert process.stdin is not None
        process.stdin.close()
        put(image, wait=True)
    assert len(image.open()) == 1


def test_the_lock_of_a_killed_process_is_free(image: Image) -> None:
    with holder(HOLD_THE_WRITER_LOCK, image) as process:
        process.kill()
        process.wait()
        put(image, wait=False)


@pytest.mark.skipif(not hasattr(fcntl, "F_OFD_SETLK"), reason="locks of open files exist on Linux only")
def test_a_virtual_machine_that_holds_the_image_is_not_overwritten(image: Image) -> None:
    before = image.read()
    with holder(HOLD_AS_QEMU_DOES, image) as process:
        with pytest.raises(ImageHeldByVirtualMachine, match="shut it down first"):
            put(image)
        assert image.read() == before
        process.kill()
        process.wait()
        put(image)


@pytest.mark.skipif(not hasattr(fcntl, "F_OFD_SETLK"), reason="locks of open files exist on Linux only")
def test_no_virtual_machine_can_start_during_a_transaction(image: Image) -> None:
    def machine_starts() -> bool:
        return (
            subprocess.run(
                [sys.executable, "-c", TRY_AS_QEMU_DOES, image.path], stderr=subprocess.DEVNULL, check=False
            ).returncode
            == 0
        )

    assert machine_starts()
    with image.transaction():
        assert not machine_starts()
    assert machine_starts()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("durability", ["none", "full"])
def test_a_killed_writer_loses_no_commit_and_tears_no_file(image: Image, durability: str) -> None:
    chance, told = random.Random(20_240_229), 0
    for _ in range(8):
        with started(COUNT_FOR_EVER, image.path, durability) as process:
            assert process.stdout is not None
            told = int(process.stdout.readline())
            time.sleep(chance.random() * 0.1)
            process.kill()
            lines = [each for each in process.stdout.read().split("\n")[:-1] if each]
            told = int(lines[-1]) if lines else told
        store = image.open()
        number = int.from_bytes(store.get(VENDOR, "Counter").data, "little")
        assert number == int.from_bytes(store.get(VENDOR, "Twin").data, "big"), "all of a transaction or none"
        assert number in (told, told + 1), "what was told as written is there"
    put(image)
    folder = pathlib.Path(image.path).parent
    assert {each.name for each in folder.iterdir()} == {"flash.fd", "flash.fd.lock"}


def test_writers_at_the_same_time_lose_nothing(image: Image) -> None:
    program = COUNT_FOR_EVER.replace("while True", "for _ in range(50)")
    writers = [started(program, image.path, "none") for _ in range(4)]
    told: list[int] = []
    for each in writers:
        with each:
            out, _ = each.communicate(timeout=60)
            told += [int(line) for line in out.split()]
    assert sorted(told) == list(range(1, 201))
    assert int.from_bytes(image.open().get(VENDOR, "Counter").data, "little") == 200


@pytest.mark.slow
def test_eight_writers_that_are_killed_again_and_again_lose_no_commit(image: Image) -> None:
    outcome = Writers(image, 8, 10, 20_240_229).run()
    assert outcome.kills > 8
    assert outcome.told > 50
