"""CHAR16: the text of UEFI, two bytes per character, little-endian, ended by a NUL.

It is UCS-2 and not UTF-16: halves of surrogate pairs stand by themselves and survive. What cannot be such a text is
answered with None, because those who look into damaged things go on.
"""

TERMINATOR = b"\0\0"


def decoded_char16(stored: bytes) -> str | None:
    if len(stored) % 2 or stored[-2:] != TERMINATOR:
        return None
    return stored[:-2].decode("utf-16-le", "surrogatepass")
