"""`f10 export-tree`: the mounted tree as plain files, complete or not at all."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from emulator.cli import run
from emulator.firmware import commands as c
from emulator.pc_folder import PCFolder
from tests.mount.conftest import Mounted, new_pc, running_here

VALUE = "hp-bioscfg/attributes/USB Storage Boot/current_value"


def exported(home: Path, tree: Path) -> int:
    return run(["--home", str(home), "export-tree", str(tree)])


def files(tree: Path) -> dict[str, bytes | None]:
    """What each file holds, None where it cannot be read."""
    found: dict[str, bytes | None] = {}
    for path in tree.rglob("*"):
        if path.is_file():
            readable = path.stat().st_mode & stat.S_IRUSR
            found[str(path.relative_to(tree))] = path.read_bytes() if readable else None
    return found


@pytest.mark.slow
def test_a_copy_holds_what_the_mount_shows_but_for_what_cannot_be_read(
    mounted: Mounted, tmp_path: Path
) -> None:
    (mounted.tree / VALUE).write_text("Disable\n")
    # An empty folder is as good as none.
    (tmp_path / "copy").mkdir()
    assert exported(mounted.home, tmp_path / "copy") == 0
    shown, copied = files(mounted.tree), files(tmp_path / "copy")
    assert copied == {path: content for path, content in shown.items() if content is not None}
    assert copied[VALUE] == b"Disable\n"
    assert {path.rpartition("/")[2] for path, content in shown.items() if content is None} == {
        "current_password",
        "new_password",
        "kek",
        "sk",
        "auth_token",
    }


def test_a_copy_is_for_reading_and_its_pc_is_off_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, tree = tmp_path / "home", tmp_path / "new" / "copy"
    folder = new_pc(home)
    assert exported(home, tree) == 0
    out = capsys.readouterr().out
    assert str(tree / "hp-bioscfg") in out
    assert out.startswith(f"{len(files(tree))} files")
    for path in (tree, *tree.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o444)
    assert not folder.is_on
    # What is there is not written over.
    assert exported(home, tree) == 2
    assert "is not empty" in capsys.readouterr().err


def test_a_pc_that_cannot_be_asked_leaves_no_copy_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    with running_here(new_pc(home)) as door:
        with door.turn:
            door.pc.execute(c.Restart())
        assert exported(home, tmp_path / "copy") == 2
    assert "'power-on self-test'; press Enter" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


def test_a_disk_that_takes_no_copy_is_named_and_left_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, disk = tmp_path / "home", tmp_path / "disk"
    new_pc(home)
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("No small disk can be mounted here, so none can be full.")
    try:
        assert exported(home, disk / "copy") == 2
        assert "No space left on device" in capsys.readouterr().err
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_copy_may_have_the_longest_name_and_a_failed_one_leaves_no_folder_above_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    new_pc(home)
    assert exported(home, tmp_path / ("x" * 255)) == 0
    assert exported(home, tmp_path / "new" / "above" / ("x" * 256)) == 2
    assert "File name too long" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_copy_is_refused_where_the_pc_itself_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_pc(tmp_path / "home")
    before = sorted(os.listdir(tmp_path / "home"))
    assert exported(tmp_path / "home", tmp_path) == 2
    assert "holds the PC itself" in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path / "home")) == before
    assert PCFolder(tmp_path / "home" / "pc").holds_a_pc
    for words in ([], ["one", "two"], ["--no-such-option"]):
        assert run(["--home", str(tmp_path / "home"), "export-tree", *words]) == 2
        assert "export-tree needs: DIR" in capsys.readouterr().err
