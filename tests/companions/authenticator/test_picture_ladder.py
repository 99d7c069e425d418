"""What the phone reads of pictures as cameras take them: the seeded set of `tests/distorted_pictures.py`, a sample of it in every run.

`scripts/make_distorted_pictures --report` prints what is judged here.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from emulator.companions.authenticator import source
from tests import distorted_pictures
from tests.distorted_pictures import GROUPS, Tally

ROOT = Path(__file__).parents[3]
ALWAYS_READ = (
    *("clean", "frame", "perspective", "rotate", "noise"),
    *("low contrast", "gradient", "photo", "invert"),
)


def judge(tallies: Mapping[str, Tally]) -> Tally:
    """What holds for any part of the set; the sum comes back."""
    missed = {group: tally for group, tally in tallies.items() if tally.ladder < tally.plain}
    assert not missed
    assert not {
        group: tallies[group] for group in ALWAYS_READ if tallies[group].ladder < tallies[group].pictures
    }
    whole = sum(tallies.values(), Tally())
    assert whole.wrong == 0
    return whole


def test_a_sample_is_read_and_never_wrong() -> None:
    sample = list(distorted_pictures.pictures(sample=1))
    for group, one in zip(GROUPS, sample, strict=True):
        assert one.group == group
        assert one.picture.size == (1280, 720) or group == "clean"
        assert len(one.text) == int(one.name.removeprefix(group).split()[0])
    tallies = distorted_pictures.read(sample)
    assert judge(tallies).pictures == len(GROUPS)
    assert tallies["moire deep"] == Tally(1, plain=0, ladder=1)


@pytest.mark.slow
def test_of_the_whole_set_five_points_more_are_read_than_plainly() -> None:
    whole = judge(distorted_pictures.read(distorted_pictures.pictures()))
    assert whole.pictures == 1384
    assert (whole.ladder - whole.plain) / whole.pictures >= 0.05


@pytest.mark.parametrize(("group", "size"), [("module size", 400), ("blur", 700)])
def test_what_is_too_small_or_too_blurred_is_enlarged_and_sharpened(group: str, size: int) -> None:
    """Modules of 1.5 pixels, and a blur of half a module: only the last step reads these."""
    amounts = GROUPS[group].amounts
    hardest = (min if group == "module size" else max)(amounts)
    case = next(
        each
        for each in GROUPS[group].cases()
        if each.amount == hardest and each.size == size and each.level == "M"
    )
    one = distorted_pictures.made(group, case)
    tally = Tally()
    tally.add(one)
    assert tally == Tally(1, plain=0, ladder=1)


def test_the_same_seed_makes_the_same_pictures() -> None:
    for group in ("noise", "photo"):
        first, again, other = (
            next(distorted_pictures.pictures([group], sample=1, seed=seed)) for seed in (1, 1, 2)
        )
        assert (first.name, first.text) == (again.name, again.text)
        assert first.picture.tobytes() == again.picture.tobytes()
        assert first.picture.tobytes() != other.picture.tobytes()


def test_the_script_writes_pictures_that_the_phone_reads_and_a_manifest(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "scripts/make_distorted_pictures",
            tmp_path,
            "--groups",
            "clean,photo",
            "--sample",
            "1",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert [one["group"] for one in manifest["pictures"]] == ["clean", "photo"]
    for one in manifest["pictures"]:
        assert next(iter(source.file(tmp_path / one["file"]).looks)) == (one["text"],)
