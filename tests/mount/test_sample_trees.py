"""fwupd's own sample trees beside ours: the same shape but for what is documented.

The samples are read where the package fwupd-tests put them. They are recordings of other vendors' drivers, of which the class is the same.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.mount.conftest import Mounted
from tests.mount.fwupd import SAMPLES

OTHER_VENDORS_ONLY = {"default_value", "dell_modifier", "dell_value_modifier"}
"""The driver of this vendor knows no defaults, and the modifiers are another vendor's own."""
OURS_ONLY = {"integer": {"lower_bound", "upper_bound"}}
"""Names of this vendor's driver, beside those of the ABI that fwupd reads."""
OURS_WITHOUT_A_SAMPLE = {"ordered-list"}


@pytest.fixture
def samples() -> list[Path]:
    """The folders of drivers in the samples."""
    found = sorted(path for path in SAMPLES.glob("*/*") if (path / "attributes").is_dir())
    if not found:
        pytest.skip(
            f"{SAMPLES} is missing (package fwupd-tests); its recorded trees would be compared with ours."
        )
    return found


def shapes(driver: Path) -> dict[str, set[frozenset[str]]]:
    """Of each type the sets of files that its settings have."""
    found: dict[str, set[frozenset[str]]] = defaultdict(set)
    for setting in (driver / "attributes").iterdir():
        if (setting / "type").is_file():
            found[(setting / "type").read_text().strip()].add(
                frozenset(each.name for each in setting.iterdir())
            )
    return found


@pytest.mark.slow
def test_each_type_has_the_files_of_the_samples_but_for_what_is_documented(
    mounted: Mounted, samples: list[Path]
) -> None:
    ours = shapes(mounted.driver)
    for driver in samples:
        theirs = shapes(driver)
        assert set(ours) - set(theirs) <= OURS_WITHOUT_A_SAMPLE
        for kind, files in theirs.items():
            (shape,) = ours[kind]
            assert {shape - OURS_ONLY.get(kind, set())} == {each - OTHER_VENDORS_ONLY for each in files}


@pytest.mark.slow
def test_what_stands_beside_the_settings_is_the_same(mounted: Mounted, samples: list[Path]) -> None:
    beside = {each.name for each in mounted.attributes.iterdir() if not (each / "type").exists()}
    assert beside == {"pending_reboot", "Sure_Start"}
    assert {each.name for each in mounted.driver.iterdir()} == {"attributes", "authentication"}
    for driver in samples:
        theirs = {each.name for each in (driver / "attributes").iterdir() if not (each / "type").exists()}
        assert theirs == {"pending_reboot"}
        assert (driver / "attributes" / "pending_reboot").read_bytes() == b"0\n"
        # Nobody records credentials.
        assert not (driver / "authentication").exists()
    assert (mounted.attributes / "pending_reboot").read_bytes() == b"0\n"


@pytest.mark.slow
def test_every_file_ends_with_its_only_newline(mounted: Mounted, samples: list[Path]) -> None:
    for driver in [mounted.driver, *samples]:
        for file in (driver / "attributes").glob("*/*"):
            if file.parent.name != "Sure_Start":
                assert file.read_bytes().endswith(b"\n")
                assert file.read_bytes().count(b"\n") == 1


@pytest.mark.slow
def test_only_values_can_be_written_and_the_samples_say_nothing_of_modes(
    mounted: Mounted, samples: list[Path]
) -> None:
    modes = defaultdict(set)
    for file in mounted.attributes.glob("*/*"):
        modes[file.name].add(file.stat().st_mode & 0o777)
    assert modes.pop("current_value") == {0o644, 0o444}
    assert {mode for each in modes.values() for mode in each} == {0o444}
    # Recorded files have the mode of a checkout.
    assert {file.stat().st_mode & 0o777 for driver in samples for file in driver.glob("attributes/*/*")} == {
        0o644
    }
