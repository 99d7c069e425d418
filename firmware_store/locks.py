"""Two locks on an image: ours, and the one by which virtual machines know each other.

Ours is a flock on a file of its own beside the image. The image itself cannot carry it, because each commit puts a
new file in its place; the lock file is never removed, because a process that waits for a removed file would be let in
beside one that locks its successor. The kernel drops the lock when its holder dies.

QEMU marks a disk or flash image it has open with read locks on bytes 100 and 101 of that file (its permissions
"consistent read" and "write"). They are locks of the open file, not of the process (Linux, F_OFD_SETLK). Writing under
a running machine would be lost: it keeps the replaced file. So a writer takes a write lock on the two bytes, which
fails while a machine runs and keeps one from starting until the new file is in place.
"""

import errno
import fcntl
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from firmware_store.errors import ImageHeldByVirtualMachine, ImageInUse

# QEMU, block/file-posix.c: RAW_LOCK_PERM_BASE, and the permissions of which a flash takes the first two.
QEMU_LOCK_OFFSET, QEMU_LOCK_LENGTH = 100, 2
# File systems without such locks (some network and user-space ones); QEMU does without them there, too.
NO_SUCH_LOCKS = {errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


@contextmanager
def descriptor(path: str, flags: int, folder: int | None = None) -> Iterator[int]:
    """An open file for the length of a `with`; never a link's target, never one that waits for a pipe.

    Folders are the exception: a link on the way to an image (macOS has /tmp as one) is the user's business.
    """
    follow = 0 if flags & os.O_DIRECTORY else os.O_NOFOLLOW
    held = os.open(path, flags | follow | os.O_NONBLOCK | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        yield held
    finally:
        os.close(held)


@contextmanager
def writer_lock(folder: int, name: str, *, wait: bool) -> Iterator[None]:
    """The right to write to the image `name`. Closing the file gives it back."""
    with descriptor(f"{name}.lock", os.O_RDWR | os.O_CREAT, folder) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise ImageInUse(
                "another process is writing to the image; try again when it has finished"
            ) from None
        yield


def keep_virtual_machines_out(image: int) -> None:
    """Locks QEMU's bytes of an open image until it is closed."""
    if sys.platform != "linux":
        return
    request = struct.pack("hhqqi0q", fcntl.F_WRLCK, os.SEEK_SET, QEMU_LOCK_OFFSET, QEMU_LOCK_LENGTH, 0)
    try:
        fcntl.fcntl(image, fcntl.F_OFD_SETLK, request)
    except OSError as error:
        if error.errno in NO_SUCH_LOCKS:
            return
        if error.errno not in {errno.EAGAIN, errno.EACCES}:
            raise
        raise ImageHeldByVirtualMachine(
            "a virtual machine has this image open as its flash; shut it down first, or work on a copy"
        ) from None
