"""The image file: created once, read without a lock, changed as a whole, refused with a reason."""

import errno
import os
import pathlib
import shutil
import stat
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from firmware_store import FOUR_MEGABYTE, TINY, FlashImage, Image, MemoryImage, VariableStore, blank
from firmware_store.errors import (
    DiskFailure,
    DiskFull,
    ImageChanged,
    ImageExists,
    ImageInUse,
    ImageMissing,
    NotAnImage,
    NotARegularFile,
    NotFound,
    OversizedImage,
    ReadOnlyImage,
    StoreError,
    TruncatedImage,
    UnreadableImage,
)
from firmware_store.replacement import is_temporary_of, temporary_name

VENDOR = UUID(int=1)
Fault = Callable[[str, int], None]


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "flash.fd"


@pytest.fixture
def image(path: pathlib.Path) -> Image:
    made = Image(path)
    made.create(TINY)
    return made


@pytest.fixture(params=["file", "memory"])
def either(request: pytest.FixtureRequest, path: pathlib.Path) -> FlashImage:
    if request.param == "memory":
        return MemoryImage(TINY)
    made = Image(path, durability="none")
    made.create(TINY)
    return made


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fault]:
    """Makes a call of the operating system fail, as a bad disk would."""

    def arm(call: str, number: int) -> None:
        def fail(*arguments: Any, **options: Any) -> Any:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, call, fail)

    yield arm
    monkeypatch.undo()


def put(image: FlashImage, data: bytes) -> None:
    with image.transaction() as store:
        store.set(VENDOR, "A", data, 7)


