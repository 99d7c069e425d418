"""Every published file of settings, applied to the nearest model that there is: a report per setting, and how many fared how."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from emulator import models
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Identity
from emulator.machine import TargetPC
from emulator.management_door import answer, encoded, file_request
from emulator.protocol import setting_files
from tests.firmware.bench import MACHINE, start
from tests.machine.images import image_with

# File: the nearest model, and what becomes of its entries on a new machine.
NEAREST: dict[str, tuple[str, dict[str, int]]] = {
    "davegreen_EliteBook810G1.cfg": ("elitebook-810-g1", {"unchanged": 217, "invalid": 1}),
    "davegreen_EliteBook8x70p-Win7.cfg": (
        "elitebook-810-g1",
        {"unchanged": 159, "unknown": 17, "set": 18, "refused": 2},
    ),
    "davegreen_EliteDesk800G2-Win10.cfg": ("elitedesk-800-g2", {"unchanged": 121, "refused": 4, "set": 7}),
    "davegreen_ProBook6x0G1.cfg": (
        "elitebook-810-g1",
        {"unchanged": 125, "set": 9, "unknown": 45, "refused": 3, "invalid": 1},
    ),
    "michalkir_EliteBook840G5_BiosConfig.REPSET": (
        "zbook-power-g7",
        {"unchanged": 6, "set": 5, "unknown": 4},
    ),
    "zbookpowerg7_derived.REPSET": (
        "zbook-power-g7",
        {"unchanged": 225, "set": 7, "waits": 4, "read-only": 12, "refused": 1},
    ),
}


def pc(model: str) -> TargetPC:
    catalogue = models.packaged(model)
    machine = TargetPC(image_with(manufactured(catalogue, Identity(MACHINE, "5CG0000001", model))))
    start(machine)
    return machine


def applied(machine: TargetPC, data: bytes) -> dict[str, Any]:
    reply: dict[str, Any] = answer(machine, encoded(file_request(data)))
    assert "error" not in reply, reply
    return reply


def counted(reply: dict[str, Any]) -> dict[str, int]:
    return dict(Counter(row["outcome"] for row in reply["results"]))


def test_each_published_file_has_its_counts_here(samples: Path) -> None:
    assert NEAREST.keys() == {
        path.name for path in (samples / "repset").iterdir() if path.suffix in {".cfg", ".REPSET"}
    }


@pytest.mark.parametrize("name", NEAREST)
def test_a_published_file_is_applied_to_the_nearest_model_with_a_report_per_setting(
    samples: Path, name: str
) -> None:
    data = (samples / "repset" / name).read_bytes()
    model, expected = NEAREST[name]
    machine = pc(model)
    reply = applied(machine, data)
    assert counted(reply) == expected
    entries = setting_files.parse(data).entries
    assert [(row["name"], row["line"]) for row in reply["results"]] == [
        (each.name, each.line) for each in entries
    ]
    for row in reply["results"]:
        taken = row["outcome"] in {"set", "waits", "unchanged"}
        assert (row["status"] == 0, row["sentence"] == "") == (taken, taken)
        if row["outcome"] == "set":
            assert row["old"] != row["new"] == machine.firmware.value(row["name"])
    assert reply["ok"] is False
    assert reply["presence_needed"] is ("waits" in expected)
    assert reply["restart_needed"] is ("set" in expected or "waits" in expected)


@pytest.mark.parametrize("name", NEAREST)
def test_applied_once_more_it_finds_what_it_set(samples: Path, name: str) -> None:
    """What waits for presence waits on, and nothing is set a second time."""
    data = (samples / "repset" / name).read_bytes()
    model, expected = NEAREST[name]
    machine = pc(model)
    applied(machine, data)
    again = counted(applied(machine, data))
    assert "set" not in again
    assert again["unchanged"] == expected["unchanged"] + expected.get("set", 0)


def test_a_file_of_another_machine_names_the_settings_that_it_means(samples: Path) -> None:
    reply = applied(pc("elitebook-810-g1"), (samples / "repset" / "davegreen_ProBook6x0G1.cfg").read_bytes())
    told = {row["name"]: row["sentence"] for row in reply["results"] if row["outcome"] == "unknown"}
    assert told["Deep Sleep"].endswith("; here it is called 'Deep S3'")
    assert sum("may be meant" in sentence for sentence in told.values()) > 0


def test_the_published_enumeration_without_a_star_is_invalid_and_says_what_it_needs(samples: Path) -> None:
    reply = applied(
        pc("elitebook-810-g1"), (samples / "repset" / "davegreen_EliteBook810G1.cfg").read_bytes()
    )
    (row,) = (each for each in reply["results"] if each["outcome"] == "invalid")
    assert (row["name"], row["line"], row["status"]) == ("TPM Reset to Factory Defaults", 184, 5)
    assert "one with a star" in row["sentence"]
