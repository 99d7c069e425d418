"""The machine's clock: the host's, or one that stands still until it is told to move."""

import time
from typing import Protocol

from emulator.firmware.guard import Moment


class Clock(Protocol):
    def now(self) -> Moment:
        """The present, by a clock that can be set and by one that only runs forward."""


class SystemClock:
    def now(self) -> Moment:
        return Moment(time.time(), time.monotonic())


class FixedClock:
    """Shows the same moment until `advance`; for tests, demonstrations and repeatable pictures."""

    def __init__(self, unix: float = 1_790_000_000.0, monotonic: float = 1_000.0) -> None:
        self._now = Moment(unix, monotonic)

    def now(self) -> Moment:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now = Moment(self._now.unix + seconds, self._now.monotonic + seconds)

    def set_back(self, seconds: float) -> None:
        """What a person does who sets the clock: the monotonic side does not care."""
        self._now = self._now._replace(unix=self._now.unix - seconds)
