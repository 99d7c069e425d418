"""The folder that plays the USB stick: what is written there, and what is read from it, whoever filled it."""

import os
from pathlib import Path

import pytest

from emulator.setup import usb_stick
from emulator.setup.usb_stick import StickFault


def test_files_count_up_and_replace_nothing(usb: Path) -> None:
    assert [usb_stick.save(usb, "log", "csv", data).name for data in (b"a", b"b")] == [
        "log-1.csv",
        "log-2.csv",
    ]
    (usb / "log-1.csv").unlink()
    (usb / "log-1.csv").symlink_to("nowhere")
    assert usb_stick.save(usb, "log", "csv", b"c").name == "log-3.csv"
    assert not (usb / "nowhere").exists()
    assert usb.stat().st_mode & 0o777 == 0o700
    assert (usb / "log-3.csv").stat().st_mode & 0o777 == 0o600


def test_a_file_is_replaced_as_a_whole_and_a_link_is_not_followed(usb: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    usb.mkdir()
    (usb / "A.TXT").symlink_to(outside)
    assert usb_stick.holds(usb, "A.TXT")
    (usb / ".A.TXT.new").symlink_to(outside)
    usb_stick.replace(usb, "A.TXT", b"new")
    assert (outside.read_bytes(), (usb / "A.TXT").read_bytes()) == (b"mine", b"new")
    assert [path.name for path in usb.iterdir()] == ["A.TXT"]
    assert usb_stick.read(usb, "A.TXT", most=3) == b"new"


@pytest.mark.parametrize("kind", ["missing", "too long", "link", "folder", "pipe", "no stick"])
def test_what_is_no_readable_file_is_a_sentence(usb: Path, kind: str) -> None:
    path = usb / "A.TXT"
    if kind != "no stick":
        usb.mkdir()
    if kind == "too long":
        path.write_bytes(b"x" * 11)
    elif kind == "link":
        path.symlink_to("/etc/hostname")
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    before = len(os.listdir("/proc/self/fd"))
    if kind == "pipe":
        # A pipe that nobody writes to is an empty file, and not a machine that waits for ever.
        assert usb_stick.read(usb, "A.TXT", most=10) == b""
    else:
        with pytest.raises(StickFault, match=r"USB stick|too long"):
            usb_stick.read(usb, "A.TXT", most=10)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_folder_in_the_place_of_the_file_stays(usb: Path) -> None:
    (usb / "A.TXT").mkdir(parents=True)
    with pytest.raises(StickFault, match="cannot be written"):
        usb_stick.replace(usb, "A.TXT", b"new")
    assert (usb / "A.TXT").is_dir()
