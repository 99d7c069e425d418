"""The password files of BCU and HPQPswd, in a format of our own.

A script that changes settings with BCU hands the setup password in as a file, so that it stands on no command line. How the vendor's
file is built is not public beyond "AES-256", so theirs cannot be read here, nor ours there.

Ours is, in this order: eight signs that name the format, one byte for its version (1), twelve bytes of nonce, and the password in
UTF-16LE under AES-256 in Galois/counter mode, with its tag of sixteen bytes; what stands before the cipher text is authenticated too.
The password is filled with zeros to its longest, so the file does not tell how long it is.

**This is obfuscation, and no protection.** The key stands below for everybody to read, as the key of any program that asks for no
passphrase can be found in it. The file keeps a password from a glance and from a search for its text; who can read the file has the
password. It belongs into a folder that others cannot read.
"""

from typing import TYPE_CHECKING

from emulator.protocol.errors import ProtocolError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"F10PSWD\0"
VERSION = 1
NONCE_SIZE = 12
LONGEST = 32
"""Characters of 16 bits: what setup passwords have at most."""

_HEAD = MAGIC + bytes([VERSION])
_PADDED = 2 * LONGEST
SIZE = len(_HEAD) + NONCE_SIZE + _PADDED + 16
_KEY = b"f10: anybody can read this key.\n"


class UnusablePassword(ProtocolError):
    """A password that no password file can hold."""


class NotAPasswordFile(ProtocolError):
    """Bytes that are no password file of this format."""


class DamagedPasswordFile(ProtocolError):
    """A password file that is not as it was written."""


def seal(password: str, nonce: bytes) -> bytes:
    """The file for this password; each file needs a nonce of its own. Raises UnusablePassword."""
    text = password.encode("utf-16-le", "surrogatepass")
    if len(text) > _PADDED or "\0" in password:
        # The password itself is not repeated.
        raise UnusablePassword(
            f"a password has at most {LONGEST} characters of 16 bits, and none is NUL; one of {len(text) // 2} came"
        )
    if len(nonce) != NONCE_SIZE:
        raise UnusablePassword(f"a nonce of {NONCE_SIZE} bytes was expected; {len(nonce)} came")
    return _HEAD + nonce + _cipher().encrypt(nonce, text.ljust(_PADDED, b"\0"), _HEAD)


def open_(data: bytes) -> str:
    """The password in a file. Raises NotAPasswordFile or DamagedPasswordFile."""
    if not data.startswith(MAGIC):
        raise NotAPasswordFile(
            "a password file of f10 was expected; another file came (the vendor's own cannot be read); make one with f10 hpqpswd"
        )
    if not data.startswith(_HEAD) or len(data) != SIZE:
        raise NotAPasswordFile(
            f"a password file of version {VERSION} with {SIZE} bytes was expected; {len(data)} bytes came, or another version"
        )
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 -- only who has a file needs it

    nonce, sealed = data[len(_HEAD) :][:NONCE_SIZE], data[len(_HEAD) + NONCE_SIZE :]
    try:
        text = _cipher().decrypt(nonce, sealed, _HEAD)
    except InvalidTag:
        raise DamagedPasswordFile(
            "the password file is not as it was written; make it again with f10 hpqpswd"
        ) from None
    return text.decode("utf-16-le", "surrogatepass").rstrip("\0")


def _cipher() -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 -- as above

    return AESGCM(_KEY)
