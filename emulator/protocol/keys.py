"""Public keys as the firmware knows them: RSA-2048, exponent 65537, nothing but a modulus.

* A modulus travels little-endian in Secure Platform Management commands and big-endian in settings and key ids.
* The key id is base64(SHA-256(big-endian modulus)), 44 characters.
* A signature is RSASSA-PKCS1-v1_5 with SHA-256, and travels **reversed**: byte 0 is the least significant. The other byte
  order is refused like any wrong signature.

All three are verified against published payloads of the vendor's tool.

Most of what a PC does needs no signature, so the package that computes them is imported by what computes.
"""

import base64
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Self

from emulator.protocol.errors import ProtocolError
from emulator.protocol.frozen import frozen

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

MODULUS_SIZE = 256
SIGNATURE_SIZE = 256
EXPONENT = 65537


class UnusableKey(ProtocolError):
    """A key that is not RSA-2048 with exponent 65537."""


class InvalidSignature(ProtocolError):
    """A signature that the expected key did not make over these bytes."""


@cache
def _scheme() -> "tuple[padding.PKCS1v15, SHA256, type[Exception]]":
    """What every signature is made with, and what one that does not fit raises."""
    from cryptography.exceptions import InvalidSignature as Mismatch
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    return PKCS1v15(), SHA256(), Mismatch


@lru_cache(maxsize=64)
def _prepared(modulus: bytes) -> "rsa.RSAPublicKey":
    """Preparing a key costs as much as verifying with it, and a PC meets very few."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.RSAPublicNumbers(EXPONENT, int.from_bytes(modulus, "big")).public_key()


@frozen
class PublicKey:
    """An RSA-2048 public key; `modulus` is 256 bytes, big-endian."""

    modulus: bytes

    def __post_init__(self) -> None:
        if len(self.modulus) != MODULUS_SIZE:
            raise UnusableKey(f"an RSA-2048 modulus has {MODULUS_SIZE} bytes; {len(self.modulus)} came")
        if self.modulus[0] < 0x80 or self.modulus[-1] % 2 == 0:
            raise UnusableKey("an RSA-2048 modulus is an odd number of 2048 bits; this one is not")

    @classmethod
    def from_little_endian(cls, modulus: bytes) -> Self:
        return cls(modulus[::-1])

    @classmethod
    def of(cls, key: object) -> Self:
        """The firmware's view of a key of the `cryptography` package, public or private."""
        from cryptography.hazmat.primitives.asymmetric import rsa

        if isinstance(key, rsa.RSAPrivateKey):
            key = key.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise UnusableKey(f"an RSA key was expected, {type(key).__name__} came")
        numbers = key.public_numbers()
        if key.key_size != 8 * MODULUS_SIZE:
            raise UnusableKey(f"an RSA-{8 * MODULUS_SIZE} key was expected, RSA-{key.key_size} came")
        if numbers.e != EXPONENT:
            raise UnusableKey(f"an RSA key with exponent {EXPONENT} was expected, {numbers.e!s:.20} came")
        return cls(numbers.n.to_bytes(MODULUS_SIZE, "big"))

    @property
    def little_endian(self) -> bytes:
        return self.modulus[::-1]

    @property
    def digest(self) -> bytes:
        """SHA-256 of the modulus, 32 bytes."""
        import hashlib

        return hashlib.sha256(self.modulus).digest()

    @property
    def key_id(self) -> str:
        return base64.b64encode(self.digest).decode("ascii")

    def verify(self, signature: bytes, signed: bytes) -> None:
        """Raise InvalidSignature unless this key made `signature` (as it travels, reversed) over `signed`."""
        padding, digest, mismatch = _scheme()
        try:
            _prepared(self.modulus).verify(signature[::-1], signed, padding, digest)
        except mismatch:
            raise InvalidSignature("the signature does not belong to these bytes and this key") from None

    def encryption_key(self) -> "rsa.RSAPublicKey":
        return _prepared(self.modulus)


def sign(key: "rsa.RSAPrivateKey", signed: bytes) -> bytes:
    """The signature of `key` over `signed`, 256 bytes as they travel. Raises UnusableKey, as no PC would know another key."""
    PublicKey.of(key)
    padding, digest, _ = _scheme()
    return key.sign(signed, padding, digest)[::-1]
