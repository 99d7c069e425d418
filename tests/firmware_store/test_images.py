"""The committed images, which power cuts and real firmware's order of writes left: what must be found in each.

They are made by `scripts/make_images`. Those of earlier releases must never change.
"""

import json
import pathlib
import subprocess
import sys
from uuid import UUID

import pytest

from firmware_store import TINY, Image, VariableStore, redo
from firmware_store.working_block import queue, unfinished_write

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGES = ROOT / "tests" / "images"
DESCRIBED = json.loads((IMAGES / "expected.json").read_text(encoding="utf-8"))
VENDOR, EXPECTED = UUID(DESCRIBED["vendor"]), DESCRIBED["images"]


def values(store: VariableStore) -> dict[str, str]:
    assert all((each.guid, each.attributes) == (VENDOR, 7) for each in store)
    return {each.name: each.data.hex() for each in store}


def test_the_images_are_those_that_the_script_makes() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/make_images", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert {each.stem for each in IMAGES.glob("*.fd")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_image_holds_what_it_should_and_goes_on(name: str) -> None:
    image = (IMAGES / f"{name}.fd").read_bytes()
    store = VariableStore.from_image(image)
    assert values(store) == EXPECTED[name]["variables"]
    again = VariableStore.from_image(store.flash.content)
    assert again.flash.operations == 0
    again.reclaim()
    assert values(again) == EXPECTED[name]["variables"]
    with again.transaction():
        again.set(VENDOR, "A", b"next", 7)
        again.set(VENDOR, "New", b"new", 7)
    expected = {**EXPECTED[name]["variables"], "A": b"next".hex(), "New": b"new".hex()}
    assert values(VariableStore.from_image(again.flash.content)) == expected


def test_an_edit_is_not_thrown_away_with_the_pending_write(tmp_path: pathlib.Path) -> None:
    """Hole E. Readers see the finished write and change nothing; a transaction commits it with its own changes."""
    path = tmp_path / "flash.fd"
    path.write_bytes((IMAGES / "hole_e_pending_write.fd").read_bytes())
    before = path.read_bytes()
    image = Image(path, durability="none")
    assert unfinished_write(before, TINY) is not None
    assert values(image.open()) == EXPECTED["hole_e_pending_write"]["variables"]
    assert path.read_bytes() == before
    with image.transaction() as store:
        store.set(VENDOR, "A", b"edited", 7)
    assert unfinished_write(path.read_bytes(), TINY) is None
    assert values(image.open())["A"] == b"edited".hex()


def test_the_write_behind_an_emptied_queue_is_announced_at_its_begin() -> None:
    """Hole D."""
    image = (IMAGES / "hole_d_write_after_the_queue_was_emptied.fd").read_bytes()
    (pending,) = queue(image, TINY)
    assert pending.offset == TINY.working_offset + 32


def test_the_images_of_transactions_hold_a_list_and_lose_it() -> None:
    for name in ("transaction_listed", "transaction_half_made"):
        image = (IMAGES / f"{name}.fd").read_bytes()
        assert redo.MAGIC in image
        assert redo.MAGIC not in VariableStore.from_image(image).flash.content[: TINY.variable_size]
