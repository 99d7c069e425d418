"""docs/models.md is true: its example is a model, and it names every key, role and text that there is."""

import re
from pathlib import Path

from emulator.firmware.catalogue import CHECK_BOXES, OFF_WORDS, Role
from emulator.firmware.model_members import MOST_PAGES, MOST_ROWS, MOST_SETTINGS
from emulator.firmware.model_rules import LONGEST_STORED, ROOM, TELLS
from emulator.model_files import LARGEST
from emulator.models.schema import EVERY_KEY
from tests.models.authoring import compiled

TEXT = (Path(__file__).parents[2] / "docs" / "models.md").read_text("utf-8")


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def quoted(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def first_cells(text: str) -> set[str]:
    """What is quoted in the first column of a table."""
    return quoted("".join(line.split("|")[1] for line in text.split("\n") if line.startswith("| `")))


def test_the_small_model_works_as_it_stands() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    model = compiled(example)
    assert list(model.settings) == [
        "Serial Number",
        "Fast Boot",
        "NumLock on at boot",
        "Fan Speed",
        "Ready Lamp",
    ]
    assert model.settings["Fast Boot"].default == "Disable"
    assert model.settings["Fan Speed"].wmi_path == "\\Advanced\\Boot Options"
    assert model.settings["NumLock on at boot"].help


def test_every_key_of_a_setting_is_in_the_table() -> None:
    assert first_cells(section("Settings")) == EVERY_KEY.keys()


def test_every_role_is_in_the_table() -> None:
    assert first_cells(section("Roles")) == {role.value for role in Role}


def test_the_words_that_mean_off_are_named() -> None:
    said = section("Roles").rpartition("These values mean off:")[2].partition(";")[0]
    assert quoted(said) == OFF_WORDS - {""}


def test_everything_that_the_machine_tells_is_named() -> None:
    assert quoted(section("What the machine tells")) - {"tells"} == TELLS


def test_check_boxes_are_named() -> None:
    for pair in CHECK_BOXES:
        assert " and ".join(pair) in TEXT


def test_limits_are_those_of_the_program() -> None:
    room = section("What there is room for")
    for number in (
        f"{LARGEST >> 10} KiB",
        f"{ROOM >> 10} KiB",
        f"{MOST_SETTINGS} settings",
        f"{MOST_PAGES} pages of {MOST_ROWS} rows",
    ):
        assert number in room
    assert f"at most {LONGEST_STORED}" in section("Settings")