def names_in(folder: pathlib.Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


# --- What every image does -------------------------------------------------------------------------------------------


def test_a_new_image_is_blank(either: FlashImage) -> None:
    assert either.read() == blank(TINY)
    assert list(either.open()) == []


def test_a_transaction_keeps_all_its_changes(either: FlashImage) -> None:
    with either.transaction() as store:
        store.set(VENDOR, "A", b"1", 7)
        store.set(VENDOR, "B", b"2", 7)
    assert [each.data for each in either.open()] == [b"1", b"2"]


@pytest.mark.parametrize("trouble", [ValueError, NotFound, KeyboardInterrupt])
def test_an_exception_in_a_transaction_keeps_none(either: FlashImage, trouble: type[BaseException]) -> None:
    put(either, b"old")
    before = either.read()

    def give_up() -> None:
        with either.transaction() as store:
            store.set(VENDOR, "A", b"new", 7)
            raise trouble("stop")

    with pytest.raises(trouble) as caught:
        give_up()
    assert str(caught.value) == "stop", "the caller's own error is not dressed up"
    assert either.read() == before
    put(either, b"next")
    assert either.open().get(VENDOR, "A").data == b"next"


def test_an_opened_store_is_a_copy(either: FlashImage) -> None:
    either.open().set(VENDOR, "A", b"1", 7)
    assert either.read() == blank(TINY)


def test_a_second_writer_is_turned_away_if_it_will_not_wait(either: FlashImage) -> None:
    def intrude() -> None:
        with either.transaction(wait=False):
            pass

    with either.transaction(), pytest.raises(ImageInUse, match="try again"):
        intrude()
    intrude()


def test_an_image_in_memory_can_start_from_any_bytes() -> None:
    first = MemoryImage(TINY)
    put(first, b"1")
    assert MemoryImage(TINY, first.read()).open().get(VENDOR, "A").data == b"1"
    with pytest.raises(NotAnImage):
        MemoryImage(TINY, bytes(TINY.size)).open()


# --- The file --------------------------------------------------------------------------------------------------------


def test_files_are_for_their_owner_only(path: pathlib.Path, image: Image) -> None:
    put(image, b"1")
    assert names_in(path.parent) == {"flash.fd", "flash.fd.lock"}
    for each in path.parent.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_a_commit_replaces_the_file_and_an_idle_transaction_does_not(
    path: pathlib.Path, image: Image
) -> None:
    before = path.stat()
    with image.transaction():
        pass
    with image.transaction() as store:
        store.set(VENDOR, "A", b"1", 7 | 0x40)
        assert path.read_bytes() == blank(TINY), "nothing is on the disk before the end"
    assert path.stat().st_ino != before.st_ino
    after = path.stat()
    put(image, b"1")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_create_never_overwrites(path: pathlib.Path, image: Image) -> None:
    put(image, b"1")
    before = path.read_bytes()
    with pytest.raises(ImageExists, match="will not be overwritten"):
        image.create(FOUR_MEGABYTE)
    assert path.read_bytes() == before
    link = path.with_name("dangling.fd")
    link.symlink_to("nowhere.fd")
    with pytest.raises(ImageExists):
        Image(link).create(TINY)
    assert names_in(path.parent) == {"flash.fd", "flash.fd.lock", "dangling.fd", "dangling.fd.lock"}


def test_the_default_image_is_four_megabytes_of_debians_bytes(path: pathlib.Path) -> None:
    Image(path).create(FOUR_MEGABYTE)
    assert path.read_bytes() == blank(FOUR_MEGABYTE)


def test_a_relative_path_is_meant_where_it_was_given(
    path: pathlib.Path, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    relative = Image("flash.fd")
    monkeypatch.chdir("/")
    put(relative, b"1")
    assert image.open().get(VENDOR, "A").data == b"1"


def test_a_folder_may_be_reached_through_a_link(path: pathlib.Path, image: Image) -> None:
    (path.parent / "way").symlink_to(path.parent)
    put(Image(path.parent / "way" / "flash.fd"), b"1")
    assert image.open().get(VENDOR, "A").data == b"1"


def a_folder(path: pathlib.Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: pathlib.Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_link(path: pathlib.Path) -> None:
    path.rename(path.with_name("real"))
    path.symlink_to("real")


def huge(path: pathlib.Path) -> None:
    os.truncate(path, 64 * 1024 * 1024 + 1)


@pytest.mark.parametrize("act", ["read", "open", "change"])
@pytest.mark.parametrize(
    ("prepare", "reason", "text"),
    [
        (pathlib.Path.unlink, ImageMissing, "check the path"),
        (a_folder, NotARegularFile, "found a folder"),
        (a_pipe, NotARegularFile, "a pipe"),
        (a_link, NotARegularFile, "link"),
        (huge, OversizedImage, "at most 0x4000000"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_at_every_door(
    path: pathlib.Path,
    image: Image,
    act: str,
    prepare: Callable[[pathlib.Path], None],
    reason: type[StoreError],
    text: str,
) -> None:
    prepare(path)
    names = names_in(path.parent)
    acts: dict[str, Callable[[], object]] = {
        "read": image.read,
        "open": image.open,
        "change": lambda: put(image, b"1"),
    }
    with pytest.raises(reason, match=text) as caught:
        acts[act]()
    assert str(caught.value).startswith(f"{path}: ")
    assert names_in(path.parent) == names


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", TruncatedImage),
        (blank(TINY)[:-1], TruncatedImage),
        (blank(TINY) + b"\xff", OversizedImage),
        (bytes(TINY.size), NotAnImage),
        (b"#!/bin/sh\n" * 20, NotAnImage),
    ],
)
def test_a_file_that_is_no_image_is_left_alone(
    path: pathlib.Path, image: Image, content: bytes, reason: type[StoreError]
) -> None:
    path.write_bytes(content)
    for act in (image.open, lambda: put(image, b"1")):
        with pytest.raises(reason, match=str(path)):
            act()
    assert path.read_bytes() == content


def test_a_mistyped_path_leaves_no_lock_file(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ImageMissing):
        put(Image(tmp_path / "typo.fd"), b"1")
    with pytest.raises(ImageMissing):
        Image(tmp_path / "no" / "folder.fd").create(TINY)
    assert names_in(tmp_path) == set()


def test_a_lock_file_that_is_a_link_is_refused(path: pathlib.Path, image: Image) -> None:
    lock, victim = path.with_name("flash.fd.lock"), path.with_name("victim")
    lock.unlink()
    lock.symlink_to(victim)
    with pytest.raises(NotARegularFile, match=r"flash\.fd\.lock"):
        put(image, b"1")
    assert not victim.exists()


# --- What killed processes leave -------------------------------------------------------------------------------------


def test_leftovers_of_killed_processes_are_swept_and_nothing_else(path: pathlib.Path, image: Image) -> None:
    ours = temporary_name("flash.fd")
    others = {
        temporary_name("other.fd"),
        temporary_name("flash.fd.bak"),
        ".flash.fd.f10-new",
        ".flash.fd.0123456789abcdeg.f10-new",
        "flash.fd.0123456789abcdef.f10-new",
        ".flash.fd.0123456789abcdef.f10-newer",
    }
    for each in {ours} | others:
        (path.parent / each).write_bytes(b"half")
    with image.transaction():
        pass
    assert names_in(path.parent) == others | {"flash.fd", "flash.fd.lock"}
    assert is_temporary_of("flash.fd", ours)


def test_a_reader_sweeps_nothing(path: pathlib.Path, image: Image) -> None:
    left = path.with_name(temporary_name("flash.fd"))
    left.write_bytes(b"half")
    image.open()
    assert left.exists()


# --- What the host refuses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "number", "reason"),
    [
        ("write", errno.ENOSPC, DiskFull),
        ("write", errno.EDQUOT, DiskFull),
        ("write", errno.EIO, DiskFailure),
        ("fsync", errno.EIO, DiskFailure),
        ("fsync", errno.ENOSPC, DiskFull),
        ("rename", errno.EROFS, ReadOnlyImage),
        ("rename", errno.EACCES, ReadOnlyImage),
        ("rename", errno.EIO, DiskFailure),
        ("rename", errno.ENOENT, ImageMissing),
        ("read", errno.EIO, DiskFailure),
    ],
)
def test_a_failing_host_leaves_the_old_image_and_no_litter(
    path: pathlib.Path, image: Image, fault: Fault, call: str, number: int, reason: type[StoreError]
) -> None:
    put(image, b"old")
    before = path.read_bytes()
    fault(call, number)
    with pytest.raises(reason, match=os.strerror(number)) as caught:
        put(image, b"new")
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    assert names_in(path.parent) == {"flash.fd", "flash.fd.lock"}


@pytest.mark.parametrize(
    ("call", "number", "reason"),
    [
        ("write", errno.ENOSPC, DiskFull),
        ("fsync", errno.EIO, DiskFailure),
        ("link", errno.EPERM, ReadOnlyImage),
    ],
)
def test_a_failing_host_leaves_no_half_made_image(
    path: pathlib.Path, fault: Fault, call: str, number: int, reason: type[StoreError]
) -> None:
    fault(call, number)
    with pytest.raises(reason):
        Image(path).create(TINY)
    assert names_in(path.parent) == {"flash.fd.lock"}


def test_short_writes_of_the_host_are_continued(image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, bytes(data[:999])))
    put(image, b"1")
    assert len(image.read()) == TINY.size
    assert image.open().get(VENDOR, "A").data == b"1"


def test_a_folder_that_cannot_be_flushed_is_told_as_it_is(
    path: pathlib.Path, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rename is done by then: the new image is in place, and the error says so."""
    flush = os.fsync

    def fail_for_folders(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        flush(file)

    monkeypatch.setattr(os, "fsync", fail_for_folders)
    with pytest.raises(DiskFailure, match="the new image is in place"):
        put(image, b"1")
    assert image.open().get(VENDOR, "A").data == b"1"


def test_without_durability_nothing_is_flushed(path: pathlib.Path, fault: Fault) -> None:
    fault("fsync", errno.EIO)
    hasty = Image(path, durability="none")
    hasty.create(TINY)
    put(hasty, b"1")
    assert hasty.open().get(VENDOR, "A").data == b"1"


def on_a_read_only_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refuse(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return opened(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse)


def test_a_read_only_disk_can_be_read_and_not_written(image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    put(image, b"1")
    on_a_read_only_disk(monkeypatch)
    assert image.open().get(VENDOR, "A").data == b"1"
    with pytest.raises(ReadOnlyImage, match="cannot be written to"):
        put(image, b"2")


def test_a_file_without_rights_is_unreadable_or_read_only(image: Image, fault: Fault) -> None:
    fault("open", errno.EACCES)
    with pytest.raises(UnreadableImage, match="may not read"):
        image.open()
    with pytest.raises(ReadOnlyImage, match="right to write"):
        put(image, b"1")


def test_a_vanished_folder_is_told(path: pathlib.Path, image: Image) -> None:
    def change() -> None:
        with image.transaction() as store:
            store.set(VENDOR, "A", b"1", 7)
            shutil.rmtree(path.parent)

    with pytest.raises(ImageMissing):
        change()


@pytest.mark.parametrize("act", ["in place", "replaced"])
def test_the_work_of_a_program_without_a_lock_is_not_overwritten(
    path: pathlib.Path, image: Image, act: str
) -> None:
    put(image, b"old")
    foreign = MemoryImage(TINY, image.read())
    put(foreign, b"foreign")

    def change() -> None:
        with image.transaction() as store:
            store.set(VENDOR, "A", b"ours", 7)
            if act == "replaced":
                path.unlink()
            path.write_bytes(foreign.read())

    with pytest.raises(ImageChanged, match="try again"):
        change()
    assert image.open().get(VENDOR, "A").data == b"foreign"


def test_opening_a_dirty_image_for_writing_settles_it_on_disk(path: pathlib.Path, image: Image) -> None:
    put(image, b"1")
    dirty = bytearray(path.read_bytes())
    dirty[0x1000] = 0
    path.write_bytes(dirty)
    assert image.open().get(VENDOR, "A").data == b"1"
    assert path.read_bytes() == dirty
    with image.transaction():
        pass
    assert VariableStore.from_image(path.read_bytes()).flash.operations == 0
