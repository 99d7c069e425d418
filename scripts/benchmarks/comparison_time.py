"""Whether the time of a refusal tells how much of a secret was right.

A PIN of which seven digits are right must take as long to refuse as one that is wholly wrong, and a password that begins like the
right one as long as another; a right password, too, costs what a wrong one costs. Text that is no code is refused before anything is
compared. It costs no try, and whoever typed it knows its form, so its figure is shown without a goal.

The kinds take turns in an order that is drawn anew for each turn, and each kind has many samples, so that neither a place in the turn
nor a place in memory speaks for one of them. What is compared is medians: noise only ever adds, and seldom, so a median of thousands
hardly moves. The difference is told in *spreads* (the median distance from the median of single measurements), which is what
somebody who measures once would have to see it through; and the goal is a ratio of the medians near 1.
"""

import random
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from statistics import median
from typing import NamedTuple

from emulator.firmware import guard, passwords
from emulator.firmware.guard import Door, Live
from emulator.firmware.refusals import MalformedCode
from emulator.protocol.challenge import Challenge
from scripts.benchmarks.measurement import Figure, Goal, Journey

SEED = 20_261_122
SAMPLES = 64
PINS, PASSWORDS = 20_000, 100
"""Measurements of each kind."""
AT_ONCE = 10
"""PINs in one measurement: a comparison takes no longer than reading the clock."""
PIN_TOLERANCE, PASSWORD_TOLERANCE = 0.03, 0.1
"""A digit that is compared or not is some 20 ns of 600. Stretching a password takes some 50 ms, of which a shared machine's noise moves
the median of a hundred by 2 ms; a way round the stretching would be seen from afar, one within it cannot be."""


class Kind(NamedTuple):
    """One kind of input, and what is measured with it."""

    name: str
    compare: Callable[[str], object]
    samples: Sequence[str]
    at_once: int = 1


def run() -> Journey:
    chance = random.Random(SEED)  # noqa: S311 -- draws samples, and no secrets
    pins, words = pin_kinds(chance), password_kinds(chance)
    times = in_turns(pins, PINS, chance) | in_turns(words, PASSWORDS, chance)
    figures = [
        Figure(each.name, unit, min(times[each.name]) * factor, median(times[each.name]) * factor, count)
        for kinds, unit, factor, count in ((pins, "µs", 1e6, PINS), (words, "ms", 1e3, PASSWORDS))
        for each in kinds
    ]
    goals = [
        same(times, PIN_TOLERANCE, pins[0].name, pins[1].name),
        same(times, PIN_TOLERANCE, pins[2].name, pins[1].name),
        same(times, PASSWORD_TOLERANCE, words[0].name, words[1].name),
        same(times, PASSWORD_TOLERANCE, words[2].name, words[1].name),
    ]
    return Journey("What the time of a comparison tells", figures, goals)


def pin_kinds(chance: random.Random) -> list[Kind]:
    """Against one PIN, in a door for which a try was paid."""
    pin = f"{chance.randrange(10**8):08}"
    door = Door(live=Live(Challenge(b"", b"", b""), 0.0, pin), counted=True)

    def other(digit: str) -> str:
        return chance.choice([each for each in "0123456789" if each != digit])

    def compare(code: str) -> bool:
        return guard.compared(door, code)

    def refuse(code: str) -> None:
        try:
            guard.compared(door, code)
        except MalformedCode:
            return

    wrong = ["".join(other(digit) for digit in pin) for _ in range(SAMPLES)]
    begins = [pin[:-1] + other(pin[-1]) for _ in range(SAMPLES)]
    # Each sample is a text of its own, as each typed code is.
    right = ["".join(list(pin)) for _ in range(SAMPLES)]
    malformed = [f"{each[:-1]}x" for each in wrong]
    return [
        Kind("PIN, seven digits right", compare, begins, AT_ONCE),
        Kind("PIN, wholly wrong", compare, wrong, AT_ONCE),
        Kind("PIN, right", compare, right, AT_ONCE),
        Kind("PIN, malformed", refuse, malformed, AT_ONCE),
    ]


def password_kinds(chance: random.Random) -> list[Kind]:
    word = "Correct-Horse-Battery-7"
    kept = passwords.hashed(word, chance.randbytes(passwords.SALT_SIZE))

    def compare(typed: str) -> bool:
        return passwords.matches(kept, typed)

    return [
        Kind("password, all but the end right", compare, [f"{word[:-1]}{digit}" for digit in "012345689"]),
        Kind("password, wrong", compare, [chance.randbytes(12).hex()[: len(word)] for _ in range(SAMPLES)]),
        Kind("password, right", compare, ["".join(list(word))]),
    ]


def in_turns(kinds: list[Kind], turns: int, chance: random.Random) -> dict[str, list[float]]:
    """Seconds of one comparison, in each turn for each kind."""
    times: dict[str, list[float]] = {each.name: [] for each in kinds}
    samples = {each.name: cycle(each.samples) for each in kinds}
    order = list(kinds)
    for _ in range(turns):
        chance.shuffle(order)
        for name, compare, _, at_once in order:
            typed = [next(samples[name]) for _ in range(at_once)]
            began = time.perf_counter()
            for each in typed:
                compare(each)
            times[name].append((time.perf_counter() - began) / at_once)
    return times


def same(times: dict[str, list[float]], tolerance: float, one: str, other: str) -> Goal:
    """That two kinds take the same time."""
    first, second = median(times[one]), median(times[other])
    spread = median(abs(each - second) for each in times[other])
    apart = f"{(first - second) / spread:+.2f} spreads apart" if spread else "no spread"
    text = f"{one}, and {other.rpartition(', ')[2]}: medians {apart} in {len(times[one])} measurements"
    return Goal(text, 1 / (1 + tolerance), min(first, second) / max(first, second))
