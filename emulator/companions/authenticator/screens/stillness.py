"""For how long nobody has touched the phone.

Two clocks measure it, and the one that counts more is believed: one clock stands still while a computer sleeps, the other can be set back,
and neither may keep a phone open that was left alone.
"""

from collections.abc import Callable

LIMIT = 60.0
"""Seconds after which the phone closes what is open. Ours to choose; the usual range of phones is 30 to 300."""


class Stillness:
    """Seconds since the last touch."""

    def __init__(self, *clocks: Callable[[], float]) -> None:
        self._clocks = clocks
        self._touched = self._read()

    def touch(self) -> None:
        self._touched = self._read()

    @property
    def seconds(self) -> float:
        return max(now - then for now, then in zip(self._read(), self._touched, strict=True))

    def _read(self) -> tuple[float, ...]:
        return tuple(clock() for clock in self._clocks)
