"""Repairing an image file: the copy, the proof, and what is left alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from firmware_store import Image
from firmware_store.errors import ImageHeldByVirtualMachine, ImageMissing, NotAnImage
from firmware_store.inspect import check
from firmware_store.inspect_repair import repair
from tests.firmware_store import incidents
from tests.firmware_store.incidents import content_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "flash.fd"
    path.write_bytes(incidents.pending_without_header())
    return path


def test_the_old_bytes_are_kept_for_this_user_alone(path: Path) -> None:
    before = path.read_bytes()
    done = repair(path, durability="none")
    assert done.copy is not None
    assert done.copy == f"{path}.before-repair"
    copy = Path(done.copy)
    assert copy.read_bytes() == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_second_look_proves_the_repair(path: Path) -> None:
    done = repair(path, durability="none")
    assert not done.before.sound
    assert done.after.sound
    assert check(path.read_bytes()) == done.after
    assert content_of(path.read_bytes()) == incidents.FILLED


def test_a_sound_image_is_not_touched_and_not_copied(path: Path) -> None:
    path.write_bytes(incidents.filled())
    before = path.stat()
    done = repair(path, durability="none")
    assert done.copy is None
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert sorted(os.listdir(path.parent)) == ["flash.fd", "flash.fd.lock"]


def test_an_older_copy_is_not_overwritten(path: Path) -> None:
    Path(f"{path}.before-repair").write_bytes(b"evidence")
    done = repair(path, durability="none")
    assert done.copy == f"{path}.before-repair-2"
    assert Path(f"{path}.before-repair").read_bytes() == b"evidence"


def test_what_is_no_image_is_left_alone(path: Path) -> None:
    path.write_bytes(bytes(20480))
    with pytest.raises(NotAnImage, match=r"flash\.fd"):
        repair(path, durability="none")
    assert path.read_bytes() == bytes(20480)


def test_a_missing_image_leaves_no_litter(tmp_path: Path) -> None:
    with pytest.raises(ImageMissing):
        repair(tmp_path / "none.fd")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="The locks of virtual machines exist on Linux only.")
def test_an_image_that_a_virtual_machine_has_open_is_refused(path: Path) -> None:
    holder = (
        "import fcntl, os, struct, sys\n"
        "held = os.open(sys.argv[1], os.O_RDWR)\n"
        "fcntl.fcntl(held, fcntl.F_OFD_SETLK, struct.pack('hhqqi0q', fcntl.F_RDLCK, os.SEEK_SET, 100, 2, 0))\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    before = path.read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", holder, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(ImageHeldByVirtualMachine):
            repair(path, durability="none")
        process.communicate(b"")
    assert path.read_bytes() == before
    assert Image(path).open().get(incidents.VENDOR, "A").data == b"value of A"
