"""Every power cut in every operation of each kind of change, and in the recovery from it."""

import itertools
import random

import pytest

from firmware_store import (
    AARCH64,
    FOUR_MEGABYTE,
    TINY,
    TWO_MEGABYTE,
    Cut,
    Layout,
    NORFlash,
    VariableStore,
    blank,
)
from firmware_store.errors import PowerCut
from tests.firmware_store.crashes import (
    VENDOR,
    Change,
    Step,
    check,
    content_of,
    crash,
    opened,
    recorded,
    states,
    torn_program,
)
from tests.firmware_store.histories import (
    CASES,
    lenient,
    put,
    random_change,
    random_images,
    reclaim,
    scrub,
)

# Fewer states than these would mean that something is no longer tried. Together they are more than 50,000.
LEAST = {
    "a new variable": 4_000,
    "an update": 2_000,
    "a deletion": 5,
    "an update that needs a reclaim": 5_000,
    "a reclaim": 7_000,
    "a reclaim with a full queue": 7_000,
    "a transaction": 8_000,
    "a transaction without room for its list": 5_000,
    "a scrub": 5_000,
    "a change of a secret": 5_000,
    "a transaction with a secret": 5_000,
    "a secret that is deleted when the queue is full": 5_000,
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", CASES)
def test_every_cut_leaves_the_state_before_or_the_state_after(name: str) -> None:
    image, change, nested = CASES[name]
    _, cases = crash(image, change, random.Random(name), nested=nested)
    assert cases >= LEAST[name]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", range(4))
def test_every_cut_in_random_histories(seed: int) -> None:
    chance, cases = random.Random(seed), 0
    for image in random_images(chance):
        _, more = crash(
            image, lenient(random_change(chance)), chance, nested=chance.randrange(200, 900), most=3000
        )
        cases += more
        if cases > 4_000:
            break


@pytest.mark.parametrize("layout", [FOUR_MEGABYTE, TWO_MEGABYTE, AARCH64], ids=lambda each: each.name)
@pytest.mark.parametrize("change", [reclaim, scrub], ids=["reclaim", "scrub"])
def test_cuts_in_the_real_layouts_leave_the_same_and_never_touch_the_event_log(
    layout: Layout, change: Change
) -> None:
    image = bytearray(blank(layout))
    log = slice(layout.variable_size, layout.working_offset)
    image[log] = b"\x5a" * layout.event_log_size
    store = opened(image, layout)
    for value in (b"one", b"two"):
        store.set(VENDOR, "A", value, 7)
    before, chance = bytes(store.flash.content), random.Random(7)
    steps, finished = recorded(before, change, layout)
    held = content_of(opened(finished, layout))
    tried = list(itertools.islice(states(before, steps, chance), 3, None, 61))
    for _, torn in tried:
        check(torn, (held,), layout)
        assert opened(torn, layout).flash.content[log] == image[log]
    assert len(tried) >= 8


def really_cut(image: bytes, change: Change, cut: Cut) -> bytes:
    flash = NORFlash(image, TINY.block_size)
    flash.cut = cut
    with pytest.raises(PowerCut):
        change(VariableStore(flash, TINY))
    return bytes(flash.content)


@pytest.mark.parametrize("name", ["an update", "a transaction", "a scrub", "an update that needs a reclaim"])
def test_the_states_put_together_are_those_that_a_chip_is_left_with(name: str) -> None:
    image, change, _ = CASES[name]
    steps, _ = recorded(image, change)
    content, chance = bytearray(image), random.Random(1)
    for number, step in enumerate(steps):
        place = slice(step.offset, step.offset + len(step.new))
        if step.kind == "program":
            done = chance.randrange(len(step.new))
            for kept in (0xFF, 0x55):
                left = really_cut(image, change, Cut(number, done, kept))
                torn = (
                    step.new[:done] + bytes([step.new[done] | (step.old[done] & kept)]) + step.old[done + 1 :]
                )
                content[place] = torn
                assert left == content
        else:
            content[place] = step.new[:99] + step.old[99:]
            assert really_cut(image, change, Cut(number, 99)) == content
            content[place] = noise = chance.randbytes(TINY.block_size)
            assert really_cut(image, change, Cut(number, noise=noise)) == content
        content[place] = step.new


def test_every_torn_byte_of_a_short_write_is_tried() -> None:
    step = Step("program", 0, b"\xff\xff", b"\x0f\x7f", "")
    tried = set(torn_program(step, random.Random(0)))
    for done, kept in itertools.product(range(2), (0xFF, 0x0F, 0xF0, 0x55, 0xAA)):
        torn = step.new[done] | (0xFF & kept)
        assert step.new[:done] + bytes([torn]) + step.old[done + 1 :] in tried


def test_cuts_in_a_row_never_bring_a_stale_value_back() -> None:
    """Hole B needs two. Here every update is cut, at a random place, and a full store is reclaimed in between."""
    chance, image = random.Random(20_240_229), CASES["an update"][0]
    for number in range(120):
        change = put("A", number.to_bytes(40, "big"))
        steps, finished = recorded(image, change)
        before, after = (content_of(opened(each)) for each in (image, finished))
        _, torn = chance.choice(list(states(image, steps, chance)))
        check(torn, (before, after))
        store = opened(torn)
        held = store.get(VENDOR, "A")
        if number % 3 == 0:
            store.reclaim()
        assert store.get(VENDOR, "A") == held
        image = bytes(store.flash.content)
