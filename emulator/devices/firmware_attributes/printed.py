"""Texts and numbers as the driver prints them.

Both are read in the driver's public source, not seen on a machine: texts are kept in arrays of 512 bytes, with a NUL at their end, and numbers of
32 bits are printed with `%d`, so an upper bound of 4294967295 reads -1. That half a character goes too is ours: there it stays.
"""

LONGEST = 511
"""Bytes of a text without its NUL."""


def cut(text: str) -> str:
    """What of a text the driver keeps."""
    return text.encode()[:LONGEST].decode("utf-8", "ignore")


def signed(number: int) -> int:
    """A number of 32 bits as `%d` prints it."""
    return (number & 0xFFFFFFFF ^ 0x80000000) - 0x80000000
