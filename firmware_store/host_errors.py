"""What the host's refusals mean for an image: one exception per reason, with the path and what to do.

In each of these cases the old image is as it was, because it is only ever replaced as a whole.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from firmware_store.errors import (
    DiskFailure,
    DiskFull,
    ImageExists,
    ImageMissing,
    NotARegularFile,
    ReadOnlyImage,
    StoreError,
    UnreadableImage,
)

READ_ONLY = (
    "cannot be written to; give this user the right to write to the file and its folder, or copy the image"
)

REASONS: dict[int, tuple[type[StoreError], str]] = {
    errno.ENOENT: (
        ImageMissing,
        "expected an image file in an existing folder, found none; make a new one or check the path",
    ),
    errno.ENOTDIR: (
        ImageMissing,
        "expected a folder on the way to the image, found something else; check the path",
    ),
    errno.EEXIST: (
        ImageExists,
        "a file of this name is there already and will not be overwritten; choose another name",
    ),
    errno.EISDIR: (NotARegularFile, "expected an image file, found a folder"),
    errno.ELOOP: (
        NotARegularFile,
        "expected a file, found a symbolic link; give the path of the file itself",
    ),
    errno.ENXIO: (NotARegularFile, "expected an image file, found a socket or a device"),
    errno.EROFS: (ReadOnlyImage, READ_ONLY),
    errno.EACCES: (ReadOnlyImage, READ_ONLY),
    errno.EPERM: (ReadOnlyImage, READ_ONLY),
    errno.ENOSPC: (DiskFull, "the disk is full; make room, nothing was changed"),
    errno.EDQUOT: (DiskFull, "the disk quota is used up; make room, nothing was changed"),
}
REFUSED = {errno.EACCES, errno.EPERM}


def explain(error: OSError, path: str, *, writing: bool) -> StoreError:
    """The host's error as one of ours. The file named is the image, its lock, or its new copy."""
    number = error.errno or 0
    kind, advice = REASONS.get(number, (DiskFailure, "the host failed, nothing was changed"))
    if number in REFUSED and not writing:
        kind, advice = UnreadableImage, "this user may not read it; change the file's rights"
    file = "" if error.filename is None else f", {error.filename!r}"
    explained = kind(f"{advice} ({error.strerror}{file})")
    explained.where = path
    return explained


@contextmanager
def explained(path: str, *, writing: bool) -> Iterator[None]:
    """Gives every refusal inside a reason and a place."""
    try:
        yield
    except OSError as error:
        raise explain(error, path, writing=writing) from error
    except StoreError as error:
        error.where = error.where or path
        raise
