"""Several processes that write to one image through its lock and are killed at random moments."""

import random
import subprocess
import sys
import threading
import time
from typing import NamedTuple
from uuid import UUID

from firmware_store import Image

VENDOR = UUID(int=1)

COUNT_FOR_EVER = """
import sys
from uuid import UUID
from firmware_store import Image
image, vendor = Image(sys.argv[1], durability=sys.argv[2]), UUID(int=1)
while True:
    with image.transaction() as store:
        held = store.find(vendor, "Counter")
        number = 1 + (0 if held is None else int.from_bytes(held.data, "little"))
        store.set(vendor, "Counter", number.to_bytes(300, "little"), 7)
        store.set(vendor, "Twin", number.to_bytes(300, "big"), 7)
    print(number, flush=True)
"""


class Outcome(NamedTuple):
    commits: int
    told: int
    kills: int


class Writers:
    """So many writers, each started again when it was killed."""

    def __init__(self, image: Image, count: int, seconds: float, seed: int) -> None:
        self.image = image
        self.told: list[int] = []
        self.kills = 0
        self._until = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._keep_writing, args=(random.Random(f"{seed}/{each}"),))
            for each in range(count)
        ]

    def run(self) -> Outcome:
        """Writes, kills and reads until the time is up; raises if a commit was lost or a file torn."""
        for each in self._threads:
            each.start()
        while any(each.is_alive() for each in self._threads):
            self._number()
            time.sleep(0.05)
        for each in self._threads:
            each.join()
        number = self._number()
        assert len(set(self.told)) == len(self.told), "two writers were told the same number"
        assert number >= max(self.told, default=0), "a commit that was told is lost"
        assert number - len(self.told) <= self.kills, "more commits than writers told or took to the grave"
        return Outcome(number, len(self.told), self.kills)

    def _number(self) -> int:
        store = self.image.open()
        held, twin = store.find(VENDOR, "Counter"), store.find(VENDOR, "Twin")
        assert (held is None) == (twin is None)
        if held is None or twin is None:
            return 0
        number = int.from_bytes(held.data, "little")
        assert number == int.from_bytes(twin.data, "big"), "half of a transaction"
        return number

    def _keep_writing(self, chance: random.Random) -> None:
        while time.monotonic() < self._until:
            with subprocess.Popen(
                [sys.executable, "-c", COUNT_FOR_EVER, self.image.path, "none"],
                stdout=subprocess.PIPE, text=True,
            ) as process:  # fmt: skip
                time.sleep(chance.uniform(0.2, 1.5))
                process.kill()
                assert process.stdout is not None
                lines = process.stdout.read().split("\n")[:-1]
            with self._lock:
                self.told += [int(line) for line in lines]
                self.kills += 1
