"""The image: what remains of the PC when it is off. A file on the host, or bytes in memory, behind one interface.

Reading takes no lock and works on a read-only disk, because an image is only ever replaced as a whole. Changing is a
transaction: take the writer's lock, read, let the caller change variables, bring the changes into the flash in memory,
all of them or none, and put the new bytes in the place of the old ones, once, if they differ. An exception anywhere
leaves the old image. The rules of the flash are obeyed on the way, so the file always holds what a real chip would
hold.

Whoever takes no lock, such as another tool, is noticed by the file's identity and time, and its work is not
overwritten.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock
from typing import Literal, Protocol

from firmware_store.errors import ImageChanged, ImageInUse, NotARegularFile, OversizedImage
from firmware_store.host_errors import explained
from firmware_store.in_place import FileFlash
from firmware_store.layout import Layout
from firmware_store.locks import descriptor, keep_virtual_machines_out, writer_lock
from firmware_store.replacement import place, replace, sweep
from firmware_store.variables import VariableStore
from firmware_store.volume import blank, detect

# The images of Debian's AArch64 firmware are padded to 64 MiB; nothing larger is read into memory.
LARGEST_FILE = 64 * 1024 * 1024

# "full" survives a power failure of the host and costs some milliseconds; "none" is for tests.
Durability = Literal["none", "full"]


class FlashImage(Protocol):
    """What the machine needs of its image, wherever it lies."""

    def read(self) -> bytes:
        """The bytes as they are now."""

    def open(self) -> VariableStore:
        """A store over a copy of the bytes; what is changed in it is lost."""

    def transaction(
        self, *, wait: bool = True, secret: bool = False
    ) -> AbstractContextManager[VariableStore]:
        """A store whose changes are kept, all of them or none, when the block ends without an exception.

        With `secret` no byte of any older value is left in the image.
        """


class MemoryImage:
    """An image in memory: a PC that forgets everything with its process."""

    def __init__(self, layout: Layout, content: bytes | None = None) -> None:
        self._content = blank(layout) if content is None else content
        self._lock = Lock()

    def read(self) -> bytes:
        return self._content

    def open(self) -> VariableStore:
        return VariableStore.from_image(self._content)

    @contextmanager
    def transaction(self, *, wait: bool = True, secret: bool = False) -> Iterator[VariableStore]:
        if not self._lock.acquire(blocking=wait):
            raise ImageInUse("another thread is writing to the image; try again when it has finished")
        try:
            store = self.open()
            with store.transaction(secret=secret):
                yield store
            self._content = bytes(store.flash.content)
        finally:
            self._lock.release()


class Image:
    """An image file; with `in_place` every flash operation reaches it in turn, else it is replaced as a whole."""

    def __init__(
        self, path: str | os.PathLike[str], *, durability: Durability = "full", in_place: bool = False
    ) -> None:
        self.path = os.path.abspath(path)
        self._in_place = in_place
        self._folder, self._name = os.path.split(self.path)
        self._durable = durability == "full"

    def create(self, layout: Layout) -> None:
        """A new blank image. A file of that name, even a dangling link, is refused."""
        with (
            explained(self.path, writing=True),
            self._open_folder() as folder,
            writer_lock(folder, self._name, wait=True),
        ):
            sweep(folder, self._name)
            place(folder, self._name, blank(layout), durable=self._durable)

    def read(self) -> bytes:
        with explained(self.path, writing=False), descriptor(self.path, os.O_RDONLY) as image:
            return whole(image)

    def open(self) -> VariableStore:
        content = self.read()
        with explained(self.path, writing=False):
            return VariableStore.from_image(content)

    @contextmanager
    def transaction(self, *, wait: bool = True, secret: bool = False) -> Iterator[VariableStore]:
        with ExitStack() as held:
            with explained(self.path, writing=True):
                folder = held.enter_context(self._open_folder())
                # Asked before the lock file is made, so that a mistyped path leaves no litter.
                os.stat(self._name, dir_fd=folder, follow_symlinks=False)
                held.enter_context(writer_lock(folder, self._name, wait=wait))
                sweep(folder, self._name)
                image = held.enter_context(descriptor(self._name, os.O_RDWR, folder))
                keep_virtual_machines_out(image)
                identity, before = identity_of(os.fstat(image)), whole(image)
                store = self._store(image, before)
            if self._in_place:
                yield from self._changed_in_place(store, secret=secret)
                return
            with store.transaction(secret=secret):
                yield store
            if store.flash.content != before:
                with explained(self.path, writing=True):
                    self._check_identity(folder, identity)
                    replace(folder, self._name, bytes(store.flash.content), durable=self._durable)

    def _store(self, image: int, content: bytes) -> VariableStore:
        if not self._in_place:
            return VariableStore.from_image(content)
        layout = detect(content)
        return VariableStore(FileFlash(image, content, layout.block_size, durable=self._durable), layout)

    def _changed_in_place(self, store: VariableStore, *, secret: bool) -> Iterator[VariableStore]:
        """Let the caller stage changes; the host can fail only while they are brought into the flash."""
        changes = store.transaction(secret=secret)
        changes.__enter__()
        try:
            yield store
        except BaseException as error:
            changes.__exit__(type(error), error, error.__traceback__)
            raise
        with explained(self.path, writing=True):
            changes.__exit__(None, None, None)

    def _open_folder(self) -> AbstractContextManager[int]:
        return descriptor(self._folder, os.O_RDONLY | os.O_DIRECTORY)

    def _check_identity(self, folder: int, expected: tuple[int, ...]) -> None:
        now = os.stat(self._name, dir_fd=folder, follow_symlinks=False)
        if identity_of(now) != expected:
            raise ImageChanged(
                "a program that takes no lock wrote to the image meanwhile; nothing was changed, try again"
            )


def identity_of(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def whole(image: int) -> bytes:
    """All bytes of an open image file."""
    status = os.fstat(image)
    if not stat.S_ISREG(status.st_mode):
        raise NotARegularFile("expected an image file, found a folder, a pipe or a device")
    if status.st_size > LARGEST_FILE:
        raise OversizedImage(
            f"expected an image of at most {LARGEST_FILE:#x} bytes, the file has {status.st_size:#x}"
        )
    parts, rest = [], status.st_size
    while rest and (part := os.read(image, rest)):
        parts.append(part)
        rest -= len(part)
    return b"".join(parts)
