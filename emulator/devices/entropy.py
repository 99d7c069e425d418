"""The machine's random numbers: the host's, or a fixed sequence that repeats with its seed."""

import os


class SystemEntropy:
    def octets(self, count: int) -> bytes:
        return os.urandom(count)

    def below(self, limit: int) -> int:
        # Few commands draw a number, and this brings half of the cryptography of Python along.
        import secrets

        return secrets.randbelow(limit)


class FixedEntropy:
    """SHA-256 of seed and counter. Predictable by design: never for a machine that guards anything."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed.encode()
        self._drawn = 0

    def octets(self, count: int) -> bytes:
        import hashlib

        out = b""
        while len(out) < count:
            self._drawn += 1
            out += hashlib.sha256(self._seed + self._drawn.to_bytes(8, "big")).digest()
        return out[:count]

    def below(self, limit: int) -> int:
        """Uniform enough for repeatability, which is all that it is for."""
        return int.from_bytes(self.octets(16), "big") % limit
