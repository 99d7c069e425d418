"""The files that `f10 payload` and `f10 update` read: a payload or a policy whole, a firmware file by its SHA-256."""

import errno
import hashlib
import sys

LARGEST = 1 << 20
"""Bytes of a payload or a policy."""


class Unusable(Exception):
    """A file that cannot be read, or is of no use; the text says which and why."""


def read(name: str) -> bytes:
    """At most one byte more than a payload may have; the parser then says that it is too large. Raises Unusable."""
    try:
        if name == "-":
            if sys.stdin is None:
                raise OSError(errno.EBADF, "standard input is closed")
            return sys.stdin.buffer.read(LARGEST + 1)
        with open(name, "rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Unusable(f"the payload {name} cannot be read: {error.strerror}") from None


def digest(name: str) -> bytes:
    """The SHA-256 of a firmware file. Raises Unusable."""
    try:
        with open(name, "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise Unusable(f"the firmware file {name} cannot be read: {error.strerror}") from None
