r"""What somebody wrote into a file, as the driver reads it.

A write is one line: a newline at its end is taken off, one anywhere else is EINVAL. Behind a NUL nothing is read, as C reads text.
Text is UTF-8; what is not is EINVAL.
"""

import errno


def line(data: bytes) -> bytes:
    """Raises OSError."""
    at = data.find(b"\n")
    if at not in {-1, len(data) - 1}:
        raise OSError(errno.EINVAL, "one line was expected, with a newline at its end or none")
    return data.removesuffix(b"\n").partition(b"\0")[0]


def token(data: bytes) -> bytes:
    """A line whose newlines within nobody looks at."""
    return data.removesuffix(b"\n").partition(b"\0")[0]


def text(octets: bytes) -> str:
    """Raises OSError, which tells nothing of what came."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        raise OSError(errno.EINVAL, "text in UTF-8 was expected") from None
