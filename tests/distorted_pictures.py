"""Pictures of codes as cameras take them: seeded, so that the same seed gives the same pictures.

A payload is JSON of 150, 400, 700 or 1000 bytes, drawn by segno at level L or M (occlusion: all four levels) with the standard's border.
*Clean* pictures are the code alone, at a whole number of pixels a module. All others are camera frames of 1280x720: the code, border
included, 600 pixels wide over a mottled dark ground, and one distortion:

    frame           none
    perspective     each corner moved inwards by up to 5 or 12 % of the side
    rotate          by 8, 20 or 45 degrees, smaller where it would not fit
    blur            Gaussian, sigma 1, 1.5, 2 or 3 pixels
    noise           Gaussian, sigma 20 or 45 levels
    moire deep      the pixels of a display, 2.25 or 2.45 of the camera's apart, 90 % darker between them
    moire mild      the same, 1.3 to 2.7 apart, 45 % darker
    low contrast    black and white are the levels 100 and 150, or 115 and 140
    gradient        the light falls off by 75 % across the frame
    photo           500 pixels wide; perspective 5 %, rotation up to 15 degrees, blur 1, gradient and noise 8, as JPEG of quality 70
    invert          light on dark, in a dark border, straight and in perspective
    occlusion       a grey square over 5 or 15 % of the code, not far from its middle
    module size     1.5 to 6 pixels a module (or what the frame has room for), blurred by 0.6

Both moirés were set by what plain zxing-cpp reads of them, some 20 and 98 %, before anything else looked at them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from random import Random
from typing import NamedTuple

import segno
from PIL import Image

from emulator.companions.authenticator import scanner
from tests import distortions as d
from tests.codes import codes_in

SEED = 20_240
SIZES = (150, 400, 700, 1000)
"""Bytes of the payloads."""


@dataclass(frozen=True, slots=True)
class Distorted:
    """A picture in shades of grey, and what its code says."""

    group: str
    name: str
    text: str
    picture: Image.Image


class Case(NamedTuple):
    """One picture to make."""

    size: int
    level: str
    amount: float
    number: int


@dataclass(frozen=True, slots=True)
class Group:
    """How one distortion is done, in which amounts, and how often each."""

    draw: Callable[[Image.Image, float, Random], Image.Image]
    amounts: Sequence[float]
    times: int
    levels: str = "LM"

    def cases(self) -> list[Case]:
        return [
            Case(size, level, amount, number)
            for size in SIZES
            for level in self.levels
            for amount in self.amounts
            for number in range(self.times)
        ]


def pictures(
    groups: Sequence[str] = (), *, sample: int | None = None, seed: int = SEED
) -> Iterator[Distorted]:
    """The pictures of these groups, or of all; all of each group, or a random sample of so many."""
    for group in groups or GROUPS:
        cases = GROUPS[group].cases()
        if sample is not None:
            cases = Random(f"{seed} {group}").sample(cases, min(sample, len(cases)))
        yield from (made(group, case, seed) for case in cases)


def made(group: str, case: Case, seed: int = SEED) -> Distorted:
    name = f"{group} {case.size} {case.level} {case.amount:g} {case.number}"
    text = payload(case.size, case.number, seed)
    picture = GROUPS[group].draw(code(text, case.level), case.amount, Random(f"{seed} {name}"))
    return Distorted(group, name, text, picture)


def payload(size: int, number: int, seed: int) -> str:
    """A JSON object of `size` bytes with base64 in it, as everything that the phone reads."""
    random = Random(f"{seed} {size} {number}")
    frame = '{"f10":1,"set":"distorted","data":""}'
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return frame[:-2] + "".join(random.choices(letters, k=size - len(frame))) + frame[-2:]


@cache
def code(text: str, level: str) -> Image.Image:
    """The symbol with its border, one pixel a module."""
    rows = segno.make(text, error=level, micro=False, boost_error=False).matrix_iter(border=d.BORDER)
    data = [bytes(0 if dark else 255 for dark in row) for row in rows]
    return Image.frombytes("L", (len(data), len(data)), b"".join(data))


GROUPS: dict[str, Group] = {
    "clean": Group(d.clean, (2, 3, 5, 8), 3),
    "frame": Group(d.plainly, (0,), 5),
    "perspective": Group(d.perspective, (0.05, 0.12), 5),
    "rotate": Group(d.rotated, (8, 20, 45), 5),
    "blur": Group(d.blurred, (1, 1.5, 2, 3), 5),
    "noise": Group(d.noisy, (20, 45), 5),
    "moire deep": Group(partial(d.moire, depth=0.9), (2.25, 2.45), 5),
    "moire mild": Group(partial(d.moire, depth=0.45), (1.3, 1.7, 1.9, 2.1, 2.7), 5),
    "low contrast": Group(d.low_contrast, (100, 115), 5),
    "gradient": Group(d.unevenly_lit, (0.75,), 5),
    "photo": Group(d.photo, (70,), 5),
    "invert": Group(d.inverted, (0, 0.05), 5),
    "occlusion": Group(d.occluded, (0.05, 0.15), 5, "LMQH"),
    "module size": Group(d.module_size, (1.5, 2, 2.5, 3, 3.5, 4, 5, 6), 2),
}


@dataclass(slots=True)
class Tally:
    """What was read of one group."""

    pictures: int = 0
    plain: int = 0
    ladder: int = 0
    wrong: int = 0

    def add(self, one: Distorted) -> None:
        """Look at one more: plainly, and as the phone does, which stops at the first look that finds something."""
        plain = codes_in(one.picture)
        ladder = next(scanner.looks(one.picture), ())
        self.pictures += 1
        self.plain += one.text in plain
        self.ladder += one.text in ladder
        self.wrong += sum(text != one.text for text in (*plain, *ladder))

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.pictures + other.pictures,
            self.plain + other.plain,
            self.ladder + other.ladder,
            self.wrong + other.wrong,
        )


def read(shown: Iterable[Distorted]) -> dict[str, Tally]:
    """Each group's tally."""
    tallies: dict[str, Tally] = {}
    for one in shown:
        tallies.setdefault(one.group, Tally()).add(one)
    return tallies
