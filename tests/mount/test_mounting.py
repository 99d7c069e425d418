"""`f10 mount`, by the real program: what the file system owes its callers, where the PC is, how a mount begins and ends."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.cli import run
from emulator.firmware import commands as c
from emulator.machine import TargetPC
from emulator.mount import CannotMount, mount_point
from emulator.pc_folder import AlreadyOn, PCFolder
from tests.mount.conftest import (
    PATIENCE,
    Mounted,
    Mounting,
    environment,
    f10,
    is_mounted,
    new_pc,
    power_of,
    require_fuse,
    running_here,
    until,
)

BOOT = "USB Storage Boot"
VALUE = f"hp-bioscfg/attributes/{BOOT}/current_value"


def refused(deed: Callable[[], object]) -> str:
    """The name of the error that a system call ends with."""
    try:
        deed()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    pytest.fail("it was not refused")


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def written(path: Path, *parts: bytes, flags: int = os.O_WRONLY, at: int = 0) -> list[int]:
    """How much of each write was taken."""
    file = os.open(path, flags)
    try:
        os.lseek(file, at, os.SEEK_SET)
        return [os.write(file, part) for part in parts]
    finally:
        os.close(file)


def test_a_store_is_a_write_wherever_and_however_it_comes(mounted: Mounted) -> None:
    value = mounted.tree / VALUE
    assert value.read_text() == "Enable\n"
    # The size of a page is no promise, and O_TRUNC alone stores nothing.
    assert value.stat().st_size == 4096
    os.close(os.open(value, os.O_WRONLY | os.O_TRUNC))
    os.truncate(value, 0)
    assert value.read_text() == "Enable\n"
    assert written(value, b"Disable\n", flags=os.O_WRONLY | os.O_TRUNC) == [8]
    assert value.read_text() == "Disable\n"
    assert written(value, b"Enable", b"Disable", at=3000) == [6, 7]
    assert value.read_text() == "Disable\n"
    assert written(value, b"Enable", flags=os.O_WRONLY | os.O_APPEND) == [6]
    assert value.read_text() == "Enable\n"
    # What is read in parts is one value.
    assert shell(f"dd if='{VALUE}' bs=2", mounted.tree).stdout == "Enable\n"
    # Whoever writes beside the mount is seen, and sees.
    assert mounted.f10("wmi", "set", BOOT, "Disable").returncode == 0
    assert value.read_text() == "Disable\n"
    assert written(value, b"Enable") == [6]
    assert mounted.f10("wmi", "get", BOOT, "--value").stdout == "Enable\n"


def test_the_tree_is_fixed_and_its_modes_hold_for_root(mounted: Mounted) -> None:
    folder, value = mounted.attributes / BOOT, mounted.tree / VALUE
    kind, password = folder / "type", mounted.authentication / "Setup Password" / "current_password"
    assert refused(password.read_bytes) == "EACCES"
    assert refused(lambda: os.open(kind, os.O_WRONLY)) == "EACCES"
    assert refused(lambda: os.open(kind, os.O_RDWR)) == "EACCES"
    assert refused(lambda: os.open(password, os.O_RDWR)) == "EACCES"
    assert refused(lambda: os.truncate(kind, 0)) == "EACCES"
    assert refused(lambda: (folder / "new").write_text("")) == "EACCES"
    for deed in (
        lambda: value.chmod(0o777),
        lambda: os.chown(value, 1, 1),
        lambda: os.utime(value),
        value.unlink,
        lambda: value.rename(folder / "other"),
        lambda: (folder / "link").symlink_to("type"),
        lambda: (folder / "link").hardlink_to(kind),
        (folder / "folder").mkdir,
        folder.rmdir,
        lambda: os.mkfifo(folder / "pipe"),
    ):
        assert refused(deed) in {"EPERM", "EACCES"}
    assert refused(lambda: os.setxattr(value, "user.x", b"")) == "ENOTSUP"
    assert refused((folder / "no such file").read_bytes) == "ENOENT"
    told = value.stat()
    assert (told.st_uid, told.st_gid, told.st_nlink) == (os.getuid(), os.getgid(), 1)
    assert mounted.attributes.stat().st_nlink == 2 + sum(
        path.is_dir() for path in mounted.attributes.iterdir()
    )
    # A page is taken; what is more is for the next write, as in sysfs.
    key = mounted.authentication / "SPM" / "auth_token"
    assert written(key, b"x" * 5000) == [4096]


@pytest.mark.slow
def test_what_people_type_reads_the_whole_tree_in_peace(mounted: Mounted, tmp_path: Path) -> None:
    closed = {path for path in mounted.tree.rglob("*") if path.is_file() and not path.stat().st_mode & 0o400}
    listed = shell("ls -lR .", mounted.tree)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert len(shell("find . -type f", mounted.tree).stdout.splitlines()) > 258 * 5
    for line in ("grep -r Enable .", f"cp -r . {tmp_path / 'copy'}"):
        done = shell(line, mounted.tree)
        complaints = done.stderr.splitlines()
        assert len(complaints) == len(closed)
        assert all("Permission denied" in complaint for complaint in complaints)
    copied = [path for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    assert len(copied) > 258 * 5
    assert all(
        path.read_bytes() == (mounted.tree / path.relative_to(tmp_path / "copy")).read_bytes()
        for path in copied
    )


def test_unmounting_switches_the_pc_off_and_tells_what_it_told(mounted: Mounted) -> None:
    assert power_of(mounted.home) == "on"
    blocked = mounted.f10("boot", "--keys", "F10")
    assert blocked.returncode == 2
    assert "f10 mount" in blocked.stderr
    assert f"fusermount3 -u {mounted.tree}" in blocked.stderr
    held = os.open(mounted.attributes, os.O_RDONLY)
    busy = subprocess.run(["fusermount3", "-u", mounted.tree], capture_output=True, text=True, check=False)
    assert "busy" in busy.stderr
    assert mounted.value(BOOT) == "Enable\n"
    os.close(held)
    words = mounted.unmount()
    assert f"fusermount3 -u {mounted.tree}" in words
    assert "Traceback" not in words
    assert list(mounted.tree.iterdir()) == []
    assert power_of(mounted.home) == "off"


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
    ],
    ids=lambda number: signal.Signals(number).name,
)
def test_a_signal_ends_a_mount_cleanly_and_nothing_is_lost(mounted: Mounted, number: signal.Signals) -> None:
    (mounted.tree / VALUE).write_text("Disable\n")
    mounted.process.send_signal(number)
    assert mounted.process.wait(PATIENCE) == 0
    assert not is_mounted(mounted.tree)
    assert power_of(mounted.home) == "off"
    assert f10(mounted.home, "wmi", "get", BOOT, "--value").stdout == "Disable\n"


def test_a_pc_that_runs_elsewhere_is_there_while_its_operating_system_runs(
    mounting: Mounting, tmp_path: Path
) -> None:
    folder = new_pc(tmp_path / "home")

    with running_here(folder) as door:
        mounted = mounting(tmp_path / "home")
        value = mounted.tree / VALUE

        def do(*commands: c.Command) -> None:
            with door.turn:
                for command in commands:
                    door.pc.execute(command)

        value.write_text("Disable\n")
        assert (door.pc.wmi.get(BOOT) or {}).get("CurrentValue") == "Disable"
        with door.turn:
            assert door.pc.wmi.set_bios_setting(BOOT, "Enable").accepted
        assert value.read_text() == "Enable\n"
        # What the kernel has in its cache is no more there than the rest.
        kind = mounted.attributes / BOOT / "type"
        assert [kind.read_text() for _ in range(2)] == ["enumeration\n"] * 2
        do(c.Restart())
        assert refused(value.read_bytes) == "ENODEV"
        assert refused(kind.read_bytes) == "ENODEV"
        assert refused(lambda: value.write_text("Disable\n")) == "ENODEV"
        assert refused(lambda: list(mounted.attributes.iterdir())) == "ENODEV"
        assert [path.name for path in mounted.tree.iterdir()] == ["hp-bioscfg"]
        do(c.EnterSetup())
        assert refused(value.read_bytes) == "ENODEV"
        do(c.Continue())
        assert value.read_text() == "Enable\n"
    assert refused(value.read_bytes) == "ENODEV"
    assert power_of(mounted.home) == "off"
    with running_here(folder):
        assert value.read_text() == "Enable\n"
    words = mounted.unmount()
    assert "'power-on self-test'" in words
    assert "is off" in words
    assert words.count("settings are back") == 2


@pytest.mark.slow
def test_another_pc_in_the_same_folder_is_not_taken_for_the_first(mounting: Mounting, tmp_path: Path) -> None:
    folder = new_pc(tmp_path / "home")
    with running_here(folder):
        mounted = mounting(tmp_path / "home")
        assert mounted.value(BOOT) == "Enable\n"
    folder.image_path.unlink()
    assert refused((mounted.tree / VALUE).read_bytes) == "ENODEV"
    TargetPC.manufacture(folder.new_image())
    with running_here(folder):
        assert refused((mounted.tree / VALUE).read_bytes) == "ESTALE"
        assert refused(lambda: list(mounted.driver.iterdir())) == "ESTALE"
    assert "load it anew" in mounted.unmount()


@pytest.mark.slow
def test_a_pc_whose_home_vanishes_is_no_device_any_more(mounted: Mounted, tmp_path: Path) -> None:
    mounted.home.rename(tmp_path / "elsewhere")
    assert refused((mounted.tree / VALUE).read_bytes) == "ENODEV"
    assert refused(lambda: (mounted.tree / VALUE).write_text("Disable")) == "ENODEV"
    (tmp_path / "elsewhere").rename(mounted.home)
    assert mounted.value(BOOT) == "Enable\n"
    mounted.home.rename(tmp_path / "elsewhere")
    subprocess.run(["fusermount3", "-u", mounted.tree], check=True)
    assert mounted.process.wait(PATIENCE) == 2
    words = mounted.words.read_text()
    assert "is gone" in words
    assert "Traceback" not in words


def test_a_mount_in_the_background_goes_on_alone(tmp_path: Path) -> None:
    require_fuse()
    home, tree = tmp_path / "home", tmp_path / "made" / "tree"
    new_pc(home)
    done = f10(home, "mount", str(tree))
    try:
        assert (done.returncode, done.stderr) == (0, "")
        assert f"fusermount3 -u {tree}" in done.stdout
        assert (tree / VALUE).read_text() == "Enable\n"
        assert f10(home, "mount", str(tree)).stderr.endswith(f"fusermount3 -u {tree} unmounts it\n")
    finally:
        subprocess.run(["fusermount3", "-u", tree], check=True)
    until(lambda: power_of(home) == "off", "the PC is switched off")


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["<&-", "<&- 2>&-", "</dev/null 2>&-"])
def test_a_stream_that_was_closed_costs_nobody_the_power_lock(tmp_path: Path, closed: str) -> None:
    require_fuse()
    home, tree = tmp_path / "home", tmp_path / "tree"
    folder = new_pc(home)
    line = f'exec "{sys.executable}" -m emulator mount "{tree}" {closed}'
    done = subprocess.run(
        ["sh", "-c", line], env=environment(home), stdout=subprocess.PIPE, check=False, timeout=PATIENCE
    )
    try:
        assert done.returncode == 0
        assert (tree / VALUE).read_text() == "Enable\n"
        assert folder.is_on
        with pytest.raises(AlreadyOn, match="f10 mount"), folder.power():
            pass
    finally:
        subprocess.run(["fusermount3", "-u", tree], check=True)
    until(lambda: not folder.is_on, "the PC is switched off")


@pytest.mark.slow
@pytest.mark.parametrize("listener", [">/dev/full", "| true"], ids=["full", "gone"])
@pytest.mark.parametrize("options", ["", "--foreground &"], ids=["background", "foreground"])
def test_a_mount_that_nobody_listens_to_serves_all_the_same(
    tmp_path: Path, listener: str, options: str
) -> None:
    require_fuse()
    home, tree = tmp_path / "home", tmp_path / "tree"
    folder = new_pc(home)
    words, _, behind = options.partition(" ")
    line = f'{{ "{sys.executable}" -m emulator mount "{tree}" {words} {listener}; }} </dev/null 2>/dev/null {behind}'
    subprocess.run(["sh", "-c", line], env=environment(home), check=True, timeout=PATIENCE)
    try:
        until(lambda: is_mounted(tree), "it is mounted")
        reading = shell(f"cat '{VALUE}'", tree)
        assert (reading.stdout, reading.stderr) == ("Enable\n", "")
    finally:
        subprocess.run(["fusermount3", "-u", tree], check=True)
    until(lambda: not folder.is_on, "the PC is switched off")


@pytest.mark.parametrize("below", ["", "..", "pc", "pc/usb", "admin", "tree", "link", "link/tree"])
@pytest.mark.parametrize("verb", ["mount", "export-tree"])
def test_no_tree_lies_over_the_pc_or_in_its_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], below: str, verb: str
) -> None:
    require_fuse()
    home, link = tmp_path / "above" / "home", tmp_path / "link"
    link.symlink_to(home)
    named = tmp_path / below if below.startswith("link") else home / below
    assert run(["--home", str(home), verb, str(named)]) == 2
    assert "the PC itself" in capsys.readouterr().err
    # Nothing was made for it.
    assert set(tmp_path.iterdir()) == {link}


@pytest.mark.slow
def test_a_full_disk_is_an_errno_for_the_writer_and_a_sentence_for_whoever_watches(
    mounting: Mounting, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=40m", "none"]
    if subprocess.run(["mount", *options, disk], capture_output=True, check=False).returncode:
        pytest.skip("No small disk can be mounted here, so none can be full.")
    try:
        mounted = mounting(disk / "home")
        with (disk / "filler").open("wb", buffering=0) as filler:
            assert refused(lambda: [filler.write(bytes(1 << 20)) for _ in range(64)]) == "ENOSPC"
        assert refused(lambda: written(mounted.tree / VALUE, b"Disable")) == "EIO"
        assert mounted.value(BOOT) == "Enable\n"
        (disk / "filler").unlink()
        (mounted.tree / VALUE).write_text("Disable")
        assert mounted.value(BOOT) == "Disable\n"
        words = mounted.unmount()
        assert words.count("No space left on device") == 1
        assert "could not do it" in words
        assert "fault of this program" not in words
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_name_that_would_command_the_terminal_is_printed_and_typed_escaped() -> None:
    plain, wild = Path("/tmp/the tree"), Path("/tmp/it's\x1b[2J\n\udcff\\b")
    assert mount_point.shown(plain) == str(plain)
    assert mount_point.end_of(plain) == f"fusermount3 -u '{plain}'"
    assert mount_point.shown(wild) == r"/tmp/it's\x1b[2J\x0a\xff\b"
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("The shell bash is missing: what is to be typed cannot be tried.")
    typed = subprocess.run(
        [bash, "-c", f"printf %s {mount_point.quoted(wild)}"], capture_output=True, check=True
    )
    assert typed.stdout == os.fsencode(wild)


def test_folders_made_on_the_way_are_gone_when_nothing_is_mounted(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    with pytest.raises(CannotMount, match=r"^so$"), mount_point.made(tmp_path / "kept" / "one" / "two"):
        raise CannotMount("so")
    assert list((tmp_path / "kept").iterdir()) == []
    file = tmp_path / "kept" / "one" / "two" / "file"

    def filled() -> None:
        with mount_point.made(file.parent):
            file.touch()
            raise CannotMount("so")

    # What somebody else put there meanwhile stays, and hides no reason.
    with pytest.raises(CannotMount, match=r"^so$"):
        filled()
    assert file.exists()


def test_what_cannot_be_mounted_is_refused_before_anything_happens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    require_fuse()
    home = tmp_path / "home"
    folder = new_pc(home)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("")
    before = folder.image_path.stat().st_mtime_ns
    for words, sentence in (
        ([str(tmp_path / "full")], "thesis.txt is there"),
        ([str(tmp_path / "full" / "thesis.txt")], "Not a directory"),
        ([str(tmp_path)], "holds the PC itself"),
        ([], "mount needs: DIR"),
        (["one", "two"], "mount needs: DIR"),
        (["--backwards"], "mount needs: DIR"),
    ):
        assert run(["--home", str(home), "mount", *words]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert sentence in err
    assert folder.image_path.stat().st_mtime_ns == before


def test_who_has_a_pc_switched_on_is_told_as_long_as_it_has(tmp_path: Path) -> None:
    folder = new_pc(tmp_path / "home")
    for holder, told in (("somebody", "by somebody$"), ("", "by another process$")):
        with folder.power(holder), pytest.raises(AlreadyOn, match=told), folder.power():
            pass


@pytest.mark.slow
def test_a_pc_that_has_no_driver_to_load_is_not_mounted_and_leaves_no_folder(tmp_path: Path) -> None:
    require_fuse()
    home, tree = tmp_path / "home", tmp_path / "tree"
    folder = new_pc(home)
    with running_here(folder) as door:
        with door.turn:
            door.pc.execute(c.Restart())
        done = f10(home, "mount", str(tree))
        assert (done.returncode, done.stdout) == (2, "")
        assert "'power-on self-test'; press Enter" in done.stderr
        assert not tree.exists()
        with door.turn:
            door.pc.execute(c.EnterSetup())
            door.pc.execute(c.ChangePassword("Setup Password", "Example-123"))
            door.pc.execute(c.ChangePassword("Power-On Password", "Example-456"))
            door.pc.execute(c.SaveAndExit())
    done = f10(home, "mount", str(tree))
    assert done.returncode == 2
    assert "asks for its power-on password" in done.stderr
    assert power_of(home) == "off"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"FUSE_LIBRARY_NAME": "no such library"}, "needs libfuse 3"),
        ({"PYTHONPATH": "hidden"}, "pip install 'f10-emulator[mount]'"),
        ({"PATH": "/nowhere"}, "install the package fuse3"),
    ],
    ids=["library", "binding", "program"],
)
def test_what_the_host_lacks_is_named(tmp_path: Path, missing: dict[str, str], sentence: str) -> None:
    require_fuse()
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "mfusepy.py").write_text("raise ImportError")
    changed = {name: str(tmp_path / text) if text == "hidden" else text for name, text in missing.items()}
    done = subprocess.run(
        [sys.executable, "-m", "emulator", "mount", str(tmp_path / "tree")],
        env=environment(tmp_path / "home") | changed,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert sentence in done.stderr
    # Nothing was made for it, neither a PC nor a folder.
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "tree").exists()


@pytest.mark.slow
def test_a_mount_that_was_killed_is_explained_to_the_next(mounted: Mounted) -> None:
    (mounted.tree / VALUE).write_text("Disable\n")
    mounted.process.kill()
    mounted.process.wait(PATIENCE)
    assert refused(lambda: list(mounted.tree.iterdir())) == "ENOTCONN"
    dead = mounted.f10("mount", str(mounted.tree))
    assert dead.returncode == 2
    command = f"fusermount3 -uz {mounted.tree}"
    assert command in dead.stderr
    subprocess.run(command.split(), check=True)
    assert mounted.f10("mount", str(mounted.tree)).returncode == 0
    assert mounted.value(BOOT) == "Disable\n"
    subprocess.run(["fusermount3", "-u", mounted.tree], check=True)
    until(lambda: power_of(mounted.home) == "off", "the PC is switched off")


@pytest.mark.slow
def test_readers_and_writers_of_all_kinds_wait_for_each_other_and_never_for_ever(mounted: Mounted) -> None:
    value = mounted.tree / VALUE
    seen: list[str] = []
    failed: list[int] = []

    def write(text: str) -> None:
        for _ in range(20):
            value.write_text(text)

    def read() -> None:
        seen.extend(value.read_text() for _ in range(60))

    def ask() -> None:
        failed.extend(mounted.f10("wmi", "set", BOOT, "Enable").returncode for _ in range(5))

    works = [lambda: write("Enable\n"), lambda: write("Disable"), read, read, ask]
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE * 2)
        assert not thread.is_alive()
    assert set(seen) <= {"Enable\n", "Disable\n"}
    assert len(seen) == 120
    assert failed == [0] * 5


@pytest.mark.slow
def test_without_a_pc_a_demo_world_is_made_and_said_so(tmp_path: Path) -> None:
    require_fuse()
    home, tree = tmp_path / "home", tmp_path / "tree"
    done = f10(home, "mount", str(tree))
    try:
        assert done.returncode == 0, done.stderr
        assert "a demo world was made" in done.stderr
        assert PCFolder(home / "pc").holds_a_pc
        assert '"provisioned"' in (tree / "hp-bioscfg/authentication/SPM/status").read_text()
    finally:
        subprocess.run(["fusermount3", "-u", tree], check=True)
    until(lambda: power_of(home) == "off", "the PC is switched off")
