"""What the phone's retry ladder costs: pictures as cameras take them, read by the ladder and by plain zxing-cpp.

The pictures are a sample of the seeded set of `scripts/make_distorted_pictures`, the same number of each group, in shades of grey and in
memory; drawing, opening and decoding them as files are left out. The phone stops at the first look that finds a code, and most
pictures need one look only, so the medians over the pictures are compared. What no look can read costs all of them: the mean says so.
"""

import time
from collections.abc import Callable, Sequence
from statistics import mean, median

from PIL import Image

from emulator.companions.authenticator import scanner
from scripts.benchmarks.measurement import Figure, Goal, Journey
from tests import distorted_pictures
from tests.codes import codes_in

SAMPLE, REPEATS = 8, 3
PLAIN, LADDER = "plain zxing-cpp", "the phone's ladder"


def run() -> Journey:
    pictures = [one.picture for one in distorted_pictures.pictures(sample=SAMPLE)]
    plain, ladder = zip(*(_times(picture) for picture in pictures), strict=True)
    figures = [_figure(PLAIN, plain), _figure(LADDER, ladder)]
    goals = [
        Goal("the ladder's median, against plain zxing-cpp's", 1 / 2.5, median(plain) / median(ladder)),
    ]
    title = f"{len(pictures)} distorted pictures (means: {mean(plain):.1f} and {mean(ladder):.1f} ms)"
    return Journey(title, figures, goals)


def _times(picture: Image.Image) -> tuple[float, float]:
    """Milliseconds plainly and by the ladder, each at its best; in turns, so that whatever else the machine does hits both."""
    looks = (lambda: codes_in(picture), lambda: next(scanner.looks(picture), ()))
    turns = [[_milliseconds(look) for look in looks] for _ in range(REPEATS)]
    plain, ladder = (min(times) for times in zip(*turns, strict=True))
    return plain, ladder


def _milliseconds(look: Callable[[], object]) -> float:
    began = time.perf_counter()
    look()
    return (time.perf_counter() - began) * 1e3


def _figure(name: str, times: Sequence[float]) -> Figure:
    """Over the pictures."""
    return Figure(name, "ms", min(times), median(times), len(times))
